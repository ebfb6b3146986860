"""What the benchmarks that sample a corpus have in common: its index and their options."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from measure.corpus import build, head


def sampling(description: str | None, count: int) -> ArgumentParser:
    """Begin a script's options: the corpus, the index, how many samples, by which seed."""
    parser = ArgumentParser(description=description, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--index", type=Path, help="an index of the corpus that is there already")
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--seed", type=int, default=1)
    return parser


@contextmanager
def index_of(corpus: Path, kept: Path | None, documents: int | None = None) -> Iterator[Path]:
    """Give the index of a corpus, or of its first records: one that is there already, or one made for this run."""
    if kept:
        yield kept
        return
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        print(build(head(corpus, documents, folder), folder / "index", workers=2))
        yield folder / "index"
