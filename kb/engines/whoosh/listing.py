"""From matches to the hits of a page: one for each document or passage, near-copies folded, ordered, cut out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.engines.base import Hit, Request, Sort
from kb.engines.whoosh.catalogue import Catalogue
from kb.engines.whoosh.evaluation import Matches
from kb.engines.whoosh.families import Families
from kb.engines.whoosh.lists import Floats, Ids, group_sizes, group_starts

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What can be a hit: passages, ascending, with their scores and what each stands for besides itself."""

    ids: Ids
    scores: Floats
    more: Integers
    """Other matching passages of its document."""
    others: Integers
    """Other documents of its family, or other passages that say the same."""

    def only(self, places: Integers) -> _Shown:
        """Return some of them."""
        return _Shown(self.ids[places], self.scores[places], self.more[places], self.others[places])


class Listing:
    """Lists the matches of one generation."""

    def __init__(self, catalogue: Catalogue, families: Families) -> None:
        self._catalogue = catalogue
        self._families = families

    def hits(self, found: Matches, request: Request) -> tuple[tuple[Hit, ...], int]:
        """Return the hits of the page that is asked for, and how many there are on all pages."""
        shown = self._by_document(found) if request.group == "document" else self._by_passage(found)
        if request.fold:
            shown = self._folded(shown, request)
        order = self._order(shown, request.sort, request.offset + request.limit)[request.offset :]
        page = shown.only(order)
        rows = zip(page.ids.tolist(), page.scores.tolist(), page.more.tolist(), page.others.tolist(), strict=True)
        return tuple(self._hit(*row, by_document=request.group == "document") for row in rows), len(shown.ids)

    def contenders(self, request: Request, least: Matches, most: Floats) -> npt.NDArray[np.bool_]:
        """Tell which matches could be shown, given the least and the most that each can score."""
        shown = self._by_document(least) if request.group == "document" else self._by_passage(least)
        wanted = request.offset + request.limit
        if request.fold:
            wanted += int(self._recurring(shown, request).sum())
        if not 0 < wanted < len(shown.ids):
            return np.ones(len(least.ids), np.bool_)
        if request.sort == "relevance":
            worst = np.partition(shown.scores, len(shown.scores) - wanted)[len(shown.scores) - wanted]
            return np.asarray(most >= worst)
        ranks = self._by_date(least.ids, request.sort)
        return np.asarray(ranks <= np.partition(self._by_date(shown.ids, request.sort), wanted - 1)[wanted - 1])

    def _hit(self, passage: int, score: float, more: int, others: int, *, by_document: bool) -> Hit:
        return Hit(
            document_id=self._catalogue.id(self._catalogue.document_of[passage]),
            number=self._catalogue.number(passage),
            score=round(score, 4),
            more_in_document=more,
            copies=others if by_document else 0,
            same_passages=0 if by_document else others,
        )

    def _by_document(self, found: Matches) -> _Shown:
        """Let each document show its best passage, the first of equals."""
        documents = self._catalogue.document_of[found.ids]
        starts = group_starts(documents)
        if not len(starts):
            return self._by_passage(found)
        sizes = group_sizes(starts, len(documents))
        best = np.flatnonzero(found.scores == np.repeat(np.maximum.reduceat(found.scores, starts), sizes))
        best = best[group_starts(documents[best])]
        return _Shown(found.ids[best], found.scores[best], sizes - 1, np.zeros(len(best), np.int64))

    def _by_passage(self, found: Matches) -> _Shown:
        """Let each passage stand for itself, and say how many others its document has."""
        documents = self._catalogue.document_of[found.ids]
        sizes = group_sizes(group_starts(documents), len(documents))
        return _Shown(found.ids, found.scores, np.repeat(sizes, sizes) - 1, np.zeros(len(found.ids), np.int64))

    def _folded(self, shown: _Shown, request: Request) -> _Shown:
        """Let the first in the list's order stand for all that are alike."""
        may_recur = self._recurring(shown, request)
        recurring = np.flatnonzero(may_recur)
        if not len(recurring):
            return shown
        if request.group == "document":
            alike = self._families.firsts[self._catalogue.document_of[shown.ids]]
        else:
            alike = self._catalogue.alike[shown.ids]
        ordered = recurring[self._order(shown.only(recurring), request.sort, len(recurring))]
        _, firsts, counts = np.unique(alike[ordered], return_index=True, return_counts=True)
        others = np.zeros(len(shown.ids), np.int64)
        others[ordered[firsts]] = counts - 1
        kept = np.sort(np.concatenate((np.flatnonzero(~may_recur), ordered[firsts])))
        return _Shown(shown.ids, shown.scores, shown.more, others).only(kept)

    def _recurring(self, shown: _Shown, request: Request) -> npt.NDArray[np.bool_]:
        """Tell which could stand for others, or others for them."""
        if request.group == "document":
            return self._families.has_copies[self._catalogue.document_of[shown.ids]]
        return np.asarray(self._catalogue.alike[shown.ids] > 0)

    def _order(self, shown: _Shown, sort: Sort, wanted: int) -> Integers:
        """Return the places of the best: by score, or by date with the undated last either way, then by score."""
        if sort == "relevance":
            best = _at_least_as_good(shown.scores, wanted)
            return best[np.lexsort((shown.ids[best], -shown.scores[best]))][:wanted]
        return np.lexsort((shown.ids, -shown.scores, self._by_date(shown.ids, sort)))[:wanted]

    def _by_date(self, ids: Ids, sort: Sort) -> Integers:
        """Number passages by the date of their document in the order of the list; the undated come last either way."""
        ranks = self._catalogue.date_ranks[self._catalogue.document_of[ids]]
        return np.where(ranks == 0, np.iinfo(np.int64).max, ranks if sort == "date" else -ranks)


def _at_least_as_good(scores: Floats, wanted: int) -> Integers:
    """Return the places of the `wanted` highest scores, and of all that equal the lowest of these."""
    if wanted <= 0 or wanted >= len(scores):
        return np.arange(len(scores) if wanted > 0 else 0)
    lowest = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
    return np.flatnonzero(scores >= lowest)
