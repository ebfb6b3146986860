"""What a trace says: frozen values, offsets in code points of the whole texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.documents import Metadata
from kb.trace.alignment import Kind

Status = Literal["verbatim", "altered", "missing", "unchecked"]


@dataclass(frozen=True, slots=True)
class Place:
    """A passage of a document."""

    document_id: str
    metadata: Metadata
    number: int


@dataclass(frozen=True, slots=True)
class Extract:
    """A run of a document's text, and the passage in which it begins."""

    place: Place
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of the pasted text beside a run of the document's, as offsets into the two whole texts.

    `inserted` stands only in the pasted text, `deleted` only in the document; the runs tell the sentence in order, equal ones
    included, and leave out the punctuation between them, which does not count.
    """

    kind: Kind
    start: int
    end: int
    source_start: int
    source_end: int
    source_text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the pasted text and where it was found."""

    start: int
    end: int
    text: str
    status: Status
    similarity: float
    documents: int
    """Documents that have it."""
    source: Extract | None
    earliest: Place | None
    """Its earliest dated occurrence."""
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A document and how much of the text it explains."""

    place: Place
    """Where the first explained sentence stands."""
    share: float
    """Of all characters, those that stand in the document, 0 to 1."""
    verbatim_share: float
    """Those of the sentences that stand in it unaltered."""
    sentences: int


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a text comes from; the best source first."""

    characters: int
    sources: tuple[Source, ...]
    sentences: tuple[Sentence, ...]
    partial: bool
    """Time ran out: some sentences are `unchecked`, some sources may be lacking."""
    took_ms: float = 0.0
    generation: str = ""
