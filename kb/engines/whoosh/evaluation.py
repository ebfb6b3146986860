"""Which passages match a query, and how well: one dictionary passage -> score for each part of it, joined upwards.

Every part scores in [0, 10): words by BM25F as a share of the best that the query could reach, times the share of its words
that are covered; a phrase by how often it occurs. A passage that contains the entire string gets 10 more, so it comes first.

BM25F (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", 3.6): the weighted term
frequencies of body, headings and title are added before they saturate.

Traps:
- What matches is decided by the characters (a unit occurs literally), what it is worth by the words: a unit that stands in a
  passage only across word borders (人大 in 个人大力) counts as half an occurrence.
- A line of a few characters (a title, a heading, a byline) must not win by its shortness, nor stand before the paragraph that
  it heads: lengths count from `SHORTEST_LENGTH`, and below `FULL_LENGTH` the score shrinks with the length.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kb.analysis import Unit
from kb.engines.base import required
from kb.engines.whoosh.catalogue import Catalogue
from kb.engines.whoosh.postings import Postings
from kb.literal import Literal, pattern, required_grams
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years

Scores = dict[int, float]

K1 = 1.2
B = 0.75
HEADING_WEIGHT = 1.0
TITLE_WEIGHT = 1.5
ACROSS_WORDS = 0.5
AVERAGE_LENGTH = 160
"""Squeezed characters; passages are cut to 100–400, so a constant serves every collection."""
SHORTEST_LENGTH = 60
FULL_LENGTH = 40
SCALE = 10.0
MOST_EXPANSIONS = 128
FEW_CANDIDATES = 40
"""So few passages are read rather than narrowed down by further postings."""
_CLOCK_EVERY = 256


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Where a unit occurs: in passages how often, as a word how often, under headings, in titles."""

    literal: dict[int, int]
    words: dict[int, int]
    headings: set[int]
    titles: set[int]


