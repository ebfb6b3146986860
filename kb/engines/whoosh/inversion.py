"""From passages with their terms to terms with their passages: everything is gathered in long arrays and sorted once.

A posting is one number of 64 bits, the term above the passage or place; sorting such numbers is the whole inversion.
"""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.engines.whoosh.codec import SLOT, FieldPostings
from kb.engines.whoosh.dictionary import Dictionary, encoded, pairs, words
from kb.engines.whoosh.gaps import GapLists, joined, pack
from kb.engines.whoosh.lists import Numbers, Places
from kb.fold import NUMERALS, SEPARATOR

NO_SLOTS: Numbers = np.empty(0, np.uint32)
MOST_SORTED = 1 << 24
"""Postings of characters or pairs that are sorted at once: 128 MB, and as much again beside them. Words are sorted in one go."""

_MOST_TERMS = 0xFFFFFFFF
_READ = 1 << 24

Keys = npt.NDArray[np.uint64]
Inverted = tuple[Keys, GapLists, Numbers]
"""The terms that occur, their lists, and how many passages have each."""
Codes = npt.NDArray[np.unsignedinteger[Any]]


class WordInversion:
    """A field of words: lists of passages."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        """A word's number, by first appearance."""
        self._terms = array("I")
        self._sizes = array("I")

    def add(self, words: Iterable[str]) -> None:
        """Take the words of the next passage, each as often as it stands there."""
        before = len(self._terms)
        self._terms.extend(map(self._numbers.__getitem__, words))
        self._sizes.append(len(self._terms) - before)

    def inverted(self) -> FieldPostings:
        """Return the field."""
        ordered = sorted(self._numbers)  # code points sort as their UTF-8 does
        ranks = np.empty(len(ordered), np.uint64)
        ranks[np.array([self._numbers[term] for term in ordered], np.int64)] = np.arange(len(ordered), dtype=np.uint64)
        sizes = np.frombuffer(self._sizes, np.uint32)
        passages = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        _, lists, having = _lists(ranks[np.frombuffer(self._terms, np.uint32)], passages)
        return _field(words(map(encoded, ordered)), lists, having, NO_SLOTS)


class GramInversion:
    """Squeezed texts: lists of the passages of each character, and of the places of each pair of neighbours.

    Where a number begins, a pair of the separator and its first numeral says so: 二十大 in 第二十大, but not in 一百二十大.
    The texts lie in a temporary file until all are there.
    """

    def __init__(self, folder: Path) -> None:
        self._spool = TemporaryFile(dir=folder)  # noqa: SIM115 - it lives as long as this object
        self._sizes = array("I")
        self._codes = np.zeros(sys.maxunicode + 1, np.uint32)
        """For each code point the number of the character, by first appearance; 0: it has not appeared."""
        self._characters: list[int] = [0]
        self._code(ord(SEPARATOR))

    def add(self, squeezed: Sequence[str]) -> None:
        """Take the texts of the next passages."""
        points = np.frombuffer("".join(squeezed).encode("utf-32-le", "surrogatepass"), np.uint32)
        codes = self._codes[points]
        if not codes.all():
            for point in dict.fromkeys(points[codes == 0].tolist()):
                self._code(point)
            codes = self._codes[points]
        self._spool.write(codes.tobytes())
        self._sizes.extend(map(len, squeezed))

    def inverted(self) -> tuple[FieldPostings, FieldPostings]:
        """Return the field of the characters and that of the pairs."""
        texts = self._texts()
        return texts.characters(), texts.pairs()

    def discard(self) -> None:
        """Let go of the temporary file."""
        self._spool.close()

    def _code(self, point: int) -> None:
        self._codes[point] = len(self._characters)
        self._characters.append(point)

    def _texts(self) -> _Texts:
        """Number the characters in the order of their code points."""
        points = np.array(self._characters, np.uint32)
        ranks = np.empty(len(points), np.min_scalar_type(len(points)))
        ranks[np.argsort(points)] = np.arange(len(points), dtype=ranks.dtype)
        self._spool.seek(0)
        codes = [ranks[np.frombuffer(read, np.uint32)] for read in iter(lambda: self._spool.read(_READ), b"")]
        self._spool.close()
        return _Texts(np.concatenate(codes), np.frombuffer(self._sizes, np.uint32), sorted(self._characters))


