"""Did you mean: 党件工作 -> 党建工作, by what the index holds and by how it sounds.

A word with a wrong character is cut apart (党 件 工作), so this works on the string, not on its words. For a window of the query:

1. candidates: each character replaced by its homophones where the pairs with both neighbours occur, parts of the window replaced
   by words that sound the same, and by words that are one edit away;
2. a model of character pairs puts the likely ones first (noisy channel: how usual is the string, how rare the mistake);
3. the best are counted in the index as they stand, and the winner must occur far more often than what was typed.

The first window is the whole run of characters; where nothing fits that, each place that forms no known words follows, with its
neighbours.

Traps:
- A right query must not be corrected. What stands in the index often enough is right; a string that known words make up needs
  much more evidence than one with a stray character.
- Two characters stand side by side by accident, too (在体 in 存在体制): a pair that is no word counts little, and only as far as
  it is more frequent than chance.
- A long query has many windows: there is a limit for them and one for the time.
"""

from __future__ import annotations

import math
import operator
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise

from kb.analysis import Analyzer
from kb.engines.base import Request, Searcher
from kb.fold import fold
from kb.literal import literal
from kb.query import Phrase
from kb.suggest.lookalikes import Lookalikes
from kb.suggest.pinyin import homophones, readings

LONGEST_WINDOW = 8
MOST_WINDOWS = 16
MOST_CORRECTIONS = 3
MOST_COUNTED = 12
"""Candidates whose occurrences are counted, the likely ones first."""
MOST_JUDGED = 3
COMMON = 20
"""What so many passages have is right."""
EDIT, FURTHER_HOMOPHONE, FURTHER_IN_CONTEXT = 4.5, 2.5, 1.0
"""What a mistake costs against one homophone, as the logarithm of how much rarer it is: a slip of the hand, every further
homophone where nothing else is known, every further one where the rest of the window agrees."""
NO_WORD = 8
"""A pair of characters that is no word counts this much less than one that is."""
_EVIDENCE = {2: 2.0, 3: 1.6}
_LEAST_EVIDENCE = 0.9
"""How much more often the correction must occur than what was typed, as a logarithm, by length …"""
_AGAINST_WORDS = {3: 3.0, 4: 2.3}
_LEAST_AGAINST_WORDS = 1.5
"""… where known words make up what was typed (权利运行 for 权力运行) …"""
_AGAINST_ONE_WORD = 3.7
"""… where it is one word of the dictionary, which the index lacks …"""
_OUT_OF_CONTEXT = 4.0
"""… where it is two characters of a longer string …"""
_BY_EDIT, _BY_EDIT_OF_WORDS = 0.7, 4.0
"""… for an edit, what comes on top; for one of what does occur or of known words …"""
_NO_WORD_EVIDENCE = 3.5
"""… and where the correction is no word."""
_PASSAGE = 120
"""Pairs of characters in a passage, about."""
_PARTICLES = frozenset("的了和与是在有为对把要以及等从将由也不")
_CHUNK = re.compile(r"[^\s()|\"“”]+")
_OPERATOR = re.compile(r"-|[^:]+:|.*\*$|or$")
_RUN = re.compile(r"[\u3400-\u9fff]{2,}|[a-z]{3,}")

Window = tuple[int, int]


class Speller:
    """Corrects queries to what one generation holds. Safe for threads."""

    def __init__(self, searcher: Searcher, analyzer: Analyzer, vocabulary: Mapping[str, int]) -> None:
        self.searcher = searcher
        self.analyzer = analyzer
        self.vocabulary = vocabulary
        self.lookalikes = Lookalikes(vocabulary)
        self.homophones = homophones({character for word in vocabulary for character in word if character > "\u3400"})
        self.passages = max(1, searcher.counts().passages)

    def correct(self, text: str, deadline: float | None = None) -> str | None:
        """Return the query with what seems misspelt replaced; None if nothing does, or `deadline` (monotonic) is over."""
        folded = fold(text)
        pieces: list[str] = []
        end = 0
        for start, stop in _runs(folded):
            corrected = _Attempt(self, folded[start:stop], deadline).corrected()
            if corrected:
                pieces += [text[end:start], self.analyzer.written(corrected)]
                end = stop
        return "".join([*pieces, text[end:]]) if pieces else None


