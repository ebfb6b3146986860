"""From passages with their terms to terms with their passages: postings gathered in flat arrays, sorted once at the end.

Trap: Whoosh's own pool keeps a tuple a posting (0.5 GB for a million characters) or sorts on disk; its `poolclass` argument is
ignored, so this one is put in place after the writer is made.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping

import numpy as np

from kb.engines.whoosh.codec import HIGHEST_COUNT, Inverted

Posting = tuple[str, bytes, int, float, Mapping[str, int]]
"""Whoosh's order: field, term, Whoosh document number, weight, value; here one item brings all terms of a field as its value."""


class Inversion:
    """Takes the place of Whoosh's posting pool."""

    def __init__(self) -> None:
        self._fields: dict[str, _Field] = {}

    def add(self, posting: Posting) -> None:
        """Take all terms of a field of one passage; passages come in ascending order."""
        field, _, number, _, terms = posting
        if field not in self._fields:
            self._fields[field] = _Field()
        self._fields[field].add(number, terms)

    def iter_postings(self) -> Iterator[tuple[str, Inverted]]:
        """Give the fields in the order of their names and forget them."""
        for name in sorted(self._fields):
            yield name, self._fields.pop(name).inverted()

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()


class _Field:
    """A posting is a place in four arrays: term by number, passage, count."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._terms = array("I")
        self._ids = array("I")
        self._counts = array("H")

    def add(self, number: int, terms: Mapping[str, int]) -> None:
        numbers = self._numbers
        self._terms.extend([numbers.setdefault(term, len(numbers)) for term in terms])
        self._ids.extend([number] * len(terms))
        self._counts.extend([min(count, HIGHEST_COUNT) for count in terms.values()])

    def inverted(self) -> Inverted:
        """Sort by term; the sort is stable, so the passages of a term stay in order."""
        ordered = sorted(self._numbers)  # code points sort as their UTF-8 does
        ranks = np.empty(len(ordered), np.uint32)
        ranks[[self._numbers[term] for term in ordered]] = np.arange(len(ordered), dtype=np.uint32)
        keys = ranks[np.frombuffer(self._terms, np.uint32)]
        order = np.argsort(keys, kind="stable")
        return Inverted(
            terms=[term.encode() for term in ordered],
            starts=np.searchsorted(keys, np.arange(len(ordered) + 1, dtype=np.uint32), sorter=order),
            ids=np.frombuffer(self._ids, np.uint32)[order],
            counts=np.frombuffer(self._counts, np.uint16)[order],
        )
