"""Is the source of a pasted paragraph named first, and how long does that take?

    python benchmarks/similar.py --corpus FILE.jsonl.xz [--index DIR] [--count 100] [--seed 1] [--changed 0.1]

Takes paragraphs of 100 to 400 characters from random documents. In every second one, a tenth of the characters is replaced, left
out or preceded by another, by random Han characters of the corpus. `Search.trace` must name the document first; one that holds
the very same paragraph (a speech that was printed twice) is as good. Prints that share, p50 and p95.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from measure.options import index_of, sampling

from kb.application import search_service
from kb.fold import fold, squeeze
from kb.search import Search
from kb.settings import read_settings
from kb.trace import Trace

_SHORTEST, _LONGEST = 100, 400


@dataclass(frozen=True)
class Sample:
    """A paragraph of a document, and what is pasted."""

    document_id: str
    paragraph: str
    pasted: str


def main() -> None:
    """Trace the paragraphs and print the figures."""
    options = _options()
    with index_of(options.corpus, options.index) as index_dir:
        search = search_service(read_settings({"KB_INDEX_DIR": str(index_dir)}))
        search.warm_up()
        samples = list(_samples(search, random.Random(options.seed), options.count, options.changed))
        _report(search, samples)


def _samples(search: Search, chance: random.Random, count: int, changed: float) -> Iterator[Sample]:
    """Take paragraphs; every second one is changed."""
    listed = search.documents()
    while count:
        document = search.read(chance.choice(listed).id).document
        paragraphs = [line.strip() for line in document.text.split("\n") if _SHORTEST <= len(line.strip()) <= _LONGEST]
        if not paragraphs:
            continue
        paragraph = chance.choice(paragraphs)
        other = search.read(chance.choice(listed).id).document.text
        han = [character for character in other if "一" <= character <= "鿿"]
        pasted = _changed(paragraph, han, changed, chance) if count % 2 else paragraph
        yield Sample(document.id, paragraph, pasted)
        count -= 1


def _changed(paragraph: str, han: list[str], share: float, chance: random.Random) -> str:
    characters = list(paragraph)
    for place in chance.sample(range(len(characters)), round(len(characters) * share)):
        new = chance.choice(han)
        characters[place] = chance.choice((new, "", new + characters[place]))
    return "".join(characters)


def _report(search: Search, samples: list[Sample]) -> None:
    taken, right = [], 0
    for sample in samples:
        began = time.perf_counter()
        traced = search.trace(sample.pasted)
        taken.append((time.perf_counter() - began) * 1000)
        if _is_right(search, sample, traced):
            right += 1
        else:
            first = traced.sources[0].place.document_id if traced.sources else None
            print(f"not first: {sample.document_id}, but {first}: {sample.pasted[:60]}")
    taken.sort()
    p50, p95 = taken[len(taken) // 2], taken[len(taken) * 95 // 100]
    print(
        f"source first: {right} of {len(samples)} ({right / len(samples):.1%}), "
        f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, slowest {taken[-1]:.1f} ms"
    )


def _is_right(search: Search, sample: Sample, traced: Trace) -> bool:
    if not traced.sources:
        return False
    first = traced.sources[0].place.document_id
    same = squeeze(fold(sample.paragraph)) in squeeze(fold(search.read(first).document.text))
    return first == sample.document_id or same


def _options() -> argparse.Namespace:
    parser = sampling(__doc__, count=100)
    parser.add_argument("--changed", type=float, default=0.1, help="share of the characters")
    return parser.parse_args()


if __name__ == "__main__":
    main()
