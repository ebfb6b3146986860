"""Markdown line by line: the signs go, the words stay, `#` headings become marks, front matter becomes metadata.

It is no full Markdown: what search needs is that no sign stands between two words and that no word is lost. Numbers of lists
stay, here they are text.

Traps: Chinese authors write `#标题` without a space, but `#话题#` is a hashtag. `---` opens front matter, underlines a heading
or separates; two rules around ordinary lines are no front matter. A line of a million signs must not cost the square of its
length, so every pattern stops at the next sign of its kind.
"""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from kb.documents import Reading
from kb.readers.canonical import canonical_text
from kb.readers.draft import Draft
from kb.readers.files import contents
from kb.readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEYS = {
    "title": "title", "标题": "title", "题目": "title",
    "date": "date", "日期": "date", "时间": "date",
    "speaker": "speaker", "author": "speaker", "讲话人": "speaker", "作者": "speaker",
    "org": "org", "organization": "org", "单位": "org", "机构": "org",
    "genre": "genre", "体裁": "genre",
    "source": "source", "来源": "source",
}  # fmt: skip
_MAX_FRONT_MATTER = 100
"""Lines."""

_PAIR = re.compile(r"([A-Za-z_][\w-]*|[\u4e00-\u9fff]{1,8})\s*[:：]\s*(.*)")
_CONTINUED = re.compile(r"\s|-|#|$")
_COMMENT = re.compile(r"<!--(?:[^<]|<(?!!--))*?-->")

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*$")
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|(?=[\u4e00-\u9fff（《“]))")
_HASHTAG = re.compile(r" {0,3}#[^#\s]+#")
_CLOSING = re.compile(r"(?<![A-Za-z0-9#])#+$")
_RULE = re.compile(r" {0,3}(?:={3,}|(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\s*")
_UNDERLINES = ((re.compile(r" {0,3}={3,}\s*"), 1), (re.compile(r" {0,3}-{3,}\s*"), 2))
_BULLET = re.compile(r"(\s*)[-*+][ \t]+(?=\S)")
_REFERENCE = re.compile(r" {0,3}\[[^\]^]+\]:\s*\S+.*")
_CELL_END = re.compile(r"(?<!\\)\|")

_VERBATIM = re.compile(r"(`{1,3})([^`]+)\1|\\([!-/:-@\[-`{-~])")
_KEPT = re.compile("\0(\\d+)\0")
_SIGNS = (
    (re.compile(r"!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)?\)"), r"\1"),
    (re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]+)>"), r"\1"),
    (
        re.compile(
            r"</?(?:[abipu]|[bh]r|[uo]l|li|t[drh]|h[1-6]|em|div|su[bp]|img|font|span|center|strong|table)(?:\s[^<>]*)?/?>"
        ),
        "",
    ),
    (re.compile(r"(\*{1,3})(?=\S)([^*]+)(?<=\S)\1"), r"\2"),
    (re.compile(r"(\*{1,3})(?=\S)([^*]+)(?<=\S)\1"), r"\2"),  # what stood around the first
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)([^_]+)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~([^~]+)~~"), r"\1"),
)


def read(path: Path, name: str) -> Iterator[Reading]:
    """Read one Markdown file."""
    fields, lines = _front_matter(canonical_text(decode(contents(path))).split("\n"))
    draft = _written(_COMMENT.sub("", "\n".join(lines)).split("\n"))
    yield Reading(
        path=name,
        text=draft.text,
        marks=draft.marks,
        title=fields.get("title"),
        speaker=fields.get("speaker"),
        org=fields.get("org"),
        date=fields.get("date"),
        genre=fields.get("genre"),
        source=fields.get("source"),
    )


def _front_matter(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Split off the `key: value` lines between two `---`, if that is what they are."""
    if lines[0].rstrip() != "---":
        return {}, lines
    end = next((n for n, line in enumerate(lines[:_MAX_FRONT_MATTER]) if n and line.rstrip() in {"---", "..."}), 0)
    pairs = [pair for pair in map(_PAIR.match, lines[1:end]) if pair]
    fits = all(_PAIR.match(line) or _CONTINUED.match(line) for line in lines[1:end])
    if not fits or not any(pair[1].isascii() or pair[1] in _KEYS for pair in pairs):
        return {}, lines
    known = {_KEYS[pair[1].lower()]: pair[2].strip("\"' ") for pair in pairs if pair[1].lower() in _KEYS}
    return known, lines[end + 1 :]


def _written(lines: list[str]) -> Draft:
    writer = _Writer()
    for line, following in pairwise([*lines, ""]):
        writer.add(line, following)
    return writer.draft


class _Writer:
    """Writes line after line; knows whether it stands in a code block, a table or a paragraph."""

    def __init__(self) -> None:
        self.draft = Draft()
        self._fence = ""
        self._in_table = False
        self._in_paragraph = False

    def add(self, line: str, following: str) -> None:
        if self._is_code(line):
            return
        line = _QUOTE.sub("", line, count=1) if _QUOTE.match(line) else line
        if self._is_table(line, following):
            self._add_row(line)
        elif _RULE.fullmatch(line) or _REFERENCE.fullmatch(line):
            self.draft.add("")
        else:
            self._add_words(line, following)

    def _add_words(self, line: str, following: str) -> None:
        level, words = _heading(line) or (None, line)
        if level is None and words.strip() and not self._in_paragraph:
            level = next((depth for underline, depth in _UNDERLINES if underline.fullmatch(following)), None)
        self._in_paragraph = level is None and bool(words.strip())
        self.draft.add(_plain(words), level)

    def _add_row(self, line: str) -> None:
        if not _is_table_rule(line):
            cells = _CELL_END.split(line.strip().removeprefix("|").removesuffix("|"))
            self.draft.add("\t".join(_plain(cell.strip()) for cell in cells))

    def _is_code(self, line: str) -> bool:
        fence = _FENCE.match(line)
        if self._fence and fence and fence[1].startswith(self._fence):
            self._fence = ""
        elif self._fence:
            self.draft.add(line)
        elif fence:
            self._fence = fence[1]
        else:
            return False
        return True

    def _is_table(self, line: str, following: str) -> bool:
        self._in_table = "|" in line and (self._in_table or _is_table_rule(following))
        return self._in_table


def _is_table_rule(line: str) -> bool:
    return set(line) <= set("|:- \t") and "|" in line and "-" in line


def _heading(line: str) -> tuple[int, str] | None:
    heading = _HEADING.match(line)
    if not heading or _HASHTAG.match(line):
        return None
    return len(heading[1]), _CLOSING.sub("", line[heading.end() :].rstrip()).rstrip()


def _plain(line: str) -> str:
    """Take the signs off a line; what stands in `ticks` or after a backslash stays as it is."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[2] or match[3])
        return f"\0{len(kept) - 1}\0"

    line = _VERBATIM.sub(keep, _BULLET.sub(r"\1", line, count=1) if _BULLET.match(line) else line)
    for sign, words in _SIGNS:
        line = sign.sub(words, line)
    return _KEPT.sub(lambda match: kept[int(match[1])], html.unescape(line))
