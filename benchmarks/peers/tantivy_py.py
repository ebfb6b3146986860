"""tantivy-py: over the tokens of our index, and, for strings as they stand, over single characters.

The index is written with tantivy's default threads and searched by one. A page is the numbers of its passages, read from a fast
field; the total is tantivy's own exact count. Words are joined by OR and ranked by BM25.

Traps:
- The tokenizer for n-grams gives all grams of a text the same position: no phrase is found. Characters are therefore separated by
  spaces, as words are.
- A text field cannot be stored without being indexed; the passage's text lies in a field of bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

from tantivy import Document, FieldType, Index, Occur, Query, Schema, SchemaBuilder, SearchResult

from kb.analysis import Analyzer
from peers.base import ALL_FORMS, LIMIT, PHRASES, Answer, Asked, Ready, Row, analyzer, read_rows

HEAP_BYTES = 256_000_000
_count_of = attrgetter("count")


class TantivyWords:
    """Implements `peers.base.Peer` over the tokens of our index."""

    label = "tantivy-py"
    forms = ALL_FORMS
    does = "写入（词已切好）"

    def index(self, rows: Path, folder: Path) -> None:
        """Index all passages."""
        _index(rows, folder, characters=False)

    def open(self, folder: Path) -> OpenedTantivy:
        """Open what was indexed."""
        return OpenedTantivy(folder, analyzer())


class TantivyCharacters:
    """Implements `peers.base.Peer` over single characters with their positions."""

    label = "tantivy-py 单字"
    forms = PHRASES
    does = "写入（逐字）"

    def index(self, rows: Path, folder: Path) -> None:
        """Index all passages."""
        _index(rows, folder, characters=True)

    def open(self, folder: Path) -> OpenedTantivy:
        """Open what was indexed."""
        return OpenedTantivy(folder, None)


class OpenedTantivy(Ready):
    """Implements `peers.base.Opened`; without a cutter a phrase is cut into characters."""

    def __init__(self, folder: Path, cutter: Analyzer | None) -> None:
        index = Index.open(str(folder))
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()
        self._cutter = cutter

    def ask(self, asked: Asked) -> Answer:
        """Find the page and the exact total."""
        found = self._search(asked, LIMIT)
        return Answer(total(found), self._numbers(found))

    def matching(self, asked: Asked) -> set[int]:
        """Find all passages that match."""
        return set(self._numbers(self._search(asked, max(1, self._searcher.num_docs))))

    def _search(self, asked: Asked, limit: int) -> SearchResult:
        query = self._query(asked)
        if asked.by_date:
            return self._searcher.search(query, limit, count=True, order_by_field="day", offset=asked.offset)
        return self._searcher.search(query, limit, count=True, offset=asked.offset)

    def _numbers(self, found: SearchResult) -> list[int]:
        addresses = [address for _, address in found.hits]
        return [int(number or 0) for number in self._searcher.fast_field_values("number", addresses)]

    def _query(self, asked: Asked) -> Query:
        query = self._matching(asked)
        if asked.years is None:
            return query
        first, last = asked.years
        years = Query.range_query(self._schema, "year", FieldType.Unsigned, first, last)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(years, 0.0))])

    def _matching(self, asked: Asked) -> Query:
        match asked.form:
            case "phrase":
                terms = self._cut(asked.text)
                return Query.phrase_query(self._schema, "terms", [*terms]) if len(terms) > 1 else self._any(terms)
            case "prefix":
                return Query.regex_query(self._schema, "terms", re.escape(asked.text) + ".*")
            case _:
                return self._any(asked.text.split())

    def _any(self, terms: Sequence[str]) -> Query:
        queries = [Query.term_query(self._schema, "terms", term) for term in terms]
        return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])

    def _cut(self, text: str) -> Sequence[str]:
        return [token.text for token in self._cutter.tokens(text)] if self._cutter else text


def total(found: SearchResult) -> int:
    """Return the exact number of matches; the library's stub does not know it."""
    count: int = _count_of(found)
    return count


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="position")
    builder.add_unsigned_field("number", fast=True)
    builder.add_unsigned_field("day", fast=True)
    builder.add_unsigned_field("year", indexed=True, fast=True)
    builder.add_bytes_field("text", stored=True)
    return builder.build()


def _index(rows: Path, folder: Path, *, characters: bool) -> None:
    writer = Index(_schema(), str(folder)).writer(HEAP_BYTES)
    for row in read_rows(rows):
        writer.add_document(_document(row, " ".join(row.text) if characters else row.tokens))
    writer.commit()
    writer.wait_merging_threads()


def _document(row: Row, terms: str) -> Document:
    document = Document()
    document.add_text("terms", terms)
    document.add_unsigned("number", row.number)
    document.add_unsigned("day", row.day)
    document.add_unsigned("year", row.year)
    document.add_bytes("text", row.text.encode())
    return document
