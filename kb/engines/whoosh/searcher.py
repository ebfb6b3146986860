"""Answer from one generation: evaluate, filter, count, order, cut the page out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kb.documents import Document
from kb.engines.base import Counts, Filters, Found, Group, Hit, Listed, Request, Sort
from kb.engines.whoosh.catalogue import Catalogue
from kb.engines.whoosh.evaluation import Evaluation, Scores
from kb.engines.whoosh.families import Families
from kb.engines.whoosh.postings import ReaderPool
from kb.engines.whoosh.records import unpack


class WhooshSearcher:
    """Implements `kb.engines.base.Searcher`."""

    def __init__(self, folder: Path) -> None:
        self._pool = ReaderPool(folder)
        with self._pool.lend() as postings:
            self._catalogue = Catalogue(postings)
        self._families = Families(folder, self._catalogue.ordinal_of)

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
        hits, total_hits = self._hits(scores, request)
        return Found(
            hits=hits,
            total_hits=total_hits,
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

    def copies(self, document_id: str) -> Sequence[Listed]:
        """List the other documents of a document's family."""
        ordinal = self._catalogue.ordinal_of.get(document_id)
        members = () if ordinal is None else self._families.members_with(ordinal)
        return [self._catalogue.listed[member] for member in members if member != ordinal]

    def counts(self) -> Counts:
        """Say how much there is."""
        return Counts(
            documents=len(self._catalogue.listed),
            passages=len(self._catalogue.document_of),
            characters=sum(listed.characters for listed in self._catalogue.listed),
        )

    def close(self) -> None:
        """Let go of the files; a search under way may still finish."""
        self._pool.close()

    def _hits(self, scores: Scores, request: Request) -> tuple[tuple[Hit, ...], int]:
        """Order, fold, cut out the page; by document each gives its best passage. Also say how many hits there are."""
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
        folded = _fold(shown, self._alike(request))
        page = list(folded)[request.offset : request.offset + request.limit]
        hits = (self._hit(passage, scores, of_document, folded[passage], request.group) for passage in page)
        return tuple(hits), len(folded)

    def _alike(self, request: Request) -> Callable[[int], int]:
        """Return what says of a passage with which others it is shown as one: those of the same number."""
        if not request.fold:
            return lambda passage: passage
        if request.group == "document":
            return lambda passage: self._families.first_of(self._catalogue.document_of[passage])
        return self._catalogue.fingerprint_of.__getitem__

    def _hit(self, passage: int, scores: Scores, of_document: dict[int, list[int]], others: int, group: Group) -> Hit:
        ordinal = self._catalogue.document_of[passage]
        return Hit(
            document_id=self._catalogue.listed[ordinal].id,
            number=self._catalogue.number_of[passage],
            score=round(scores[passage], 4),
            more_in_document=len(of_document[ordinal]) - 1,
            copies=others if group == "document" else 0,
            same_passages=others if group == "passage" else 0,
        )

    def _sort_by_date(self, passages: list[int], sort: Sort) -> None:
        """Order by date, keeping the order by score within a date; the undated come last either way."""
        if sort == "relevance":
            return
        date = {passage: self._catalogue.date(self._catalogue.document_of[passage]) or "" for passage in passages}
        passages.sort(key=date.__getitem__, reverse=sort == "-date")
        passages.sort(key=lambda passage: not date[passage])


def _fold(passages: Sequence[int], alike: Callable[[int], int]) -> dict[int, int]:
    """Return the first of each that are alike, in order, with the number of the others."""
    firsts: dict[int, int] = {}
    others: dict[int, int] = {}
    for passage in passages:
        first = firsts.setdefault(alike(passage), passage)
        others[first] = others.get(first, -1) + 1
    return others
