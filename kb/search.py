"""The way of a query: words -> engine -> highlighted passages, facets, suggestions. Page, API and terminal show this answer.

`Search` always answers from the generation that is in use: it looks at the pointer before each question and opens a new
generation beside the old one. A question under way keeps the generation with which it began.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain

from kb.analysis import Analyzer
from kb.answers import (
    Answer,
    Completed,
    FacetValue,
    OpenDocument,
    Question,
    ShownPassage,
    passage_url,
    summary,
)
from kb.documents import Document, Metadata
from kb.engines.base import NO_FILTERS, Counts, Engine, Filters, Found, Hit, Listed, Request, Searcher
from kb.errors import NoIndex, NotFound
from kb.generations import Generations
from kb.highlight import find_each, merge, render
from kb.literal import Span
from kb.query import Query, Whole, sought_in
from kb.query_language import check, parse, understand
from kb.query_text import is_plain, told
from kb.structure import heading_path
from kb.suggest.offers import Asked, Offers
from kb.suggest.relaxing import parts
from kb.suggest.suggester import Suggester
from kb.terms import Terms, kept
from kb.trace import Trace, trace

MOST_RELATED = 6
MOST_COMPLETIONS = 8

_OTHER_RULES = "索引是用另一个版本的程序建立的，请运行 kb rebuild 重建索引。"


@dataclass(frozen=True, slots=True)
class _Live:
    generation: str
    searcher: Searcher
    analyzer: Analyzer
    """Cuts queries as this generation was cut: with the user's terms that it was built with."""
    suggester: Suggester
    offers: Offers


class Search:
    """Answers questions; safe for many threads."""

    def __init__(self, generations: Generations, engine: Engine, analyzer: Analyzer, deadline: float) -> None:
        """Prepare; nothing is opened before the first question or `open`.

        Args:
            generations: where the index lies.
            engine: reads it.
            analyzer: used for generations that were built with its terms; for others one is made.
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
        """Load the dictionary and, if there is one, the generation in use, with what corrects queries to it."""
        try:
            self.open().suggester.prepare_corrections()
        except NoIndex:
            self._analyzer.load()

    def prepare(self) -> None:
        """Make all that questions share: here, before a server forks, and aside whenever a new generation is opened."""
        with suppress(NoIndex):
            live = self.open()
            live.searcher.prepare()
            live.suggester.prepare()

    def ask(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            BadRequest: the query cannot be used.
            NoIndex: there is nothing to search in.
        """
        live = self.open()
        began = time.monotonic()  # opening a new generation is not the question's time
        parsed = understand(question.text, live.analyzer)
        query = parsed.query
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
        hits = list(_shown(live.searcher, query, found))
        texts = [hit.text for hit in hits]
        cut = None if found.total else parts(parsed, live.searcher, live.analyzer, request.deadline)
        return Answer(
            query=question.text,
            total=found.total,
            total_documents=found.total_documents,
            page=question.page,
            per_page=question.per_page,
            partial=found.partial,
            generation=live.generation,
            hits=hits,
            facets={field: [FacetValue(*pair) for pair in values] for field, values in found.facets.items()},
            suggestions=[] if found.partial else live.offers.suggestions(Asked(question.text, request, texts, cut)),
            parts=cut or [],
            related=[] if request.offset else live.suggester.related(texts, question.text, MOST_RELATED),
            understood=told(parsed, live.analyzer),
            plain=is_plain(parsed),
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
        highlights = _matches(document.text, parse(text, live.analyzer)) if text.strip() else []
        highlights = [span for span in highlights if not _in_advert(span, document)]
        return OpenDocument(document, highlights, live.generation, live.searcher.copies(document_id))

    def trace(self, text: str) -> Trace:
        """Find out where a text comes from.

        Raises:
            BadRequest: the text cannot be used.
            NoIndex: there is nothing to search in.
        """
        live = self.open()
        began = time.monotonic()
        traced = trace(text, live.searcher)
        return replace(traced, generation=live.generation, took_ms=round((time.monotonic() - began) * 1000, 1))

    def complete(self, text: str) -> Completed:
        """Say what a query that is being typed may become.

        Raises:
            BadRequest: nothing is typed, or too much.
            NoIndex: there is nothing to search in.
        """
        check(text)
        live = self.open()
        return Completed(text, live.generation, live.suggester.complete(text, MOST_COMPLETIONS))

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
        folder = self._generations.folder(name)
        if (manifest.engine, manifest.engine_version) != (self._engine.name, self._engine.version):
            raise NoIndex(_OTHER_RULES)
        analyzer = self._analyzer_with(kept(folder))
        if manifest.analyzer != analyzer.fingerprint:
            raise NoIndex(_OTHER_RULES)
        analyzer.load()
        searcher = self._engine.searcher(folder)
        suggester = Suggester(searcher, analyzer)
        if self._live is not None and self._live.suggester.is_prepared:
            suggester.prepare_aside()
        return _Live(name, searcher, analyzer, suggester, Offers(searcher, analyzer, suggester))

    def _analyzer_with(self, terms: Terms) -> Analyzer:
        """Return the analyzer for a generation's terms, a loaded one if there is one."""
        known = [self._analyzer, *([self._live.analyzer] if self._live else [])]
        return next((analyzer for analyzer in known if analyzer.own_terms == terms), None) or Analyzer(terms)


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
        url=passage_url(document.id, passage.number),
        more_in_document=hit.more_in_document,
        copies=hit.copies,
        same_passages=hit.same_passages,
    )


def _matches(text: str, query: Query) -> list[Span]:
    """Find what to highlight; where the entire string stands, single characters of it elsewhere are only noise."""
    soughts = list(sought_in(query))
    first, *others = find_each(text, soughts) if soughts else [[]]
    if isinstance(query, Whole) and first:
        others = [spans for sought, spans in zip(soughts[1:], others, strict=True) if len(sought.typed) > 1]
    return merge(chain(first, *others))


def _in_advert(span: Span, document: Document) -> bool:
    """Tell whether a match touches a site's advert, which no search finds."""
    return any(span[0] < advert.end and advert.start < span[1] for advert in document.boilerplate)


def _text(document: Document, hit: Hit) -> str:
    passage = document.passages[hit.number - 1]
    return document.text[passage.start : passage.end]


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
