"""How fast is it, and what does it need, beside its peers?

    python benchmarks/speed.py --corpus FILE.jsonl.xz [--documents N] [--peers] [--growth [SIZES]]
                               [--svg docs/speed.svg] [--markdown FILE]

Builds our index with `kb rebuild`'s code and, with --peers, those of tantivy-py, SQLite FTS5 and stock Whoosh over the very same
passages; asks all of them the same queries of thirteen classes, made by a seed; loads the service over HTTP with wrk; and, with
--growth, repeats ours on libraries of 10,000 and 100,000 passages (1,000,000 takes long and is asked for by hand:
--growth 10000,100000,1000000).
Every indexing and every engine's queries run in a process of their own, one after the other. Prints Markdown part by part.

Traps:
- Nothing else should run; what else ran is not told.
- A program of tantivy's own is measured beside `kb rebuild`, from the same file to a verified index; the other peers are handed
  passages that are cut already, so their seconds hold no analysis (stock Whoosh cuts its words itself).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from measure.apart import run_apart
from measure.corpus import Scan, build, generation, head, rows, size, text_bytes
from measure.figures import OURS, RIVAL, Figures, Indexing
from measure.growth import Step, grow
from measure.http_load import has_wrk, serve_and_load
from measure.machine import described
from measure.picture import svg
from measure.queries import WARMING, QueryClass, make_queries
from measure.table import markdown
from measure.timing import Timed, time_queries
from peers import NAMES, SLOW, peer
from peers.base import analyzer, write_rows

from kb.engines.whoosh import WhooshEngine

OURS_DOES = "读取、分析、写入、核对"


def main() -> int:
    """Measure everything that is asked for and write it down."""
    options = _options()
    if options.peers:
        _require_peers()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        corpus = head(options.corpus, options.documents, folder)
        figures = _index_ours(corpus, folder, options.workers)
        opened = generation(folder / "index")
        classes = make_queries(WhooshEngine().searcher(opened), analyzer(), options.seed, options.queries)
        _tell("our queries")
        figures.timed[OURS] = run_apart(time_queries, "wenyuan", opened, classes, None).value
        if options.peers:
            _index_by_program(figures, folder, corpus)
            _measure_peers(figures, folder, classes, options)
        if options.wrk_seconds and has_wrk():
            _tell("HTTP")
            figures.served = serve_and_load(folder / "index", classes, options.wrk_seconds, folder)
        elif options.wrk_seconds:
            _tell("wrk is not installed: nothing is measured over HTTP")
        figures.growth = list(_grown(options))
    _write(figures, options)
    return 0


def _require_peers() -> None:
    """Find out before anything is measured whether all peers are installed."""
    try:
        for name in NAMES:
            peer(name)
    except ImportError as error:
        sys.exit(f"{error.name} is missing: run make benchmark, or pip install -r requirements/benchmark.txt")


def _index_ours(corpus: Path, folder: Path, workers: int) -> Figures:
    machine = described()
    _tell("our rebuild")
    built = run_apart(build, corpus, folder / "index", workers)
    opened = generation(folder / "index")
    figures = Figures(machine, built.value.with_bytes(run_apart(text_bytes, opened).value))
    figures.indexings.append(Indexing(f"{OURS} kb rebuild", OURS_DOES, built.cost, size(opened)))
    return figures


def _measure_peers(figures: Figures, folder: Path, classes: Sequence[QueryClass], options: argparse.Namespace) -> None:
    passages = folder / "rows.jsonl"
    write_rows(rows(generation(folder / "index"), options.workers), passages)
    for name in NAMES:
        _tell(name)
        engine = peer(name)
        target = folder / name
        target.mkdir()
        cost = run_apart(engine.index, passages, target).cost
        figures.indexings.append(Indexing(engine.label, engine.does, cost, size(target)))
        most = options.slow_peers_queries if name in SLOW else None
        figures.timed[engine.label] = run_apart(time_queries, name, target, classes, most).value
    scan = Scan.of(passages)
    figures.recall = {label: dict(_shares(timed, classes, scan)) for label, timed in figures.timed.items()}


def _index_by_program(figures: Figures, folder: Path, corpus: Path) -> None:
    from peers import tantivy_program

    _tell("the tantivy program")
    target = folder / "program"
    target.mkdir()
    cost = run_apart(tantivy_program.build, corpus, target).cost
    figures.indexings.append(Indexing(f"{RIVAL} + rjieba 程序", OURS_DOES, cost, size(target)))


def _shares(timed: Timed, classes: Sequence[QueryClass], scan: Scan) -> Iterator[tuple[str, float]]:
    """Say for each class of phrases which share of the passages where they stand was found."""
    for one in classes:
        if one.name in timed.found:
            pairs = zip(one.asked[WARMING:], timed.found[one.name], strict=True)
            standing = [(scan.containing(asked.text), found) for asked, found in pairs]
            yield (
                one.name,
                sum(len(there & found) for there, found in standing) / sum(len(there) for there, _ in standing),
            )


def _grown(options: argparse.Namespace) -> Iterator[Step]:
    for passages in map(int, filter(None, (options.growth or "").split(","))):
        _tell(f"growth: {passages:,} passages")
        yield grow(options.corpus, passages, options.seed, options.queries, options.workers)


def _write(figures: Figures, options: argparse.Namespace) -> None:
    text = markdown(figures)
    print(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    if options.svg:
        options.svg.write_text(svg(figures), encoding="utf-8")


def _tell(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--documents", type=int, help="only the first N records")
    parser.add_argument("--peers", action="store_true", help="measure the peers too (make benchmark installs them)")
    parser.add_argument("--growth", nargs="?", const="10000,100000", metavar="SIZES", help="passages, with commas")
    parser.add_argument("--queries", type=int, default=200, help="queries of each class")
    parser.add_argument("--slow-peers-queries", type=int, default=30, help="timed of each class for stock Whoosh")
    parser.add_argument("--workers", type=int, default=2, help="processes of our rebuild")
    parser.add_argument("--wrk-seconds", type=int, default=10, help="of each load; 0 for none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--svg", type=Path, help="write the picture here")
    parser.add_argument("--markdown", type=Path, help="write the tables here")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
