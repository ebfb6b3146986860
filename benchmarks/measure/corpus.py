"""The text that all engines index: our own passages, read back from our index."""

from __future__ import annotations

import lzma
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, islice
from multiprocessing import get_context
from pathlib import Path

from peers.base import Row, analyzer, read_rows

from kb.analysis import Analyzer
from kb.engines.whoosh import WhooshEngine
from kb.fold import fold
from kb.generations import Generations
from kb.library import rebuild


@dataclass(frozen=True, slots=True)
class Built:
    """What one of the indexings wrote."""

    documents: int
    passages: int
    characters: int
    """Of the canonical texts."""
    text_bytes: int
    """Of the same texts in UTF-8; 0 before it was counted."""

    def with_bytes(self, text_bytes: int) -> Built:
        """Return it with the bytes counted."""
        return replace(self, text_bytes=text_bytes)


def head(corpus: Path, documents: int | None, folder: Path) -> Path:
    """Copy the first records of a corpus; all of it is left where it is."""
    if documents is None:
        return corpus
    copy = folder / "corpus.jsonl.xz"
    with lzma.open(corpus) as file, lzma.open(copy, "w", preset=1) as head_of_it:
        head_of_it.writelines(islice(file, documents))
    return copy


def build(corpus: Path, index_dir: Path, workers: int) -> Built:
    """Index a corpus as `kb rebuild` does."""
    counts = rebuild([corpus], Generations(index_dir), WhooshEngine(), Analyzer(), workers=workers).counts
    return Built(counts.documents, counts.passages, counts.characters, 0)


def generation(index_dir: Path) -> Path:
    """Return the folder of the generation in use."""
    generations = Generations(index_dir)
    return generations.folder(generations.current())


def size(folder: Path) -> int:
    """Add up the bytes of a folder's files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def text_bytes(folder: Path) -> int:
    """Add up the UTF-8 bytes of the documents of a generation."""
    searcher = WhooshEngine().searcher(folder)
    opened = (searcher.document(listed.id) for listed in searcher.documents())
    return sum(len(document.text.encode()) for document in opened if document)


def rows(folder: Path, workers: int) -> Iterator[Row]:
    """Read all passages of a generation back, cut into its tokens."""
    analyzer()
    with get_context("fork").Pool(workers) as pool:
        for number, (day, text, tokens) in enumerate(pool.imap(_cut, _passages(folder), chunksize=256)):
            yield Row(number, day, text, tokens)


def _passages(folder: Path) -> Iterator[tuple[int, str]]:
    searcher = WhooshEngine().searcher(folder)
    for listed in searcher.documents():
        document = searcher.document(listed.id)
        for passage in document.passages if document else ():
            yield _day(listed.metadata.date), document.text[passage.start : passage.end] if document else ""


def _cut(passage: tuple[int, str]) -> tuple[int, str, str]:
    day, text = passage
    folded = fold(text)
    return day, folded, " ".join(token.text for token in analyzer().tokens(folded))


def _day(date: str | None) -> int:
    return int((date or "").replace("-", "").ljust(8, "0"))


@dataclass(frozen=True)
class Scan:
    """Looks through all passages for a string; knows nothing of any index."""

    texts: Sequence[str]

    @classmethod
    def of(cls, path: Path) -> Scan:
        """Read the passages of a file of rows."""
        return cls([row.text for row in read_rows(path)])

    def containing(self, sought: str) -> set[int]:
        """Return the numbers of the passages in which it stands, character by character."""
        found = set()
        at = self._whole.find(sought)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            found.add(number)
            at = self._whole.find(sought, self._starts[number + 1])
        return found

    @cached_property
    def _whole(self) -> str:
        return "\n".join(self.texts) + "\n"

    @cached_property
    def _starts(self) -> list[int]:
        return [*accumulate((len(text) + 1 for text in self.texts), initial=0)]
