"""Office files: a ZIP of XML parts that point at each other. Everything here is bounded, nothing is ever written to disk.

Traps: names inside are data and may use backslashes or other cases. Sizes are checked before anything is unpacked; `zipfile`
never gives more than a member's header promises. A DOCTYPE has no business in office XML and is refused, entities and all.
"""

from __future__ import annotations

import posixpath
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lxml import etree

from kb.errors import UnreadableFile
from kb.readers.limits import MAX_FILE, MAX_MEMBERS, MAX_PART, MAX_RATIO, MAX_UNPACKED, RATIO_FROM
from kb.readers.reasons import ENCRYPTED, OVERBLOWN, TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element as Element

_ENCRYPTED_FLAG = 1
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
"""Names that Word uses in "strict" files, and the usual ones."""


class Package:
    """The parts of an open office file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {_normal(member.filename): member for member in archive.infolist()}
        if len(self._members) > MAX_MEMBERS or sum(m.file_size for m in self._members.values()) > MAX_UNPACKED:
            raise UnreadableFile(OVERBLOWN)

    def part(self, name: str) -> Element | None:
        """Return the root of an XML part, None if there is no such part."""
        content = self.content(name)
        return None if content is None else _parsed(content)

    def content(self, name: str) -> bytes | None:
        """Return a part as it is, None if there is no such part."""
        member = self._members.get(_normal(name))
        if member is None:
            return None
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise UnreadableFile(ENCRYPTED)
        overblown = member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * member.compress_size
        if member.file_size > MAX_PART or overblown:
            raise UnreadableFile(OVERBLOWN)
        with self._archive.open(member) as file:
            return file.read(MAX_PART)

    def related(self, source: str, kind: str) -> str:
        """Return the name of the part that `source` points at with this kind of relationship, "" if none does.

        The source "" is the package itself.
        """
        folder, file = posixpath.split(source)
        relations = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        for relation in () if relations is None else relations.iter(_RELATIONSHIP):
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
        return ""


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Open an office file for reading."""
    if path.stat().st_size > MAX_FILE:
        raise UnreadableFile(TOO_LARGE)
    with zipfile.ZipFile(path) as archive:
        yield Package(archive)


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _parsed(data: bytes) -> Element:
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile("文件里有不该出现的 DOCTYPE 声明，可能是有害文件，请核实来源，或用 Word 另存一份。")
    return root
