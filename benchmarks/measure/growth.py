"""How it grows: libraries of any size, made of the sentences of a corpus, and what ours needs on each.

A document has six paragraphs of two to four sentences drawn at random, a paragraph is a passage. Words keep their frequencies and
neighbours inside sentences, so postings grow as they would; near-copies there are none.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from peers.base import analyzer

from kb.engines.whoosh import WhooshEngine
from measure.apart import Cost, run_apart
from measure.corpus import Built, build, generation, size, text_bytes
from measure.queries import QueryClass, make_queries
from measure.timing import Timed, time_queries

_PARAGRAPHS = 6
_SENTENCES = (2, 4)
_LENGTHS = (12, 100)
_YEARS = (2000, 2024)
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]")


@dataclass(frozen=True, slots=True)
class Step:
    """One size."""

    built: Built
    cost: Cost
    index_bytes: int
    timed: Timed


def grow(corpus: Path, passages: int, seed: int, count: int, workers: int) -> Step:
    """Build a library of about so many passages, index it, and time the queries."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        library = folder / "library.jsonl.xz"
        run_apart(_write, corpus, library, passages, seed)
        built = run_apart(build, library, folder / "index", workers)
        opened = generation(folder / "index")
        classes = run_apart(_queries, opened, seed, count).value
        timed = run_apart(time_queries, "wenyuan", opened, classes, None).value
        utf8 = run_apart(text_bytes, opened).value
        return Step(built.value.with_bytes(utf8), built.cost, size(opened), timed)


def _queries(folder: Path, seed: int, count: int) -> list[QueryClass]:
    return make_queries(WhooshEngine().searcher(folder), analyzer(), seed, count)


def _write(corpus: Path, library: Path, passages: int, seed: int) -> None:
    chance = random.Random(seed)
    sentences = list(_sentences(corpus))
    with lzma.open(library, "wt", preset=0, encoding="utf-8") as file:
        for number in range(max(1, passages // _PARAGRAPHS)):
            file.write(json.dumps(_document(number, sentences, chance), ensure_ascii=False) + "\n")


def _document(number: int, sentences: Sequence[str], chance: random.Random) -> dict[str, str]:
    paragraphs = ("".join(chance.choices(sentences, k=chance.randint(*_SENTENCES))) for _ in range(_PARAGRAPHS))
    return {
        "id": f"grown-{number}",
        "title": chance.choice(sentences)[:20],
        "text": "\n".join(paragraphs),
        "date": f"{chance.randint(*_YEARS)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
    }


def _sentences(corpus: Path) -> Iterator[str]:
    with lzma.open(corpus, "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            for sentence in _SENTENCE.findall(record["text"]):
                if _LENGTHS[0] <= len(sentence) <= _LENGTHS[1]:
                    yield sentence.strip()
