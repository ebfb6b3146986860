from __future__ import annotations

import sys
from pathlib import Path

import jieba
import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.fold import SEPARATOR, fold, grams, squeeze, squeeze_with_offsets

ANY_TEXT = st.text(st.characters())  # lone surrogates included


@given(ANY_TEXT)
def test_folding_keeps_the_length_of_any_text(text):
    assert len(fold(text)) == len(text)


@given(ANY_TEXT, ANY_TEXT)
def test_folding_a_part_gives_the_part_of_the_folding(before, after):
    assert fold(before + after) == fold(before) + fold(after)


def test_folding_twice_changes_nothing_more_for_any_character():
    characters = "".join(map(chr, range(sys.maxunicode + 1)))
    assert fold(fold(characters)) == fold(characters)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("黨的二十大報告", "党的二十大报告"),
        ("２０２１年", "2021年"),
        ("ＫＰＩ Kpi", "kpi kpi"),
        ("二○二一 二〇二一", "二零二一 二零二一"),
        ("㈠⑴⒈", "一11"),
        ("İstanbul ß …", "İstanbul ß …"),
        ("乾隆", "干隆"),
        ("想像 座標 反覆 隨著", "想象 座标 反复 随着"),
    ],
)
def test_other_writing_of_the_same_string_folds_to_one(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("text", "squeezed"),
    [
        ("“四个 意识”，不忘初心！", "四个意识不忘初心"),
        ("一、二级巡视员", f"一{SEPARATOR}二级巡视员"),
        ("3.5亿", f"3{SEPARATOR}5亿"),
        ("a_b-c", "abc"),
        (f"甲{SEPARATOR}乙", "甲乙"),
        ("……", ""),
    ],
)
def test_squeezing_leaves_out_what_does_not_count_but_keeps_numbers_apart(text, squeezed):
    assert squeeze(text) == squeezed


@given(ANY_TEXT)
def test_squeezing_with_offsets_gives_the_same_text_and_where_each_character_stood(text):
    folded = fold(text)
    squeezed, offsets = squeeze_with_offsets(folded)
    assert squeezed == squeeze(folded)
    assert len(offsets) == len(squeezed)
    assert all(folded[at] == kept for kept, at in zip(squeezed, offsets, strict=True) if kept != SEPARATOR)
    assert offsets == sorted(set(offsets))


def test_grams_are_all_characters_and_all_neighbours_whatever_divides_them():
    assert grams(squeeze("3.5亿")) == ["3", "5", "亿", "35", "5亿"]


@pytest.mark.parametrize("script", ["s2t", "s2tw", "s2hk"])
def test_every_word_of_the_dictionary_is_the_same_string_in_traditional_writing(script):
    path = Path(jieba.__file__).with_name("dict.txt")
    words = "\n".join(line.split(" ", 1)[0] for line in path.read_text(encoding="utf-8").splitlines())
    written = opencc.OpenCC(script).convert(words)
    assert len(written) == len(words)
    assert {ours for ours, other in zip(fold(words), fold(written), strict=True) if ours != other} == set()
