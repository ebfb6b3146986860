"""Write a generation: Whoosh's own segment writer over arrays.

Trap: a compound segment is read into memory when opened; separate files are mapped. Nothing is merged or deleted in a
generation, so separate files are safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.writing import SegmentWriter

from kb.engines.base import Analysed
from kb.engines.whoosh.codec import ArrayCodec
from kb.engines.whoosh.families import write_families
from kb.engines.whoosh.inversion import Inversion
from kb.engines.whoosh.records import pack, pack_listed
from kb.engines.whoosh.schema import DOCUMENTS, PASSAGES, SQUEEZED_ENCODING, documents_schema, passages_schema


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
        self._documents.add_document(
            title=analysed.title.words,
            title_grams=analysed.title.grams,
            record=pack(document),
            listed=pack_listed(document),
        )
        for passage, terms in zip(document.passages, analysed.passages, strict=True):
            self._passages.add_document(
                grams=terms.grams,
                words=terms.words,
                headings=terms.headings,
                squeezed=terms.squeezed.encode(SQUEEZED_ENCODING, "surrogatepass"),
                document=self._ordinal,
                number=passage.number,
                length=len(terms.squeezed),
                label=int(terms.is_label),
                fingerprint=terms.fingerprint,
            )
        self._ordinal += 1

    def finish(self, families: Mapping[str, str]) -> None:
        """Write the families and the postings."""
        write_families(self._folder, families)
        self._passages.commit()
        self._documents.commit()

    def discard(self) -> None:
        """Close the files; the folder is the caller's to remove."""
        self._passages.cancel()
        self._documents.cancel()


def _segment_writer(index: object) -> SegmentWriter:
    writer = SegmentWriter(index, codec=ArrayCodec(), compound=False)
    writer.pool = Inversion()
    return writer
