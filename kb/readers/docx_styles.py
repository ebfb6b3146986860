"""Paragraph styles: what a paragraph inherits from its style and the styles that one is based on.

Traps: chains of styles may be loops. Each property is inherited on its own. A style's level in a list may stand only in the
list (`pStyle`), so the style that brought the list in must be known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.readers.docx_words import W, is_on, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_HEADING = re.compile(r"(?:heading|标题) ?([1-9])")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says, inherited properties included."""

    name: str = ""
    """Lower case: `heading 1`, `title`, `toc 2`."""
    outline: str | None = None
    """0 is the outermost, 9 is body text."""
    list_id: str | None = None
    list_style: str = ""
    """Id of the style that brought the list in."""
    list_depth: str | None = None
    is_hidden: bool = False


def styles_of(root: Element | None) -> dict[str | None, Style]:
    """Return the styles by id; None stands for the default paragraph style."""
    if root is None:
        return {}
    elements = {style.get(W + "styleId", ""): style for style in root.iterfind(W + "style")}
    styles: dict[str | None, Style] = {name: _style(name, elements) for name in elements}
    for name, element in elements.items():
        if element.get(W + "type") == "paragraph" and element.get(W + "default") in {"1", "true", "on"}:
            styles[None] = styles[name]
    return styles


def _style(name: str, elements: dict[str, Element]) -> Style:
    chain = list(_chain(name, elements))
    own_name = (value(chain[0][1], "name") or "").lower()
    heading = _HEADING.fullmatch(own_name)
    outline = str(int(heading[1]) - 1) if heading else None
    list_id, list_style, list_depth, is_hidden = None, "", None, False
    for style_id, element in reversed(chain):
        properties = element.find(W + "pPr")
        listing = None if properties is None else properties.find(W + "numPr")
        outline = value(properties, "outlineLvl") or outline
        list_depth = value(listing, "ilvl") or list_depth
        is_hidden = is_hidden or is_on(element.find(W + "rPr"), "vanish")
        if (own_list := value(listing, "numId")) is not None:
            list_id, list_style = own_list, style_id
    return Style(own_name, outline, list_id, list_style, list_depth, is_hidden)


def _chain(name: str | None, elements: dict[str, Element]) -> Iterator[tuple[str, Element]]:
    """Yield the style and those it is based on, nearest first."""
    seen: set[str] = set()
    while name in elements and name not in seen:
        seen.add(name)
        yield name, elements[name]
        name = value(elements[name], "basedOn")
