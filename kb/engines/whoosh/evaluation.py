"""Which passages match a query, and how well: for each part of it the passages with their scores, joined upwards.

Every part scores in [0, 10): words by `ranking`, a phrase by how often it occurs. A passage that contains the entire string
gets 10 more, so it comes first.

What matches is decided by the characters: a unit occurs where its literal stands, whatever the dictionary made of it (law 2).

Words rank by their characters, too, and the lists of characters are long. Where only the best are shown, the words and pairs
are added up first; then the characters are looked up only for passages that could still be among the best (MaxScore: Turtle and
Flood 1995). The scores of the others are too low, but so is their rank.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.analysis import Unit
from kb.engines.whoosh.catalogue import Catalogue, Flags
from kb.engines.whoosh.known_terms import KnownTerms
from kb.engines.whoosh.lists import NO_IDS, NO_POSTINGS, Floats, Ids, PostingList, added, is_in, union
from kb.engines.whoosh.occurrences import occurrences
from kb.engines.whoosh.ranking import CHARACTER, K1, MOST_COMMON, PAIR, SCALE, WORD, saturated
from kb.engines.whoosh.scoring import Scoring, Sums, Worth
from kb.fold import grams
from kb.literal import Literal
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years

Marks = npt.NDArray[np.bool_]
"""One for each passage."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Passages, ascending, with their scores."""

    ids: Ids
    scores: Floats


NOTHING = Matches(NO_IDS, NO_POSTINGS.counts)
Contenders = Callable[[Matches, Floats], Marks]
"""Given the least and the most that each match can score: which of them could be shown."""


