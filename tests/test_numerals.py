"""Numerals are read from every face that they have, and written in two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.numerals import to_han, to_han_digits, to_int


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("二十一", 21),
        ("一百", 100),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一百十五", 115),
        ("二百五", 250),
        ("两千零五", 2005),
        ("二千零二十一", 2021),
        ("三万五", 35_000),
        ("十万零五百", 100_500),
        ("九千一百万", 91_000_000),
        ("一万亿", 10**12),
        ("二〇二一", 2021),
        ("二○二一", 2021),
        ("一九四九", 1949),
        ("零", 0),
        ("12", 12),
        ("１２", 12),
        ("貳拾壹", 21),
        ("一萬", 10_000),
    ],
)
def test_reads(text, number):
    assert to_int(text) == number


@pytest.mark.parametrize(
    "text", ["", "百", "万一", "一二百", "十十", "一百二百", "三会", "1.5", "-3", "²", "٣", "十一十二", "九" * 5000]
)
def test_what_is_no_number_is_none(text):
    assert to_int(text) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (21, "二十一"),
        (101, "一百零一"),
        (110, "一百一十"),
    ],
)
def test_writes_with_units(number, text):
    assert to_han(number) == text


def test_writes_years_digit_by_digit():
    assert to_han_digits("2021") == "二〇二一"
    assert to_han_digits("２０２１年") == "二〇二一年"
    assert to_han_digits("两万年") == "两万年"


@pytest.mark.parametrize("number", [-1, 10**16])
def test_refuses_numbers_that_it_cannot_spell(number):
    with pytest.raises(ValueError, match="之间"):
        to_han(number)


@given(st.integers(0, 10**16 - 1))
def test_reads_what_it_wrote(number):
    assert to_int(to_han(number)) == number


@given(st.integers(0, 10**16 - 1))
def test_reads_digit_by_digit_what_it_wrote_digit_by_digit(number):
    assert to_int(to_han_digits(str(number))) == number


@given(st.text())
def test_never_fails_on_any_text(text):
    number = to_int(text)
    assert number is None or number >= 0
