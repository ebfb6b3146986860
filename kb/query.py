"""What was asked: small frozen values that every engine understands, and the reader of the query language.

    党建 载体            words: a passage should contain them, best coverage first
    "党建工作的载体"      the string as it stands
    -词   甲 OR 乙   甲 | 乙   (…)   词*
    标题:培训  讲话人:王  单位:市委  体裁:党课  年份:2019..2021      (title: speaker: org: genre: year:)

Full-width punctuation works as half-width. What cannot be parsed is searched as plain words: a typing person never sees an
error. Only an empty, an overlong or a letterless query is refused, with a sentence.

Trap: a string with operators in it may stand in a text (A|B, 培训（一）). `Whole` therefore keeps the entire string beside the
parsed tree: passages that contain it come first, whatever the operators meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kb.analysis import Analyzer, Unit
from kb.errors import BadRequest
from kb.fold import fold, squeeze
from kb.literal import Literal, literal

LONGEST = 200
"""Characters of a query; a longer text is no query but a quotation to be traced."""
MOST_OPERATORS = 10
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words: a passage matches when it covers enough of the units."""

    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted string: a passage matches when it contains it."""

    sought: Literal


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, folded."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A string that a field of the document must contain: title, speaker, org or genre."""

    name: str
    sought: Literal


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years of the document, ends included; None is open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class And:
    """All of the children."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the children."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not the child."""

    child: Query


@dataclass(frozen=True, slots=True)
class Whole:
    """The child, and every passage that contains the entire string, those first."""

    sought: Literal
    child: Query


Query = Words | Phrase | Prefix | Field | Years | And | Or | Not | Whole

_HALF_WIDTH = str.maketrans("：（）“”„‟＂「」『』｜－＊　", ':()"""""""""|-* ')
_FIELDS = {
    **dict.fromkeys(("标题", "題名", "题名", "標題", "title"), "title"),
    **dict.fromkeys(("讲话人", "講話人", "作者", "speaker"), "speaker"),
    **dict.fromkeys(("单位", "單位", "org"), "org"),
    **dict.fromkeys(("体裁", "體裁", "genre"), "genre"),
    **dict.fromkeys(("年份", "年", "year"), "year"),
}
_TOKEN = re.compile(
    rf"""
      (?P<field>(?:{"|".join(sorted(_FIELDS, key=len, reverse=True))})):(?=\S)
    | "(?P<quoted>[^"]*)"
    | (?P<open>\() | (?P<close>\))
    | (?P<or>\|+ | (?<!\S)OR(?!\S))
    | (?P<not>(?<![^\s(])-(?=[^\s-]))
    | (?P<word>[^\s()|"]+)
    | (?P<skipped>\s+|")
    """,
    re.VERBOSE,
)
_YEARS = re.compile(r"(?P<first>\d{4})?(?P<range>\.\.|[-~—至到])?(?P<last>\d{4})?年?")


def parse(text: str, analyzer: Analyzer) -> Query:
    """Read what a person typed.

    Raises:
        BadRequest: nothing to search for, or more than `LONGEST` characters.
    """
    check(text)
    whole = literal(text)
    typed = text.translate(_HALF_WIDTH)
    try:
        tree = _Parser(typed, analyzer).query()
    except _CannotParseError:
        tree = None
    if tree is None:
        tree = Words(analyzer.units(text))
    return Whole(whole, tree) if whole and _is_plain(tree) and not isinstance(tree, Phrase) else tree


def sought_in(query: Query) -> Iterator[Literal]:
    """Give the strings that a hit of this query may show as found, the longest first where they nest."""
    match query:
        case Whole(sought, child):
            yield sought
            yield from sought_in(child)
        case Words(units):
            yield from (unit.sought for unit in units)
        case Phrase(sought):
            yield sought
        case Prefix(text):
            yield Literal(((text,),))
        case And(children) | Or(children):
            for child in children:
                yield from sought_in(child)
        case _:
            return


