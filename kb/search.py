"""The way of a query: words -> engine -> highlighted passages, facets, suggestions. Page, API and terminal show this answer.

`Search` always answers from the generation that is in use: it looks at the pointer before each question and opens a new
generation beside the old one. A question under way keeps the generation with which it began.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote

from kb.analysis import Analyzer
from kb.documents import Document, Metadata
from kb.engines.base import Counts, Engine, Filters, Found, Group, Hit, Listed, Request, Searcher, Sort
from kb.errors import NoIndex, NotFound
from kb.generations import Generations
from kb.highlight import find_spans, render
from kb.literal import Span
from kb.query import Query, Whole, parse, sought_in
from kb.structure import heading_path

Fold = Literal["yes", "no"]
"""Whether near-copies and passages that say the same are shown as one."""

MOST_SUGGESTIONS = 5
NO_FILTERS = Filters()


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
class Suggestion:
    """Another query that finds something, and why it is offered."""

    text: str
    reason: str


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
    total_hits: int
    """Hits of all pages together: what is folded counts once."""


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document to be read, with the matches of a query in the whole text."""

    document: Document
    highlights: list[Span]
    generation: str
    copies: Sequence[Listed]


@dataclass(frozen=True, slots=True)
class _Live:
    generation: str
    searcher: Searcher


