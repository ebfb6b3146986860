"""Posting lists as arrays: a Whoosh codec, so that a search adds up whole lists at once instead of calling for each posting.

A segment's postings are one file of arrays (`arrays`), mapped when it is opened: for each field its terms (`dictionary`) and
for each term a list of numbers (`gaps`). Schema, segments, columns and table of contents are Whoosh's own, and `ArrayMatcher` is
an ordinary matcher, so every query of Whoosh works on it.

A list holds passages, one number for each occurrence; or, in a field with places, the places themselves: all passages of the
segment are laid out on one line, each from a multiple of `SLOT` on with at least one free place behind it. So a number says
passage and position, and a phrase is an intersection of lists: no two passages can be mistaken for one.

Trap: nothing here is ever sought in or changed after opening, so one reader serves any number of threads.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import numpy as np
from whoosh.codec.base import TermsReader
from whoosh.codec.whoosh3 import W3Codec
from whoosh.formats import Format
from whoosh.matching import LeafMatcher
from whoosh.matching.mcore import ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from kb.engines.whoosh.arrays import Array, Buffer, read_arrays, write_arrays
from kb.engines.whoosh.dictionary import Dictionary, PairDictionary, WordDictionary, encoded
from kb.engines.whoosh.gaps import GapLists, from_arrays
from kb.engines.whoosh.lists import NO_POSTINGS, Ids, Numbers, PostingList, counted

SLOT = 16
POSTINGS_FILE = ".pst"


@dataclass(frozen=True)
class FieldPostings:
    """One field of a segment."""

    terms: Dictionary
    lists: GapLists
    repeated: Numbers
    """The terms that some passage has more than once, ascending …"""
    repeated_having: Numbers
    """… and how many passages have each of these."""
    slots: Numbers
    """How many slots each passage takes; empty in a field without places."""

    def number(self, term: str) -> int:
        """Return the number of a term, -1 if it is not there."""
        return self.terms.find(encoded(term))

    def postings(self, number: int) -> PostingList:
        """Return the postings of a term by its number; of -1, which is no term, there are none."""
        if number < 0:
            return NO_POSTINGS
        numbers = self.lists.numbers(number)
        ids = self.passages(numbers) if len(self.slots) else numbers
        return counted(ids) if self.having(number) < len(ids) else PostingList(ids, np.ones(len(ids), np.float32))

    def having(self, number: int) -> int:
        """Count the passages that have a term."""
        if number < 0:
            return 0
        at = bisect_left(self.repeated.data, number)
        is_repeated = at < len(self.repeated) and self.repeated[at] == number
        return int(self.repeated_having[at] if is_repeated else self.lists.sizes[number])

    def passages(self, places: Numbers) -> Ids:
        """Say in which passage each place is."""
        passages: Ids = self._owners[places // SLOT]
        return passages

    @cached_property
    def _owners(self) -> Ids:
        """For each slot its passage."""
        return np.repeat(np.arange(len(self.slots), dtype=np.uint32), self.slots)

    @cached_property
    def origins(self) -> Numbers:
        """Where each passage begins."""
        ends = np.cumsum(self.slots, dtype=np.uint32)
        return SLOT * (ends - self.slots)


class ArrayCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec but for terms and postings. Lengths are not kept: the engine has its own."""

    def terms_reader(self, storage: object, segment: object) -> ArrayTermsReader:
        """Open a segment's postings."""
        file = segment.open_file(storage, POSTINGS_FILE)  # type: ignore[attr-defined]
        return ArrayTermsReader(read_fields(file._buf))  # noqa: SLF001 - the mapped file


class ArrayTermsReader(TermsReader):  # type: ignore[misc]
    """The dictionary as Whoosh asks for it."""

    def __init__(self, fields: Mapping[str, FieldPostings]) -> None:
        self.fields = fields

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._number(*term) >= 0

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Give all terms, field by field."""
        return ((field, term) for field in sorted(self.fields) for term in self.fields[field].terms)

    def terms_from(self, field: str, first: bytes) -> Iterator[tuple[str, bytes]]:
        """Give the terms of a field from a given one on, then those of the following fields, as Whoosh does."""
        return (term for term, _ in self.items_from(field, first))

    def items(self) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        """Give all terms with what is known of them."""
        return (
            item for field in sorted(self.fields) for item in self._items(field, range(len(self.fields[field].terms)))
        )

    def items_from(self, field: str, first: bytes) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        """Give the same from a term on."""
        begin = self.fields[field].terms.first_from(first) if field in self.fields else 0
        for name in sorted(self.fields):
            if name >= field:
                count = len(self.fields[name].terms)
                yield from self._items(name, range(begin if name == field else 0, count))

    def term_info(self, field: str, term: bytes) -> ArrayTermInfo:
        """Tell what is known of a term.

        Raises:
            TermNotFound: it is not there.
        """
        number = self._number(field, term)
        if number < 0:
            raise TermNotFound(f"{field}:{term!r}")
        return ArrayTermInfo(self.fields[field], number)

    def frequency(self, field: str, term: bytes) -> float:
        """Count the occurrences of a term, none if it is not there."""
        number = self._number(field, term)
        return float(self.fields[field].lists.sizes[number]) if number >= 0 else 0.0

    def doc_frequency(self, field: str, term: bytes) -> int:
        """Count the passages that have a term, none if it is not there."""
        return self.fields[field].having(self._number(field, term)) if field in self.fields else 0

    def matcher(self, field: str, term: bytes, format_: Format, scorer: object = None) -> ArrayMatcher:
        """Return a cursor over a term's postings."""
        info = self.term_info(field, term)
        return ArrayMatcher(info, format_, (field, term), scorer)

    def indexed_field_names(self) -> list[str]:
        """Name the fields."""
        return list(self.fields)

    def close(self) -> None:
        """Let go of the arrays; who still holds one keeps the file mapped."""
        self.fields = {}

    def _number(self, field: str, term: bytes) -> int:
        return self.fields[field].terms.find(term) if field in self.fields else -1

    def _items(self, field: str, numbers: range) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        postings = self.fields[field]
        return (((field, postings.terms.term(number)), ArrayTermInfo(postings, number)) for number in numbers)


