"""Ways out of an empty result: the parts of the query, how often each occurs, and less demanding queries.

Nothing is promised here that was not counted: the caller asks each looser query before it offers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.engines.base import Filters, Listed, Request, Searcher
from kb.literal import Literal
from kb.query import And, Field, Or, Phrase, Prefix, Query, Whole, Words, Years, sought_in

MOST_PARTS = 12
_FIELDS = {"title": "标题", "speaker": "讲话人", "org": "单位", "genre": "体裁"}
_QUOTES = '"“”„‟＂'


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query and how many passages have it, whatever the filters."""

    text: str
    passages: int


def parts(query: Query, searcher: Searcher, deadline: float | None) -> list[Part]:
    """Say how the query was cut, and count each part once."""
    leaves = dict(_leaves(query))
    return [
        Part(text, searcher.search(Request(leaf, limit=0, deadline=deadline)).total)
        for text, leaf in list(leaves.items())[:MOST_PARTS]
    ]


def looser(query: Query, text: str, found: Iterable[Part]) -> Iterator[tuple[str, str]]:
    """Give less demanding queries and why: without the quotes, without what occurs nowhere, each word alone, the rarest first."""
    plain = text.translate(dict.fromkeys(map(ord, _QUOTES)))
    if plain != text:
        yield plain, "不加引号检索"
    passages = {part.text: part.passages for part in found}
    units = list(dict.fromkeys(sought.typed for sought in sought_in(query.child if isinstance(query, Whole) else query)))
    there = [unit for unit in units if passages.get(unit, 1)]
    absent = [unit for unit in units if unit not in there]
    if absent and len(there) > 1:
        yield " ".join(there), f"去掉没有的{'、'.join(f'“{unit}”' for unit in absent)}"
    if len(units) > 1:
        for unit in sorted(there, key=lambda unit: passages.get(unit, 0)):
            yield unit, f"只检索“{unit}”"


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


def _leaves(query: Query) -> Iterator[tuple[str, Query]]:
    """Give the parts that a passage should have, each as it is shown and as it is asked."""
    match query:
        case Whole(_, child):
            yield from _leaves(child)
        case Words(units):
            for unit in units:
                yield unit.sought.typed, Phrase(unit.sought)
        case Phrase(sought):
            yield _quoted(sought), query
        case Prefix(text):
            yield f"{text}*", query
        case Field(name, sought):
            yield f"{_FIELDS[name]}:{sought.typed}", query
        case Years(first, last):
            yield f"年份:{first or ''}..{last or ''}" if first != last else f"年份:{first}", query
        case And(children) | Or(children):
            for child in children:
                yield from _leaves(child)
        case _:
            return


def _quoted(sought: Literal) -> str:
    return f"“{sought.typed}”"
