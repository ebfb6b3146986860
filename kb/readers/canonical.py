r"""The only place where characters are removed or replaced; all offsets of the program count what is left.

Removed: zero-width and direction characters, soft hyphens, control characters. Replaced one for one: every kind of line end
by `\n`, lone surrogates (which cannot be stored) by U+FFFD. Everything else stays: indentation, blank lines, full-width forms.

Trap: U+200B and its kin may stand inside a word or a heading, so marks and pages move with the characters they point at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate

from kb.documents import Mark, Reading
from kb.fold import INVISIBLE, without_surrogates

_REMOVED = re.compile(
    "(?:\r(?=\n)"  # CRLF keeps its LF
    f"|[{INVISIBLE}])+"
)
_LINE_ENDS = re.compile("[\r\v\f\x85\u2028\u2029]")


def canonical(reading: Reading) -> Reading:
    """Return the reading with canonical text; its marks and pages point at the same characters as before.

    Clean text comes back unchanged. The other fields become one line each, None where nothing is left.
    """
    shift = _Shift.of(reading.text)
    return replace(
        reading,
        text=canonical_text(reading.text),
        marks=_moved(reading.marks, shift),
        pages=tuple(shift(page) for page in reading.pages),
        title=one_line(reading.title),
        speaker=one_line(reading.speaker),
        org=one_line(reading.org),
        date=one_line(reading.date),
        genre=one_line(reading.genre),
        source=one_line(reading.source),
    )


def canonical_text(text: str) -> str:
    """Remove and replace the characters named above; doing it twice changes nothing."""
    text = _REMOVED.sub("", text)
    text = _LINE_ENDS.sub("\n", text)
    return without_surrogates(text)


def one_line(value: str | None) -> str | None:
    """Return a value as canonical text in one line, None if nothing is left."""
    return " ".join(canonical_text(value or "").split()) or None


def _moved(marks: tuple[Mark, ...], shift: _Shift) -> tuple[Mark, ...]:
    moved = (replace(mark, start=shift(mark.start), end=shift(mark.end)) for mark in marks)
    return tuple(mark for mark in moved if mark.start < mark.end)


@dataclass(frozen=True, slots=True)
class _Shift:
    """Where an offset of the old text lies in the new one."""

    starts: list[int]
    lengths: list[int]
    before: list[int]
    """How much was removed before each cut."""

    @classmethod
    def of(cls, text: str) -> _Shift:
        cuts = [match.span() for match in _REMOVED.finditer(text)]
        lengths = [end - start for start, end in cuts]
        return cls([start for start, _ in cuts], lengths, list(accumulate(lengths, initial=0)))

    def __call__(self, offset: int) -> int:
        cut = bisect_right(self.starts, offset) - 1
        if cut < 0:
            return offset
        return offset - self.before[cut] - min(offset - self.starts[cut], self.lengths[cut])
