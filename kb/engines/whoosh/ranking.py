"""How well passages fit the words of a query: BM25 over words and characters, of the passage and of its whole document.

    score = 10 · (P + DOCUMENT · D) / (the most that the query could reach)      P, D: BM25 of passage and document

A term of the query (a word, a character, a pair of neighbouring characters) adds weight · rarity · saturation. All constants
stand here. They were chosen on the judged sets that `benchmarks/relevance.py` runs, a handful of round numbers; nothing was
trained. BM25: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", 3.4; fields are added
before they saturate (3.6).

Traps:
- Words alone lose to characters on every judged set, both together are best: what the dictionary cuts differently in query and
  text still meets in its characters.
- The passage alone loses to passage and document together: what a speech is about stands in its other passages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from kb.engines.whoosh.catalogue import Catalogue, distinct, group_starts
from kb.engines.whoosh.codec import Floats, Ids, PostingList

SCALE: Final = 10.0
K1: Final = 1.2
"""How soon more occurrences stop to count; the usual value."""
B: Final = 0.75
"""How much a long text must pay for its length; the usual value (0.9 gains 0.001 on `stard`, loses 0.003 on `headlines`)."""
PAIR: Final = 1.0
"""The measure of the other two."""
CHARACTER: Final = 0.7
"""0.5 loses 0.003 on `stard`."""
WORD: Final = 1.5
"""1 loses 0.001 on `stard`."""
DOCUMENT: Final = 2.0
"""1 loses 0.001 on `stard` and 0.007 on `headlines`; more gains little, and the passage must decide in a long document."""
HEADING: Final = 0.2
"""A word in the heading path counts as so many in the text: 0.5 loses 0.002 on `stard`, whose texts repeat their headings."""
TITLE: Final = 1.0
"""A term in the title counts as so many in the document, and so does its length: without that `stard` loses 0.01."""
MOST_COMMON: Final = 0.4
"""A character in more than this share of the passages tells nothing (no set loses anything) and costs most of the time."""
LABEL: Final = 0.5
"""What a line that is no sentence (title, heading, byline) keeps of its score, so that the paragraph comes first."""
_MUCH_LONGER = 8
"""A place that is searched for costs about as much as so many that are only gone through."""


class Norms:
    """What each text's length demands, computed once for a generation."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.passages = norms(catalogue.length_of)
        texts = catalogue.by_document(PostingList(catalogue.every, catalogue.length_of)).counts
        self.documents = norms(texts + TITLE * catalogue.title_lengths)
        self.shares: Floats = np.where(catalogue.is_label, np.float32(LABEL), np.float32(1))

    def worth(self, body: PostingList, title: PostingList) -> Worth:
        """Say what a term is worth that some passages have, and some titles."""
        documents = added(self.catalogue.by_document(body), title, TITLE)
        return Worth(
            _part(body, self.passages, rarity(len(self.passages), len(body.ids))),
            _part(documents, self.documents, DOCUMENT * rarity(len(self.documents), len(documents.ids))),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What a term adds to the texts that have it: passages or documents, ascending."""

    ids: Ids
    worth: Floats
    reachable: float
    """What it would add to a text that has it countless times."""

    def at(self, ids: Ids) -> Floats:
        """Return what it adds to some texts, ascending."""
        if not len(self.ids):
            return np.zeros(len(ids), np.float32)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[places] == ids, self.worth[places], np.float32(0))


@dataclass(frozen=True, slots=True)
class Worth:
    """What a term adds to a score: to the passages that have it, and to all passages of the documents that have it."""

    passages: Part
    documents: Part

    @property
    def highest(self) -> float:
        """The most that it really adds anywhere."""
        return sum(float(part.worth.max()) for part in (self.passages, self.documents) if len(part.ids))

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return sum(part.ids.nbytes + part.worth.nbytes for part in (self.passages, self.documents))


Weighed = Sequence[tuple[Worth, float]]
"""The terms of a query, each with its weight."""


class Scoring:
    """Scores for some passages of a generation, by the terms of one query."""

    def __init__(self, known: Norms, ids: Ids) -> None:
        self._known = known
        self._ids = ids
        documents = known.catalogue.document_of[ids]
        starts = group_starts(documents)
        self._documents = documents[starts]
        self._sizes = np.diff(starts, append=len(documents))
        self._shares = known.shares[ids]

    def reached(self, terms: Weighed) -> npt.NDArray[np.float64]:
        """Add up what the terms are worth to each passage."""
        passages = _summed([(term.passages, weight) for term, weight in terms], self._ids, len(self._known.passages))
        documents = _summed(
            [(term.documents, weight) for term, weight in terms], self._documents, len(self._known.documents)
        )
        return passages + np.repeat(documents, self._sizes)

    def scores(self, reached: npt.NDArray[np.float64], terms: Weighed) -> Floats:
        """Make scores in [0, `SCALE`) of what was reached with all terms of the query."""
        reachable = sum(weight * (term.passages.reachable + term.documents.reachable) for term, weight in terms)
        return (reached * (SCALE / max(reachable, 1e-9)) * self._shares).astype(np.float32)


def _part(postings: PostingList, demands: Floats, weight: float) -> Part:
    return Part(postings.ids, np.float32(weight) * saturated(postings, demands), weight * (K1 + 1))


def _summed(parts: Sequence[tuple[Part, float]], ids: Ids, total: int) -> npt.NDArray[np.float64]:
    """Add up parts at some texts: a list much longer than these is searched for them, a shorter one is spread out."""
    summed = np.zeros(len(ids))  # so exact that the order of adding does not show
    short = [(part, weight) for part, weight in parts if len(part.ids) <= _MUCH_LONGER * len(ids)]
    for part, weight in parts:
        if len(part.ids) > _MUCH_LONGER * len(ids):
            summed += np.float32(weight) * part.at(ids)
    if short:
        spread = np.zeros(total)
        for part, weight in short:
            spread[part.ids] += np.float32(weight) * part.worth
        summed += spread[ids]
    return summed


def rarity(total: int, having: int) -> float:
    """Weigh a term by how few have it (BM25's idf, never negative)."""
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def saturated(postings: PostingList, demands: Floats) -> Floats:
    """Return for each posting its count against the length of its text: more and more, but never `K1` + 1."""
    counts = postings.counts
    return (counts * (K1 + 1) / (counts + K1 * demands[postings.ids])).astype(np.float32, copy=False)


def norms(lengths: Floats) -> Floats:
    """Return for each text what its length demands: 1 for the average."""
    average = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    return np.float32(1 - B) + np.float32(B / average) * lengths


def union(one: Ids, other: Ids) -> Ids:
    """Merge two ascending lists; NumPy's own union hashes them, which takes ten times as long and more."""
    if not len(one) or not len(other):
        return one if len(one) else other
    both = np.concatenate((one, other))
    both.sort(kind="stable")  # two ascending runs: merged in one pass
    return distinct(both)


def added(one: PostingList, other: PostingList, weight: float) -> PostingList:
    """Add up two fields' counts, the other's weighted."""
    if not len(other.ids):
        return one
    if not len(one.ids):
        return PostingList(other.ids, np.float32(weight) * other.counts)
    ids = union(one.ids, other.ids)
    counts = np.zeros(len(ids), np.float32)
    counts[np.searchsorted(ids, one.ids)] += one.counts
    counts[np.searchsorted(ids, other.ids)] += np.float32(weight) * other.counts
    return PostingList(ids, counts)
