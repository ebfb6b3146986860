"""Stock Whoosh 2.7.4 with jieba's own `ChineseAnalyzer`: what its manual and jieba's show.

Words are joined by OR and ranked by BM25F; the exact total is `len(results)`.

Traps:
- `ChineseAnalyzer` gives a word the number of its first character as position: words that are neighbours are as far apart as the
  first one is long, and a phrase with the usual slop of 1 finds nothing. The slop here is the longest word's length.
- It cuts with overlaps for the index; a phrase is asked by the words without overlap, in order, or its order could not hold.
"""

from __future__ import annotations

from pathlib import Path

import jieba
from jieba.analyse import ChineseAnalyzer
from whoosh.fields import NUMERIC, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.query import NumericRange, Or, Phrase, Prefix, Query, Term
from whoosh.searching import Results

from peers.base import ALL_FORMS, LIMIT, Answer, Asked, Ready, read_rows

_MEGABYTES = 512


class StockWhoosh:
    """Implements `peers.base.Peer`."""

    label = "Whoosh + ChineseAnalyzer"
    forms = ALL_FORMS
    does = "切词、写入"

    def index(self, rows: Path, folder: Path) -> None:
        """Index all passages, each cut by the analyzer."""
        jieba.setLogLevel("ERROR")
        writer = create_in(str(folder), _schema()).writer(limitmb=_MEGABYTES)
        for row in read_rows(rows):
            writer.add_document(number=row.number, day=row.day, year=row.year, text=row.text)
        writer.commit()

    def open(self, folder: Path) -> OpenedWhoosh:
        """Open what was indexed."""
        return OpenedWhoosh(folder)


class OpenedWhoosh(Ready):
    """Implements `peers.base.Opened`."""

    def __init__(self, folder: Path) -> None:
        jieba.setLogLevel("ERROR")
        self._searcher = open_dir(str(folder)).searcher()

    def ask(self, asked: Asked) -> Answer:
        """Find the page and the exact total."""
        found = self._search(asked, asked.offset + LIMIT)
        return Answer(len(found), [hit["number"] for hit in found[asked.offset :]])

    def matching(self, asked: Asked) -> set[int]:
        """Find all passages that match."""
        return {hit["number"] for hit in self._search(asked, None)}

    def _search(self, asked: Asked, limit: int | None) -> Results:
        years = NumericRange("year", *asked.years) if asked.years else None
        order = {"sortedby": "day", "reverse": True} if asked.by_date else {}
        return self._searcher.search(self._query(asked), limit=limit, filter=years, **order)

    def _query(self, asked: Asked) -> Query:
        match asked.form:
            case "phrase":
                return self._phrase(jieba.lcut(asked.text))
            case "prefix":
                return Prefix("text", asked.text)
            case _:
                words = [Term("text", word) for word in asked.text.split()]
                return Or(words) if len(words) > 1 else words[0]

    def _phrase(self, words: list[str]) -> Query:
        return Phrase("text", words, slop=max(map(len, words))) if len(words) > 1 else Term("text", words[0])


def _schema() -> Schema:
    return Schema(
        number=NUMERIC(stored=True),
        day=NUMERIC(sortable=True),
        year=NUMERIC(sortable=True),
        text=TEXT(analyzer=ChineseAnalyzer(), stored=True),
    )
