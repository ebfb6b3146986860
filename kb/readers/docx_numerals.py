"""Numbers as Word writes them before paragraphs: 3 becomes 三, ③, iii, 叁 …"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.numerals import to_han, to_han_digits

if TYPE_CHECKING:
    from collections.abc import Callable

_LEGAL = str.maketrans("一二三四五六七八九十百千万", "壹贰叁肆伍陆柒捌玖拾佰仟萬")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_CIRCLED = {
    n: chr(first + n - low)
    for low, high, first in ((1, 21, 0x2460), (21, 36, 0x3251), (36, 51, 0x32B1))
    for n in range(low, high)
}


def numeral(number: int, style: str) -> str:
    """Write a number in one of Word's styles (ST_NumberFormat); bullets are no text, unknown styles are decimal."""
    return _STYLES.get(style, str)(number)


def _counted(number: int) -> str:
    """10 -> 十, 105 -> 一百〇五; Word writes zero as a circle."""
    return to_han(number).replace("零", "〇")


def _digit_by_digit(number: int) -> str:
    return to_han_digits(str(number))


def _legal(number: int) -> str:
    """10 -> 壹拾: on cheques the one is never left out."""
    text = to_han(number)
    return f"{'一' if text.startswith('十') else ''}{text}".translate(_LEGAL)


def _full_width(number: int) -> str:
    return str(number).translate(_FULL_WIDTH)


def _circled(number: int) -> str:
    return _CIRCLED.get(number, str(number))


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN if number < 4000 else ():  # noqa: PLR2004 - Roman numbers end there
        count, number = divmod(number, value)
        text += letters * count
    return text or str(number)


def _letters(number: int) -> str:
    """1 -> a, 26 -> z, 27 -> aa, 28 -> bb, as Word does."""
    repeats, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * min(repeats + 1, 9)


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda number: characters[(number - 1) % len(characters)]


def _series(first: str, fallback: str) -> Callable[[int], str]:
    """Characters 1 to 20 from a row of Unicode, beyond that the fallback."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= 20 else fallback.format(number)  # noqa: PLR2004


_STYLES: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "bullet": lambda _: "",
    "decimalZero": "{:02d}".format,
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "chineseCounting": _counted,
    "chineseCountingThousand": _counted,
    "taiwaneseCounting": _counted,
    "taiwaneseCountingThousand": _counted,
    "japaneseCounting": _counted,
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "japaneseLegal": _legal,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _series("⑴", "({})"),
    "decimalEnclosedFullstop": _series("⒈", "{}."),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
}
