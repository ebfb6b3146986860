"""A parsed query told back in one Chinese sentence, so that a person sees what was understood.

    党建 载体 标题:培训 年份:2019..2021 -通知   ->   按“党建”“载体”检索，标题含“培训”，2019–2021 年，不含“通知”。

Trap: a query holds folded, squeezed strings; shown is how they were typed (3-5, not 35), as far as that can be found again.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.analysis import Analyzer, Unit
from kb.highlight import as_typed
from kb.literal import Literal
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years
from kb.query_language import FIELD_LABELS, Parsed

_AS_WORDS = "检索式的写法没有看懂，或太复杂，已当作普通词："


def told(parsed: Parsed, analyzer: Analyzer) -> str:
    """Say how a query was understood, its synonyms written as the analyzer knows to write them."""
    return f"{_AS_WORDS if parsed.as_words else ''}{_Teller(parsed.text, analyzer).sentence(_bare(parsed.query))}。"


def is_plain(parsed: Parsed) -> bool:
    """Tell whether there is nothing to explain: words or one quoted string, each in the one form that was typed."""
    match _bare(parsed.query):
        case Words(units=units):
            return not parsed.as_words and all(_is_single(unit.sought) for unit in units)
        case Phrase(sought):
            return _is_single(sought)
        case _:
            return False


def _bare(query: Query) -> Query:
    return query.child if isinstance(query, Whole) else query


def _is_single(sought: Literal) -> bool:
    return all(len(forms) == 1 for forms in sought.segments)


class _Teller:
    """Tells the parts of one query in the words of the text that it was read from."""

    def __init__(self, text: str, analyzer: Analyzer) -> None:
        self._text = text
        self._analyzer = analyzer

    def sentence(self, query: Query) -> str:
        """Say what is searched for, then what restricts it."""
        parts = query.children if isinstance(query, And) else (query,)
        restricting = [part for part in parts if isinstance(part, Field | Years | Not)]
        searched = [part for part in parts if not isinstance(part, Field | Years | Not)]
        opening = f"按{self._all(searched)}检索" if searched else "列出全部段落"
        return "，".join([opening, *map(self._part, restricting)])

    def _all(self, parts: Sequence[Query]) -> str:
        return "和".join(
            self._bracketed(part) if isinstance(part, Or) and len(parts) > 1 else self._part(part) for part in parts
        )

    def _part(self, query: Query) -> str:
        match query:
            case Words(units=units):
                return "".join(map(self._unit, units))
            case Phrase(sought):
                return f"原文{self._quoted(sought)}{_numbers(sought)}"
            case Prefix(text):
                return f"以{self._quoted(Literal(((text,),)))}开头的词"
            case Field(name, sought):
                return f"{FIELD_LABELS[name]}含{self._quoted(sought)}"
            case Years():
                return _years(query)
            case And(children):
                return self._all(children)
            case Or(children):
                return "或".join(
                    self._bracketed(child) if isinstance(child, And) else self._part(child) for child in children
                )
            case Not(child):
                return self._excluded(child)
            case Whole(_, child):
                return self._part(child)

    def _excluded(self, query: Query) -> str:
        match query:
            case Phrase(sought):
                return f"不含{self._quoted(sought)}{_numbers(sought)}"
            case Words(units=units) if len(units) == 1:
                return f"不含{self._unit(units[0])}"
            case Field(name, sought):
                return f"{FIELD_LABELS[name]}不含{self._quoted(sought)}"
            case Years():
                return f"不要 {_years(query)}的"
            case Prefix():
                return f"不含{self._part(query)}"
            case _:
                return f"排除{self._bracketed(query)}"

    def _bracketed(self, query: Query) -> str:
        return f"（{self._part(query)}）"

    def _unit(self, unit: Unit) -> str:
        synonyms = "、".join(f"“{self._analyzer.written(word)}”" for word in unit.words[1:])
        return (
            f"{self._quoted(unit.sought)}（同{synonyms}）"
            if synonyms
            else f"{self._quoted(unit.sought)}{_numbers(unit.sought)}"
        )

    def _quoted(self, sought: Literal) -> str:
        return f"“{as_typed(sought, self._text)}”"


def _numbers(sought: Literal) -> str:
    return "" if _is_single(sought) else "（数字写法不限）"


def _years(years: Years) -> str:
    if years.first == years.last:
        return f"{years.first} 年"
    if years.first is None:
        return f"{years.last} 年及以前"
    if years.last is None:
        return f"{years.first} 年以来"
    return f"{years.first}–{years.last} 年"
