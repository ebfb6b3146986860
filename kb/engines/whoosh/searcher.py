"""Answer from one generation: evaluate, filter, count, order, cut the page out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.documents import Document
from kb.engines.base import Counts, Filters, Found, Hit, Listed, Request, Sort
from kb.engines.whoosh.catalogue import Catalogue
from kb.engines.whoosh.evaluation import Evaluation, Scores
from kb.engines.whoosh.postings import ReaderPool
from kb.engines.whoosh.records import unpack


class WhooshSearcher:
    """Implements `kb.engines.base.Searcher`."""

    def __init__(self, folder: Path) -> None:
        self._pool = ReaderPool(folder)
        with self._pool.lend() as postings:
            self._catalogue = Catalogue(postings)

    def search(self, request: Request) -> Found:
        """Find passages."""
        with self._pool.lend() as postings:
            evaluation = Evaluation(postings, self._catalogue, request.deadline)
            scores = evaluation.scores(request.query)
        matched = {self._catalogue.document_of[passage] for passage in scores}
        allowed = self._catalogue.allowed(matched, request.filters)
        if request.filters != Filters():
            scores = {
                passage: score for passage, score in scores.items() if self._catalogue.document_of[passage] in allowed
            }
        return Found(
            hits=self._hits(scores, request),
            total=len(scores),
            total_documents=len(allowed),
            facets=self._catalogue.facets(matched, request.filters),
            partial=evaluation.partial,
        )

    def document(self, document_id: str) -> Document | None:
        """Return a document, None if there is none of that id."""
        ordinal = self._catalogue.ordinal_of.get(document_id)
        if ordinal is None:
            return None
        with self._pool.lend() as postings:
            return unpack(postings.record(ordinal))

    def documents(self) -> Iterator[Listed]:
        """List all documents in the order in which they were added."""
        return iter(self._catalogue.listed)

    def counts(self) -> Counts:
        """Say how much there is."""
        return Counts(
            documents=len(self._catalogue.listed),
            passages=len(self._catalogue.document_of),
            characters=sum(listed.characters for listed in self._catalogue.listed),
        )

    def vocabulary(self) -> dict[str, int]:
        """Return the words of two characters and more, each with the number of passages that have it."""
        with self._pool.lend() as postings:
            return postings.vocabulary()

    def frequencies(self, grams: Iterable[str]) -> list[int]:
        """Say for each character or pair of neighbours how many passages have it."""
        with self._pool.lend() as postings:
            return [postings.frequency("grams", gram) for gram in grams]

    def headings(self) -> Iterator[str]:
        """Give the titles of all sections, document by document."""
        for listed in self._catalogue.listed:
            document = self.document(listed.id)
            if document:
                yield from (section.title for section in document.sections)

    def close(self) -> None:
        """Let go of the files; a search under way may still finish."""
        self._pool.close()

    def _hits(self, scores: Scores, request: Request) -> tuple[Hit, ...]:
        """Order, cut out the page; by document each gives its best passage."""
        of_document: dict[int, list[int]] = defaultdict(list)
        for passage in scores:
            of_document[self._catalogue.document_of[passage]].append(passage)
        shown = list(scores)
        if request.group == "document":
            shown = [
                min(passages, key=lambda passage: (-scores[passage], passage)) for passages in of_document.values()
            ]
        shown.sort(key=lambda passage: (-scores[passage], passage))
        self._sort_by_date(shown, request.sort)
        page = shown[request.offset : request.offset + request.limit]
        return tuple(self._hit(passage, scores, of_document) for passage in page)

    def _hit(self, passage: int, scores: Scores, of_document: dict[int, list[int]]) -> Hit:
        ordinal = self._catalogue.document_of[passage]
        return Hit(
            document_id=self._catalogue.listed[ordinal].id,
            number=self._catalogue.number_of[passage],
            score=round(scores[passage], 4),
            more_in_document=len(of_document[ordinal]) - 1,
        )

    def _sort_by_date(self, passages: list[int], sort: Sort) -> None:
        """Order by date, keeping the order by score within a date; the undated come last either way."""
        if sort == "relevance":
            return
        date = {passage: self._catalogue.date(self._catalogue.document_of[passage]) or "" for passage in passages}
        passages.sort(key=date.__getitem__, reverse=sort == "-date")
        passages.sort(key=lambda passage: not date[passage])
