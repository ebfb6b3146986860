"""How long can a query take that means no good?

    python benchmarks/death.py --index DIR [--count 10] [--seed 1]

Asks queries of death of many kinds, made by a seed from the index's own commonest characters and words: as many words as fit,
long runs, numbers with many forms, prefixes, exclusions, quotes, brackets, synonyms, noise. Prints for each kind the median and
the slowest time in seconds, and how many answers were partial or refused. The bar is 1.5 s for every one of them.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from kb.answers import Question
from kb.application import search_service
from kb.errors import BadRequest
from kb.query_language import LONGEST
from kb.search import Search
from kb.settings import read_settings
from kb.terms import shipped_terms

_NUMBERS = ("2021年", "二〇二一年", "20大", "十届", "3月5日", "第三", "一百二十条", "三个五年", "一大", "两年")


def main() -> None:
    """Ask every kind and print the figures."""
    options = _options()
    search = search_service(read_settings({"KB_INDEX_DIR": str(options.index)}))
    search.warm_up()
    chance = random.Random(options.seed)
    slowest = 0.0
    for kind, make in _kinds(search, chance).items():
        seconds, outcomes = [], Counter[str]()
        for _ in range(options.count):
            began = time.perf_counter()
            outcomes[_outcome(search, make()[:LONGEST])] += 1
            seconds.append(time.perf_counter() - began)
        slowest = max(slowest, *seconds)
        print(
            f"{kind:12} median {sorted(seconds)[len(seconds) // 2]:.3f}  slowest {max(seconds):.3f}  {dict(outcomes)}"
        )
    print(f"slowest of all {slowest:.3f} s")


def _outcome(search: Search, text: str) -> str:
    try:
        return "partial" if search.ask(Question(text, per_page=100)).partial else "complete"
    except BadRequest:
        return "refused"


def _kinds(search: Search, chance: random.Random) -> dict[str, Callable[[], str]]:
    characters, words = _common(search)
    some, many = chance.sample, chance.choices
    groups = shipped_terms().groups
    return {
        "characters": lambda: " ".join(some(characters, 100)),
        "run": lambda: "".join(many(characters, k=LONGEST)),
        "quoted run": lambda: f'"{"".join(many(characters[:30], k=LONGEST - 2))}"',
        "one again": lambda: chance.choice(characters) * LONGEST,
        "numbers": lambda: " ".join(many(_NUMBERS, k=60)),
        "quoted number": lambda: f'"{"一" * chance.randint(1, 190)}年"',
        "words": lambda: " ".join(some(words, 60)),
        "sentence": lambda: "".join(many(words, k=100)),
        "quoted": lambda: " ".join(f'"{word}"' for word in some(characters, 50)),
        "prefixes": lambda: " ".join(f"{character}*" for character in some(characters, chance.choice((10, 66)))),
        "exclusions": lambda: " ".join(f"-{character}" for character in some(characters, 10)),
        "alternatives": lambda: " OR ".join(" ".join(some(words, 4)) for _ in range(11)),
        "brackets": lambda: " ".join(f"({' OR '.join(some(words, 2))})" for _ in range(5)),
        "nested": lambda: f"{'(党 OR ' * 5}建{')' * 5}",
        "deep": lambda: f"{'(' * 99}党{')' * 99}",
        "fields": lambda: " ".join(
            f"{chance.choice(('标题', '单位'))}:{character}" for character in some(characters, 10)
        ),
        "synonyms": lambda: " ".join(word for group in some(groups, 20) for word in group),
        "noise": lambda: "".join(chr(chance.randrange(0xD800)) for _ in range(LONGEST)),
    }


def _common(search: Search) -> tuple[list[str], list[str]]:
    """Return the commonest characters and pairs of characters of a part of the documents."""
    texts = [search.read(listed.id).document.text for listed in search.documents()[:100]]
    characters = Counter(character for text in texts for character in text if "一" <= character <= "龥")
    pairs = Counter(pair for text in texts for pair in map("".join, pairwise(text)) if pair.isalpha())
    return [one for one, _ in characters.most_common(300)], [one for one, _ in pairs.most_common(200)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
