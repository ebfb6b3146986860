"""A .docx as a reader sees it with all changes accepted: automatic numbers, text boxes, footnotes, tables as tabbed rows.

The walk goes from the body over blocks (paragraphs, tables) to what stands in a paragraph. What hangs on a paragraph (a text
box, a footnote) follows it as its own paragraph. A table of contents repeats the headings and is left out, as are comments,
headers and footers.

Traps: text may hide at any depth of wrappers (content controls, insertions, links, smart tags), so unknown elements are walked
into and only known ones skipped. Word writes a text box twice (`Choice`, `Fallback`). A deleted paragraph mark joins two
paragraphs. The main part may have any name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.documents import Reading
from kb.errors import UnreadableFile
from kb.readers.docx_numbering import Numbering
from kb.readers.docx_styles import Style, styles_of
from kb.readers.docx_words import W, is_on, number, value
from kb.readers.draft import Draft
from kb.readers.limits import MAX_DEPTH
from kb.readers.office import Package, opened
from kb.readers.reasons import TOO_DEEP
from kb.readers.titles import sensible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element as Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"

_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN = (W + tag for tag in ("p", "tbl", "tr", "tc", "r"))
_TEXT_BOX = W + "txbxContent"
_ALTERNATIVES = _MC + "AlternateContent"
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_TEXTS = frozenset({W + "t", _MATH_TEXT})
_SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_SYMBOLS = {
    "F06C": "●",
    "F06E": "■",
    "F0A8": "□",
    "F0B7": "•",
    "F0D8": "➢",
    "F0FC": "✓",
    "F0FE": "☑",
    "F0A3": "□",
    "F052": "☑",
}
_SKIPPED = frozenset(
    W + tag
    for tag in "pPr rPr tblPr tblGrid trPr tcPr sectPr sdtPr sdtEndPr rubyPr rt "
    "del moveFrom delText instrText delInstrText fldData".split()
)
_BODY_LEVEL = 9


def read(path: Path, name: str) -> Iterator[Reading]:
    """Read one Word document."""
    with opened(path) as package:
        main = package.related("", "officeDocument") or "word/document.xml"
        root = package.part(main)
        body = None if root is None else root.find(W + "body")
        if body is None:
            raise UnreadableFile("文件里缺少 Word 正文，可能已损坏，请用 Word 或 WPS 打开后另存一份。")
        walker = _Walker(
            styles=styles_of(package.part(package.related(main, "styles"))),
            numbering=Numbering.of(package.part(package.related(main, "numbering"))),
            notes={kind: _notes(package.part(package.related(main, kind))) for kind in _NOTES.values()},
        )
        blocks = list(walker.blocks(body))
        yield _reading(name, blocks, _property_title(package))


def _reading(name: str, blocks: list[_Block], property_title: str | None) -> Reading:
    draft = Draft()
    for block in blocks:
        draft.add(block.text, block.level)
    title = sensible("".join(block.text for block in blocks if block.is_title))
    return Reading(name, draft.text, draft.marks, title=title or property_title)


def _property_title(package: Package) -> str | None:
    properties = package.part(package.related("", "core-properties"))
    return None if properties is None else sensible(properties.findtext(_TITLE))


def _notes(root: Element | None) -> dict[str, Element]:
    """Return footnotes by id, without the separators that Word keeps among them."""
    notes = () if root is None else root
    return {note.get(W + "id", ""): note for note in notes if note.get(W + "type") in {None, "normal"}}


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph or a row of a table."""

    text: str
    level: int | None = None
    is_title: bool = False


