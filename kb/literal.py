"""What it means that a passage contains a string: the one definition that finding and highlighting share.

A `Literal` is the string as a sequence of segments, each with the written forms that count as the same: 学习20大精神 is
学习, then 20 or 二十 or …, then 大精神; a word with synonyms is one segment. It is found in an index by the strings that it
may be written as (`spelled_out`), in a text by a pattern (`pattern`); both mean squeezed text.

Traps:
- A number has other forms only where it counts something (20大, 第3, 2021年): 一把手 is not 1把手.
- A number with a leading zero may be the tail of a longer one (〇二一年 of 二〇二一年): only its digits are transliterated.
- Another form must be the whole number (十大 is not found in 二十大 when 10大 was asked), but the string as it was typed
  is found anywhere, in the middle of a number too: that is the law of literal recall.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise, product

from kb.fold import NUMERALS, SEPARATOR, fold, squeeze
from kb.numerals import to_han, to_han_digits, to_int

Span = tuple[int, int]

_WRITABLE = "0-9零一二三四五六七八九十百千两"
_COUNTED = "大|届|周年|年|月|日|号|条|章|次全会|中全会|个五年"
_NUMBER = re.compile(rf"(?<=第)[{_WRITABLE}]+(?![{NUMERALS}])|(?<![{NUMERALS}])[{_WRITABLE}]+(?={_COUNTED})")
_EXPRESSION = re.compile(
    rf"第[{_WRITABLE}]+(?![{NUMERALS}])(?:{_COUNTED})?|(?<![{NUMERALS}])[{_WRITABLE}]+(?:{_COUNTED})"
)
_HIGHEST = 9999
_MOST_SPELLINGS = 64
_TO_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")


@dataclass(frozen=True, slots=True)
class Literal:
    """A string to be found as it stands: folded, squeezed, cut into segments of equivalent forms, the typed form first."""

    segments: tuple[tuple[str, ...], ...]

    @property
    def typed(self) -> str:
        """The folded string that was asked for."""
        return "".join(forms[0] for forms in self.segments)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a literal."""

    text: str
    numbers: tuple[int, ...]
    """Offsets at which a number must begin in the text where this is found."""


@lru_cache(maxsize=4096)
def literal(text: str) -> Literal | None:
    """Read a string to be found; None if it has no letter, digit or Han character.

    The first numbers have all their forms, those after `_MOST_SPELLINGS` combinations only the typed one.
    """
    squeezed = squeeze(fold(text))
    if not squeezed:
        return None
    segments: list[tuple[str, ...]] = []
    end, combinations = 0, 1
    for number in _NUMBER.finditer(squeezed):
        if number.start() > end:
            segments.append((squeezed[end : number.start()].replace(SEPARATOR, ""),))
        forms = number_forms(number[0])
        combinations *= len(forms)
        segments.append(forms if combinations <= _MOST_SPELLINGS else forms[:1])
        end = number.end()
    if end < len(squeezed):
        segments.append((squeezed[end:].replace(SEPARATOR, ""),))
    return Literal(tuple(forms for forms in segments if forms != ("",)))


def any_of(texts: Sequence[str]) -> Literal | None:
    """Read strings of which each counts as the first one: a word and its synonyms, in all forms of their numbers.

    Example:
        >>> any_of(["统战", "统一战线"])
        Literal(segments=(('统战', '统一战线'),))
    """
    forms = [form for text in texts if (sought := literal(text)) for form in spellings(sought)]
    return Literal((tuple(dict.fromkeys(forms)),)) if forms else None


def spellings(sought: Literal) -> list[str]:
    """Write out all forms of a string, the typed one first."""
    return [spelling.text for spelling in spelled_out(sought)]


def spelled_out(sought: Literal) -> list[Spelling]:
    """Write out all forms of a string, the typed one first, each with what must hold where it stands."""
    spelled = []
    for forms in product(*sought.segments):
        ends = list(accumulate(map(len, forms), initial=0))
        numbers = [
            start
            for start, form, (typed, *_) in zip(ends, forms, sought.segments, strict=False)
            if form != typed and form[0] in NUMERALS
        ]
        spelled.append(Spelling("".join(forms), tuple(numbers)))
    return spelled


@lru_cache(maxsize=4096)
def number_forms(number: str) -> tuple[str, ...]:
    """Return the written forms of a number, the given one first.

    Example:
        >>> number_forms("20")
        ('20', '二零', '二十')
    """
    digits = _digits(number)
    if digits is None:
        return (number,)
    forms = [number, digits, to_han_digits(digits)]
    if not digits.startswith("0"):
        forms.append(to_han(int(digits)))
    return tuple(dict.fromkeys(map(fold, forms)))


def number_spans(folded: str) -> list[Span]:
    """Find the numbers of a folded text that have other forms, each with what it counts: 20大, 第3, 2021年."""
    return [match.span() for match in _EXPRESSION.finditer(folded)]


@lru_cache(maxsize=1024)
def pattern(sought: Literal) -> re.Pattern[str]:
    """Compile the test for a squeezed text: a match is an occurrence."""
    spelled = before = ""
    for forms in sought.segments:
        divided = before and before in NUMERALS and forms[0][0] in NUMERALS
        spelled += (f"{SEPARATOR}?" if divided else "") + _alternatives(forms)
        before = forms[0][-1]
    return re.compile(spelled)


def spans(sought: Literal, squeezed: str) -> list[Span]:
    """Find the occurrences in a squeezed text, overlapping ones included, as offsets into it."""
    compiled = pattern(sought)
    found: list[Span] = []
    start = 0
    while match := compiled.search(squeezed, start):
        found.append(match.span())
        start = match.start() + 1
    return found


def _digits(number: str) -> str | None:
    """Write a number in Western digits; None where it has no single value."""
    digits = number.translate(_TO_DIGITS)
    if digits.isdecimal() and len(digits) > 1:
        return digits if int(digits) <= _HIGHEST and len(digits) <= len(str(_HIGHEST)) else None
    value = to_int(number)
    return str(value) if value is not None and value <= _HIGHEST else None


def _alternatives(forms: tuple[str, ...]) -> str:
    typed, *others = forms
    if not others:
        return _spelled(typed)
    # The longest first, or of 政法委员会 only 政法委 would be marked.
    spelled = {form: _spelled(form) if form == typed else _whole(form) for form in sorted(forms, key=len, reverse=True)}
    return f"(?:{'|'.join(spelled.values())})"


def _whole(form: str) -> str:
    return (rf"(?<![{NUMERALS}])" if form[0] in NUMERALS else "") + _spelled(form)


def _spelled(form: str) -> str:
    """Allow the separator between two numerals: punctuation inside the string does not count."""
    spelled = form[:1]
    for before, after in pairwise(form):
        spelled += f"{SEPARATOR}?{after}" if before in NUMERALS and after in NUMERALS else after
    return spelled
