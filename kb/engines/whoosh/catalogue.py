"""What a generation knows without its postings: which document each passage belongs to, and every document's metadata.

Shared by all threads; what a search may do without is read when it is first needed, or by `prepare`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kb.engines.base import FACETS, NO_FILTERS, Filters, Listed
from kb.engines.whoosh.columns import Choices
from kb.engines.whoosh.lists import Floats, Ids, PostingList, group_starts
from kb.engines.whoosh.postings import Postings
from kb.engines.whoosh.records import unpack_listed
from kb.fold import fold, squeeze
from kb.literal import Literal, pattern

MOST_FACET_VALUES = 50

Flags = npt.NDArray[np.bool_]
"""One for each document, by ordinal."""


class Catalogue:
    """Documents by ordinal (the order of adding), passages by Whoosh's number, which follows the documents."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        sizes = postings.documents_column("passages")
        self.documents = len(sizes)
        self.document_of: Ids = np.repeat(np.arange(self.documents, dtype=np.uint32), sizes)
        self.ends: Ids = np.cumsum(sizes, dtype=np.uint32)
        """Where the passages of each document end; every document has one."""
        self.firsts: Ids = self.ends - sizes
        """The first passage of each document."""
        self.every: Ids = np.arange(len(self.document_of), dtype=np.uint32)
        self.length_of: Floats = postings.passages_column("length").astype(np.float32)
        self.is_label = postings.passages_column("label")
        self.alike = postings.passages_column("alike")
        """The same number for passages that say the same, 0 for one that stands alone."""
        self.title_lengths: Floats = postings.documents_column("title_length").astype(np.float32)
        self._ids: Sequence[bytes] = postings.documents_column("id")

    def prepare(self) -> None:
        """Read what filters, facets and dates need, now."""
        self._choices, self.ordinal_of  # noqa: B018 - computed when first looked at

    def id(self, document: int) -> str:
        """Return a document's id."""
        return self._ids[document].decode()

    def number(self, passage: int) -> int:
        """Return a passage's number in its document."""
        return passage - int(self.firsts[self.document_of[passage]]) + 1

    @cached_property
    def ordinal_of(self) -> dict[str, int]:
        """Each document's ordinal by its id."""
        return {self.id(ordinal): ordinal for ordinal in range(self.documents)}

    @cached_property
    def listed(self) -> list[Listed]:
        """All documents as lists show them."""
        return [unpack_listed(written) for written in self._postings.documents_column("listed")]

    @cached_property
    def characters(self) -> int:
        """How long all texts are together."""
        return int(self._postings.documents_column("characters").sum(dtype=np.int64))

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
        flags = np.ones(self.documents, np.bool_)
        for field in ("genre", "speaker", "org"):
            chosen: tuple[str, ...] = getattr(filters, field)
            if chosen and field != without:
                known = self._choices[field]
                flags &= np.isin(known.codes, [code for code, value in enumerate(known.values) if value in chosen])
        if without != "year" and (filters.first_year is not None or filters.last_year is not None):
            flags &= self.documents_between(filters.first_year, filters.last_year)
        return flags

    def facets(self, documents: Ids, filters: Filters) -> dict[str, Sequence[tuple[str, int]]]:
        """Count the documents by each field's values, as if that field's own filter were not set."""
        if filters == NO_FILTERS:
            return {field: self._count(documents, field) for field in FACETS}
        return {field: self._count(documents[self.allowed(filters, field)[documents]], field) for field in FACETS}

    @cached_property
    def date_ranks(self) -> npt.NDArray[np.int64]:
        """Each document's place in the order of dates, equal dates alike; 0 for the undated."""
        return self._dates.codes.astype(np.int64)

    def _count(self, documents: Ids, field: str) -> Sequence[tuple[str, int]]:
        known = self._choices[field]
        counts = np.bincount(known.codes[documents], minlength=len(known.values)).tolist()
        counted = [(value, count) for value, count in zip(known.values, counts, strict=True) if value and count]
        counted.sort(key=(lambda pair: -int(pair[0])) if field == "year" else (lambda pair: (-pair[1], pair[0])))
        return counted[:MOST_FACET_VALUES]

    @cached_property
    def _dates(self) -> Choices:
        dates: Choices = self._postings.documents_column("date")
        return dates

    @cached_property
    def _choices(self) -> dict[str, Choices]:
        """For each field of the facets its values, and which one each document has."""
        choices = {field: self._postings.documents_column(field) for field in ("genre", "speaker", "org")}
        years = self._years.tolist()
        known = sorted({0, *years})
        codes = np.searchsorted(known, years)
        return choices | {"year": Choices([str(year) if year else "" for year in known], codes)}

    @cached_property
    def _years(self) -> npt.NDArray[np.int64]:
        """Each document's year; 0 for the undated."""
        return np.array([int(date[:4]) if date else 0 for date in self._dates.values], np.int64)[self._dates.codes]

    @cached_property
    def _squeezed_fields(self) -> dict[str, list[str]]:
        return {
            field: [squeeze(fold(getattr(listed.metadata, field) or "")) for listed in self.listed]
            for field in ("title", "speaker", "org", "genre")
        }