def check(text: str) -> None:
    """Refuse what is no query.

    Raises:
        BadRequest: nothing to search for, or more than `LONGEST` characters.
    """
    if len(text) > LONGEST:
        raise BadRequest(
            f"查询不能超过 {LONGEST} 个字（现有 {len(text)} 个），请只留下最有代表性的一句。",
            (("q", f"最多 {LONGEST} 个字"),),
        )
    if not squeeze(fold(text)):
        raise BadRequest("请输入要查找的字词，例如：党建工作的载体。", (("q", "不能为空，也不能只有标点"),))


def _is_plain(query: Query) -> bool:
    """Tell whether the whole string may stand for the query: nothing is excluded, restricted or cut off."""
    match query:
        case Words() | Phrase():
            return True
        case And(children) | Or(children):
            return all(map(_is_plain, children))
        case _:
            return False


class _CannotParseError(Exception):
    """The string breaks the grammar or its limits; it is searched as plain words."""


class _Parser:
    """Recursive descent over the tokens; OR binds weaker than standing side by side."""

    def __init__(self, typed: str, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._tokens = [
            (kind, token[0], token[kind]) for token in _TOKEN.finditer(typed) if (kind := token.lastgroup or "")
        ]
        self._tokens = [token for token in self._tokens if token[0] != "skipped"]
        self._at = 0
        if sum(kind in ("or", "not", "open", "field") for kind, _, _ in self._tokens) > MOST_OPERATORS:
            raise _CannotParseError

    def query(self) -> Query | None:
        tree = self._alternatives(0)
        if self._at < len(self._tokens):
            raise _CannotParseError
        return tree

    def _alternatives(self, depth: int) -> Query | None:
        children = [self._conjunction(depth)]
        while self._take("or"):
            children.append(self._conjunction(depth))
        return _joined(Or, [child for child in children if child])

    def _conjunction(self, depth: int) -> Query | None:
        """Read what stands side by side; neighbouring words make one `Words`."""
        if depth > DEEPEST:
            raise _CannotParseError
        children: list[Query] = []
        words: list[str] = []
        while (kind := self._peek()) not in ("", "or", "close"):
            if kind == "word" and not self._is_prefix():
                words.append(self._next())
            elif child := self._factor(depth):
                children.append(child)
        units = self._analyzer.units(" ".join(words))
        return _joined(And, [*([Words(units)] if units else []), *children])

    def _factor(self, depth: int) -> Query | None:
        readers: dict[str, Callable[[int], Query | None]] = {
            "not": self._excluded,
            "open": self._group,
            "quoted": self._phrase,
            "field": self._field,
            "word": self._prefix,
        }
        return readers[self._peek()](depth)

    def _excluded(self, depth: int) -> Query | None:
        self._next()
        if self._peek() == "word" and not self._is_prefix():
            sought = literal(self._next())
            return Not(Phrase(sought)) if sought else None
        if self._peek() in ("", "or", "close"):
            raise _CannotParseError
        child = self._factor(depth + 1)
        return Not(child) if child else None

    def _group(self, depth: int) -> Query | None:
        self._next()
        child = self._alternatives(depth + 1)
        if not self._take("close"):
            raise _CannotParseError
        return child

    def _phrase(self, _depth: int) -> Query | None:
        sought = literal(self._next())
        return Phrase(sought) if sought else None

    def _field(self, _depth: int) -> Query | None:
        name = _FIELDS[self._next()]
        if self._peek() not in ("word", "quoted"):
            raise _CannotParseError
        value = self._next()
        if name == "year":
            return _years(value)
        sought = literal(value)
        return Field(name, sought) if sought else None

    def _prefix(self, _depth: int) -> Query | None:
        text = squeeze(fold(self._next()))
        return Prefix(text) if text else None

    def _is_prefix(self) -> bool:
        return self._tokens[self._at][1].endswith("*")

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][2]

    def _take(self, kind: str) -> bool:
        if self._peek() != kind:
            return False
        self._at += 1
        return True


def _joined(kind: type[And | Or], children: list[Query]) -> Query | None:
    if len(children) > 1:
        return kind(tuple(children))
    return children[0] if children else None


def _years(value: str) -> Query:
    found = _YEARS.fullmatch(value)
    if not found or not (found["first"] or found["last"]):
        raise _CannotParseError
    first = int(found["first"]) if found["first"] else None
    last = int(found["last"]) if found["last"] else None
    return Years(first, last) if found["range"] else Years(first or last, first or last)
