"""Reading a generation's files: mapped once, shared by all threads and, before a server forks, by all its workers.

Trap: never `refresh()` a Whoosh reader: it closes the old one under running searches.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.reading import IndexReader

from kb.documents import Document
from kb.engines.whoosh.codec import FieldPostings
from kb.engines.whoosh.dictionary import decoded, encoded
from kb.engines.whoosh.lists import Ids, PostingList
from kb.engines.whoosh.records import unpack
from kb.engines.whoosh.schema import DOCUMENTS, PASSAGES, documents_schema, passages_schema


class Postings:
    """Everything that a search reads, as arrays and strings. Safe for threads."""

    def __init__(self, folder: Path) -> None:
        storage = MappedStorage(str(folder), readonly=True)
        self._passages: IndexReader = storage.open_index(PASSAGES, passages_schema()).reader()
        self._documents: IndexReader = storage.open_index(DOCUMENTS, documents_schema()).reader()
        self._fields: dict[str, FieldPostings] = {**_fields(self._passages), **_fields(self._documents)}
        self._records = self.documents_column("record")
        self._dictionary = self._records[0]

    def frequencies(self, grams: Iterable[str]) -> list[int]:
        """Count the passages that have each character or pair of neighbours."""
        return [self._frequency(gram) for gram in grams]

    def passages(self, field: str, term: str) -> PostingList:
        """Return the passages (in a field of titles, the documents) that have a term."""
        known = self._fields[field]
        return known.postings(known.number(term))

    def gram(self, gram: str) -> PostingList:
        """Return the passages that have a character or a pair of neighbours."""
        known = self._grams(gram)
        return known.postings(known.number(gram))

    def having_words_from(self, prefix: str) -> Iterator[Ids]:
        """Give for each word that begins so the passages that have it."""
        known = self._fields["words"]
        return map(known.lists.numbers, known.terms.starting_with(encoded(prefix)))

    def vocabulary(self) -> dict[str, int]:
        """Return the words of two characters and more, each with the number of passages that have it."""
        return {word: count for word, count in self._counted("words") if len(word) > 1}

    def characters(self) -> dict[str, int]:
        """Return all characters, each with the number of passages that have it."""
        return dict(self._counted("characters"))

    def record(self, document: int) -> Document:
        """Return a document."""
        return unpack(self._records[document + 1], self._dictionary)

    def passages_column(self, name: str) -> Any:  # noqa: ANN401 - of the column's kind
        """Return a column of the passages by its name in the schema."""
        return self._passages.column_reader(name, translate=False)

    def documents_column(self, name: str) -> Any:  # noqa: ANN401 - of the column's kind
        """Return a column of the documents by its name in the schema."""
        return self._documents.column_reader(name, translate=False)

    @property
    def pairs(self) -> FieldPostings:
        """The pairs of neighbouring characters, with their places."""
        return self._fields["pairs"]

    def _counted(self, field: str) -> Iterator[tuple[str, int]]:
        known = self._fields[field]
        having = known.lists.sizes.copy()
        having[known.repeated] = known.repeated_having
        terms = map(decoded, known.terms)
        return zip(terms, having.tolist(), strict=True)

    def _grams(self, gram: str) -> FieldPostings:
        return self._fields["characters" if len(gram) == 1 else "pairs"]

    def _frequency(self, gram: str) -> int:
        known = self._grams(gram)
        return known.having(known.number(gram))


class MappedStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder of files, mapped into memory instead of read."""

    def open_file(self, name: str, **_: object) -> StructFile:
        """Map a file; none of ours is empty."""
        with open(self._fpath(name), "rb") as file:  # noqa: PTH123 - the path is Whoosh's string
            return _MappedFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), name)


class _MappedFile(BufferFile):  # type: ignore[misc]
    def __init__(self, mapped: mmap.mmap, name: str) -> None:
        StructFile.__init__(self, mapped, name=name)
        self._buf = mapped
        self.is_real = False


def _fields(reader: IndexReader) -> Mapping[str, FieldPostings]:
    """Reach past Whoosh's reader, which asks term by term, to what the codec has."""
    fields: Mapping[str, FieldPostings] = reader._terms.fields  # noqa: SLF001
    return fields
