"""Is the right form suggested first when one character is a homophone of the right one?

    python benchmarks/spelling.py --corpus FILE.jsonl.xz [--index DIR] [--count 300] [--seed 1]

Takes strings of 2–8 characters that the index holds, one to three of its words each, in equal shares from titles, headings and
text; replaces one character by a common character that is read the same; asks the misspelt string and looks at the first
suggestion. A misspelling that is itself a word of the index is no misspelling and is drawn again. The right strings are asked as
well: one for which something else is suggested is corrected wrongly. Exit code 1 below 90%.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from measure.corpus import generation
from measure.options import index_of, sampling
from pypinyin import lazy_pinyin

from kb.analysis import Analyzer
from kb.answers import Question
from kb.engines.base import Searcher
from kb.engines.whoosh import WhooshEngine
from kb.fold import fold
from kb.generations import Generations
from kb.search import Search

GOAL = 0.9
SHORTEST, LONGEST = 2, 8
MOST_WORDS = 3
COMMON_CHARACTERS = 2500
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Case:
    """A string and how it was misspelt."""

    right: str
    misspelt: str


def main() -> int:
    """Run the comparison and print its figures."""
    options = _options()
    with index_of(options.corpus, options.index) as index_dir:
        analyzer = Analyzer()
        search = Search(Generations(index_dir), WhooshEngine(), analyzer, deadline=1.0)
        search.warm_up()
        cases = Cases(WhooshEngine().searcher(generation(index_dir)), analyzer, random.Random(options.seed))
        return _report(search, [cases.draw() for _ in range(options.count)], cases.drawn_again, options)


class Cases:
    """Draws misspellings of what an index holds."""

    def __init__(self, searcher: Searcher, analyzer: Analyzer, chance: random.Random) -> None:
        self._searcher = searcher
        self._analyzer = analyzer
        self._chance = chance
        self._vocabulary = searcher.vocabulary()
        self._ids = [listed.id for listed in searcher.documents()]
        characters = Counter[str]()
        for word, passages in self._vocabulary.items():
            if _HAN.fullmatch(word):
                characters.update(dict.fromkeys(word, passages))
        self._alike: dict[str, list[str]] = defaultdict(list)
        for character, _ in characters.most_common(COMMON_CHARACTERS):
            self._alike[lazy_pinyin(character)[0]].append(character)
        self.drawn_again = 0

    def draw(self) -> Case:
        """Return the next one."""
        while True:
            right = self._string()
            at = self._chance.randrange(len(right))
            others = [other for other in self._alike[lazy_pinyin(right)[at]] if other != right[at]]
            if not others:
                continue
            misspelt = right[:at] + self._chance.choice(others) + right[at + 1 :]
            if misspelt in self._vocabulary:
                self.drawn_again += 1
                continue
            return Case(right, misspelt)

    def _string(self) -> str:
        while True:
            run = self._chance.choice(_HAN.findall(fold(self._source())) or [""])
            words = self._analyzer.cut(run)
            if not words:
                continue
            first = self._chance.randrange(len(words))
            chosen = words[first : first + self._chance.randint(1, MOST_WORDS)]
            string = "".join(chosen)
            if SHORTEST <= len(string) <= LONGEST and all(word in self._vocabulary for word in (chosen[0], chosen[-1])):
                return string

    def _source(self) -> str:
        """Give a title, a heading or a text."""
        document = self._searcher.document(self._chance.choice(self._ids))
        if document is None:
            return ""
        kind = self._chance.randrange(3)
        if kind == 0:
            return document.metadata.title
        if kind == 1 and document.sections:
            return self._chance.choice(document.sections).title
        passage = self._chance.choice(document.passages)
        return document.text[passage.start : passage.end]


def _report(search: Search, cases: list[Case], drawn_again: int, options: argparse.Namespace) -> int:
    missed: list[str] = []
    hit, asked = Counter[int](), Counter[int]()
    taken: list[float] = []
    for case in cases:
        began = time.perf_counter()
        suggestions = search.ask(Question(case.misspelt)).suggestions
        taken.append(time.perf_counter() - began)
        asked[len(case.right)] += 1
        if suggestions and suggestions[0].text == case.right:
            hit[len(case.right)] += 1
        else:
            missed.append(f"{case.misspelt} for {case.right}: {suggestions[0].text if suggestions else 'nothing'}")
    share = hit.total() / len(cases)
    taken.sort()
    print(f"seed {options.seed}: {hit.total()} of {len(cases)} right forms suggested first, {share:.1%}")
    print("by length: " + ", ".join(f"{length}: {hit[length]}/{asked[length]}" for length in sorted(asked)))
    print(f"drawn again because a word of the index came out: {drawn_again}")
    print(f"p50 {taken[len(taken) // 2] * 1000:.1f} ms, p95 {taken[len(taken) * 95 // 100] * 1000:.1f} ms a question")
    wrong = list(_wrongly_corrected(search, cases))
    print(f"{len(wrong)} of {len(cases)} right forms were given another suggestion")
    if options.show:
        print("\n".join(["missed:", *missed, "wrongly corrected:", *wrong]))
    return 0 if share >= GOAL else 1


def _wrongly_corrected(search: Search, cases: list[Case]) -> Iterator[str]:
    for case in cases:
        suggestions = search.ask(Question(case.right)).suggestions
        if suggestions:
            yield f"{case.right}: {suggestions[0].text}"


def _options() -> argparse.Namespace:
    parser = sampling(__doc__, count=300)
    parser.add_argument("--show", action="store_true", help="list what was missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
