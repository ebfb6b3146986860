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

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.reading import IndexReader, TermNotFound

from kb.engines.whoosh.schema import DOCUMENTS, PASSAGES, SQUEEZED_ENCODING, documents_schema, passages_schema


class Postings:
    """Everything that a search reads, in plain values. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        storage = _MappedStorage(str(folder), readonly=True)
        self._passages: IndexReader = storage.open_index(PASSAGES, passages_schema()).reader()
        self._documents: IndexReader = storage.open_index(DOCUMENTS, documents_schema()).reader()
        self._squeezed = self._column(self._passages, "squeezed")
        self._records = self._column(self._documents, "record")

    def frequency(self, field: str, term: str) -> int:
        """Count the passages that have a term."""
        return int(self._passages.doc_frequency(field, term))

    def passages(self, field: str, term: str) -> set[int]:
        """Return the passages that have a term."""
        return set(_ids(self._passages, field, term))

    def counts(self, field: str, term: str) -> dict[int, int]:
        """Return the passages that have a term, and how often."""
        try:
            matcher = self._passages.postings(field, term)
        except TermNotFound:
            return {}
        found = {}
        while matcher.is_active():
            found[matcher.id()] = int(matcher.weight())
            matcher.next()
        return found

    def words_starting_with(self, prefix: str) -> Iterator[str]:
        """Give the words of the vocabulary that begin so, in order."""
        for term in self._passages.expand_prefix("words", prefix):
            yield term.decode() if isinstance(term, bytes) else term

    def documents_titled(self, term: str) -> set[int]:
        """Return the ordinals of the documents whose title has a word."""
        return set(_ids(self._documents, "title", term))

    def squeezed(self, passage: int) -> str:
        """Return a passage's squeezed text."""
        return str(self._squeezed[passage].decode(SQUEEZED_ENCODING, "surrogatepass"))

    def record(self, document: int) -> bytes:
        """Return a document as `records.pack` wrote it."""
        return bytes(self._records[document])

    def per_passage(self, column: str) -> list[int]:
        """Return a number for each passage: `document` (ordinal), `number` (in it), `length` (squeezed) or `fingerprint`."""
        return list(self._column(self._passages, column).load())

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


def _ids(reader: IndexReader, field: str, term: str) -> Iterator[int]:
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return
    while matcher.is_active():
        yield matcher.id()
        matcher.next()
