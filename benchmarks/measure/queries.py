"""Queries of each class, made by a seed from the words and sentences of an index; the same ones for every engine.

How frequent a word is, is counted in passages by our index (`Searcher.vocabulary`); only Han words of two characters and more
that carry a topic are taken. Words that are asked together stand together in a sentence, as a person's do. Strings to be found as
they stand are cut at random out of clauses, wherever that divides words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from peers.base import Asked, Form

from kb.analysis import Analyzer
from kb.documents import Document
from kb.engines.base import Searcher
from kb.fold import fold

WARMING = 10
"""Queries of each class that are asked before the clock runs."""
RARE = (2, 20)
"""Passages."""
MIDDLE = (0.001, 0.01)
"""Share of all passages."""
COMMON = 300
"""The most frequent words."""
DEEP = 1000
_PREFIX = 2
_YEARS = 4
_TRIES = 100_000
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_SENTENCE = re.compile(r"[^。！？!?;；\n]+")
_CLAUSE = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class QueryClass:
    """Queries of one kind; the first `WARMING` are for warming up."""

    name: str
    form: Form
    asked: Sequence[Asked]


def make_queries(searcher: Searcher, analyzer: Analyzer, seed: int, count: int) -> list[QueryClass]:
    """Make all classes, each of `count` different queries besides those for warming up, or of as many as there are."""
    source = _Source(searcher, analyzer, random.Random(seed))
    needed = count + WARMING
    makers: dict[str, Callable[[], Asked | None]] = {
        "罕见词": lambda: Asked("words", source.word(source.rare)),
        "中频词": lambda: Asked("words", source.word(source.middle)),
        "常用词": lambda: Asked("words", source.word(source.common)),
        "两个词": lambda: source.words(2),
        "三个词": lambda: source.words(3),
        "五个词": lambda: source.words(5),
        "原文2字": lambda: source.phrase(2),
        "原文4字": lambda: source.phrase(4),
        "原文8字": lambda: source.phrase(8),
        "词首": lambda: Asked("prefix", source.word(source.beginnings)),
        "年份筛选": lambda: Asked("words", source.word(source.middle + source.common), years=source.years()),
        "按日期排": lambda: Asked("words", source.word(source.middle + source.common), by_date=True),
        "第101页": lambda: Asked("words", source.word(source.common), offset=DEEP),
    }
    classes = []
    for name, make in makers.items():
        asked = _distinct(make, needed)
        classes.append(QueryClass(name, asked[0].form, asked))
    return classes


def _distinct(make: Callable[[], Asked | None], needed: int) -> list[Asked]:
    made: dict[Asked, None] = {}
    for _ in range(_TRIES):
        asked = make()
        if asked is not None:
            made[asked] = None
        if len(made) == needed:
            break
    return list(made)


class _Source:
    """Gives words and strings of an index at random."""

    def __init__(self, searcher: Searcher, analyzer: Analyzer, chance: random.Random) -> None:
        self._searcher = searcher
        self._analyzer = analyzer
        self._chance = chance
        listed = list(searcher.documents())
        self._ids = [document.id for document in listed]
        self._all_years = sorted({int(document.metadata.date[:4]) for document in listed if document.metadata.date})
        frequent = sorted(searcher.vocabulary().items(), key=lambda pair: (-pair[1], pair[0]))
        passages = searcher.counts().passages
        self.rare = self._between(frequent, *RARE)
        self.middle = self._between(frequent, *(share * passages for share in MIDDLE))
        self.common = list(self._first(self._telling(frequent), COMMON))
        self.beginnings = list(self._first(self._beginnings(frequent), 2 * COMMON))

    def word(self, words: Sequence[str]) -> str:
        """Take one."""
        return self._chance.choice(words)

    def years(self) -> tuple[int, int]:
        """Take a few years that follow each other."""
        first = self._chance.choice(self._all_years)
        return first, first + self._chance.randrange(_YEARS)

    def words(self, count: int) -> Asked | None:
        """Take words of a sentence, in its order."""
        units = self._analyzer.units(self._chance.choice(_SENTENCE.findall(self._passage())))
        words = [unit.words[0] for unit in units if unit.words and _HAN.fullmatch(unit.words[0])]
        if len(words) < count:
            return None
        places = sorted(self._chance.sample(range(len(words)), count))
        return Asked("words", " ".join(words[place] for place in places))

    def phrase(self, length: int) -> Asked | None:
        """Cut a string out of a clause."""
        clauses = [clause for clause in _CLAUSE.findall(self._passage()) if len(clause) >= length]
        if not clauses:
            return None
        clause = self._chance.choice(clauses)
        start = self._chance.randrange(len(clause) - length + 1)
        return Asked("phrase", clause[start : start + length])

    def _passage(self) -> str:
        document: Document | None = None
        while document is None:
            document = self._searcher.document(self._chance.choice(self._ids))
        passage = self._chance.choice(document.passages)
        return fold(document.text[passage.start : passage.end])

    def _between(self, frequent: Sequence[tuple[str, int]], least: float, most: float) -> list[str]:
        """Take the words of some frequency; of very many, as many as will do."""
        found = [pair for pair in frequent if least <= pair[1] <= most]
        return list(self._telling(self._chance.sample(found, min(len(found), 10 * COMMON))))

    def _telling(self, frequent: Sequence[tuple[str, int]]) -> Iterator[str]:
        """Give the words that are a word when asked alone and that count beside another one: no function words."""
        for word, _ in frequent:
            if _HAN.fullmatch(word) and self._is_word(word) and len(self._analyzer.units(f"{word} 载体")) > 1:
                yield word

    def _beginnings(self, frequent: Sequence[tuple[str, int]]) -> Iterator[str]:
        """Give the first characters of longer words where they are a word themselves, the most frequent word's first."""
        given = set()
        for word, _ in frequent:
            beginning = word[:_PREFIX]
            if len(word) > _PREFIX and beginning not in given and self._is_word(beginning) and _HAN.fullmatch(word):
                given.add(beginning)
                yield beginning

    def _is_word(self, word: str) -> bool:
        units = self._analyzer.units(word)
        return len(units) == 1 and units[0].words[:1] == (word,)

    @staticmethod
    def _first(words: Iterator[str], count: int) -> Iterator[str]:
        return (word for word, _ in zip(words, range(count), strict=False))
