from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.analysis import Analyzer
from kb.copies import KEPT, families, fingerprint, resemblance, share, shingles, sign
from kb.fold import fold, squeeze
from kb.preparation import prepare
from tests.conftest import reading

COMMON = "工作的是要在了和我们大家同志一个这样那些问题群众干部基层学习实践认真落实抓好做到不能只有才能还要"
ADVERT = "本文由某某文档网提供，更多讲话稿、心得体会、党课讲稿请登录下载，版权归原作者所有。"


def speech(seed: int, characters: int = 3000, words: str = COMMON) -> str:
    """Return a speech of its own: sentences of some words, many of them common to all speeches."""
    chance = random.Random(seed)
    own = words + "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(60))
    sentences = ["".join(chance.choices(own, k=chance.randrange(8, 40))) + "。" for _ in range(characters // 20)]
    return "\n".join("".join(sentences[at : at + 6]) for at in range(0, len(sentences), 6))[:characters]


def changed(text: str, share_of_characters: float, seed: int = 1) -> str:
    chance = random.Random(seed)
    places = set(chance.sample(range(len(text)), int(len(text) * share_of_characters)))
    return "".join("换" if place in places else character for place, character in enumerate(text))


def families_of(*texts: str) -> dict[str, str]:
    return families({str(number): sign(squeeze(fold(text))) for number, text in enumerate(texts)})


# The signature


@given(st.text(max_size=300))
@settings(deadline=None)
def test_the_same_text_has_the_same_signature(text):
    assert sign(text) == sign(text)
    assert len(sign(text)) <= 4 * (KEPT + 1)
    assert resemblance(sign(text), sign(text)) == (1.0 if text else 0.0)


@given(st.text("党建工作载体要清楚", max_size=200), st.text("党建工作载体要清楚", max_size=200))
@settings(deadline=None)
def test_of_short_texts_the_resemblance_is_exact_and_the_same_either_way(one, other):
    here, there = ({text[at : at + 5] for at in range(max(1, len(text) - 4)) if text} for text in (one, other))
    exact = len(here & there) / max(len(here | there), 1)
    assert resemblance(sign(one), sign(other)) == resemblance(sign(other), sign(one)) == exact


@pytest.mark.parametrize("seed", range(5))
def test_of_long_texts_the_resemblance_is_close_to_the_exact_one(seed):
    one = squeeze(fold(speech(seed, 8000)))
    for other in (changed(one, 0.005), changed(one, 0.03), one[: len(one) // 2]):
        assert abs(resemblance(sign(one), sign(other)) - share(shingles(one), shingles(other))) < 0.08


def test_a_signature_is_the_same_on_every_machine():
    signature = sign("党建工作的载体")
    numbers = [int.from_bytes(signature[at : at + 4], "little") for at in range(0, len(signature), 4)]
    assert numbers == [3, 545992478, 728457852, 2120041150]


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_a_signature_does_not_depend_on_the_seed_of_a_process(hash_seed):
    code = "from kb.copies import sign, fingerprint; print(sign('党建工作的载体').hex(), fingerprint('党建'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [sign("党建工作的载体").hex(), str(fingerprint("党建"))]


def test_spelling_punctuation_and_adverts_do_not_count(analyzer: Analyzer):
    text = speech(1)
    plain = prepare(reading(text), analyzer)
    spelled = prepare(reading(text.replace("学", "學").replace("。", "！ ")), analyzer)
    assert spelled.signature == plain.signature


@given(st.text(max_size=50), st.text(max_size=50))
def test_a_fingerprint_says_whether_two_texts_are_the_same(one, other):
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
    assert -(2**63) <= fingerprint(one) < 2**63


# Families


@given(seed=st.integers(0, 10_000), characters=st.integers(1500, 8000))
@settings(max_examples=40, deadline=None)
def test_a_speech_with_an_advert_on_top_is_a_copy(seed, characters):
    text = speech(seed, characters)
    assert families_of(text, f"{ADVERT}\n{text}\n{ADVERT}", speech(seed + 1, characters)) == {"0": "0", "1": "0"}


@given(seed=st.integers(0, 10_000), characters=st.integers(2000, 8000))
@settings(max_examples=40, deadline=None)
def test_a_speech_with_two_of_a_hundred_characters_changed_is_a_copy(seed, characters):
    text = speech(seed, characters)
    assert families_of(text, changed(text, 0.015, seed)) == {"0": "0", "1": "0"}


def test_of_speeches_with_every_fiftieth_character_changed_hardly_one_is_missed():
    texts = [speech(seed) for seed in range(100)]
    assert sum(len(families_of(text, changed(text, 0.02, 3))) == 2 for text in texts) >= 97


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_speeches_of_one_author_are_no_copies(seed):
    opening, closing = speech(seed, 300), speech(seed + 1, 300)
    speeches = [f"{opening}\n{speech(seed + number, 2000)}\n{closing}" for number in range(2, 8)]
    assert families_of(*speeches) == {}


def test_an_excerpt_is_no_copy():
    text = speech(1, 6000)
    assert families_of(text, text[:3000], text[1000:5000]) == {}


def test_a_form_that_was_filled_in_twice_is_no_copy():
    form = (
        "定于{}年3月5日召开全市安全生产工作会议，请各单位主要负责同志准时参加，会议由{}同志主持，会期半天，不得请假。"
    )
    assert families_of(form.format("2023", "王大同"), form.format("2024", "李远")) == {}


def test_a_short_text_posted_twice_is_a_copy():
    assert families_of("请准时参加。", "別的通知。", "请准时参加！") == {"0": "0", "2": "0"}


def test_a_family_is_named_by_its_first_document_and_holds_copies_of_copies():
    text = speech(1)
    first, second, third = text, changed(text, 0.012, 1), changed(changed(text, 0.012, 1), 0.012, 2)
    other = speech(2)
    assert families_of(other, third, first, second, f"{ADVERT}{other}") == {
        "0": "0",
        "4": "0",
        "1": "1",
        "2": "1",
        "3": "1",
    }


def test_many_copies_are_one_family():
    text = speech(1)
    assert set(families_of(*(f"第{number}次转载。{text}" for number in range(300))).values()) == {"0"}


def test_nothing_has_no_family():
    assert families({}) == {}
    assert families({"空": sign("")}) == families({"空": sign(""), "也空": sign("")}) == {}
