from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadRequest
from kb.fold import fold, squeeze
from kb.trace import LONGEST, Trace, trace
from kb.trace.alignment import Squeezed, align, similarity
from kb.trace.sentences import split

RIVER = (
    "治河先治沙，护岸先护林。柳溪河两岸栽了三万棵柳树，三年里没有倒过一棵。"
    "老堤长说过一句话：“水退的时候，最要提防人心也跟着退。”我们把这句话刻在了闸门上。"
)
BRIDGE = "修桥的人不一定走桥，走桥的人要记得修桥的人。去年冬天，全镇修好了十一座便桥，孩子们上学少走四里路。"


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


def spellings(traced: Trace) -> list[str]:
    return [sentence.status for sentence in traced.sentences]


def changed(text: str, seed: int) -> str:
    """Change a tenth of the characters as `benchmarks/similar.py` does."""
    chance, characters = random.Random(seed), list(text)
    for place in chance.sample(range(len(text)), len(text) // 10):
        characters[place] = chance.choice(("鲸", "", "鹤" + characters[place]))
    return "".join(characters)


@pytest.fixture
def search(library):
    return library(river=f"治河会上的讲话\n2020年3月1日\n{RIVER}", bridge=f"修桥会上的讲话\n2021年5月6日\n{BRIDGE}")


# Sentences


def test_a_sentence_keeps_its_closing_quotes_and_loses_the_space_around_it():
    assert sentences(" 他说：“好！”  大家笑了。\n\n二、要求\n走吧？！（笑）") == [
        "他说：“好！”",
        "大家笑了。",
        "二、要求",
        "走吧？！",
        "（笑）",
    ]


def test_mere_punctuation_is_no_sentence():
    assert sentences("……。\n——！\n党") == ["党"]


@given(st.text(st.sampled_from("党建工作，。；\n ”！ab"), max_size=900))
def test_sentences_are_in_order_and_cover_everything_that_counts(text):
    spans = list(split(text))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert squeeze(fold("。".join(text[start:end] for start, end in spans))) == squeeze(fold(text))
    assert all(0 < end - start <= 300 for start, end in spans)


# What differs


def test_an_alignment_says_what_was_replaced_inserted_and_deleted():
    source = Squeezed.of("前一句。柳溪河两岸栽了三万棵柳树，三年里没有倒过一棵。后一句。")
    runs = align("柳溪河两侧栽了足足三万棵柳树年里没有倒过一棵", source)
    told = [(run.kind, source.text[run.source_start : run.source_end]) for run in runs if run.kind != "equal"]
    assert told == [("replaced", "岸"), ("inserted", ""), ("deleted", "三")]


def test_the_first_and_last_characters_may_be_the_altered_ones():
    source = Squeezed.of("前一句。柳溪河两岸栽了三万棵柳树。后一句。")
    runs = align("杨溪河两岸栽了三万棵柳", source)
    told = [(run.kind, source.text[run.source_start : run.source_end]) for run in runs]
    assert told == [("replaced", "柳"), ("equal", "溪河两岸栽了三万棵柳"), ("deleted", "树")]


@pytest.mark.parametrize(
    ("pasted", "source"),
    [("学习好二十大精神要走心", "学习好20大精神要入心"), ("到二〇二五年全部建好便桥", "到2025年全面建好便桥")],
)
def test_another_writing_of_a_number_is_no_difference(pasted, source):
    squeezed = Squeezed.of(source)
    differing = "".join(
        squeezed.text[run.source_start : run.source_end]
        for run in align(squeeze(fold(pasted)), squeezed)
        if run.kind != "equal"
    )
    assert not set(differing) & set("0123456789")


def test_another_number_is_a_difference():
    runs = align("去年冬天全镇修好了二十座便桥", Squeezed.of("去年冬天全镇修好了十一座便桥"))
    assert {run.kind for run in runs} > {"equal"}


@given(
    st.text(st.sampled_from("治河先沙护岸林柳溪20二十大年，。 "), max_size=40),
    st.text(st.sampled_from("治河先沙护岸林柳溪20二十大年，。 "), max_size=80),
)
def test_the_runs_spell_the_sentence_and_a_run_of_the_source(pasted, text):
    sought, source = squeeze(fold(pasted)), Squeezed.of(text)
    runs = align(sought, source)
    if not runs:
        return
    assert (runs[0].start, runs[-1].end) == (0, len(sought))
    assert all((one.end, one.source_end) == (two.start, two.source_start) for one, two in pairwise(runs))
    assert all(run.start < run.end or run.source_start < run.source_end for run in runs)
    assert 0 <= runs[0].source_start <= runs[-1].source_end <= len(source.text)
    assert 0 < similarity(runs) <= 1


# Tracing


def test_every_sentence_is_verbatim_altered_or_missing(search):
    traced = search.trace(
        "治河先治沙，護岸先護林！柳溪河两岸种了三万棵柳树，三年里没有倒过一棵。谁家的猫学会了吹笛子。"
    )
    assert spellings(traced) == ["verbatim", "altered", "missing"]
    first, second, third = traced.sentences
    assert first.similarity == 1.0
    assert first.source is not None
    assert first.source.text == "治河先治沙，护岸先护林"
    assert second.source is not None
    assert second.source.text == "柳溪河两岸栽了三万棵柳树，三年里没有倒过一棵"
    assert (third.source, third.earliest, third.documents, third.differences) == (None, None, 0, ())
    assert not traced.partial


def test_offsets_are_exact_in_both_texts(search):
    pasted = "😀 前言。\n“柳溪河两岸，种了三万棵柳树！三年里没有倒过一棵。"
    traced = search.trace(pasted)
    for sentence in traced.sentences:
        assert pasted[sentence.start : sentence.end] == sentence.text
    altered = next(sentence for sentence in search.trace(pasted.replace("！", "，")).sentences if sentence.differences)
    assert altered.source is not None
    document = search.read(altered.source.place.document_id).document
    assert document.text[altered.source.start : altered.source.end] == altered.source.text
    (replaced,) = [run for run in altered.differences if run.kind == "replaced"]
    assert pasted[replaced.start : replaced.end] == "种"
    assert document.text[replaced.source_start : replaced.source_end] == replaced.source_text == "栽"
    for run in altered.differences:
        if run.kind == "equal":
            here, there = pasted[run.start : run.end], document.text[run.source_start : run.source_end]
            assert squeeze(fold(here)) == squeeze(fold(there))


def test_the_best_source_explains_the_most_and_is_linked_at_its_passage(search):
    traced = search.trace(f"{changed(RIVER, 1)}修桥的人不一定走桥，走桥的人要记得修桥的人。")
    river, bridge = traced.sources
    assert river.place.metadata.title == "治河会上的讲话"
    assert bridge.place.metadata.title == "修桥会上的讲话"
    assert river.share > bridge.share > bridge.verbatim_share - 0.01
    document = search.read(river.place.document_id).document
    passage = document.passages[river.place.number - 1]
    assert "柳溪河" in document.text[passage.start : passage.end]


@pytest.mark.parametrize("seed", range(10))
def test_a_tenth_of_the_characters_may_be_changed(search, seed):
    traced = search.trace(changed(RIVER, seed))
    assert traced.sources[0].place.metadata.title == "治河会上的讲话"
    assert traced.sources[0].share > 0.6


def test_the_earliest_dated_occurrence_is_named_and_all_are_counted(library):
    search = library(
        late=f"丙镇讲话\n2022年1月1日\n{BRIDGE}又及。",
        early=f"甲镇讲话\n2019年1月1日\n{BRIDGE}",
        undated=f"乙镇讲话\n{BRIDGE}",
    )
    (sentence,) = search.trace("修桥的人不一定走桥，走桥的人要记得修桥的人。").sentences
    assert sentence.documents == 3
    assert sentence.earliest is not None
    assert sentence.earliest.metadata.date == "2019-01-01"


def test_of_equal_sources_the_earlier_comes_first_and_undated_ones_last(library):
    search = library(
        a=f"乙镇讲话\n{BRIDGE}", b=f"丙镇讲话\n2022年1月1日\n{BRIDGE}", c=f"甲镇讲话\n2019年1月1日\n{BRIDGE}"
    )
    dates = [source.place.metadata.date for source in search.trace(BRIDGE).sources]
    assert dates == ["2019-01-01", "2022-01-01", None]


def test_a_sentence_across_two_passages_is_found(library):
    search = library(a="通知\n第一项，柳溪河两岸\n栽三万棵柳树，由林业站负责落实。")
    (sentence,) = search.trace("柳溪河两岸栽三万棵柳树，由林业站负责落实。").sentences
    assert sentence.status == "verbatim"
    assert sentence.source is not None
    assert sentence.source.place.number < len(search.read(sentence.source.place.document_id).document.passages)


def test_a_few_characters_are_found_as_they_stand_or_not_at_all(search):
    assert spellings(search.trace("三年里。三年外。")) == ["verbatim", "missing"]


def test_a_repeated_sentence_counts_each_time(search):
    traced = search.trace("我们把这句话刻在了闸门上。" * 3)
    assert spellings(traced) == ["verbatim"] * 3
    assert traced.sources[0].sentences == 3
    assert traced.sources[0].share == 1.0


def test_what_time_did_not_allow_is_unchecked_not_missing(search):
    traced = trace(RIVER, search.open().searcher, seconds=0.0)
    assert traced.partial
    assert set(spellings(traced)) == {"unchecked"}


@pytest.mark.parametrize("text", ["", " \n", "，。……", "党" * (LONGEST + 1)])
def test_nothing_and_too_much_are_refused(search, text):
    with pytest.raises(BadRequest):
        search.trace(text)


@pytest.mark.parametrize(
    "text", ["党" * LONGEST, "党 。" * 6000, "二〇年" * 6000, "a" * LONGEST, "\n" * 9999 + "党", "𠮷😀" * 5000]
)
def test_strange_texts_are_answered(search, text):
    assert search.trace(text).sentences
