"""Adding up what the terms of a query are worth to passages and to their documents, by the formula of `ranking`.

Most texts have a term once, and what one occurrence is worth depends on the text's length alone: so a term needs no number for
each of them, only for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.engines.whoosh.catalogue import Catalogue
from kb.engines.whoosh.lists import Floats, Ids, PostingList, added, group_sizes, group_starts
from kb.engines.whoosh.ranking import DOCUMENT, K1, LABEL, SCALE, TITLE, norms, rarity, saturated

Sums = npt.NDArray[np.float64]
"""So exact that the order of adding does not show."""

_FEW = 1000
_MUCH_LONGER = 8
"""A text that is searched for in a list costs about as much as so many that are only gone through."""


class Texts:
    """The passages or the documents of a generation."""

    def __init__(self, lengths: Floats) -> None:
        self.demands = norms(lengths)
        self.once = saturated(np.ones(len(lengths), np.float32), self.demands)
        """What a single occurrence of a term of weight 1 is worth to each."""

    def part(self, postings: PostingList, factor: float) -> Part:
        """Say what a term adds to each text that has it."""
        ids, counts = postings.ids, postings.counts
        weight = factor * rarity(len(self.demands), len(ids))
        often = np.flatnonzero(counts != 1)
        more = ids[often]
        extra = np.float32(weight) * (saturated(counts[often], self.demands[more]) - self.once[more])
        highest = np.float32(weight) * self.once[ids]
        highest[often] += extra
        return Part(ids, weight, more, extra, float(highest.max(initial=0)))

    def summed(self, parts: Sequence[tuple[Part, float]], ids: Ids) -> Sums:
        """Add up weighed parts at some texts: long lists are searched for these, short ones spread out over all."""
        summed = np.zeros(len(ids))
        spread = [
            (part, weight) for part, weight in parts if len(ids) > _FEW and len(part.ids) <= _MUCH_LONGER * len(ids)
        ]
        if spread:
            once, more = np.zeros(len(self.once)), np.zeros(len(self.once))
            for part, weight in spread:
                once[part.ids] += weight * part.weight
                more[part.more] += np.float32(weight) * part.extra
            summed += once[ids] * self.once[ids] + more[ids]
        for part, weight in parts:
            if len(ids) <= _FEW or len(part.ids) > _MUCH_LONGER * len(ids):
                part.add_to(summed, ids, self.once, weight)
        return summed


@dataclass(frozen=True, slots=True)
class Part:
    """What a term adds to the texts that have it."""

    ids: Ids
    weight: float
    more: Ids
    """Those that have it more than once, or only in a heading, which counts less; …"""
    extra: Floats
    """… and by how much that differs."""
    highest: float
    """The most that it adds to any of them."""

    def add_to(self, summed: Sums, ids: Ids, once: Floats, weight: float) -> None:
        """Add it at some texts, ascending, weighed."""
        if len(self.ids):
            _, here = _places(self.ids, ids)
            summed[here] += weight * self.weight * once[ids[here]]
        if len(self.more):
            places, here = _places(self.more, ids)
            summed[here] += np.float32(weight) * self.extra[places[here]]


@dataclass(frozen=True, slots=True)
class Worth:
    """What a term adds to a score: to the passages that have it, and to all passages of the documents that have it."""

    passages: Part
    documents: Part

    @property
    def highest(self) -> float:
        """The most that it adds anywhere."""
        return self.passages.highest + self.documents.highest

    @property
    def reachable(self) -> float:
        """What it would add if it stood there countless times."""
        return (K1 + 1) * (self.passages.weight + self.documents.weight)

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return sum(
            array.nbytes for part in (self.passages, self.documents) for array in (part.ids, part.more, part.extra)
        )


Weighed = Sequence[tuple[Worth, float]]
"""The terms of a query, each with its weight."""


class Generation:
    """What is known of all texts of a generation, computed once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.passages = Texts(catalogue.length_of)
        whole = catalogue.by_document(PostingList(catalogue.every, catalogue.length_of)).counts
        self.documents = Texts(whole + TITLE * catalogue.title_lengths)
        self.shares: Floats = np.where(catalogue.is_label, np.float32(LABEL), np.float32(1))

    def worth(self, body: PostingList, title: PostingList) -> Worth:
        """Say what a term is worth that some passages have, and some titles."""
        documents = added(self.catalogue.by_document(body), title, TITLE)
        return Worth(self.passages.part(body, 1.0), self.documents.part(documents, DOCUMENT))


class Scoring:
    """Scores for some passages, by the terms of one query."""

    def __init__(self, known: Generation, ids: Ids) -> None:
        self._known = known
        self._ids = ids
        documents = known.catalogue.document_of[ids]
        starts = group_starts(documents)
        self._documents = documents[starts]
        self._sizes = group_sizes(starts, len(documents))
        self._shares = known.shares[ids]

    def reached(self, terms: Weighed) -> Sums:
        """Add up what the terms are worth to each passage."""
        passages = self._known.passages.summed([(term.passages, weight) for term, weight in terms], self._ids)
        documents = self._known.documents.summed([(term.documents, weight) for term, weight in terms], self._documents)
        return passages + np.repeat(documents, self._sizes)

    def scores(self, reached: Sums, terms: Weighed) -> Floats:
        """Make scores in [0, `SCALE`) of what was reached with all terms of the query."""
        reachable = sum(weight * term.reachable for term, weight in terms)
        return (reached * (SCALE / max(reachable, 1e-9)) * self._shares).astype(np.float32)


def _places(among: Ids, ids: Ids) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Say where each number would stand among others, and which of them do stand there."""
    places = among.searchsorted(ids)
    np.minimum(places, len(among) - 1, out=places)
    return places, np.flatnonzero(among[places] == ids)
