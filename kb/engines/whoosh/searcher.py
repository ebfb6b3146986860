"""Answer from one generation: evaluate, filter, count, list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

from kb.documents import Document
from kb.engines.base import NO_FILTERS, Counts, Found, Listed, Request
from kb.engines.whoosh.catalogue import Catalogue
from kb.engines.whoosh.evaluation import Evaluation
from kb.engines.whoosh.families import Families
from kb.engines.whoosh.known_terms import KnownTerms
from kb.engines.whoosh.listing import Listing
from kb.engines.whoosh.lists import distinct
from kb.engines.whoosh.postings import Postings
from kb.engines.whoosh.scoring import Generation

REMEMBERED = 88 * 2**20
"""Bytes of what terms are worth that a process remembers."""
OPEN_DOCUMENTS = 128
"""So many documents stay unpacked: the hits of the next page are often in the same ones."""


class WhooshSearcher:
    """Implements `kb.engines.base.Searcher`."""

    def __init__(self, folder: Path) -> None:
        self._postings = Postings(folder)
        self._catalogue = Catalogue(self._postings)
        self._terms = KnownTerms(self._postings, Generation(self._catalogue), REMEMBERED)
        self._families = Families(folder, self._catalogue.documents)
        self._listing = Listing(self._catalogue, self._families)
        self._opened = lru_cache(OPEN_DOCUMENTS)(self._open)

    def prepare(self) -> None:
        """Remember what the most frequent characters are worth."""
        self._catalogue.prepare()
        self._terms.prepare()

    def search(self, request: Request) -> Found:
        """Find passages."""
        evaluation = self._evaluation(request)
        everything, found = evaluation.found(request.query)
        matched = distinct(self._catalogue.document_of[everything])
        hits, total_hits = self._listing.hits(found, request)
        return Found(
            hits=hits,
            total_hits=total_hits,
            total=len(found.ids),
            total_documents=len(evaluation.allowed_of(matched)),
            facets=self._catalogue.facets(matched, request.filters),
            partial=evaluation.partial,
        )

    def count(self, request: Request) -> int:
        """Count the matching passages."""
        return len(self._evaluation(request).matching(request.query))

    def document(self, document_id: str) -> Document | None:
        """Return a document, None if there is none of that id."""
        ordinal = self._catalogue.ordinal_of.get(document_id)
        if ordinal is None:
            return None
        return self._opened(ordinal)

    def documents(self) -> Iterator[Listed]:
        """List all documents in the order in which they were added."""
        return iter(self._catalogue.listed)

    def copies(self, document_id: str) -> Sequence[Listed]:
        """List the other documents of a document's family."""
        ordinal = self._catalogue.ordinal_of.get(document_id)
        members = () if ordinal is None else self._families.members_with(ordinal)
        return [self._catalogue.listed[member] for member in members if member != ordinal]

    def counts(self) -> Counts:
        """Say how much there is."""
        return Counts(
            documents=self._catalogue.documents,
            passages=len(self._catalogue.document_of),
            characters=self._catalogue.characters,
        )

    def vocabulary(self) -> dict[str, int]:
        """Return the words of two characters and more, each with the number of passages that have it."""
        return self._postings.vocabulary()

    def frequencies(self, grams: Iterable[str]) -> list[int]:
        """Say for each character or pair of neighbours how many passages have it."""
        return self._postings.frequencies(grams)

    def headings(self) -> Iterator[str]:
        """Give the titles of all sections, document by document."""
        for ordinal in range(self._catalogue.documents):
            yield from (section.title for section in self._postings.record(ordinal).sections)

    def _evaluation(self, request: Request) -> Evaluation:
        allowed = None if request.filters == NO_FILTERS else self._catalogue.allowed(request.filters)
        return Evaluation(self._terms, allowed, partial(self._listing.contenders, request), request.deadline)

    def close(self) -> None:
        """Do nothing: the files are unmapped when the last search has let go of them."""

    def _open(self, ordinal: int) -> Document:
        return self._postings.record(ordinal)
