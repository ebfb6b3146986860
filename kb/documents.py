"""What travels through the program: frozen values without behaviour.

A reader turns a file into `Reading`s. Structure and metadata turn a `Reading` into a `Document`: one canonical text T and
spans over it. All offsets are code points into T, `start` included, `end` excluded. After reading, no character of T is ever
removed or changed; adverts are marked as spans, not cut out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading that the file format itself declares (`#` in Markdown, an outline level in Word, `<h2>` in HTML)."""

    start: int
    end: int
    level: int
    """1 is the outermost."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One document as a reader found it: canonical text and what the format says about it, nothing guessed."""

    path: str
    """Its name in the library, POSIX style; a record of a .jsonl file is `file.jsonl#id`."""
    text: str
    marks: tuple[Mark, ...] = ()
    pages: tuple[int, ...] = ()
    """Where each page starts in the text; empty where the format has no pages."""
    record_id: str | None = None
    """The id that a .jsonl record brings with it."""
    title: str | None = None
    speaker: str | None = None
    org: str | None = None
    date: str | None = None
    genre: str | None = None
    source: str | None = None
    """Where the text came from (an address or a publication), if the file says so."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or record that was not indexed, with the reason and the cure as one Chinese sentence."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading or an inline point (一是…) and the extent of text that it governs."""

    kind: Literal["heading", "point"]
    level: int
    """Depth in the outline, 1 is the outermost; a point is one deeper than what it stands in."""
    title: str
    """With its number: 二、培训的目的."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A run of T that is not the document's own: a site's advert, a download notice."""

    start: int
    end: int
    rule: str
    """Why it was marked: `cue`, `between`, …"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of T inside one paragraph: what a search finds."""

    id: str
    """The document's id and a hash of the folded text: survives a rebuild as long as the text stands."""
    number: int
    """Order in the document, from 1: the `#pN` of links."""
    start: int
    end: int
    headings: tuple[str, ...]
    """Titles of the sections that hold its first character, outermost first."""
    page_number: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document besides its text; None where nothing was given or found."""

    title: str
    speaker: str | None = None
    org: str | None = None
    date: str | None = None
    """ISO 8601, as precise as known: 2021, 2021-03 or 2021-03-05."""
    genre: str | None = None
    occasion: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is indexed and shown."""

    id: str
    path: str
    metadata: Metadata
    text: str
    sections: tuple[Section, ...] = ()
    """Sorted by start; extents are nested or disjoint."""
    boilerplate: tuple[Boilerplate, ...] = ()
    """Sorted and disjoint."""
    passages: tuple[Passage, ...] = ()
    """Sorted; together they cover every letter, digit and Han character outside the boilerplate."""
