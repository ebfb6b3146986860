"""Which passages match a query, and how well: for each part of it the passages with their scores, joined upwards.

Every part scores in [0, 10): words by `ranking`, a phrase by how often it occurs. A passage that contains the entire string
gets 10 more, so it comes first.

What matches is decided by the characters: a unit occurs where its literal stands, whatever the dictionary made of it (law 2).
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.analysis import Unit
from kb.engines.whoosh.catalogue import Catalogue
from kb.engines.whoosh.codec import NO_POSTINGS, Floats, Ids, PostingList
from kb.engines.whoosh.postings import Postings
from kb.engines.whoosh.ranking import (
    CHARACTER,
    HEADING,
    K1,
    MOST_COMMON,
    PAIR,
    SCALE,
    WORD,
    Norms,
    Ranker,
    added,
    saturated,
)
from kb.fold import grams
from kb.literal import Literal, counter, required_grams
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years

MOST_EXPANSIONS = 128
FEW_CANDIDATES = 40
"""So few passages are read rather than narrowed down by further postings."""
_CLOCK_EVERY = 256

Flags = npt.NDArray[np.bool_]
"""One for each passage."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Passages, ascending, with their scores."""

    ids: Ids
    scores: Floats


NOTHING = Matches(NO_POSTINGS.ids, NO_POSTINGS.counts)


