"""Documents as bytes and back: JSON, the whole record compressed.

Trap: the order of the members is the format; a change of `kb.documents` changes the engine's version.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import astuple

from kb.documents import Boilerplate, Document, Metadata, Passage, Section
from kb.engines.base import Listed


def pack(document: Document) -> bytes:
    """Write a document."""
    return zlib.compress(_dump(astuple(document)), level=6)


def unpack(packed: bytes) -> Document:
    """Read what `pack` wrote."""
    document_id, path, metadata, text, sections, boilerplate, passages = json.loads(zlib.decompress(packed))
    return Document(
        id=document_id,
        path=path,
        metadata=Metadata(*metadata),
        text=text,
        sections=tuple(Section(*section) for section in sections),
        boilerplate=tuple(Boilerplate(*span) for span in boilerplate),
        passages=tuple(_passage(*passage) for passage in passages),
    )


def pack_listed(document: Document) -> bytes:
    """Write what lists, filters and facets need of a document."""
    listed = Listed(document.id, document.path, document.metadata, len(document.passages), len(document.text))
    return _dump(astuple(listed))


def unpack_listed(packed: bytes) -> Listed:
    """Read what `pack_listed` wrote."""
    document_id, path, metadata, passages, characters = json.loads(packed)
    return Listed(document_id, path, Metadata(*metadata), passages, characters)


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _passage(passage_id: str, number: int, start: int, end: int, headings: list[str], page: int | None) -> Passage:
    return Passage(passage_id, number, start, end, tuple(headings), page)
