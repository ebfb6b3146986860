from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.fold import fold, squeeze
from kb.literal import literal, number_forms, pattern, spans, spelled_out

NUMBERS = "0123456789〇零一二三四五六七八九十百千两"
MIXED = st.text(alphabet=NUMBERS + "年月日大届第党的建设 、，.（）「」ＡbC萬億", min_size=1, max_size=14)


def contains(text: str, sought: str) -> bool:
    found = literal(sought)
    assert found is not None
    return pattern(found).search(squeeze(fold(text))) is not None


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("党的二十大报告", "20大"),
        ("党的20大报告", "二十大"),
        ("学习贯彻党的二十大精神", "党的20大精神"),
        ("二〇二一年三月五日", "2021年3月5日"),
        ("二○二一年3月五日", "2021年3月5日"),
        ("2021 年 3 月 5 日", "二零二一年三月五日"),
        ("第三，作风漂浮", "第3"),
        ("第19届", "第十九届"),
        ("建党一百年", "100年"),
        ("一、十大工程", "10大工程"),
        ("不忘初心、牢记使命", "初心牢记"),
        ("黨建工作", "党建工作"),
        ("党建工作", "黨建"),
        ("二〇二一年", "〇二一年"),
        ("二十大", "十大"),
        ("共12345人", "234"),
        ("有3.5亿人", "3.5亿"),
        ("有3.5亿人", "35亿"),
        ("第30--31页", "第30--31"),
        ("第三十、三十一页", "第30、三十一"),
    ],
)
def test_a_string_is_found_in_other_writing(text, sought):
    assert contains(text, sought)


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("二十大报告", "10大"),  # 十大 is there, but as the tail of another number
        ("党员一把手", "1把手"),  # a number that counts nothing has one form
        ("二十一年", "1年"),
        ("党的建设", "党建"),
    ],
)
def test_what_is_another_string_is_not_found(text, sought):
    assert not contains(text, sought)


@pytest.mark.parametrize("text", ["", "……", "“”", " \t\n"])
def test_a_string_without_letters_digits_and_characters_is_nothing_to_be_found(text):
    assert literal(text) is None


@given(st.text(min_size=0, max_size=8), MIXED, st.text(min_size=0, max_size=8))
def test_whatever_stands_in_a_text_is_found_in_it(before, sought, after):
    if literal(sought) is not None:
        assert contains(before + sought + after, sought)


def test_all_numbers_of_a_usual_string_have_their_forms_and_of_very_many_the_first_ones():
    usual = literal("2021年12月15日第3届")
    many = literal("2021年12月15日" * 5)
    assert usual is not None
    assert many is not None
    assert len(spelled_out(usual)) == 3 * 3 * 3 * 2
    assert 1 < len(spelled_out(many)) <= 64


@given(st.integers(1, 9999))
def test_all_forms_of_a_number_have_the_same_forms(number):
    forms = number_forms(str(number))
    assert all(set(number_forms(form)) == set(forms) for form in forms)


def test_occurrences_may_overlap():
    found = literal("人人")
    assert found is not None
    assert spans(found, "人人人") == [(0, 2), (1, 3)]
