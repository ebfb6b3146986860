"""Documents as bytes and back: JSON, compressed with a dictionary that all documents of a generation share.

Han characters take two bytes in GB 18030, three in UTF-8, which compression does not make up for; it writes every character of
Unicode. A document alone is too short to be compressed well: the dictionary is the beginning of the collection.

Trap: the order of the members is the format; a change of `kb.documents` changes the engine's version.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from kb.documents import Boilerplate, Document, Metadata, Passage, Section
from kb.engines.base import Listed

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

DICTIONARY = 32 * 1024
"""Bytes: what deflate can look back."""
_ENCODING = "gb18030"
_SURROGATE = re.compile("[\ud800-\udfff]")
"""A lone one, which only JSON can write."""
_DEFLATE = -zlib.MAX_WBITS


class Records:
    """The documents of a generation that is being written."""

    def __init__(self) -> None:
        self._plain: list[bytes] = []
        self._packed: list[bytes] = []
        self._dictionary = b""
        self._packer: zlib._Compress | None = None

    def add(self, document: Document) -> None:
        """Take the next document."""
        self._plain.append(_dumped(document))
        if self._dictionary or sum(map(len, self._plain)) >= DICTIONARY:
            self._pack()

    def packed(self) -> list[bytes]:
        """Return the dictionary and all documents."""
        self._pack()
        return [self._dictionary, *self._packed]

    def _pack(self) -> None:
        self._dictionary = self._dictionary or b"".join(self._plain)[-DICTIONARY:]
        self._packer = self._packer or zlib.compressobj(6, zlib.DEFLATED, _DEFLATE, zdict=self._dictionary)
        for plain in self._plain:
            packer = self._packer.copy()  # it has read the dictionary already
            self._packed.append(packer.compress(plain) + packer.flush())
        self._plain.clear()


def unpack(packed: bytes, dictionary: bytes) -> Document:
    """Read a document."""
    plain = zlib.decompressobj(_DEFLATE, zdict=dictionary).decompress(packed)
    document_id, path, metadata, text, sections, boilerplate, passages = json.loads(plain.decode(_ENCODING))
    return Document(
        id=document_id,
        path=path,
        metadata=Metadata(*metadata),
        text=text,
        sections=tuple(Section(*section) for section in sections),
        boilerplate=tuple(Boilerplate(*span) for span in boilerplate),
        passages=tuple(_passages(document_id, *passages)),
    )


def listed(document: Document) -> list[object]:
    """Write what lists need of a document."""
    sizes = len(document.passages), len(document.text)
    return [document.id, document.path, _members(document.metadata), *sizes]


def unpack_listed(written: list[Any]) -> Listed:
    """Read what `listed` wrote."""
    document_id, path, metadata, passages, characters = written
    return Listed(document_id, path, Metadata(*metadata), passages, characters)


def _dumped(document: Document) -> bytes:
    """Write a document: passages as the gap to the one before, the length, the number of the heading path, page and id."""
    paths = list(dict.fromkeys(passage.headings for passage in document.passages))
    number_of = {path: number for number, path in enumerate(paths)}
    ends = [0, *(passage.end for passage in document.passages)]
    rows = [
        [
            passage.start - before,
            passage.end - passage.start,
            number_of[passage.headings],
            passage.page_number,
            passage.id.removeprefix(document.id),
        ]
        for passage, before in zip(document.passages, ends, strict=False)
    ]
    spans = [list(map(_members, several)) for several in (document.sections, document.boilerplate)]
    members = [document.id, document.path, _members(document.metadata), document.text, *spans, [paths, rows]]
    written = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", written).encode(_ENCODING)


def _members(value: DataclassInstance) -> list[Any]:
    """Return the members of a value in order; `astuple` copies what is in them."""
    return [getattr(value, field.name) for field in fields(value)]


def _passages(document_id: str, paths: list[list[str]], rows: list[list[Any]]) -> Iterator[Passage]:
    headings = [tuple(path) for path in paths]
    end = 0
    for number, (gap, length, path, page, rest) in enumerate(rows, start=1):
        start = end + gap
        end = start + length
        yield Passage(document_id + rest, number, start, end, headings[path], page)
