"""Ways out of an empty result: the parts of the query, how often each occurs, and less demanding queries.

Nothing is promised here that was not counted: the caller asks each looser query before it offers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.analysis import Analyzer, Unit
from kb.engines.base import Filters, Listed, Request, Searcher
from kb.highlight import as_typed
from kb.literal import Literal
from kb.query import And, Field, Or, Phrase, Prefix, Query, Whole, Words, Years
from kb.query_language import FIELD_LABELS, Parsed, parse

MOST_PARTS = 12
_QUOTES = '"“”„‟＂'


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query and how many passages have it, whatever the filters."""

    text: str
    passages: int

    @property
    def is_word(self) -> bool:
        """Tell whether it is a plain word: one in quotes, a field, a prefix is marked as such."""
        return self.text.isalnum()


def parts(parsed: Parsed, searcher: Searcher, analyzer: Analyzer, deadline: float | None) -> list[Part]:
    """Say how the query was cut, a quotation as a whole and in its words, and count each part once."""
    leaves = dict(_Cutter(parsed.text, analyzer).leaves(parsed.query))
    return [
        Part(text, searcher.count(Request(leaf, deadline=deadline))) for text, leaf in list(leaves.items())[:MOST_PARTS]
    ]


def looser(text: str, found: Iterable[Part]) -> Iterator[tuple[str, str]]:
    """Give less demanding queries and why: without the quotes, without what occurs nowhere, each word alone."""
    plain = text.translate(dict.fromkeys(map(ord, _QUOTES)))
    if plain != text:
        yield plain, "不加引号检索"
    passages = {part.text: part.passages for part in found if part.is_word}
    there = [word for word in passages if passages[word]]
    absent = [word for word in passages if not passages[word]]
    if absent and len(there) > 1:
        yield " ".join(there), f"去掉没有的{'、'.join(f'“{word}”' for word in absent)}"
    if len(passages) > 1:
        for word in there:
            yield word, f"只检索“{word}”"


def unknown_values(filters: Filters, listed: Iterable[Listed]) -> str:
    """Name the chosen values that no document has, as the beginning of a sentence; empty if there are none.

    Example:
        没有“诗歌”这种体裁，
    """
    known = [document.metadata for document in listed]
    chosen = (("genre", "这种体裁"), ("speaker", "这位讲话人"), ("org", "这个单位"))
    unknown = [
        f"没有“{value[:20]}”{kind}，"
        for field, kind in chosen
        for value in getattr(filters, field)
        if all(getattr(metadata, field) != value for metadata in known)
    ]
    years = [int(metadata.date[:4]) for metadata in known if metadata.date]
    first, last = filters.first_year, filters.last_year
    if (first or last) and not any((first or year) <= year <= (last or year) for year in years):
        unknown.append("没有这些年份的文档，")
    return "".join(unknown)


class _Cutter:
    """Gives the parts of one query, each as it is shown and as it is asked; only words are not marked somehow."""

    def __init__(self, text: str, analyzer: Analyzer) -> None:
        self._text = text
        self._analyzer = analyzer

    def leaves(self, query: Query) -> Iterator[tuple[str, Query]]:
        """Give the parts that a passage should have; what is excluded is no part."""
        match query:
            case Whole(_, child):
                yield from self.leaves(child)
            case Words(units):
                yield from self._words(units)
            case Phrase(sought):
                yield f"“{self._shown(sought)}”", query
                yield from self._words(self._analyzer.units(sought.typed))
            case And(children) | Or(children):
                for child in children:
                    yield from self.leaves(child)
            case Prefix(text):
                yield f"{self._shown(Literal(((text,),)))}*", query
            case Field(name, sought):
                yield f"{FIELD_LABELS[name]}:{self._shown(sought)}", query
            case Years(first, last):
                years = f"{first}" if first == last else f"{first or ''}..{last or ''}"
                yield f"{FIELD_LABELS['year']}:{years}", query

    def _words(self, units: Iterable[Unit]) -> Iterator[tuple[str, Query]]:
        """Give each word as a query of its own: what is counted for it is what a click on it finds."""
        for unit in units:
            shown = self._shown(unit.sought)
            if not shown.isalnum():  # the same characters stand divided elsewhere in the query
                shown = self._analyzer.written(unit.sought.typed)
            yield shown, parse(shown, self._analyzer)

    def _shown(self, sought: Literal) -> str:
        return as_typed(sought, self._text)
