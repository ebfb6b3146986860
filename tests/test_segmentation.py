from __future__ import annotations

import random
import sys
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import segmentation
from kb.analysis import Analyzer
from kb.fold import fold
from kb.segmentation import PythonCutter, RustCutter, Segmenter

OWN = ("走读地图", "市委", "四个对照", "c++17", "カタ", "𠮷野家", "的了", "炘")
"""Terms of a user: new ones, one that the dictionary knows, such as jieba finds in no text."""
ODD = (
    "的一是在不了党建工作委员会会会二十大aBkpi09+#&._%- \t\r\n\x00\x1f\u200b\u3000，。…①éßカ한γ々㐀鿖鿿𠮷𬬸豈\ue000\ufffd"
    "😀👨\u200d👩\ud800\udfff"
)
"""Characters that either library might treat in its own way; the last two are lone surrogates."""
TEXTS = st.one_of(st.text(st.sampled_from(ODD), max_size=60), st.text(st.characters(codec=None), max_size=40))

needs_rjieba = pytest.mark.skipif(not find_spec("rjieba"), reason="rjieba is not installed: only jieba cuts here")


@pytest.fixture(scope="module", params=[(), OWN], ids=["field", "own"])
def both(request):
    return Segmenter(request.param, RustCutter), Segmenter(request.param, PythonCutter)


@pytest.fixture(scope="module", params=[pytest.param(RustCutter, marks=needs_rjieba), PythonCutter])
def segmenter(request):
    return Segmenter(cutter=request.param)


def a_megabyte(words):
    """Write words of the dictionary, beginnings of them, and odd characters, one behind the other."""
    chance = random.Random(11)
    pieces = (
        (word, word[: chance.randint(1, len(word))], chance.choice(ODD))[chance.choices((0, 1, 2), (7, 2, 1))[0]]
        for word in chance.choices(list(words), k=150_000)
    )
    text = fold("".join(pieces))
    assert len(text.encode("utf-8", "surrogatepass")) > 1_000_000
    return text


@needs_rjieba
def test_both_libraries_cut_a_megabyte_of_words_and_odd_characters_alike(both):
    rust, python = both
    text = a_megabyte([*rust._dictionary.frequencies, *OWN])
    assert rust.cut(text) == python.cut(text)


@needs_rjieba
@given(text=TEXTS)
@settings(deadline=None)
def test_both_libraries_cut_any_text_alike(both, text):
    rust, python = both
    assert rust.cut(fold(text)) == python.cut(fold(text))


@needs_rjieba
@pytest.mark.parametrize(
    "text",
    [
        "",
        "中國共產黨第二十次全國代表大會",
        "C++和R&D，KPI为95.5%，GDP-10_a",
        "２０２１年３月５日",
        " 党\r\n\r\n建\t\n\r工作\x00\x1f",
        "\ud800党建\udfff工作\ud83d\ude00",
        "初心😀使命👨\u200d👩",
        "的" * 20_000,
        "炘" * 20_000,
        "a" * 20_000,
        "𬬸心刿肾，甘𫉄，㔉玉如泥，γ射线",
    ],
)
def test_both_libraries_cut_what_is_unusual_alike(both, text):
    rust, python = both
    assert rust.cut(fold(text)) == python.cut(fold(text))


@needs_rjieba
def test_a_term_is_as_frequent_to_both_libraries_and_counted_once(both):
    rust, python = both
    assert rust._dictionary.frequencies == python._dictionary.frequencies
    known = {word: frequency for word, frequency in python._dictionary.cutter._jieba.FREQ.items() if frequency}
    assert known == python._dictionary.frequencies
    assert python._dictionary.cutter._jieba.total == sum(known.values())


@given(text=TEXTS)
@settings(deadline=None)
def test_the_words_joined_are_the_text(segmenter, text):
    assert "".join(segmenter.cut(fold(text))) == fold(text)


def test_a_long_run_of_one_character_is_cut_in_time(segmenter):
    assert len(segmenter.cut("炘" * 200_000)) == 200_000


def test_the_dictionary_words_inside_a_word_are_found_by_size_then_place(segmenter):
    word = "中国共产党"
    assert [word[start:end] for start, end in segmenter.inside(word)] == ["中国", "国共", "共产", "共产党"]
    assert segmenter.inside("中国") == []


def test_writing_needs_neither_library_in_particular(segmenter):
    assert segmenter.written(fold("乾隆显著")) == "乾隆显著"


def test_jieba_cuts_where_rjieba_is_missing_and_the_fingerprint_does_not_tell(analyzer, monkeypatch):
    monkeypatch.setitem(sys.modules, "rjieba", None)
    monkeypatch.setattr(segmentation, "_fastest", segmentation._fastest.__wrapped__)
    without = Analyzer()
    assert without._segmenter._cutter is PythonCutter
    assert without.words("三会一课")[0] == "三会一课"
    assert without.fingerprint == analyzer.fingerprint