class _Texts:
    """All squeezed texts one after another, as numbers of characters: six bytes a character, and what is sorted at once."""

    def __init__(self, codes: Codes, sizes: Numbers, points: list[int]) -> None:
        self._points = points
        separator = points.index(ord(SEPARATOR))
        numerals = np.isin(np.array(points), [ord(numeral) for numeral in NUMERALS])
        passages = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        kept = codes != separator
        before = np.concatenate((codes[:1] * 0, codes[:-1]))
        begins = numerals[codes] & (~numerals[before] | (passages != np.concatenate(([-1], passages[:-1]))))
        self._separator = separator
        self._codes = codes[kept]
        self._passages = passages[kept]
        self._number_begins = np.flatnonzero(begins[kept])
        lengths = np.bincount(self._passages, minlength=len(sizes)).astype(np.uint32)
        self._slots = (lengths // SLOT + 1).astype(np.uint32)
        origins = SLOT * (np.cumsum(self._slots, dtype=np.uint32) - self._slots)
        self._shifts = origins - (np.cumsum(lengths, dtype=np.uint32) - lengths)
        """For each passage how far its places are from those of its characters here."""

    def characters(self) -> FieldPostings:
        """Invert the characters."""
        present, lists, having = _joined(self._characters_between(*portion) for portion in self._portions())
        terms = words(encoded(chr(self._points[code])) for code in present.tolist())
        return _field(terms, lists, having, NO_SLOTS)

    def pairs(self) -> FieldPostings:
        """Invert the pairs."""
        owners = np.repeat(np.arange(len(self._slots), dtype=np.uint32), self._slots)
        present, lists, having = _joined(self._pairs_between(*portion, owners) for portion in self._portions())
        first_and_second = np.divmod(present.astype(np.int64), len(self._points))
        return _field(pairs(np.array(self._points, np.uint32), *first_and_second), lists, having, self._slots)

    def _portions(self) -> Iterator[tuple[int, int]]:
        """Divide the characters into ranges of at most `MOST_SORTED` occurrences, or a single character."""
        ends = np.cumsum(np.bincount(self._codes, minlength=len(self._points)))
        first = 0
        while first < len(self._points):
            before = ends[first - 1] if first else 0
            last = max(first + 1, int(np.searchsorted(ends, before + MOST_SORTED, "right")))
            yield first, last
            first = last

    def _characters_between(self, first: int, last: int) -> Inverted:
        here = self._between(first, last)
        return _lists(self._codes[here].astype(np.uint64), self._passages[here])

    def _pairs_between(self, first: int, last: int, owners: Numbers) -> Inverted:
        """Invert the pairs whose first character is in a range."""
        here = self._between(first, last)
        here = here[here + 1 < len(self._codes)]
        here = here[self._passages[here] == self._passages[here + 1]]
        firsts, seconds = self._codes[here].astype(np.uint64), self._codes[here + 1].astype(np.uint64)
        if first <= self._separator < last:
            begins = self._number_begins
            firsts = np.concatenate((firsts, np.full(len(begins), self._separator, np.uint64)))
            seconds = np.concatenate((seconds, self._codes[begins].astype(np.uint64)))
            here = np.concatenate((here, begins))
        places = here.astype(np.uint32) + self._shifts[self._passages[here]]
        return _lists(firsts * np.uint64(len(self._points)) + seconds, places, owners)

    def _between(self, first: int, last: int) -> Places:
        return np.flatnonzero((self._codes >= first) & (self._codes < last))


def _field(terms: Dictionary, lists: GapLists, having: Numbers, slots: Numbers) -> FieldPostings:
    repeated = np.flatnonzero(having < lists.sizes).astype(np.uint32)
    return FieldPostings(terms, lists, repeated, having[repeated], slots)


def _lists(terms: Keys, numbers: Numbers, owners: Numbers = NO_SLOTS) -> Inverted:
    """Sort postings by term, then number: the terms that occur, their lists, and how many passages have each."""
    names: Keys | None = None
    if len(terms) and terms.max() > _MOST_TERMS:
        names, ranks = np.unique(terms, return_inverse=True)
        terms = ranks.astype(np.uint64)
    postings = terms << np.uint64(32) | numbers
    postings.sort()
    terms = postings >> np.uint64(32)
    numbers = postings.astype(np.uint32)
    begins = np.flatnonzero(np.diff(terms, prepend=~terms[:1]))
    passages = owners[numbers // SLOT] if len(owners) else numbers
    is_new = np.diff(passages, prepend=~passages[:1]) != 0
    is_new[begins] = True
    having = np.add.reduceat(is_new, begins, dtype=np.uint32) if len(begins) else NO_SLOTS
    present = terms[begins]
    lists = pack(numbers, np.append(begins, len(numbers)))
    return names[present] if names is not None else present, lists, having


def _joined(portions: Iterable[Inverted]) -> Inverted:
    present, lists, having = zip(*portions, strict=True)
    return np.concatenate(present), joined(lists), np.concatenate(having)