class Evaluation:
    """One query over one generation. After `deadline` (monotonic seconds) it stops looking and is `partial`."""

    def __init__(self, postings: Postings, known: Norms, deadline: float | None = None) -> None:
        self._postings = postings
        self._known = known
        self._catalogue: Catalogue = known.catalogue
        self._deadline = deadline
        self._occurrences: dict[Literal, PostingList] = {}
        self.partial = False

    def matches(self, query: Query) -> Matches:
        """Return the matching passages; past the deadline none, so that what is cut short is never more than what matches."""
        found = NOTHING if self._is_late() else self._matches(query)
        return NOTHING if isinstance(query, Not) and self.partial else found

    def _matches(self, query: Query) -> Matches:
        match query:
            case Whole(sought, child):
                return self._whole(sought, self.matches(child))
            case Words():
                return self._words(query)
            case Phrase(sought):
                return self._phrase(sought)
            case Prefix(text):
                return self._prefix(text)
            case Field(name, sought):
                return self._in_documents(self._catalogue.documents_where(name, sought))
            case Years(first, last):
                return self._in_documents(self._catalogue.documents_between(first, last))
            case And(children):
                return self._all(children)
            case Or(children):
                return _united([self.matches(child) for child in children])
            case Not(child):
                return _unscored(np.setdiff1d(self._catalogue.every, self.matches(child).ids, assume_unique=True))

    def occurrences(self, sought: Literal) -> PostingList:
        """Return the passages that contain a string, and how often: law 2."""
        if sought not in self._occurrences:
            self._occurrences[sought] = self._look_up(sought)
        return self._occurrences[sought]

    def _look_up(self, sought: Literal) -> PostingList:
        if len(sought.segments) == 1 and len(sought.segments[0]) == 1 and len(sought.typed) <= 2:  # noqa: PLR2004 - a gram
            return self._postings.passages("grams", sought.typed)
        count = counter(sought)
        ids: list[int] = []
        counts: list[int] = []
        for number, passage in enumerate(self._candidates(sought).tolist()):
            if number % _CLOCK_EVERY == 0 and self._is_late():
                break
            if occurrences := count(self._postings.squeezed(passage)):
                ids.append(passage)
                counts.append(occurrences)
        return PostingList(np.array(ids, np.uint32), np.array(counts, np.float32))

    def _candidates(self, sought: Literal) -> Ids:
        """Narrow down by the postings that a containing passage must have."""
        groups = required_grams(sought)
        plain = [gram for alternatives in groups if len(alternatives) == 1 for gram in alternatives[0]]
        candidates = self._having_all(plain) if plain else None
        for alternatives in groups:
            if len(alternatives) > 1 and (candidates is None or len(candidates) > FEW_CANDIDATES):
                having = np.unique(np.concatenate([self._having_all(grams_of) for grams_of in alternatives]))
                candidates = having if candidates is None else _common(candidates, having)
        return NO_POSTINGS.ids if candidates is None else candidates

    def _having_all(self, wanted: list[str]) -> Ids:
        """Intersect postings, the rarest first, until few passages are left."""
        rarest = sorted(set(wanted), key=lambda gram: self._postings.frequency("grams", gram))
        passages = self._postings.passages("grams", rarest[0]).ids
        for gram in rarest[1:]:
            if len(passages) <= FEW_CANDIDATES or self._is_late():
                break
            passages = _common(passages, self._postings.passages("grams", gram).ids)
        return passages

    def _whole(self, sought: Literal, rest: Matches) -> Matches:
        """Put the passages that contain the entire string first."""
        containing = self._phrase(sought)
        bonus = np.full(len(containing.ids), SCALE, np.float32)
        if rest.ids.size:
            bonus += np.where(_is_in(containing.ids, rest.ids), np.float32(0), containing.scores)
        else:
            bonus += containing.scores
        return _added(rest, Matches(containing.ids, bonus))

    def _phrase(self, sought: Literal) -> Matches:
        found = self.occurrences(sought)
        frequencies = saturated(found, self._known.passages) / np.float32(K1 + 1)
        return Matches(found.ids, np.float32(SCALE) * frequencies * self._known.shares[found.ids])

    def _words(self, words: Words) -> Matches:
        covered = np.zeros(len(self._catalogue.every), np.uint8)
        candidates = np.zeros(len(self._catalogue.every), np.bool_)
        for unit in words.units:
            if self._is_late():
                return NOTHING
            here = self._flagged(self.occurrences(unit.sought).ids)
            candidates |= here
            for flags, starting in self._around(unit):
                here |= flags
                candidates[starting] = True
            covered += here
        ids = np.flatnonzero(candidates & (covered >= words.required)).astype(np.uint32)
        return Matches(ids, self._ranked(words).scores(ids))

    def _around(self, unit: Unit) -> list[tuple[Flags, Ids]]:
        """Say which passages a unit covers from their heading path or title; a title covers its document's first one alone."""
        around = []
        for word in unit.words:
            around.append((self._flagged(self._postings.passages("headings", word).ids), NO_POSTINGS.ids))
            titled = self._postings.documents("title", word).ids
            if len(titled):
                documents = np.zeros(len(self._catalogue.listed), np.bool_)
                documents[titled] = True
                around.append((documents[self._catalogue.document_of], self._catalogue.firsts[titled]))
        return around

    def _ranked(self, words: Words) -> Ranker:
        """Weigh the words, then the pairs of characters, then the characters: the telling ones first, should time run out."""
        ranker = Ranker(self._known)
        for unit in words.units:
            ranker.add(*self._as_word(unit), WORD)
        counted = Counter(gram for run in words.runs for gram in grams(run))
        for gram, count in sorted(counted.items(), key=lambda item: -len(item[0])):
            if self._is_late():
                break
            body = self._postings.passages("grams", gram)
            if len(gram) > 1:
                ranker.add(body, self._postings.documents("title_grams", gram), PAIR * count)
            elif len(body.ids) <= MOST_COMMON * len(self._catalogue.every) or len(counted) == 1:
                ranker.add(body, self._postings.documents("title_grams", gram), CHARACTER * count)
        return ranker

    def _as_word(self, unit: Unit) -> tuple[PostingList, PostingList]:
        """Return where a unit is a word: in passages with their headings, in titles. A number has many forms, no word."""
        if not unit.words:
            return self.occurrences(unit.sought), NO_POSTINGS
        body, title = NO_POSTINGS, NO_POSTINGS
        for word in unit.words:
            body = added(body, self._postings.passages("words", word), 1.0)
            body = added(body, self._postings.passages("headings", word), HEADING)
            title = added(title, self._postings.documents("title", word), 1.0)
        return body, title

    def _prefix(self, text: str) -> Matches:
        flags = np.zeros(len(self._catalogue.every), np.bool_)
        for number, word in enumerate(self._postings.words_starting_with(text)):
            if number >= MOST_EXPANSIONS or self._is_late():
                self.partial = True
                break
            flags[self._postings.passages("words", word).ids] = True
        found = PostingList(ids := np.flatnonzero(flags).astype(np.uint32), np.ones(len(ids), np.float32))
        return Matches(ids, np.float32(SCALE / (K1 + 1)) * saturated(found, self._known.passages))

    def _all(self, children: tuple[Query, ...]) -> Matches:
        wanted = [child for child in children if not isinstance(child, Not)]
        found = [self.matches(child) for child in wanted] or [_unscored(self._catalogue.every)]
        ids = found[0].ids
        for part in found[1:]:
            ids = _common(ids, part.ids)
        excluding = [child.child for child in children if isinstance(child, Not)]
        for child in excluding:
            ids = ids[~_is_in(ids, self.matches(child).ids)]
        if excluding and self._is_late():
            return NOTHING
        weighing = [part for child, part in zip(wanted, found, strict=False) if not isinstance(child, Field | Years)]
        joined = _united(weighing or found)
        return Matches(ids, joined.scores[np.searchsorted(joined.ids, ids)])

    def _in_documents(self, documents: Flags) -> Matches:
        return _unscored(np.flatnonzero(documents[self._catalogue.document_of]).astype(np.uint32))

    def _flagged(self, ids: Ids) -> Flags:
        flags = np.zeros(len(self._catalogue.every), np.bool_)
        flags[ids] = True
        return flags

    def _is_late(self) -> bool:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.partial = True
        return self.partial


def _unscored(ids: Ids) -> Matches:
    return Matches(ids, np.zeros(len(ids), np.float32))


def _is_in(ids: Ids, others: Ids) -> Flags:
    """Tell which of some passages are among others; both ascending."""
    if not len(others):
        return np.zeros(len(ids), np.bool_)
    places = np.minimum(np.searchsorted(others, ids), len(others) - 1)
    flags: Flags = others[places] == ids
    return flags


def _common(ids: Ids, others: Ids) -> Ids:
    return ids[_is_in(ids, others)]


def _added(one: Matches, other: Matches) -> Matches:
    """Join two parts, scores added."""
    joined = added(PostingList(one.ids, one.scores), PostingList(other.ids, other.scores), 1.0)
    return Matches(joined.ids, joined.counts)


def _united(parts: list[Matches]) -> Matches:
    """Join parts: a passage that one of them lacks gets nothing for it."""
    joined = parts[0]
    for part in parts[1:]:
        joined = _added(joined, part)
    return Matches(joined.ids, joined.scores / np.float32(len(parts)))
