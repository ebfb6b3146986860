"""The few words of WordprocessingML that every part of the reader needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_MAX_NUMBER = 10**6


def value(parent: Element | None, tag: str) -> str | None:
    """Return `<w:tag w:val="…">` below `parent`, None if there is none."""
    child = None if parent is None else parent.find(W + tag)
    return None if child is None else child.get(W + "val")


def is_on(parent: Element | None, tag: str) -> bool:
    """Tell whether a switch is there and not turned off again."""
    child = None if parent is None else parent.find(W + tag)
    return child is not None and child.get(W + "val", "true") not in {"0", "false", "off"}


def number(text: str | None) -> int:
    """Read a count; what is missing, broken or absurd counts as 0."""
    return int(text) if text and text.isdecimal() and len(text) < len(str(_MAX_NUMBER)) else 0