class Search:
    """Answers questions; safe for many threads."""

    def __init__(self, generations: Generations, engine: Engine, analyzer: Analyzer, deadline: float) -> None:
        """Prepare; nothing is opened before the first question or `open`.

        Args:
            generations: where the index lies.
            engine: reads it.
            analyzer: cuts queries as the index was cut.
            deadline: seconds that one search may take.
        """
        self._generations = generations
        self._engine = engine
        self._analyzer = analyzer
        self._deadline = deadline
        self._live: _Live | None = None
        self._opening = threading.Lock()

    def open(self) -> _Live:
        """Return the generation in use, opening it if it is new.

        Raises:
            NoIndex: there is none, or it was built by other rules.
        """
        name = self._generations.current()
        live = self._live
        if live is not None and live.generation == name:
            return live
        with self._opening:
            if self._live is None or self._live.generation != name:
                self._live = self._opened(name)
            return self._live

    def warm_up(self) -> None:
        """Load the dictionary and, if there is one, the generation in use: before a server forks."""
        self._analyzer.load()
        with suppress(NoIndex):
            self.open()

    def ask(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            BadRequest: the query cannot be used.
            NoIndex: there is nothing to search in.
        """
        began = time.monotonic()
        live = self.open()
        query = parse(question.text, self._analyzer)
        request = Request(
            query=query,
            filters=question.filters,
            sort=question.sort,
            group=question.group,
            fold=question.fold == "yes",
            offset=(question.page - 1) * question.per_page,
            limit=question.per_page,
            deadline=began + self._deadline,
        )
        found = live.searcher.search(request)
        return Answer(
            query=question.text,
            total=found.total,
            total_documents=found.total_documents,
            page=question.page,
            per_page=question.per_page,
            partial=found.partial,
            generation=live.generation,
            hits=list(_shown(live.searcher, query, found)),
            facets={field: [FacetValue(*pair) for pair in values] for field, values in found.facets.items()},
            suggestions=[] if found.total else list(self._suggestions(live.searcher, request, question)),
            total_hits=found.total_hits,
            took_ms=round((time.monotonic() - began) * 1000, 1),
        )

    def read(self, document_id: str, text: str = "") -> OpenDocument:
        """Open a document, marked with the matches of a query if one is given.

        Raises:
            NotFound: there is no such document.
        """
        live = self.open()
        document = live.searcher.document(document_id)
        if document is None:
            raise NotFound(f"没有编号为“{document_id}”的文档，它可能已被移走；请回到检索页重新查找。")
        highlights = _matches(document.text, parse(text, self._analyzer)) if text.strip() else []
        highlights = [span for span in highlights if not _in_advert(span, document)]
        return OpenDocument(document, highlights, live.generation, live.searcher.copies(document_id))

    def counts(self) -> Counts:
        """Say how much there is to search in.

        Raises:
            NoIndex: there is nothing.
        """
        return self.open().searcher.counts()

    def documents(self, filters: Filters = NO_FILTERS) -> list[Listed]:
        """List the documents that pass the filters, the latest first."""
        listed = [document for document in self.open().searcher.documents() if _passes(document.metadata, filters)]
        return sorted(listed, key=lambda document: document.metadata.date or "", reverse=True)

    def _opened(self, name: str) -> _Live:
        manifest = self._generations.manifest(name)
        built = (manifest.engine, manifest.engine_version, manifest.analyzer)
        if built != (self._engine.name, self._engine.version, self._analyzer.fingerprint):
            raise NoIndex("索引是用另一个版本的程序或词表建立的，请运行 kb rebuild 重建索引。")
        return _Live(name, self._engine.searcher(self._generations.folder(name)))

    def _suggestions(self, searcher: Searcher, request: Request, question: Question) -> Iterator[Suggestion]:
        """Offer what does find something when the query itself finds nothing."""
        relaxed = (
            [(question.text, replace(request, filters=NO_FILTERS), "去掉筛选条件")]
            if request.filters != NO_FILTERS
            else []
        )
        for text, reason in _looser(request.query, question.text):
            relaxed.append((text, replace(request, query=parse(text, self._analyzer)), reason))
        offered = 0
        for text, looser, reason in relaxed:
            total = searcher.search(replace(looser, offset=0, limit=0)).total
            if total and offered < MOST_SUGGESTIONS:
                offered += 1
                yield Suggestion(text, f"{reason}，有 {total} 段")


def document_url(document_id: str) -> str:
    """Return a document's address on the page."""
    return f"/documents/{quote(document_id)}"


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


def _shown(searcher: Searcher, query: Query, found: Found) -> Iterator[ShownPassage]:
    opened: dict[str, Document | None] = {}
    for hit in found.hits:
        if hit.document_id not in opened:
            opened[hit.document_id] = searcher.document(hit.document_id)
        document = opened[hit.document_id]
        if document is not None:
            yield _shown_passage(hit, document, _matches(_text(document, hit), query))


def _shown_passage(hit: Hit, document: Document, highlights: list[Span]) -> ShownPassage:
    passage = document.passages[hit.number - 1]
    text = _text(document, hit)
    first = passage.start + (highlights[0][0] if highlights else 0)
    return ShownPassage(
        id=passage.id,
        score=hit.score,
        text=text,
        highlights=highlights,
        html=render(text, highlights),
        headings=heading_path(document.sections, first),
        number=passage.number,
        start=passage.start,
        end=passage.end,
        page_number=passage.page_number,
        document=summary(document.id, document.metadata),
        url=f"{document_url(document.id)}#p{passage.number}",
        more_in_document=hit.more_in_document,
        copies=hit.copies,
        same_passages=hit.same_passages,
    )


def _matches(text: str, query: Query) -> list[Span]:
    """Find what to highlight; where the entire string stands, single characters of it elsewhere are only noise."""
    soughts = list(sought_in(query))
    if isinstance(query, Whole) and find_spans(text, [query.sought]):
        soughts = [query.sought, *(sought for sought in soughts if len(sought.typed) > 1)]
    return find_spans(text, soughts)


def _in_advert(span: Span, document: Document) -> bool:
    """Tell whether a match touches a site's advert, which no search finds."""
    return any(span[0] < advert.end and advert.start < span[1] for advert in document.boilerplate)


def _text(document: Document, hit: Hit) -> str:
    passage = document.passages[hit.number - 1]
    return document.text[passage.start : passage.end]


def _looser(query: Query, text: str) -> Iterator[tuple[str, str]]:
    """Give less demanding queries: without the quotes, then each word alone."""
    units = [sought.typed for sought in sought_in(query.child if isinstance(query, Whole) else query)]
    if '"' in text or "“" in text:
        plain = text.translate(dict.fromkeys(map(ord, '"“”')))
        yield plain, "不加引号检索"
    if len(units) > 1:
        for unit in dict.fromkeys(units):
            yield unit, f"只检索“{unit}”"


def _passes(metadata: Metadata, filters: Filters) -> bool:
    year = int(metadata.date[:4]) if metadata.date else None
    return (
        all(not chosen or getattr(metadata, field) in chosen for field, chosen in _chosen(filters))
        and (filters.first_year is None or (year is not None and year >= filters.first_year))
        and (filters.last_year is None or (year is not None and year <= filters.last_year))
    )


def _chosen(filters: Filters) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "genre", filters.genre
    yield "speaker", filters.speaker
    yield "org", filters.org