@dataclass(slots=True)
class _Inline:
    """What stands in a paragraph: its text, and the boxes and notes that hang on it."""

    styles: dict[str | None, Style]
    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, parent: Element) -> None:
        for element in parent:
            self._add_one(element)

    def _add_one(self, element: Element) -> None:
        tag = element.tag
        if tag in _TEXTS:
            self.pieces.append(element.text or "")
        elif tag in _SKIPPED or (tag == _RUN and self._is_hidden(element)):
            return
        elif tag in _SIGNS:
            self.pieces.append(_SIGNS[tag])
        elif tag == W + "sym":
            self.pieces.append(_SYMBOLS.get(element.get(W + "char", "").upper(), ""))
        elif tag in _NOTES:
            self.notes.append((_NOTES[tag], element.get(W + "id", "")))
        elif tag == _TEXT_BOX:
            self.boxes.append(element)
        else:
            self.add(_chosen(element))

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find(W + "rPr")
        if properties is None:
            return False
        if properties.find(W + "vanish") is not None:
            return is_on(properties, "vanish")
        style = value(properties, "rStyle")
        return style in self.styles and self.styles[style].is_hidden


@dataclass(slots=True)
class _Walker:
    """Goes through a document in reading order; remembers what numbers have been counted."""

    styles: dict[str | None, Style]
    numbering: Numbering
    notes: dict[str, dict[str, Element]]
    _depth: int = 0
    _carried: str = ""
    """Text before a deleted paragraph mark: the next paragraph begins with it."""

    def blocks(self, parent: Element) -> Iterator[_Block]:
        """Yield the paragraphs and rows below an element."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableFile(TOO_DEEP)
        for element in parent:
            if element.tag == _PARAGRAPH:
                yield from self._paragraph(element)
            elif element.tag == _TABLE:
                yield from self._table(element)
            elif element.tag not in _SKIPPED:
                yield from self.blocks(_chosen(element))
        self._depth -= 1

    def _paragraph(self, element: Element) -> Iterator[_Block]:
        properties = element.find(W + "pPr")
        style = self.styles.get(value(properties, "pStyle"), Style())
        inline = _Inline(self.styles)
        inline.add(element)
        text = self._carried + "".join(inline.pieces).strip("\n")
        self._carried = text if _mark_is_gone(properties) else ""
        if not self._carried and not style.name.startswith("toc "):
            label = self._label(properties, style)
            if text.strip():
                yield _Block(label + text, _level(properties, style), style.name == "title")
        yield from self._hanging(inline)

    def _hanging(self, inline: _Inline) -> Iterator[_Block]:
        for kind, name in inline.notes:
            if name in self.notes[kind]:
                yield from self.blocks(self.notes[kind][name])
        for box in inline.boxes:
            yield from self.blocks(box)

    def _label(self, properties: Element | None, style: Style) -> str:
        listing = None if properties is None else properties.find(W + "numPr")
        list_id, depth = value(listing, "numId"), value(listing, "ilvl")
        if list_id is not None:
            return self.numbering.label(list_id, number(depth))
        if style.list_id is None:
            return ""
        depth = depth or style.list_depth
        by_style = self.numbering.level_of_style(style.list_id, style.list_style)
        return self.numbering.label(style.list_id, by_style if depth is None else number(depth))

    def _table(self, table: Element) -> Iterator[_Block]:
        for row in _members(table, _ROW):
            cells = [list(self.blocks(cell)) for cell in _members(row, _CELL)]
            if len(cells) == 1:  # a frame around text, no table
                yield from cells[0]
            elif any(cells):
                yield _Block("\t".join("\n".join(block.text for block in cell) for cell in cells))


def _chosen(element: Element) -> Element:
    """Of two ways to write the same, take the one for new programs."""
    if element.tag != _ALTERNATIVES:
        return element
    choice = element.find(_MC + "Choice")
    return element if choice is None else choice


def _members(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, through wrappers; deleted rows are left out."""
    for element in parent:
        if element.tag == tag:
            properties = element.find(W + "trPr")
            if properties is None or properties.find(W + "del") is None:
                yield element
        elif element.tag not in _SKIPPED:
            yield from _members(element, tag)


def _mark_is_gone(properties: Element | None) -> bool:
    mark = None if properties is None else properties.find(W + "rPr")
    return mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)


def _level(properties: Element | None, style: Style) -> int | None:
    outline = value(properties, "outlineLvl") or style.outline
    level = _BODY_LEVEL if outline is None else number(outline)
    return level + 1 if level < _BODY_LEVEL else None
