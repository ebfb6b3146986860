"""What is asked and what is answered: the values that page, API and terminal share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from kb.documents import Document, Metadata
from kb.engines.base import NO_FILTERS, Filters, Group, Listed, Sort
from kb.literal import Span
from kb.suggest.completion import Completion
from kb.suggest.offers import Suggestion
from kb.suggest.relaxing import Part

Fold = Literal["yes", "no"]
"""Whether near-copies and passages that say the same are shown as one."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; checked by the entry point that took it."""

    text: str
    filters: Filters = NO_FILTERS
    sort: Sort = "relevance"
    group: Group = "document"
    fold: Fold = "yes"
    page: int = 1
    per_page: int = 10


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document as a hit names it."""

    id: str
    title: str
    speaker: str | None
    org: str | None
    date: str | None
    genre: str | None
    url: str


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A hit: exact text, where the matches stand in it (code points), and its place in the document."""

    id: str
    score: float
    text: str
    highlights: list[Span]
    html: str
    headings: tuple[str, ...]
    """The path to the first match: one passage may reach over several points."""
    number: int
    start: int
    end: int
    page_number: int | None
    document: DocumentSummary
    url: str
    more_in_document: int
    copies: int
    """Near-copies of the document that match as well and are not shown (同稿)."""
    same_passages: int
    """Passages that say the same, match as well and are not shown."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a field and the number of matching documents that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The members of the API's answer, in its order."""

    query: str
    total: int
    total_documents: int
    page: int
    per_page: int
    took_ms: float
    partial: bool
    generation: str
    hits: list[ShownPassage]
    facets: dict[str, list[FacetValue]]
    suggestions: list[Suggestion]
    """What may have been meant, then, if nothing was found, what is less demanding."""
    parts: list[Part]
    """If nothing was found: how the query was cut, and how many passages have each part."""
    related: list[str]
    """Words that the hits of the first page have unusually often."""
    understood: str
    """How the query was read, as a sentence."""
    plain: bool
    """The query is nothing but words or one quoted string, so there is no need to say how it was read."""
    total_hits: int
    """Hits of all pages together: what is folded counts once."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What a query that is being typed may become."""

    query: str
    generation: str
    completions: list[Completion]


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document to be read, with the matches of a query in the whole text."""

    document: Document
    highlights: list[Span]
    generation: str
    copies: Sequence[Listed]


def document_url(document_id: str) -> str:
    """Return a document's address on the page."""
    return f"/documents/{quote(document_id)}"


def passage_url(document_id: str, number: int) -> str:
    """Return a passage's address in the reading view."""
    return f"{document_url(document_id)}#p{number}"


def summary(document_id: str, metadata: Metadata) -> DocumentSummary:
    """Return what names a document."""
    return DocumentSummary(
        id=document_id,
        title=metadata.title,
        speaker=metadata.speaker,
        org=metadata.org,
        date=metadata.date,
        genre=metadata.genre,
        url=document_url(document_id),
    )
