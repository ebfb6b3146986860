"""Does the passage that answers a question come first? Judged queries, ours and three peers side by side in one run.

    python benchmarks/relevance.py DIR [--passages FILE.jsonl.xz] [--without-title] [--peers whoosh,words,characters] [--json]
                                       [--index DIR] [--set NAME=VALUE ...]

DIR holds `queries.jsonl` ({"id", "text"}), `qrels.tsv` (query, passage, grade) and, unless --passages names it,
`passages.jsonl[.xz]` ({"id", "title", "text"}). Prints nDCG@10, MRR@10, recall@10 and milliseconds a query for

    wenyuan      `Search.ask`, the code of the service, over an index built by `rebuild`; a judged passage is a document
    whoosh       stock Whoosh with jieba's ChineseAnalyzer, words joined by OR
    words        BM25 over jieba's words
    characters   BM25 over single characters and pairs of neighbours

The peers see title and text as one field, folded as ours are (without that they lose every question in the other script).

The reasons in `kb/engines/whoosh/ranking.py` are checked with --set, which gives one of its constants another value, and --index,
which keeps our index for the next run:

    python benchmarks/relevance.py DIR --peers= --index /tmp/judged --set WORD=1 --set DOCUMENT=1
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from kb.analysis import Analyzer
from kb.answers import Question
from kb.documents import Reading
from kb.engines.whoosh import WhooshEngine, evaluation, ranking, scoring
from kb.engines.whoosh.inversion import WordInversion
from kb.engines.whoosh.ranking import norms, rarity, saturated
from kb.errors import BadRequest
from kb.fold import fold, grams, squeeze
from kb.generations import Generations
from kb.library import rebuild
from kb.readers.jsonl import read
from kb.search import Search

DEPTH = 10
Grades = Mapping[str, Mapping[str, float]]


class Ranking(Protocol):
    """Something that ranks passages."""

    def __call__(self, query: str) -> Sequence[str]:
        """Return the ids of the best passages, the best first."""


@dataclass(frozen=True)
class Figures:
    """What one ranking reached, averaged over the queries."""

    name: str
    ndcg: float
    mrr: float
    recall: float
    milliseconds: float


def main() -> int:
    """Run the comparison and print its figures."""
    options = _options()
    _set(options.set)
    passages = list(_passages(options))
    queries = list(_queries(options.directory / "queries.jsonl"))
    grades = _grades(options.directory / "qrels.tsv")
    with ExitStack() as stack:
        makers: dict[str, Callable[[], Ranking]] = {
            "wenyuan": lambda: _wenyuan(
                passages, options.index or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            ),
            "whoosh": lambda: _whoosh(passages, Path(stack.enter_context(tempfile.TemporaryDirectory()))),
            "words": lambda: _bm25(passages, _jieba_words),
            "characters": lambda: _bm25(passages, lambda text: grams(squeeze(text))),
        }
        figures = [
            _measure(name, makers[name](), queries, grades)
            for name in ("wenyuan", *filter(None, options.peers.split(",")))
        ]
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures]))
        return 0
    print(f"{options.directory.name}: {len(queries)} queries, {len(passages)} passages")
    print(f"{'':12} nDCG@10  MRR@10  recall@10  ms a query")
    for found in figures:
        print(f"{found.name:12} {found.ndcg:7.4f} {found.mrr:7.4f} {found.recall:10.4f} {found.milliseconds:11.1f}")
    return 0


def _set(choices: Sequence[str]) -> None:
    """Give constants of the ranking other values, wherever they were imported."""
    for choice in choices:
        name, _, value = choice.partition("=")
        if not name.isupper() or not hasattr(ranking, name):
            sys.exit(f"{ranking.__name__} has no constant {name}")
        for module in (ranking, scoring, evaluation):
            if hasattr(module, name):
                setattr(module, name, float(value))


def _measure(name: str, ranked: Ranking, queries: Sequence[tuple[str, str]], grades: Grades) -> Figures:
    ndcg, mrr, recall = [], [], []
    began = time.perf_counter()
    for query, text in queries:
        judged = grades[query]
        gains = [judged.get(passage, 0.0) for passage in ranked(text)[:DEPTH]]
        ideal = sorted(judged.values(), reverse=True)[:DEPTH]
        ndcg.append(_discounted(gains) / _discounted(ideal))
        mrr.append(next((1 / place for place, gain in enumerate(gains, start=1) if gain), 0.0))
        recall.append(sum(gain > 0 for gain in gains) / sum(gain > 0 for gain in judged.values()))
    taken = (time.perf_counter() - began) / len(queries) * 1000
    return Figures(name, _mean(ndcg), _mean(mrr), _mean(recall), taken)


def _discounted(gains: Sequence[float]) -> float:
    """Return DCG with gains 2^grade − 1 (Burges et al. 2005)."""
    return sum((2**gain - 1) / math.log2(place + 1) for place, gain in enumerate(gains, start=1))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _wenyuan(passages: Sequence[Reading], folder: Path) -> Ranking:
    folder.mkdir(exist_ok=True)
    source = folder / "passages.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for passage in passages:
            record = {"id": passage.record_id, "title": passage.title, "text": passage.text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    analyzer, generations = Analyzer(), Generations(folder / "index")
    if not (folder / "index" / "CURRENT").exists():
        rebuild([source], generations, WhooshEngine(), analyzer, workers=2)
    search = Search(generations, WhooshEngine(), analyzer, deadline=60.0)
    # A document without a safe id is named by its path, which ends with its id.
    name_of = {listed.id: listed.path.partition("#")[2] for listed in search.documents()}

    def ranked(query: str) -> Sequence[str]:
        try:
            return [name_of[hit.document.id] for hit in search.ask(Question(query, per_page=DEPTH)).hits]
        except BadRequest:
            return []

    return ranked


def _whoosh(passages: Sequence[Reading], folder: Path) -> Ranking:
    from jieba.analyse import ChineseAnalyzer
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.index import create_in
    from whoosh.qparser import OrGroup, QueryParser

    index = create_in(str(folder), Schema(id=ID(stored=True), text=TEXT(analyzer=ChineseAnalyzer())))
    writer = index.writer(limitmb=512)
    for passage in passages:
        writer.add_document(id=passage.record_id, text=_whole(passage))
    writer.commit()
    searcher = index.searcher()
    parser = QueryParser("text", index.schema, group=OrGroup, plugins=[])
    return lambda query: [hit["id"] for hit in searcher.search(parser.parse(fold(query)), limit=DEPTH)]


def _bm25(passages: Sequence[Reading], cut: Callable[[str], Iterable[str]]) -> Ranking:
    """Rank whole passages by plain BM25 with the usual constants; a repeated term of the query counts again."""
    inversion, lengths = WordInversion(), []
    for passage in passages:
        terms = list(cut(_whole(passage)))
        inversion.add(terms)
        lengths.append(len(terms))
    field = inversion.inverted()
    demanded = norms(np.array(lengths, np.float32))

    def ranked(query: str) -> Sequence[str]:
        scores = np.zeros(len(passages), np.float32)
        for term, count in Counter(cut(fold(query))).items():
            postings = field.postings(field.number(term))
            weight = count * rarity(len(passages), len(postings.ids))
            scores[postings.ids] += np.float32(weight) * saturated(postings.counts, demanded[postings.ids])
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        return [passages[number].record_id or "" for number in best if scores[number]]

    return ranked


def _jieba_words(text: str) -> Iterator[str]:
    import jieba

    jieba.setLogLevel("ERROR")
    return (word for word in jieba.cut(text) if squeeze(word))


def _whole(passage: Reading) -> str:
    return fold(f"{passage.title}\n{passage.text}" if passage.title else passage.text)


def _passages(options: argparse.Namespace) -> Iterator[Reading]:
    found = sorted(options.directory.glob("passages.jsonl*"))
    path = options.passages or (found[0] if found else None)
    if path is None:
        sys.exit(f"{options.directory} has no passages.jsonl; name the file with --passages")
    for reading in read(path, "passages"):
        if isinstance(reading, Reading):
            title = None if options.without_title else reading.title
            yield Reading(reading.path, reading.text, title=title, record_id=reading.record_id)


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield record["id"], record["text"]


def _grades(path: Path) -> Grades:
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        query, passage, grade = line.split("\t")
        grades[query][passage] = float(grade)
    return grades


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--passages", type=Path, help="the passages, where the directory has none")
    parser.add_argument("--without-title", action="store_true", help="search the texts alone")
    parser.add_argument("--peers", default="whoosh,words,characters", help="which peers to run, or '' for none")
    parser.add_argument("--index", type=Path, help="keep our index here, or use the one that is here")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another value of a constant")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