class ArrayTermInfo(TermInfo):  # type: ignore[misc]
    """What Whoosh's queries and scorers ask about a term."""

    def __init__(self, field: FieldPostings, number: int) -> None:
        self.field = field
        self.number = number
        super().__init__(weight=float(field.lists.sizes[number]), df=field.having(number))

    @cached_property
    def postings(self) -> PostingList:
        """Return the whole list."""
        return self.field.postings(self.number)

    def max_weight(self) -> float:
        """Return the greatest count of the list."""
        return float(self.postings.counts.max())

    def min_id(self) -> int:
        """Return the first passage."""
        return int(self.postings.ids[0])

    def max_id(self) -> int:
        """Return the last passage."""
        return int(self.postings.ids[-1])


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """A cursor over a posting list, as Whoosh's queries want it; the engine itself takes the lists whole."""

    def __init__(self, info: ArrayTermInfo, format_: Format, term: object, scorer: object, at: int = 0) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._terminfo = info
        self._ids = info.postings.ids
        self._at = at

    def is_active(self) -> bool:
        """Tell whether the cursor stands on a posting."""
        return self._at < len(self._ids)

    def copy(self) -> ArrayMatcher:
        """Return a cursor at the same place."""
        return ArrayMatcher(self._terminfo, self.format, self._term, self.scorer, self._at)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def id(self) -> int:
        """Return the passage; the last one when there is none any more: Whoosh's `SpanNot` asks a cursor that has run out."""
        return int(self._ids[min(self._at, len(self._ids) - 1)])

    def all_ids(self) -> Iterator[int]:
        """Give the passages from here on."""
        return iter(self._ids[self._at :].tolist())

    def next(self) -> None:
        """Go to the next posting."""
        self._at += 1

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        """Go to the first posting at or after a passage."""
        if not self.is_active():
            raise ReadTooFar
        self._at += int(np.searchsorted(self._ids[self._at :], id))

    def weight(self) -> float:
        """Return how often the passage has the term."""
        return float(self._terminfo.postings.counts[self._at])

    def value(self) -> bytes:
        """Return how often the passage has the term, in a field with places its positions there, as Whoosh writes them."""
        field = self._terminfo.field
        if not len(field.slots):
            return bytes(pack_uint(int(self.weight())))
        origin = field.origins[self.id()]
        places = field.lists.numbers(self._terminfo.number)
        here = slice(*np.searchsorted(places, [origin, origin + SLOT * int(field.slots[self.id()])]))
        return bytes(self.format.encode((places[here] - origin).tolist()))

    def block_min_length(self) -> int:
        """Return the shortest length: lengths are not kept."""
        return 0

    def block_max_length(self) -> int:
        """Return the greatest length: lengths are not kept."""
        return 0

    def block_max_weight(self) -> float:
        """Return the greatest count of the list."""
        return float(self._terminfo.max_weight())

    def skip_to_quality(self, minquality: float) -> int:
        """Skip the list if it is not good enough; it is one block."""
        if self.block_quality() > minquality:
            return 0
        self._at = len(self._ids)
        return 1


def write_fields(file: BinaryIO, fields: Mapping[str, FieldPostings]) -> None:
    """Write a segment's postings."""
    arrays: dict[str, Array] = {}
    for name, field in fields.items():
        parts = {
            **field.terms.to_arrays(),
            **field.lists.to_arrays(),
            "repeated": field.repeated,
            "repeated_having": field.repeated_having,
            "slots": field.slots,
        }
        arrays |= {f"{name}.{part}": array for part, array in parts.items()}
    write_arrays(file, arrays)


def read_fields(buffer: Buffer) -> dict[str, FieldPostings]:
    """Read what `write_fields` wrote, without copying."""
    parts: dict[str, dict[str, Array]] = {}
    for name, array in read_arrays(buffer).items():
        field, part = name.split(".")
        parts.setdefault(field, {})[part] = array
    return {field: _field(arrays) for field, arrays in parts.items()}


def _field(arrays: dict[str, Array]) -> FieldPostings:
    def taken(*names: str) -> list[Array]:
        return [arrays.pop(name) for name in names]

    terms: Dictionary
    if "seconds" in arrays:
        terms = PairDictionary(*taken("characters", "ends", "seconds"))
    else:
        terms = WordDictionary(*taken("keys", "rest_ends", "rests"))
    return FieldPostings(terms, from_arrays(arrays), *taken("repeated", "repeated_having", "slots"))
