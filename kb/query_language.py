"""The query language: from what a person typed to a query.

    党建 载体            words: a passage should contain them, best coverage first
    "党建工作的载体"      the string as it stands
    -词   甲 OR 乙   甲 | 乙   (…)   词*
    标题:培训  讲话人:王  单位:市委  体裁:党课  年份:2019..2021      (title: speaker: org: genre: year:)

Full-width punctuation works as half-width; what nobody sees (zero-width characters, controls) is not there. Brackets and quotes
without a partner, and brackets around plain words, mean nothing. What cannot be parsed is searched as plain words: a typing
person never sees an error. Only an empty, an overlong or a letterless query is refused, with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kb.analysis import Analyzer, Unit
from kb.errors import BadRequest
from kb.fold import fold, squeeze, visible
from kb.literal import literal
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years

LONGEST = 200
"""Characters of a query; a longer text is no query but a quotation to be traced."""
MOST_OPERATORS = 10
DEEPEST = 20
_FEW = 2
_KEYWORD = 6
"""Characters that a keyword has at most."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query with the text that it was read from."""

    text: str
    query: Query
    as_words: bool = False
    """The text has operators that could not be used, and is searched as plain words."""


_HALF_WIDTH = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # ！ to ～
    | dict.fromkeys(map(ord, "“”„‟「」『』"), '"')
    | dict.fromkeys(map(ord, "−–‐‑﹣"), "-")
    | {ord("　"): " "}
)
FIELD_LABELS = {"title": "标题", "speaker": "讲话人", "org": "单位", "genre": "体裁", "year": "年份"}
"""What a document's fields are called, wherever a person reads or types it."""
_FIELDS = {
    **{name: name for name in FIELD_LABELS},
    **{label: name for name, label in FIELD_LABELS.items()},
    **dict.fromkeys(("題名", "题名", "標題"), "title"),
    **dict.fromkeys(("講話人", "作者"), "speaker"),
    "單位": "org",
    "體裁": "genre",
    "年": "year",
}
_QUOTED = re.compile(r"[“„「『](?P<inner>[^“”„‟「」『』]*)[”‟」』]")
_APART = r"[\s:：(（)）|｜－−-]|OR|ＯＲ|[\"“”„‟「」『』]"
_ENDS_APART = re.compile(rf"(?:{_APART})$")
_BEGINS_APART = re.compile(rf"$|{_APART}")
_TOKEN = re.compile(
    rf"""
      (?P<field>(?i:{"|".join(sorted(_FIELDS, key=len, reverse=True))})):(?=\s*\S)
    | "(?P<quoted>[^"]*)"
    | (?P<open>\() | (?P<close>\))
    | (?P<or>\|+ | (?<![^\s()|"])OR(?![^\s()|"]))
    | (?P<not>(?<![^\s(|])-(?=[^\s)|-]))
    | (?P<prefix>[^\s()|"*][^\s()|"]*(?=\*))\*(?![^\s()|"])
    | (?P<word>[^\s()|"]+)
    | (?P<skipped>\s+|")
    """,
    re.VERBOSE,
)
_YEARS = re.compile(r"(?P<first>\d{4})?年?(?P<range>\.\.+|[-~〜至到]|—+|…+|。。+)?(?P<last>\d{4})?年?")
_HAN_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")


def parse(text: str, analyzer: Analyzer) -> Query:
    """Read what a person typed.

    Raises:
        BadRequest: nothing to search for, or more than `LONGEST` characters.
    """
    return understand(text, analyzer).query


def understand(text: str, analyzer: Analyzer) -> Parsed:
    """Read what a person typed, and say whether it could be used as it was written.

    Raises:
        BadRequest: nothing to search for, or more than `LONGEST` characters.
    """
    text = visible(text)
    check(text)
    whole = literal(text)
    typed = _QUOTED.sub(_unless_embedded, text).translate(_HALF_WIDTH)
    try:
        tree = _Parser(typed, analyzer).query()
        as_words = False
    except _CannotParseError:
        tree, as_words = None, True
    if tree is None:
        tree = _words(text.split(), analyzer)
    if whole and _is_plain(tree) and not isinstance(tree, Phrase):
        tree = Whole(whole, tree)
    return Parsed(text, tree, as_words)


def _unless_embedded(quoted: re.Match[str]) -> str:
    """Take Chinese quotation marks inside a sentence away: they belong to it; only those that stand apart are operators."""
    before, after = quoted.string[: quoted.start()], quoted.string[quoted.end() :]
    stands_apart = (not before or _ENDS_APART.search(before)) and _BEGINS_APART.match(after)
    return quoted[0] if stands_apart else quoted["inner"]


