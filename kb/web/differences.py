"""The comparison of two documents as the page shows it: changed paragraphs open, long runs of equal ones folded.

A changed paragraph stands between two equal ones, so that its place in the speech is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from kb.comparison import Comparison, Row

_AROUND = 1
"""Equal paragraphs that stay open beside a changed one."""
_FEWEST = 3
"""Fewer are not worth folding."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs in a row, all equal and folded, or to be read."""

    folded: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A comparison to be shown: its paragraphs, and how many of them differ."""

    stretches: tuple[Stretch, ...]
    changed: int
    bounded: bool


def view(comparison: Comparison) -> View:
    """Arrange a comparison for the page."""
    return View(
        stretches=tuple(_stretches(comparison)),
        changed=sum(not row.same for row in comparison.rows),
        bounded=comparison.bounded,
    )


def _stretches(comparison: Comparison) -> Iterator[Stretch]:
    changed = [number for number, row in enumerate(comparison.rows) if not row.same]
    near = {number + step for number in changed for step in range(-_AROUND, _AROUND + 1)}
    for far, numbered in groupby(enumerate(comparison.rows), key=lambda numbered: numbered[0] not in near):
        rows = tuple(row for _, row in numbered)
        yield Stretch(far and len(rows) >= _FEWEST, rows)
