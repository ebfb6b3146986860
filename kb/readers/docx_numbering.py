"""Automatic numbers of Word, which stand nowhere in the text: counted here and given back as text.

A list (`num`) uses a scheme (`abstractNum`) of nine levels and may override some. Traps: lists with one scheme count on
together unless one says `startOverride`, which counts once. A level starts anew after a higher one, unless `lvlRestart` says
otherwise. A scheme may be a mere link to a style that belongs to another scheme.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.readers.docx_numerals import numeral
from kb.readers.docx_words import W, number, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PLACE = re.compile("%([1-9])")
_CLOSED = tuple("、，。．；：）)】〉》")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is counted and written."""

    style: str
    pattern: str
    """第%1章: %1 stands for the count of the outermost level."""
    start: int
    gap: str
    """What stands between number and text."""
    is_decimal: bool
    """The counts of the levels above are written as 1, 2, 3."""
    restarts_after: int | None
    """Starts anew after levels above this one (counted from 0); None: after any level above."""
    paragraph_style: str | None


@dataclass(frozen=True, slots=True)
class _List:
    scheme: str
    levels: dict[int, Level]
    starts: dict[int, int]
    """`startOverride` by level."""


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted."""

    _lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None) -> Numbering:
        """Take the lists from the numbering part; without one there are none."""
        if root is None:
            return cls()
        schemes = _schemes(root)
        return cls({item.get(W + "numId", ""): _list(item, schemes) for item in root.iterfind(W + "num")})

    def level_of_style(self, list_id: str, style: str) -> int:
        """Return the level of a list that is bound to a paragraph style; the outermost if none is."""
        levels = self._lists[list_id].levels if list_id in self._lists else {}
        return next((depth for depth, level in levels.items() if level.paragraph_style == style), 0)

    def label(self, list_id: str, depth: int) -> str:
        """Count one paragraph and return its number with what separates it from the text: `（一）`, `第二章 `, ``."""
        found = self._lists.get(list_id)
        if found is None or depth not in found.levels:
            return ""
        level = found.levels[depth]
        counts = self._counted(list_id, found, depth)

        def count(place: re.Match[str]) -> str:
            return self._written(found, counts, level, int(place[1]) - 1)

        text = _PLACE.sub(count, level.pattern) if level.style != "bullet" else ""
        return text + ("" if not text or text.endswith(_CLOSED) else level.gap)

    def _counted(self, list_id: str, found: _List, depth: int) -> dict[int, int]:
        counts = self._counts.setdefault(found.scheme, {})
        is_new = (list_id, depth) not in self._started
        self._started.add((list_id, depth))
        if depth in found.starts and is_new:
            counts[depth] = found.starts[depth]
        else:
            counts[depth] = counts.get(depth, found.levels[depth].start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            restarts_after = found.levels[deeper].restarts_after if deeper in found.levels else None
            if restarts_after is None or depth < restarts_after:
                del counts[deeper]
        return counts

    @staticmethod
    def _written(found: _List, counts: dict[int, int], level: Level, depth: int) -> str:
        other = found.levels.get(depth, level)
        count = counts.setdefault(depth, other.start)
        return numeral(count, "decimal" if level.is_decimal else other.style)


def _schemes(root: Element) -> dict[str, dict[int, Level]]:
    schemes: dict[str, dict[int, Level]] = {}
    owners: dict[str, str] = {}
    links: dict[str, str] = {}
    for scheme in root.iterfind(W + "abstractNum"):
        name = scheme.get(W + "abstractNumId", "")
        schemes[name] = {number(level.get(W + "ilvl")): _level(level) for level in scheme.iterfind(W + "lvl")}
        if style := value(scheme, "styleLink"):
            owners[style] = name
        if style := value(scheme, "numStyleLink"):
            links[name] = style
    return {name: schemes.get(owners.get(links.get(name, ""), name), levels) for name, levels in schemes.items()}


def _list(item: Element, schemes: dict[str, dict[int, Level]]) -> _List:
    scheme = value(item, "abstractNumId") or ""
    levels = dict(schemes.get(scheme, {}))
    starts: dict[int, int] = {}
    for override in item.iterfind(W + "lvlOverride"):
        depth = number(override.get(W + "ilvl"))
        start, level = value(override, "startOverride"), override.find(W + "lvl")
        if start is not None:
            starts[depth] = number(start)
        if level is not None:
            levels[depth] = _level(level)
    return _List(scheme, levels, starts)


def _level(level: Element) -> Level:
    restart = value(level, "lvlRestart")
    return Level(
        style=value(level, "numFmt") or "decimal",
        pattern=value(level, "lvlText") or "",
        start=number(value(level, "start")),
        gap="" if value(level, "suff") == "nothing" else " ",
        is_decimal=level.find(W + "isLgl") is not None,
        restarts_after=None if restart is None else number(restart),
        paragraph_style=value(level, "pStyle"),
    )
