"""The lines of a text that say something, with their places in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.documents import Boilerplate

_SAYING = re.compile(r"\S(?:[^\n]*[^\s])?")


class Line(NamedTuple):
    """One line without its line break and without the white space around it; never empty."""

    start: int
    end: int
    text: str


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the lines of a text, or of a part of it, in order."""
    for match in _SAYING.finditer(text, start, len(text) if end is None else end):
        yield Line(match.start(), match.end(), match[0])


def own_lines(text: str, boilerplate: Sequence[Boilerplate]) -> Iterator[Line]:
    """Yield the lines of a text that are the document's own."""
    foreign = {span.start for span in boilerplate}
    return (line for line in lines(text) if line.start not in foreign)
