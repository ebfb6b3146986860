"""Ours: the searcher of the service, from the typed string to the page, totals exact.

It does more than its peers: a word is also found where no dictionary word begins, words rank together with characters, headings
and titles, synonyms and other forms of numbers count, facets are counted. Nothing of it is left out here.
"""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from pathlib import Path

from kb.engines.base import Filters, Found, Request
from kb.engines.whoosh import WhooshEngine
from kb.query_language import parse
from peers.base import ALL_FORMS, LIMIT, Answer, Asked, analyzer

_EVERYTHING = 10_000_000
TYPED = {"words": "{}", "phrase": '"{}"', "prefix": "{}*"}


class Wenyuan:
    """Implements `peers.base.Peer`; its index is built from the library, by `kb rebuild`'s code."""

    label = "文渊"
    forms = ALL_FORMS
    does = "读取、分析、写入、核对"

    def open(self, folder: Path) -> OpenedWenyuan:
        """Open a generation."""
        analyzer()
        return OpenedWenyuan(folder)


class OpenedWenyuan:
    """Implements `peers.base.Opened`."""

    def __init__(self, folder: Path) -> None:
        self._searcher = WhooshEngine().searcher(folder)

    def prepare(self) -> None:
        """Make ready as the service does before it takes questions."""
        self._searcher.prepare()

    def ask(self, asked: Asked) -> Answer:
        """Find the page and the exact total."""
        found = self._found(asked, LIMIT)
        return Answer(found.total, self._numbers(found))

    def matching(self, asked: Asked) -> set[int]:
        """Find all passages that match."""
        return set(self._numbers(self._found(asked, _EVERYTHING)))

    def _found(self, asked: Asked, limit: int) -> Found:
        first_year, last_year = asked.years or (None, None)
        return self._searcher.search(
            Request(
                query=parse(TYPED[asked.form].format(asked.text), analyzer()),
                filters=Filters(first_year=first_year, last_year=last_year),
                sort="-date" if asked.by_date else "relevance",
                group="passage",
                offset=asked.offset,
                limit=limit,
            )
        )

    def _numbers(self, found: Found) -> list[int]:
        return [self._first[hit.document_id] + hit.number - 1 for hit in found.hits]

    @cached_property
    def _first(self) -> dict[str, int]:
        """For each document the number of its first passage."""
        listed = list(self._searcher.documents())
        firsts = accumulate((document.passages for document in listed), initial=0)
        return {document.id: first for document, first in zip(listed, firsts, strict=False)}