class Evaluation:
    """One query over one generation. After `deadline` (monotonic seconds) it stops looking and is `partial`."""

    def __init__(self, postings: Postings, catalogue: Catalogue, deadline: float | None = None) -> None:
        self._postings = postings
        self._catalogue = catalogue
        self._deadline = deadline
        self._occurrences: dict[Literal, dict[int, int]] = {}
        self.partial = False

    def scores(self, query: Query) -> Scores:
        """Return the matching passages; past the deadline none, so that what is cut short is never more than what matches."""
        return {} if self._is_late() else self._scores(query)

    def _scores(self, query: Query) -> Scores:
        match query:
            case Whole(sought, child):
                return self._whole(sought, child)
            case Words(units):
                return self._words(units)
            case Phrase(sought):
                return {passage: self._saturated(passage, count) for passage, count in self.occurrences(sought).items()}
            case Prefix(text):
                return self._prefix(text)
            case Field(name, sought):
                return self._in_documents(self._catalogue.documents_where(name, sought))
            case Years(first, last):
                return self._in_documents(self._catalogue.documents_between(first, last))
            case And(children):
                return self._all(children)
            case Or(children):
                return _average([self.scores(child) for child in children])
            case Not(child):
                excluded = self.scores(child)
                return (
                    {} if self._is_late() else {passage: 0.0 for passage in self._everything if passage not in excluded}
                )

    def occurrences(self, sought: Literal) -> dict[int, int]:
        """Return the passages that contain a string, and how often: law 2. The answer is kept; do not change it."""
        if sought not in self._occurrences:
            self._occurrences[sought] = self._look_up(sought)
        return self._occurrences[sought]

    def _look_up(self, sought: Literal) -> dict[int, int]:
        if len(sought.segments) == 1 and len(sought.segments[0]) == 1 and len(sought.typed) <= 2:  # noqa: PLR2004 - a gram
            return self._postings.counts("grams", sought.typed)
        test = pattern(sought)
        found = {}
        for number, passage in enumerate(sorted(self._candidates(sought))):
            if number % _CLOCK_EVERY == 0 and self._is_late():
                break
            if occurrences := test.findall(self._postings.squeezed(passage)):
                found[passage] = len(occurrences)
        return found

    def _candidates(self, sought: Literal) -> set[int]:
        """Narrow down by the postings that a containing passage must have."""
        groups = required_grams(sought)
        plain = [gram for alternatives in groups if len(alternatives) == 1 for gram in alternatives[0]]
        candidates = self._having_all(plain) if plain else None
        for alternatives in groups:
            if len(alternatives) > 1 and (candidates is None or len(candidates) > FEW_CANDIDATES):
                having = set().union(*map(self._having_all, alternatives))
                candidates = having if candidates is None else candidates & having
        return candidates or set()

    def _having_all(self, grams: list[str]) -> set[int]:
        """Intersect postings, the rarest first, until few passages are left."""
        rarest = sorted(set(grams), key=lambda gram: self._postings.frequency("grams", gram))
        passages = self._postings.passages("grams", rarest[0])
        for gram in rarest[1:]:
            if len(passages) <= FEW_CANDIDATES or self._is_late():
                break
            passages &= self._postings.passages("grams", gram)
        return passages

    def _whole(self, sought: Literal, child: Query) -> Scores:
        scores = self.scores(child)
        for passage, count in self.occurrences(sought).items():
            scores[passage] = SCALE + scores.get(passage, self._saturated(passage, count))
        return scores

    def _words(self, units: tuple[Unit, ...]) -> Scores:
        evidence = [self._evidence(unit) for unit in units if not self._is_late()]
        weights = [self._rarity(len(found.literal)) for found in evidence]
        best = sum(weight * (K1 + 1) for weight in weights)
        needed = required(len(units))
        scores = {}
        for number, passage in enumerate(self._worth_scoring(evidence)):
            if number % _CLOCK_EVERY == 0 and self._is_late():
                break
            frequencies = [self._frequency(passage, found) for found in evidence]
            covered = sum(frequency > 0 for frequency in frequencies)
            if covered >= needed:
                reached = sum(
                    weight * frequency * (K1 + 1) / (K1 + frequency)
                    for weight, frequency in zip(weights, frequencies, strict=True)
                )
                share = reached / best * covered / len(units)
                scores[passage] = SCALE * share * self._substance(passage)
        return scores

    def _evidence(self, unit: Unit) -> _Evidence:
        literal = self.occurrences(unit.sought)
        if not unit.words:
            return _Evidence(literal, literal, set(), set())
        counts: Counter[int] = Counter()
        for word in unit.words:
            counts.update(self._postings.counts("words", word))
        return _Evidence(
            literal,
            counts,
            set().union(*(self._postings.passages("headings", word) for word in unit.words)),
            set().union(*map(self._postings.documents_titled, unit.words)),
        )

    def _worth_scoring(self, evidence: list[_Evidence]) -> set[int]:
        """Return the passages with a unit in their own text, and the first ones of documents with a unit in the title."""
        passages = set().union(*(found.literal for found in evidence))
        titled = set().union(*(found.titles for found in evidence))
        first = self._catalogue.first_passages
        return passages | {first[document] for document in titled if document in first}

    def _frequency(self, passage: int, found: _Evidence) -> float:
        """Add up a unit's occurrences over the fields, the body's normalised by its length."""
        frequency = 0.0
        if passage in found.literal:
            frequency = found.words.get(passage, ACROSS_WORDS) / self._length_norm(passage)
        if passage in found.headings:
            frequency += HEADING_WEIGHT
        if self._catalogue.document_of[passage] in found.titles:
            frequency += TITLE_WEIGHT
        return frequency

    def _length_norm(self, passage: int) -> float:
        length = max(self._catalogue.length_of[passage], SHORTEST_LENGTH)
        return 1 - B + B * length / AVERAGE_LENGTH

    def _saturated(self, passage: int, count: int) -> float:
        frequency = count / self._length_norm(passage)
        return SCALE * frequency / (K1 + frequency) * self._substance(passage)

    def _substance(self, passage: int) -> float:
        return min(1.0, self._catalogue.length_of[passage] / FULL_LENGTH)

    def _rarity(self, passages: int) -> float:
        """Weigh a unit by how few passages have it (BM25's idf, never negative)."""
        return math.log(1 + (len(self._catalogue.document_of) - passages + 0.5) / (passages + 0.5))

    def _prefix(self, text: str) -> Scores:
        passages: set[int] = set()
        for number, word in enumerate(self._postings.words_starting_with(text)):
            if number >= MOST_EXPANSIONS or self._is_late():
                self.partial = True
                break
            passages |= self._postings.passages("words", word)
        return {passage: self._saturated(passage, 1) for passage in passages}

    def _all(self, children: tuple[Query, ...]) -> Scores:
        wanted = [child for child in children if not isinstance(child, Not)]
        scores = [self.scores(child) for child in wanted] or [dict.fromkeys(self._everything, 0.0)]
        common = set.intersection(*map(set, scores))
        excluding = [child.child for child in children if isinstance(child, Not)]
        for child in excluding:
            common -= self.scores(child).keys()
        if excluding and self._is_late():
            return {}
        weighing = [found for child, found in zip(wanted, scores, strict=False) if not isinstance(child, Field | Years)]
        return _average([{passage: found[passage] for passage in common} for found in weighing or scores])

    def _in_documents(self, documents: set[int]) -> Scores:
        return dict.fromkeys(self._catalogue.passages_in(documents), 0.0)

    @cached_property
    def _everything(self) -> Iterable[int]:
        return range(len(self._catalogue.document_of))

    def _is_late(self) -> bool:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.partial = True
        return self.partial


def _average(scores: list[Scores]) -> Scores:
    """Join parts: a passage that one of them lacks gets nothing for it."""
    joined: Scores = {}
    for part in scores:
        for passage, score in part.items():
            joined[passage] = joined.get(passage, 0.0) + score / len(scores)
    return joined
