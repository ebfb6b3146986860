"""Write a generation: Whoosh's own segment writer, with postings gathered in arrays instead of sorted tuples.

Traps:
- Whoosh's posting pool keeps a tuple a posting (0.5 GB for a million characters) or sorts on disk; its `poolclass` argument is
  ignored, so the pool is put in place afterwards.
- With length statistics the codec asks the file system for a length column at every single posting: twice the time.
- A compound segment is read into memory when opened; separate files are mapped. Nothing is merged or deleted in a
  generation, so separate files are safe.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path

from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.writing import SegmentWriter

from kb.engines.base import Analysed
from kb.engines.whoosh.families import write_families
from kb.engines.whoosh.records import pack, pack_listed
from kb.engines.whoosh.schema import DOCUMENTS, PASSAGES, SQUEEZED_ENCODING, documents_schema, passages_schema

Posting = tuple[str, bytes, int, float, bytes]
"""Whoosh's order: field, term, Whoosh document number, weight, value."""

_COUNT_BITS = 16
_HIGHEST_COUNT = (1 << _COUNT_BITS) - 1


class WhooshWriter:
    """Implements `kb.engines.base.Writer`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        storage = FileStorage(str(folder))
        self._passages = _segment_writer(storage.create_index(passages_schema(), PASSAGES))
        self._documents = _segment_writer(storage.create_index(documents_schema(), DOCUMENTS))
        self._ordinal = 0

    def add(self, analysed: Analysed) -> None:
        """Add a document and its passages."""
        document = analysed.document
        self._documents.add_document(title=analysed.title, record=pack(document), listed=pack_listed(document))
        for passage, terms in zip(document.passages, analysed.passages, strict=True):
            self._passages.add_document(
                grams=terms.grams,
                words=terms.words,
                headings=terms.headings,
                squeezed=terms.squeezed.encode(SQUEEZED_ENCODING, "surrogatepass"),
                document=self._ordinal,
                number=passage.number,
                length=len(terms.squeezed),
                fingerprint=terms.fingerprint,
            )
        self._ordinal += 1

    def finish(self, families: Mapping[str, str]) -> None:
        """Write the postings: most of the time of a rebuild."""
        write_families(self._folder, families)
        self._passages.commit()
        self._documents.commit()

    def discard(self) -> None:
        """Close the files; the folder is the caller's to remove."""
        self._passages.cancel()
        self._documents.cancel()


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec without length statistics, which nothing here reads."""

    length_stats = False


class _PostingPool:
    """Gathers postings by term; a posting is a document number and a count in one integer."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, array[int]]] = {}

    def add(self, posting: Posting) -> None:
        field, term, document, weight, _ = posting
        terms = self._fields.setdefault(field, {})
        packed = document << _COUNT_BITS | min(int(weight), _HIGHEST_COUNT)
        if (postings := terms.get(term)) is None:
            terms[term] = array("Q", (packed,))
        else:
            postings.append(packed)

    def iter_postings(self) -> Iterator[Posting]:
        """Give all postings in Whoosh's order and forget them."""
        for field in sorted(self._fields):
            terms = self._fields.pop(field)
            for term in sorted(terms):
                for packed in terms.pop(term):
                    yield field, term, packed >> _COUNT_BITS, float(packed & _HIGHEST_COUNT), b""

    def cleanup(self) -> None:
        self._fields.clear()


def _segment_writer(index: object) -> SegmentWriter:
    writer = SegmentWriter(index, codec=_Codec(), compound=False)
    writer.pool = _PostingPool()
    return writer
