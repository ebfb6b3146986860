"""How long does a search take, in the process and over HTTP?

    python benchmarks/latency.py --corpus FILE.jsonl.xz [--index DIR] [--count 200] [--seed 1]

Asks mixed queries (single words, two and three words, half sentences, quoted strings, numbers in the other writing, Traditional,
exclusions, filters, date order) that are made from the corpus by a seed, one after the other: through `kb.search`, then over one
kept-alive connection to a real gunicorn on the same index. Prints p50, p95 and the slowest in milliseconds.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlencode

import opencc
from measure.options import index_of, sampling
from measure.server import serving

from kb.analysis import Analyzer
from kb.answers import Question
from kb.application import search_service
from kb.engines.base import Filters
from kb.search import Search
from kb.settings import read_settings

_SENTENCE = re.compile(r"[^。！？；\n“”\"()（）|:：-]{12,}")


def main() -> None:
    """Ask everywhere and print the figures."""
    options = sampling(__doc__, count=200).parse_args()
    with index_of(options.corpus, options.index) as index_dir:
        search = search_service(read_settings({"KB_INDEX_DIR": str(index_dir)}))
        search.warm_up()
        questions = list(_questions(search, random.Random(options.seed), options.count))
        _report("kb.search", questions, search.ask)
        with serving(index_dir) as server, closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
            _report("HTTP, JSON", questions, lambda question: _get(connection, "/api/v1/search", question))
            _report("HTTP, page", questions, lambda question: _get(connection, "/", question))


def _questions(search: Search, chance: random.Random, count: int) -> Iterator[Question]:
    """Make queries of each kind in turn from the words and sentences of random documents."""
    analyzer = Analyzer()
    traditional = opencc.OpenCC("s2t").convert
    listed = search.documents()
    while count:
        text = search.read(chance.choice(listed).id).document.text
        sentences = [sentence.strip() for sentence in _SENTENCE.findall(text)]
        if not sentences:
            continue
        sentence = chance.choice(sentences)
        words = [unit.words[0] for unit in analyzer.units(sentence) if unit.words and len(unit.words[0]) > 1]
        if len(words) < len("三个词"):
            continue
        chance.shuffle(words)
        start = chance.randrange(len(sentence) - 8)
        kinds = (
            Question(words[0]),
            Question(" ".join(words[:2])),
            Question(" ".join(words[:3])),
            Question(sentence[:30]),
            Question(f'"{sentence[start : start + 4]}"'),
            Question(f'"{sentence[start : start + 8]}"'),
            Question(traditional(" ".join(words[:2]))),
            Question(f"{words[0]} -{words[1]}"),
            Question(f"{words[0]} OR {words[1]}"),
            Question(words[0], Filters(first_year=2000, last_year=2020)),
            replace(Question(words[0]), sort="-date"),
            replace(Question(" ".join(words[:2])), group="passage", page=3),
            Question(f"20大 {words[0]}"),
        )
        yield kinds[count % len(kinds)]
        count -= 1


def _report(name: str, questions: list[Question], ask: Callable[[Question], object]) -> None:
    taken = []
    for question in questions:
        began = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - began) * 1000)
    slowest = max(zip(taken, questions, strict=True), key=lambda pair: pair[0])
    taken.sort()
    p50, p95 = taken[len(taken) // 2], taken[len(taken) * 95 // 100]
    print(
        f"{name}: {len(taken)} queries, p50 {p50:.1f} ms, p95 {p95:.1f} ms, slowest {slowest[0]:.1f} ms ({slowest[1].text})"
    )


def _get(connection: HTTPConnection, path: str, question: Question) -> None:
    filters = {"year_from": question.filters.first_year or "", "year_to": question.filters.last_year or ""}
    asked = {"q": question.text, "sort": question.sort, "group": question.group, "page": question.page, **filters}
    connection.request("GET", f"{path}?{urlencode(asked)}")
    response = connection.getresponse()
    response.read()
    if response.status != HTTPStatus.OK:
        raise SystemExit(f"{question.text}: HTTP {response.status}")


if __name__ == "__main__":
    main()
