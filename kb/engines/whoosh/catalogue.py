"""What a generation knows without its postings: which document each passage belongs to, and every document's metadata.

Loaded once when the generation is opened, shared by all threads, never changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kb.engines.base import FACETS, NO_FILTERS, Filters, Listed
from kb.engines.whoosh.codec import Floats, Ids, PostingList
from kb.engines.whoosh.postings import Postings
from kb.engines.whoosh.records import unpack_listed
from kb.fold import fold, squeeze
from kb.literal import Literal, pattern

MOST_FACET_VALUES = 50
_FIRST = np.zeros(1, np.int64)

Flags = npt.NDArray[np.bool_]
"""One for each document, by ordinal."""


class Catalogue:
    """Documents by ordinal (the order of adding), passages by Whoosh's number, which follows the documents."""

    def __init__(self, postings: Postings) -> None:
        self.listed: Sequence[Listed] = [unpack_listed(packed) for packed in postings.listed()]
        self.document_of: Ids = postings.per_passage("document")
        self.number_of = postings.per_passage("number")
        self.length_of: Floats = postings.per_passage("length").astype(np.float32)
        self.is_label = postings.per_passage("label")
        self.every: Ids = np.arange(len(self.document_of), dtype=np.uint32)
        self.fingerprint_of = postings.per_passage("fingerprint")
        self.ordinal_of = {listed.id: ordinal for ordinal, listed in enumerate(self.listed)}
        self.title_lengths: Floats = np.array([len(listed.metadata.title) for listed in self.listed], np.float32)
        self.firsts: Ids = np.searchsorted(self.document_of, np.arange(len(self.listed))).astype(np.uint32)
        """The first passage of each document; every document has one."""
        self.ends: Ids = np.append(self.firsts[1:], len(self.document_of)).astype(np.uint32)
        """Where the passages of each document end."""

    def passages_of(self, documents: Ids) -> Ids:
        """Return all passages of some documents, ascending as they do."""
        firsts, ends = self.firsts[documents].astype(np.int64), self.ends[documents].astype(np.int64)
        sizes = ends - firsts
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        passages: Ids = (np.repeat(firsts, sizes) + within).astype(np.uint32)
        return passages

    def by_document(self, passages: PostingList) -> PostingList:
        """Add up the counts of each document's passages."""
        documents = self.document_of[passages.ids]
        starts = group_starts(documents)
        if not len(starts):
            return PostingList(documents, passages.counts)
        return PostingList(documents[starts], np.add.reduceat(passages.counts, starts))

    def documents_where(self, field: str, sought: Literal) -> Flags:
        """Tell which documents have a field (title, speaker, org, genre) that contains a string."""
        contains = pattern(sought).search
        return np.fromiter((bool(contains(value)) for value in self._squeezed_fields[field]), np.bool_)

    def documents_between(self, first: int | None, last: int | None) -> Flags:
        """Tell which documents are of some years, ends included; undated ones are in no range."""
        dated: Flags = self._years > 0
        return dated & (self._years >= (first or 0)) & (self._years <= (9999 if last is None else last))

    def allowed(self, filters: Filters, without: str = "") -> Flags:
        """Tell which documents pass the filters, all of them or all but one field's."""
        flags = np.ones(len(self.listed), np.bool_)
        for field in ("genre", "speaker", "org"):
            chosen: tuple[str, ...] = getattr(filters, field)
            if chosen and field != without:
                values, codes = self._values[field]
                flags &= np.isin(codes, [code for code, value in enumerate(values) if value in chosen])
        if without != "year" and (filters.first_year is not None or filters.last_year is not None):
            flags &= self.documents_between(filters.first_year, filters.last_year)
        return flags

    def facets(self, documents: Ids, filters: Filters) -> dict[str, Sequence[tuple[str, int]]]:
        """Count the documents by each field's values, as if that field's own filter were not set."""
        if filters == NO_FILTERS:
            return {field: self._count(documents, field) for field in FACETS}
        return {field: self._count(documents[self.allowed(filters, field)[documents]], field) for field in FACETS}

    @cached_property
    def recurs(self) -> npt.NDArray[np.bool_]:
        """Tell of each passage whether another one says the same."""
        _, places, counts = np.unique(self.fingerprint_of, return_inverse=True, return_counts=True)
        flags: npt.NDArray[np.bool_] = counts[places] > 1
        return flags

    @cached_property
    def date_ranks(self) -> npt.NDArray[np.int64]:
        """Each document's place in the order of dates, equal dates alike; 0 for the undated."""
        dates = [listed.metadata.date or "" for listed in self.listed]
        rank_of = {date: rank for rank, date in enumerate(sorted({"", *dates}))}
        return np.array([rank_of[date] for date in dates], np.int64)

    def _count(self, documents: Ids, field: str) -> Sequence[tuple[str, int]]:
        values, codes = self._values[field]
        counts = np.bincount(codes[documents], minlength=len(values)).tolist()
        counted = [(value, count) for value, count in zip(values, counts, strict=True) if value and count]
        counted.sort(key=(lambda pair: -int(pair[0])) if field == "year" else (lambda pair: (-pair[1], pair[0])))
        return counted[:MOST_FACET_VALUES]

    @cached_property
    def _values(self) -> dict[str, tuple[list[str], npt.NDArray[np.int64]]]:
        """For each field its values and, for each document, which one it has; the empty one means none."""
        fields = {
            field: [getattr(listed.metadata, field) or "" for listed in self.listed]
            for field in ("genre", "speaker", "org")
        }
        fields["year"] = [str(year) if year else "" for year in self._years.tolist()]
        coded = {}
        for field, given in fields.items():
            values = sorted(set(given))
            code_of = {value: code for code, value in enumerate(values)}
            coded[field] = (values, np.array([code_of[value] for value in given], np.int64))
        return coded

    @cached_property
    def _years(self) -> npt.NDArray[np.int64]:
        """Each document's year; 0 for the undated."""
        return np.array(
            [int(listed.metadata.date[:4]) if listed.metadata.date else 0 for listed in self.listed], np.int64
        )

    @cached_property
    def _squeezed_fields(self) -> dict[str, list[str]]:
        return {
            field: [squeeze(fold(getattr(listed.metadata, field) or "")) for listed in self.listed]
            for field in ("title", "speaker", "org", "genre")
        }


def distinct(ascending: Ids) -> Ids:
    """Return each number once."""
    return ascending[group_starts(ascending)]


def group_starts(ascending: Ids) -> npt.NDArray[np.int64]:
    """Return where each run of equal numbers begins."""
    if not len(ascending):
        return np.empty(0, np.int64)
    return np.concatenate((_FIRST, np.flatnonzero(ascending[1:] != ascending[:-1]) + 1))
