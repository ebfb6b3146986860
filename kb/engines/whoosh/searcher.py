"""Answer from one generation: evaluate, filter, count, order, cut the page out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.documents import Document
from kb.engines.base import Counts, Filters, Found, Hit, Listed, Request, Sort
from kb.engines.whoosh.catalogue import Catalogue, group_starts
from kb.engines.whoosh.codec import Floats, Ids
from kb.engines.whoosh.evaluation import Evaluation, Matches
from kb.engines.whoosh.postings import ReaderPool
from kb.engines.whoosh.ranking import Norms
from kb.engines.whoosh.records import unpack


@dataclass(frozen=True, slots=True)
class _Shown:
    """What can be a hit: passages with their scores, and how many more each stands for."""

    ids: Ids
    scores: Floats
    more: npt.NDArray[np.int64]


class WhooshSearcher:
    """Implements `kb.engines.base.Searcher`."""

    def __init__(self, folder: Path) -> None:
        self._pool = ReaderPool(folder)
        with self._pool.lend() as postings:
            self._catalogue = Catalogue(postings)
        self._norms = Norms(self._catalogue)

    def search(self, request: Request) -> Found:
        """Find passages."""
        with self._pool.lend() as postings:
            evaluation = Evaluation(postings, self._norms, request.deadline)
            found = evaluation.matches(request.query)
        matched = self._documents_of(found)
        if request.filters != Filters():
            allowed = self._catalogue.allowed(request.filters)[self._catalogue.document_of[found.ids]]
            found = Matches(found.ids[allowed], found.scores[allowed])
        shown = self._by_document(found)
        total_documents = len(shown.ids)
        if request.group == "passage":
            shown = self._by_passage(found)
        return Found(
            hits=self._hits(shown, request),
            total=len(found.ids),
            total_documents=total_documents,
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

    def _documents_of(self, found: Matches) -> Ids:
        documents = self._catalogue.document_of[found.ids]
        return documents[group_starts(documents)]

    def _by_document(self, found: Matches) -> _Shown:
        """Let each document show its best passage, the first of equals."""
        documents = self._catalogue.document_of[found.ids]
        starts = group_starts(documents)
        if not len(starts):
            return self._by_passage(found)
        sizes = np.diff(starts, append=len(documents))
        best = np.flatnonzero(found.scores == np.repeat(np.maximum.reduceat(found.scores, starts), sizes))
        best = best[group_starts(documents[best])]
        return _Shown(found.ids[best], found.scores[best], sizes - 1)

    def _by_passage(self, found: Matches) -> _Shown:
        """Let each passage stand for itself, and say how many others its document has."""
        documents = self._catalogue.document_of[found.ids]
        sizes = np.diff(group_starts(documents), append=len(documents))
        return _Shown(found.ids, found.scores, np.repeat(sizes, sizes) - 1)

    def _hits(self, shown: _Shown, request: Request) -> tuple[Hit, ...]:
        """Order, cut out the page."""
        order = self._order(shown, request.sort, request.offset + request.limit)[request.offset :]
        return tuple(
            Hit(
                document_id=self._catalogue.listed[self._catalogue.document_of[passage]].id,
                number=int(self._catalogue.number_of[passage]),
                score=round(float(score), 4),
                more_in_document=int(more),
            )
            for passage, score, more in zip(shown.ids[order], shown.scores[order], shown.more[order], strict=True)
        )

    def _order(self, shown: _Shown, sort: Sort, wanted: int) -> npt.NDArray[np.int64]:
        """Return the places of the best: by score, or by date with the undated last either way, then by score."""
        if sort == "relevance":
            best = _at_least_as_good(shown.scores, wanted)
            return best[np.lexsort((shown.ids[best], -shown.scores[best]))][:wanted]
        ranks = self._catalogue.date_ranks[self._catalogue.document_of[shown.ids]]
        by_date = ranks if sort == "date" else -ranks
        return np.lexsort((shown.ids, -shown.scores, by_date, ranks == 0))[:wanted]


def _at_least_as_good(scores: Floats, wanted: int) -> npt.NDArray[np.int64]:
    """Return the places of the `wanted` highest scores, and of all that equal the lowest of these."""
    if wanted <= 0 or wanted >= len(scores):
        return np.arange(len(scores) if wanted > 0 else 0)
    lowest = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
    return np.flatnonzero(scores >= lowest)
