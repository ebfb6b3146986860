"""Chinese numerals and whole numbers, both ways.

Traps: one number has several faces. 二〇二一 (digit by digit) and 二千零二十一 (with units) are the same year; zero is 〇, 零 or
the circle ○; two is 二 or 两; 十 alone is ten, but 百 alone is no number; 三万五 means 35,000, not 30,005.
"""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_UNITS = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_CEILING = 10**16
_LONGEST = 40
"""No sensible number is longer; it also keeps hostile digit runs from `int`."""

_PLAIN = str.maketrans(
    "０１２３４５６７８９零○Ｏ两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億",
    "0123456789〇〇〇二二一二二三三四五六六七八九十百千万亿",
)
_TO_ARABIC = str.maketrans(_DIGITS, "0123456789")
_TO_HAN = str.maketrans("0123456789０１２３４５６７８９", _DIGITS * 2)


def to_int(text: str) -> int | None:
    """Read a whole number: "二十一" -> 21, "二〇二一" -> 2021, "两千零五" -> 2005, "１２" -> 12; None if it is none."""
    plain = text.translate(_PLAIN)
    if not plain or len(plain) > _LONGEST:
        return None
    return _read(plain)


def to_han(number: int) -> str:
    """Write a number with units: 21 -> "二十一", 2005 -> "二千零五".

    Raises:
        ValueError: The number is negative or has more than 16 digits.
    """
    if not 0 <= number < _CEILING:
        raise ValueError(f"要写成汉字的数必须在 0 和 {_CEILING - 1} 之间：{number}")
    spelled = _spell(number)
    return spelled[1:] if spelled.startswith("一十") else spelled


def to_han_digits(digits: str) -> str:
    """Write digit by digit, as years are written: "2021" -> "二〇二一"; other characters stay."""
    return digits.translate(_TO_HAN)


def _read(plain: str) -> int | None:
    for unit, size in _UNITS:
        head, found, tail = plain.partition(unit) if unit != "亿" else plain.rpartition(unit)
        if found:
            return _read_around(head, size, tail)
    arabic = plain.translate(_TO_ARABIC)
    return int(arabic) if arabic.isascii() and arabic.isdigit() else None


def _read_around(head: str, size: int, tail: str) -> int | None:
    """Read 三百 + 五十: what stands before a unit counts it, what stands after it is smaller than it."""
    count = 1 if size == 10 and not head else _read_part(head)  # noqa: PLR2004 - 十五 is the one unit without a count
    rest = 0 if not tail else _read_part(tail.removeprefix("〇"))
    if not count or rest is None or rest >= size:
        return None
    short_form = len(tail) == 1 and size > 10  # noqa: PLR2004 - 三万五: the 五 counts the next smaller unit
    return count * size + rest * (size // 10 if short_form else 1)


def _read_part(plain: str) -> int | None:
    """Read a part of a number with units; in it digits never stand beside each other (二三百 is no number)."""
    if len(plain) > 1 and all(character in _DIGITS for character in plain):
        return None
    return _read(plain)


def _spell(number: int) -> str:
    for unit, size in _UNITS:
        if number >= size:
            count, rest = divmod(number, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return _spell(count) + unit + (gap + _spell(rest) if rest else "")
    return "零" if number == 0 else _DIGITS[number]
