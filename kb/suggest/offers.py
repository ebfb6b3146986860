"""Other queries worth a click: what may have been meant, then, when nothing was found, what is less demanding.

Every offer was asked before it is made: it finds something, and its reason says how much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.analysis import Analyzer
from kb.engines.base import NO_FILTERS, Request, Searcher
from kb.highlight import find_spans
from kb.literal import literal
from kb.query_language import parse
from kb.suggest.relaxing import Part, looser, unknown_values
from kb.suggest.suggester import Suggester

MOST_SUGGESTIONS = 5
TIME_TO_CORRECT = 0.3
"""Seconds that looking for a misspelling may take, beside the search's own deadline."""
CERTAIN = 3
"""A string that so many of the shown passages contain is not misspelt …"""
ACCIDENT = 2
"""… unless it has only so many characters, which stand side by side across words, too: 方发 in 地方发展."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another query that finds something, and why it is offered."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that was answered: as typed, as asked, the passages shown, and its parts if nothing was found."""

    text: str
    request: Request
    shown: Sequence[str]
    parts: Sequence[Part] | None


class Offers:
    """Makes suggestions over one generation."""

    def __init__(self, searcher: Searcher, analyzer: Analyzer, suggester: Suggester) -> None:
        self._searcher = searcher
        self._analyzer = analyzer
        self._suggester = suggester

    def suggestions(self, asked: Asked) -> list[Suggestion]:
        """Return at most `MOST_SUGGESTIONS`, each another query."""
        found: dict[str, Suggestion] = {}
        for text, request, reason in self._offers(asked):
            if text in found:
                continue
            total = self._searcher.count(request)
            if total:
                found[text] = Suggestion(text, f"{reason}，有 {total} 段")
            if len(found) == MOST_SUGGESTIONS:
                break
        return list(found.values())

    def _offers(self, asked: Asked) -> Iterator[tuple[str, Request, str]]:
        request = asked.request
        if corrected := self._corrected(asked):
            yield corrected, replace(request, query=parse(corrected, self._analyzer)), "可能是想找这个"
        if asked.parts is None:
            return
        if request.filters != NO_FILTERS:
            unknown = unknown_values(request.filters, self._searcher.documents())
            yield asked.text, replace(request, filters=NO_FILTERS), f"{unknown}去掉筛选条件"
        for text, reason in looser(asked.text, asked.parts):
            yield text, replace(request, query=parse(text, self._analyzer)), reason

    def _corrected(self, asked: Asked) -> str | None:
        """Correct the query on its first page, unless what was found shows that it is right as it is."""
        if asked.request.offset:
            return None
        whole = literal(asked.text)
        certain = asked.shown[:CERTAIN]
        if (
            whole
            and len(whole.typed) > ACCIDENT
            and len(certain) == CERTAIN
            and all(find_spans(text, [whole]) for text in certain)
        ):
            return None
        return self._suggester.correct(asked.text, TIME_TO_CORRECT)
