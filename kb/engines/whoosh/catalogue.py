"""What a generation knows without its postings: which document each passage belongs to, and every document's metadata.

Loaded once when the generation is opened, shared by all threads, never changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from kb.engines.base import FACETS, Filters, Listed
from kb.engines.whoosh.postings import Postings
from kb.engines.whoosh.records import unpack_listed
from kb.fold import fold, squeeze
from kb.literal import Literal, pattern

MOST_FACET_VALUES = 50


class Catalogue:
    """Documents by ordinal (the order of adding), passages by Whoosh's number."""

    def __init__(self, postings: Postings) -> None:
        self.listed: Sequence[Listed] = [unpack_listed(packed) for packed in postings.listed()]
        self.document_of = postings.per_passage("document")
        self.number_of = postings.per_passage("number")
        self.length_of = postings.per_passage("length")
        self.fingerprint_of = postings.per_passage("fingerprint")
        self.ordinal_of = {listed.id: ordinal for ordinal, listed in enumerate(self.listed)}

    def passages_in(self, documents: set[int]) -> list[int]:
        """Return the passages of some documents."""
        return [passage for passage, document in enumerate(self.document_of) if document in documents]

    @cached_property
    def first_passages(self) -> dict[int, int]:
        """The first passage of each document that has one."""
        return {document: passage for passage, document in enumerate(self.document_of) if self.number_of[passage] == 1}

    def documents_where(self, field: str, sought: Literal) -> set[int]:
        """Return the documents one of whose fields (title, speaker, org, genre) contains a string."""
        contains = pattern(sought).search
        return {ordinal for ordinal, value in enumerate(self._squeezed_fields[field]) if contains(value)}

    def documents_between(self, first: int | None, last: int | None) -> set[int]:
        """Return the documents of some years, ends included; undated ones are in no range."""
        return {ordinal for ordinal, year in enumerate(self._years) if _is_between(year, first, last)}

    def date(self, ordinal: int) -> str | None:
        """Return a document's date, ISO 8601, which sorts as it stands."""
        return self.listed[ordinal].metadata.date

    def allowed(self, documents: Iterable[int], filters: Filters, without: str = "") -> set[int]:
        """Return the documents that pass the filters, all of them or all but one field's."""
        tests = [test for field, test in self._tests(filters).items() if field != without]
        return {ordinal for ordinal in documents if all(test(ordinal) for test in tests)}

    def facets(self, documents: set[int], filters: Filters) -> dict[str, Sequence[tuple[str, int]]]:
        """Count the documents by each field's values, as if that field's own filter were not set."""
        return {field: self._count(self.allowed(documents, filters, without=field), field) for field in FACETS}

    def _count(self, documents: set[int], field: str) -> Sequence[tuple[str, int]]:
        values = self._values[field]
        counted = Counter(value for ordinal in documents if (value := values[ordinal]))
        order = (lambda pair: -int(pair[0])) if field == "year" else (lambda pair: (-pair[1], pair[0]))
        return sorted(counted.items(), key=order)[:MOST_FACET_VALUES]

    def _tests(self, filters: Filters) -> dict[str, Callable[[int], bool]]:
        tests: dict[str, Callable[[int], bool]] = {}
        for field in ("genre", "speaker", "org"):
            if chosen := frozenset(getattr(filters, field)):
                tests[field] = self._chosen(field, chosen)
        if filters.first_year is not None or filters.last_year is not None:
            years = self.documents_between(filters.first_year, filters.last_year)
            tests["year"] = years.__contains__
        return tests

    def _chosen(self, field: str, chosen: frozenset[str]) -> Callable[[int], bool]:
        values = self._values[field]
        return lambda ordinal: values[ordinal] in chosen

    @cached_property
    def _values(self) -> dict[str, list[str | None]]:
        fields: dict[str, list[str | None]] = {
            field: [getattr(listed.metadata, field) for listed in self.listed] for field in ("genre", "speaker", "org")
        }
        fields["year"] = [str(year) if year else None for year in self._years]
        return fields

    @cached_property
    def _years(self) -> list[int | None]:
        return [int(listed.metadata.date[:4]) if listed.metadata.date else None for listed in self.listed]

    @cached_property
    def _squeezed_fields(self) -> dict[str, list[str]]:
        return {
            field: [squeeze(fold(getattr(listed.metadata, field) or "")) for listed in self.listed]
            for field in ("title", "speaker", "org", "genre")
        }


def _is_between(year: int | None, first: int | None, last: int | None) -> bool:
    return year is not None and (first is None or first <= year) and (last is None or year <= last)