class _Attempt:
    """Correcting one run of characters; remembers what it looked up."""

    def __init__(self, speller: Speller, run: str, deadline: float | None) -> None:
        self._speller = speller
        self._run = run
        self._deadline = deadline
        self._frequencies: dict[str, int] = {}
        self._counts: dict[str, float] = {}

    def corrected(self) -> str | None:
        """Correct the likeliest mistakes, one window after the other."""
        typed = self._run
        for _ in range(MOST_CORRECTIONS):
            if not self._correct_once():
                break
        return self._run if self._run != typed else None

    def _correct_once(self) -> bool:
        words = self._words(self._run)
        for start, end in islice(dict.fromkeys(self._windows(words)), MOST_WINDOWS):
            if self._is_late() or (end - start == len(self._run) and self._count(self._run) >= COMMON):
                break
            better = self._better(start, end, [span for span in words if start <= span[0] and span[1] <= end])
            if better:
                self._run = self._run[:start] + better + self._run[end:]
                return True
        return False

    def _words(self, text: str) -> list[Window]:
        spans: dict[int, Window] = {}
        for token in self._speller.analyzer.tokens(text):
            spans.setdefault(token.position, (token.start, token.end))
        return list(spans.values())

    def _windows(self, words: list[Window]) -> Iterator[Window]:
        """Give the whole run, then each place without known words: with both neighbours, with one, alone."""
        if len(self._run) <= LONGEST_WINDOW or self._run[0] <= "z":
            yield 0, len(self._run)
        texts = [self._run[start:end] for start, end in words]
        unknown = [len(text) == 1 for text in texts]
        telling = [text not in _PARTICLES for text in texts]
        for doubtful in (list(map(operator.and_, unknown, telling)), unknown):
            for first, last in _groups(doubtful):
                if not any(telling[first : last + 1]):
                    continue
                for low, high in ((first - 1, last + 1), (first - 1, last), (first, last + 1), (first, last)):
                    if low >= 0 and high < len(words) and 1 < words[high][1] - words[low][0] <= LONGEST_WINDOW:
                        yield words[low][0], words[high][1]

    def _better(self, start: int, end: int, words: list[Window]) -> str | None:
        """Return what was probably meant by a window, if the evidence is strong enough."""
        typed = self._run[start:end]
        costs = {} if self._count(typed) >= COMMON or self._is_right(typed, words) else self._candidates(typed)
        likely = sorted(costs, key=lambda candidate: (costs[candidate] - self._usualness(candidate), candidate))
        scored = [
            (math.log(self._count(candidate) + 0.5) - costs[candidate], candidate)
            for candidate in likely[:MOST_COUNTED]
            if not self._is_late() and self._count(candidate)
        ]
        for _, best in sorted(scored, reverse=True)[:MOST_JUDGED]:
            is_word = self._makes_words(start, typed, best, self._run[end:])
            if self._gain(typed, best) >= self._evidence(typed, costs[best], words, is_word=is_word):
                return best
        return None

    def _is_right(self, typed: str, words: list[Window]) -> bool:
        """Tell whether something typed is one word that the index has, however seldom."""
        return len(words) == 1 and typed in self._speller.vocabulary

    def _evidence(self, typed: str, cost: float, words: list[Window], *, is_word: bool) -> float:
        """Say how much more often the correction must occur."""
        only_words = typed[0] > "z" and all(end - start > 1 for start, end in words)
        evidence = _EVIDENCE.get(len(typed), _LEAST_EVIDENCE)
        if only_words:
            evidence = _AGAINST_ONE_WORD if len(words) == 1 else _AGAINST_WORDS.get(len(typed), _LEAST_AGAINST_WORDS)
        elif len(typed) == 2 < len(self._run):  # noqa: PLR2004 - two characters
            evidence = _OUT_OF_CONTEXT
        if cost >= EDIT:
            return _BY_EDIT_OF_WORDS if only_words or self._count(typed) else _BY_EDIT + evidence
        return max(evidence, 0.0 if is_word else _NO_WORD_EVIDENCE) + cost

    def _makes_words(self, start: int, typed: str, better: str, after: str) -> bool:
        """Tell whether what was changed belongs to words of the index: 农民革 is only the beginning of 农民革命."""
        begin = _equal(typed, better)
        end = len(better) - _equal(typed[begin:][::-1], better[begin:][::-1])
        corrected = self._run[:start] + better + after
        known = [
            place
            for first, last in self._words(corrected)
            if last - first > 1 and corrected[first:last] in self._speller.vocabulary
            for place in range(first, last)
        ]
        return all(start + place in known for place in range(begin, end))

    def _gain(self, typed: str, better: str) -> float:
        """Say how many times as often the correction occurs, as a logarithm."""
        return math.log((self._count(better) + 0.5) / (self._count(typed) + 0.5))

    def _candidates(self, typed: str) -> dict[str, float]:
        """Gather what may have been meant, each with the cost of the mistake."""
        costs: dict[str, float] = {}

        def offer(candidate: str, cost: float) -> None:
            costs[candidate] = min(cost, costs.get(candidate, cost))

        for start, end in _parts(typed):
            before, part, after = typed[:start], typed[start:end], typed[end:]
            further = FURTHER_IN_CONTEXT if before or after else FURTHER_HOMOPHONE
            for word in self._speller.lookalikes.sounding_like(part):
                changed = sum(map(operator.ne, part, word)) if len(part) == len(word) else 1
                offer(before + word + after, further * (changed - 1))
            for word in self._speller.lookalikes.one_edit_from(part):
                if word in part or part in word:  # 基础设施等 is no mistake for 基础设施
                    continue
                offer(before + word + after, EDIT)
        for candidate in self._with_homophones(typed):
            offer(candidate, 0.0)
        costs.pop(typed, None)
        return costs

    def _with_homophones(self, typed: str) -> Iterator[str]:
        """Replace one character where the pairs with its neighbours occur."""
        for at, character in enumerate(typed):
            others = {other for said in readings(character) for other in self._speller.homophones.get(said, ())}
            before, after = typed[at - 1 : at] if at else "", typed[at + 1 : at + 2]
            if before:
                others = self._occurring(others, before, "")
            if after:
                others = self._occurring(others, "", after)
            yield from (typed[:at] + other + typed[at + 1 :] for other in others)

    def _occurring(self, characters: set[str], before: str, after: str) -> set[str]:
        self._look_up(before + character + after for character in characters)
        return {character for character in characters if self._frequencies[before + character + after]}

    def _usualness(self, text: str) -> float:
        """Return the logarithm of how likely a string is, by its pairs."""
        self._look_up([*text, *_pairs(text)])
        frequency = self._frequencies
        following = (math.log((frequency[pair] + 0.01) / (frequency[pair[0]] + 1)) for pair in _pairs(text))
        return math.log((frequency[text[0]] + 1) / self._speller.passages) + sum(following)

    def _count(self, text: str) -> float:
        """Count the passages that have a string, a pair that is no word with reserve."""
        if text not in self._counts:
            self._counts[text] = self._counted(text)
        return self._counts[text]

    def _counted(self, text: str) -> float:
        if text[0] <= "z" or (len(text) == 2 and text in self._speller.vocabulary):  # noqa: PLR2004 - a pair
            return self._speller.vocabulary.get(text, 0)
        self._look_up([*text, *_pairs(text)])
        if not all(self._frequencies[pair] for pair in _pairs(text)):
            return 0
        if len(text) == 2:  # noqa: PLR2004 - a pair
            first, second = (self._frequencies[character] for character in text)
            by_chance = first * second / self._speller.passages / _PASSAGE
            return max(0.0, self._frequencies[text] - 4 * by_chance) / NO_WORD
        sought = literal(text)
        return self._speller.searcher.count(Request(Phrase(sought), deadline=self._deadline)) if sought else 0

    def _look_up(self, grams: Iterable[str]) -> None:
        new = [gram for gram in dict.fromkeys(grams) if gram not in self._frequencies]
        self._frequencies.update(zip(new, self._speller.searcher.frequencies(new), strict=True))

    def _is_late(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline


def _runs(folded: str) -> Iterator[Window]:
    """Give what may be misspelt: runs of Han characters or of letters, outside fields, exclusions and prefixes."""
    for chunk in _CHUNK.finditer(folded):
        if not _OPERATOR.match(chunk[0]):
            for run in _RUN.finditer(chunk[0]):
                yield chunk.start() + run.start(), chunk.start() + run.end()


def _groups(doubtful: list[bool]) -> Iterator[Window]:
    """Give the first and last places of each unbroken row of doubtful words."""
    first = -1
    for place, is_doubtful in enumerate([*doubtful, False]):
        if is_doubtful and first < 0:
            first = place
        elif not is_doubtful and first >= 0:
            yield first, place - 1
            first = -1


def _parts(text: str) -> Iterator[Window]:
    """Give the parts that a word may replace: all of Han characters, the whole of letters."""
    if text[0] <= "z":
        yield 0, len(text)
        return
    for start in range(len(text)):
        for end in range(start + 2, len(text) + 1):
            yield start, end


def _equal(one: str, other: str) -> int:
    """Count the characters with which both begin."""
    return next(
        (at for at, (ours, theirs) in enumerate(zip(one, other, strict=False)) if ours != theirs),
        min(len(one), len(other)),
    )


def _pairs(text: str) -> list[str]:
    return [*map("".join, pairwise(text))]
