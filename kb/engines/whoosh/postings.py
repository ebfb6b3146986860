"""Reading a generation's files: mapped, one set of readers for each search under way.

Traps:
- Whoosh's readers seek in shared files: two threads in one reader give random UnpicklingErrors. `ReaderPool` lends each
  reader to one search at a time.
- Never `refresh()`: it closes the old reader under running searches.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.reading import IndexReader, TermNotFound

from kb.engines.whoosh.codec import NO_POSTINGS, PostingList
from kb.engines.whoosh.schema import DOCUMENTS, PASSAGES, SQUEEZED_ENCODING, documents_schema, passages_schema


class Postings:
    """Everything that a search reads, as arrays and strings. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        storage = _MappedStorage(str(folder), readonly=True)
        self._passages: IndexReader = storage.open_index(PASSAGES, passages_schema()).reader()
        self._documents: IndexReader = storage.open_index(DOCUMENTS, documents_schema()).reader()
        self._squeezed = self._column(self._passages, "squeezed")
        self._records = self._column(self._documents, "record")

    def frequency(self, field: str, term: str) -> int:
        """Count the passages that have a term."""
        return int(self._passages.doc_frequency(field, term))

    def passages(self, field: str, term: str) -> PostingList:
        """Return the passages that have a term."""
        return _postings(self._passages, field, term)

    def documents(self, field: str, term: str) -> PostingList:
        """Return the ordinals of the documents that have a term in a field of the title."""
        return _postings(self._documents, field, term)

    def words_starting_with(self, prefix: str) -> Iterator[str]:
        """Give the words of the vocabulary that begin so, in order."""
        for term in self._passages.expand_prefix("words", prefix):
            yield term.decode() if isinstance(term, bytes) else term

    def vocabulary(self) -> dict[str, int]:
        """Return the words of two characters and more, each with the number of passages that have it."""
        found = ((term.decode(), info.doc_frequency()) for term, info in self._passages.iter_field("words"))
        return {word: int(passages) for word, passages in found if len(word) > 1}

    def squeezed(self, passage: int) -> str:
        """Return a passage's squeezed text."""
        return str(self._squeezed[passage].decode(SQUEEZED_ENCODING, "surrogatepass"))

    def record(self, document: int) -> bytes:
        """Return a document as `records.pack` wrote it."""
        return bytes(self._records[document])

    def per_passage(self, column: str) -> npt.NDArray[np.int64]:
        """Return a column of numbers, one for each passage, by its name in the schema."""
        return np.array(self._column(self._passages, column).load(), np.int64)

    def listed(self) -> list[bytes]:
        """Return for all documents what `records.pack_listed` wrote."""
        column = self._column(self._documents, "listed")
        return [bytes(column[ordinal]) for ordinal in range(self._documents.doc_count_all())]

    def close(self) -> None:
        """Close the files."""
        self._passages.close()
        self._documents.close()

    @staticmethod
    def _column(reader: IndexReader, name: str) -> IndexReader:
        return reader.column_reader(name, translate=False)


class ReaderPool:
    """Lends `Postings`; opens another when all are lent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._idle: SimpleQueue[Postings] = SimpleQueue()
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[Postings]:
        """Lend readers for the time of one search."""
        try:
            postings = self._idle.get_nowait()
        except Empty:
            postings = Postings(self._folder)
        try:
            yield postings
        finally:
            self._idle.put(postings)
            if self._closed:
                self.close()

    def close(self) -> None:
        """Close what is idle now, and what is lent as soon as it comes back."""
        self._closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return


class _MappedStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder of files, mapped into memory instead of read."""

    def open_file(self, name: str, **_: object) -> StructFile:
        with open(self._fpath(name), "rb") as file:  # noqa: PTH123 - the path is Whoosh's string
            try:
                return _MappedFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), name)
            except ValueError:  # an empty file cannot be mapped
                return BufferFile(b"", name=name)


class _MappedFile(BufferFile):  # type: ignore[misc]
    def __init__(self, mapped: mmap.mmap, name: str) -> None:
        StructFile.__init__(self, mapped, name=name)
        self._buf = mapped
        self.is_real = False


def _postings(reader: IndexReader, field: str, term: str) -> PostingList:
    try:
        found: PostingList = reader.postings(field, term).postings
    except TermNotFound:
        return NO_POSTINGS
    return found