class Evaluation:
    """One query over one generation. After `deadline` (monotonic seconds) it stops looking and is `partial`."""

    def __init__(
        self, terms: KnownTerms, allowed: Flags | None, contenders: Contenders, deadline: float | None = None
    ) -> None:
        """Prepare.

        Args:
            terms: the generation.
            allowed: for each document whether it may be found; None: any may.
            contenders: what decides which scores must be exact.
            deadline: when to stop.
        """
        self._terms = terms
        self._postings = terms.postings
        self._known = terms.known
        self._catalogue: Catalogue = terms.known.catalogue
        self._allowed = allowed
        self._contenders = contenders
        self._deadline = deadline
        self.partial = False

    def found(self, query: Query) -> tuple[Ids, Matches]:
        """Return all matching passages, and those of allowed documents with their scores."""
        match query:
            case Whole(sought, Words() as words):
                return self._best_words(words, self._terms.having(sought))
            case Words():
                return self._best_words(query, NO_IDS)
            case _:
                found = self.matches(query)
                ids = self._passages_of_allowed(found.ids)
                return found.ids, Matches(ids, found.scores[np.searchsorted(found.ids, ids)])

    def matching(self, query: Query) -> Ids:
        """Return the matching passages of allowed documents, without their scores."""
        match query:
            case Whole(sought, Words() as words):
                ids = union(self._covering(words), self._terms.having(sought))
            case Words():
                ids = self._covering(query)
            case Phrase(sought):
                ids = self._terms.having(sought)
            case _:
                ids = self.matches(query).ids
        return self._passages_of_allowed(ids)

    def allowed_of(self, documents: Ids) -> Ids:
        """Return those of some documents that may be found."""
        return documents if self._allowed is None else documents[self._allowed[documents]]

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

    def _passages_of_allowed(self, ids: Ids) -> Ids:
        return ids if self._allowed is None else ids[self._allowed[self._catalogue.document_of[ids]]]

    def _whole(self, sought: Literal, rest: Matches) -> Matches:
        """Put the passages that contain the entire string first."""
        containing = self._phrase(sought)
        bonus = np.full(len(containing.ids), SCALE, np.float32)
        if rest.ids.size:
            bonus += np.where(is_in(containing.ids, rest.ids), np.float32(0), containing.scores)
        else:
            bonus += containing.scores
        return _added(rest, Matches(containing.ids, bonus))

    def _phrase(self, sought: Literal) -> Matches:
        found = occurrences(self._postings, sought)
        frequencies = saturated(found.counts, self._known.passages.demands[found.ids]) / np.float32(K1 + 1)
        return Matches(found.ids, np.float32(SCALE) * frequencies * self._known.shares[found.ids])

    def _words(self, words: Words) -> Matches:
        ids = self._covering(words)
        scoring, terms = Scoring(self._known, ids), [*self._telling(words), *self._common(words)]
        return Matches(ids, scoring.scores(scoring.reached(terms), terms))

    def _best_words(self, words: Words, whole: Ids) -> tuple[Ids, Matches]:
        """Return what words match, with what contains their entire string first."""
        everything = union(self._covering(words), whole)
        ids = self._passages_of_allowed(everything)
        first = np.where(is_in(ids, whole), np.float32(SCALE), np.float32(0))
        scoring, telling, common = Scoring(self._known, ids), self._telling(words), self._common(words)
        reached = scoring.reached(telling)

        def scores(reached: Sums) -> Floats:
            return scoring.scores(reached, [*telling, *common]) + first

        if common:
            highest = sum(weight * worth.highest for worth, weight in common)
            best = np.flatnonzero(self._contenders(Matches(ids, scores(reached)), scores(reached + highest)))
            reached[best] += Scoring(self._known, ids[best]).reached(common)
        return everything, Matches(ids, scores(reached))

    def _covering(self, words: Words) -> Ids:
        """Return the passages that cover enough of the words, at least one in their own text or, as the first, in the title."""
        candidates = np.zeros(len(self._catalogue.every), np.bool_)
        covered = np.zeros(len(self._catalogue.every) if words.required > 1 else 0, np.uint8)
        for unit in words.units:
            if self._is_late():
                return NO_IDS
            here = self._terms.having(unit.sought)
            titled = self._terms.titled(unit.words)
            candidates[here] = True
            candidates[self._catalogue.firsts[titled]] = True
            if words.required > 1:
                covered += self._flagged([here, self._terms.under(unit.words), self._catalogue.passages_of(titled)])
        if words.required > 1:
            candidates &= covered >= words.required
        return np.flatnonzero(candidates).astype(np.uint32)

    def _telling(self, words: Words) -> list[tuple[Worth, float]]:
        """Weigh the words and the pairs of characters."""
        weighed = [(self._as_word(unit), WORD) for unit in words.units]
        counted = Counter(gram for run in words.runs for gram in grams(run) if len(gram) > 1)
        return weighed + [
            (self._terms.gram(gram), PAIR * count) for gram, count in counted.items() if not self._is_late()
        ]

    def _common(self, words: Words) -> list[tuple[Worth, float]]:
        """Weigh the characters, but for those that stand nearly everywhere."""
        counted = Counter(character for run in words.runs for character in grams(run) if len(character) == 1)
        most = MOST_COMMON * len(self._catalogue.every) if sum(map(len, words.runs)) > 1 else len(self._catalogue.every)
        having = self._postings.frequencies(counted)
        return [
            (self._terms.gram(character), CHARACTER * count)
            for (character, count), passages in zip(counted.items(), having, strict=True)
            if passages <= most and not self._is_late()
        ]

    def _as_word(self, unit: Unit) -> Worth:
        """Return what a unit is worth as a word; a number has many forms, no word."""
        if unit.words:
            return self._terms.word(unit.words)
        return self._known.worth(occurrences(self._postings, unit.sought), NO_POSTINGS)

    def _prefix(self, text: str) -> Matches:
        flags = self._flagged(self._postings.having_words_from(text))
        ids = np.flatnonzero(flags).astype(np.uint32)
        return Matches(ids, np.float32(SCALE / (K1 + 1)) * self._known.passages.once[ids])

    def _all(self, children: tuple[Query, ...]) -> Matches:
        wanted = [child for child in children if not isinstance(child, Not)]
        found = [self.matches(child) for child in wanted] or [_unscored(self._catalogue.every)]
        ids = found[0].ids
        for part in found[1:]:
            ids = ids[is_in(ids, part.ids)]
        excluding = [child.child for child in children if isinstance(child, Not)]
        for child in excluding:
            ids = np.setdiff1d(ids, self.matches(child).ids, assume_unique=True)
        if excluding and self.partial:  # what is not known to be excluded may not be shown
            return NOTHING
        scores = np.zeros(len(ids), np.float32)
        for part in found:
            scores += part.scores[np.searchsorted(part.ids, ids)]
        return Matches(ids, scores / np.float32(len(found)))

    def _in_documents(self, documents: Flags) -> Matches:
        return _unscored(np.flatnonzero(documents[self._catalogue.document_of]).astype(np.uint32))

    def _flagged(self, lists: Iterable[Ids]) -> Marks:
        flags = np.zeros(len(self._catalogue.every), np.bool_)
        for ids in lists:
            if self._is_late():
                break
            flags[ids] = True
        return flags

    def _is_late(self) -> bool:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.partial = True
        return self.partial


def _unscored(ids: Ids) -> Matches:
    return Matches(ids, np.zeros(len(ids), np.float32))


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
