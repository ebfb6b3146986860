"""The contract between the program and what keeps and finds its passages.

An engine writes one generation at a time with a `Writer` and answers from it through a `Searcher`. What matches is defined
here, for every engine alike; which score a match gets is the engine's business within the rules on `Request`.

A passage matches
- `Phrase`: when its squeezed text has an occurrence of the literal (`kb.literal.pattern`);
- `Words`: when at least `Words.required` of the units occur in it (literally), its heading path or its title (as words), at
  least one of them in the passage itself, or, in a document's first passage, in the title;
- `Prefix`: when one of its words begins so;
- `Field`, `Years`: when its document's metadata says so;
- `And`, `Or`, `Not`, `Whole`: as their names say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from kb.documents import Document, Metadata
from kb.query import Query

Sort = Literal["relevance", "date", "-date"]
Group = Literal["document", "passage"]
FACETS = ("genre", "speaker", "org", "year")


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """What an engine indexes of a passage besides its place: its squeezed text, its words and those of its heading path."""

    squeezed: str
    fingerprint: int
    """A signed number of 64 bits, the same for passages whose squeezed text is the same."""
    words: Sequence[str]
    """Words and the words inside them, each as often as it stands there."""
    headings: Sequence[str]
    is_label: bool
    """It is a line that is no sentence (a title, a heading, a byline): the text around it is what a person wants to see."""


@dataclass(frozen=True, slots=True)
class TitleTerms:
    """What an engine indexes of a title: its words and its squeezed text."""

    words: Sequence[str]
    squeezed: str


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document with the terms of its passages, in order, and of its title."""

    document: Document
    passages: tuple[PassageTerms, ...]
    title: TitleTerms
    signature: bytes
    """What near-copies are recognised by (`kb.copies`); no engine needs it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrictions chosen beside the query: within a field any of the values, between fields all."""

    genre: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    org: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Request:
    """A search. Hits are ordered by score, or by the document's date (undated ones last), then score, then place.

    With relevance, passages that contain the entire string of a `Whole` come before those that do not.
    With `fold`, the first of several near-copies (by document) or of several passages that say the same (by passage) stands for
    the others, in this order and among those that pass the filters.
    """

    query: Query
    filters: Filters = NO_FILTERS
    sort: Sort = "relevance"
    group: Group = "document"
    fold: bool = False
    offset: int = 0
    limit: int = 10
    deadline: float | None = None
    """`time.monotonic()` at which to stop and answer with what has been found, marked partial."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage: its document, its number there and its score."""

    document_id: str
    number: int
    score: float
    more_in_document: int
    """Other matching passages of the document."""
    copies: int = 0
    """Other matching documents of its family that it stands for."""
    same_passages: int = 0
    """Other matching passages with the same squeezed text that it stands for."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer. Totals are exact unless partial; facets count documents, each as if its own filter were not set."""

    hits: tuple[Hit, ...]
    total_hits: int
    """Hits of all pages together."""
    total: int
    """Matching passages, folded or not."""
    total_documents: int
    facets: Mapping[str, Sequence[tuple[str, int]]]
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a generation holds."""

    documents: int
    passages: int
    characters: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a list shows it."""

    id: str
    path: str
    metadata: Metadata
    passages: int
    characters: int


class Writer(Protocol):
    """Writes one generation. Nothing is visible before `finish` has returned."""

    def add(self, analysed: Analysed) -> None:
        """Add a document whose id was not added before."""

    def finish(self, families: Mapping[str, str]) -> None:
        """Complete the generation; the writer is done.

        Args:
            families: id -> id of the first document of its family, for each document that has near-copies.
        """

    def discard(self) -> None:
        """Give up; what was written is worthless."""


class Searcher(Protocol):
    """Answers from one complete generation; safe for many threads."""

    def prepare(self) -> None:
        """Make what many searches share, now: before a server forks, so that its workers share it, too."""

    def search(self, request: Request) -> Found:
        """Find passages."""

    def count(self, request: Request) -> int:
        """Count the matching passages that `search` would find, without ranking or listing them."""

    def document(self, document_id: str) -> Document | None:
        """Return a document, None if there is none of that id."""

    def documents(self) -> Iterator[Listed]:
        """List all documents in the order in which they were added."""

    def copies(self, document_id: str) -> Sequence[Listed]:
        """List the other documents of a document's family in the order in which they were added."""

    def counts(self) -> Counts:
        """Say how much there is."""

    def vocabulary(self) -> Mapping[str, int]:
        """Return the words of the passages, of two characters and more, and how many passages have each.

        A walk through the whole dictionary: for who keeps the result.
        """

    def frequencies(self, grams: Iterable[str]) -> Sequence[int]:
        """Say for each character or pair of neighbours, folded, how many passages have it: hundreds at a time, cheaply."""

    def headings(self) -> Iterator[str]:
        """Give the titles of all sections, document by document: another walk through everything."""

    def close(self) -> None:
        """Let go of files and connections; a search under way may still finish."""


class Engine(Protocol):
    """Makes writers and searchers; holds nothing open itself."""

    name: str
    version: str
    """Changes when generations that were written before cannot be read any more."""

    def writer(self, folder: Path) -> Writer:
        """Begin a generation in an empty folder."""

    def searcher(self, folder: Path) -> Searcher:
        """Open a complete generation."""