def check(text: str) -> None:
    """Refuse what is no query.

    Raises:
        BadRequest: nothing to search for, or more than `LONGEST` characters.
    """
    if len(text) > LONGEST:
        raise BadRequest(
            f"查询不能超过 {LONGEST} 个字（现有 {len(text)} 个），请只留下最有代表性的一句；"
            "要查整段文字的出处，请用“查出处”（/similar 页或 kb similar）。",
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


Token = tuple[str, str, bool]
"""Its kind, what counts of it, and whether it stands apart from what is before it."""
_OPERATORS = ("or", "not", "open", "field", "prefix")


class _CannotParseError(Exception):
    """The string breaks the grammar or its limits; it is searched as plain words."""


class _Parser:
    """Recursive descent over the tokens; OR binds weaker than standing side by side."""

    def __init__(self, typed: str, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        found = [
            (kind, token[kind], not typed[: token.start()][-1:].strip())
            for token in _TOKEN.finditer(typed)
            if (kind := token.lastgroup or "")
        ]
        self._tokens = _with_useful_brackets([token for token in found if token[0] != "skipped"])
        self._at = 0
        if sum(kind in _OPERATORS for kind, _, _ in self._tokens) > MOST_OPERATORS:
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
            if kind == "word" and words and not self._tokens[self._at][2]:
                words[-1] += f",{self._next()}"  # 培训（一）: what brackets divided is still one piece
            elif kind == "word":
                words.append(self._next())
            elif child := self._factor(depth):
                children.append(child)
        plain = _words(words, self._analyzer)
        return _joined(And, [*([plain] if plain.units else []), *children])

    def _factor(self, depth: int) -> Query | None:
        readers: dict[str, Callable[[int], Query | None]] = {
            "not": self._excluded,
            "open": self._group,
            "quoted": self._phrase,
            "field": self._field,
            "prefix": self._prefix,
        }
        return readers[self._peek()](depth)

    def _excluded(self, depth: int) -> Query | None:
        self._next()
        if self._peek() == "word":
            sought = literal(self._next())
            return Not(Phrase(sought)) if sought else None
        if self._peek() in ("", "or", "close"):
            return None
        child = self._factor(depth + 1)
        return Not(child) if child else None

    def _group(self, depth: int) -> Query | None:
        self._next()
        child = self._alternatives(depth + 1)
        self._take("close")
        return child

    def _phrase(self, _depth: int) -> Query | None:
        sought = literal(self._next())
        return Phrase(sought) if sought else None

    def _field(self, _depth: int) -> Query | None:
        name = _FIELDS[self._next().lower()]
        if self._peek() not in ("word", "prefix", "quoted"):
            raise _CannotParseError
        value = self._next()
        if name == "year":
            return _years(value)
        sought = literal(value)
        return Field(name, sought) if sought else None

    def _prefix(self, _depth: int) -> Query | None:
        """Read the beginning of a word; where it is more than one word, it stands for itself."""
        typed = self._next()
        units = self._analyzer.units(typed)
        sought = literal(typed)
        if sought is None:
            return None
        is_word = len(units) == 1 and units[0].words[:1] == (sought.typed,)
        return Prefix(sought.typed) if is_word else Phrase(sought)

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _take(self, kind: str) -> bool:
        if self._peek() != kind:
            return False
        self._at += 1
        return True


def _words(typed: list[str], analyzer: Analyzer) -> Words:
    """Cut what was typed side by side."""
    units = analyzer.units(" ".join(typed))
    runs = tuple(filter(None, (squeeze(fold(run)) for run in typed)))
    return Words(units, _required(units, runs), runs)


def _required(units: tuple[Unit, ...], runs: tuple[str, ...]) -> int:
    """Say how many units a passage must cover.

    Short words typed apart are keywords: two must be there, of more at least half. What is typed in one piece, or longer, is a
    question or a headline: the passage that answers it may share a single word with it, and the ranking puts those that share
    more before it.
    """
    if len(runs) > 1 and max(map(len, runs)) <= _KEYWORD:
        return max(min(len(units), _FEW), (len(units) + 1) // 2)
    return min(len(units), 1)


def _joined(kind: type[And | Or], children: list[Query]) -> Query | None:
    if len(children) > 1:
        return kind(tuple(children))
    return children[0] if children else None


def _with_useful_brackets(tokens: list[Token]) -> list[Token]:
    """Leave out brackets without a partner, and those that hold only words: 培训（一）, unless -( excludes them together."""
    useless: set[int] = set()
    opened: list[int] = []
    for at, (kind, _, _) in enumerate(tokens):
        if kind == "open":
            opened.append(at)
        elif kind == "close" and not opened:
            useless.add(at)
        elif kind == "close":
            start = opened.pop()
            inside = {tokens[place][0] for place in range(start + 1, at) if place not in useless}
            before = tokens[start - 1][0] if start else ""
            if inside <= {"word"} and before not in ("not", "field"):
                useless |= {start, at}
    useless.update(opened)
    return [token for at, token in enumerate(tokens) if at not in useless]


def _years(value: str) -> Query:
    found = _YEARS.fullmatch(value.translate(_HAN_DIGITS))
    if not found or not (found["first"] or found["last"]):
        raise _CannotParseError
    first = int(found["first"]) if found["first"] else None
    last = int(found["last"]) if found["last"] else None
    if first is not None and last is not None and first > last:
        first, last = last, first
    return Years(first, last) if found["range"] else Years(first or last, first or last)
