"""Words that the general dictionary lacks, and which of them mean the same: the program's own and the user's.

    # 本单位的提法             a comment
    四个对照检查               a word
    党支部=支部=基层支部        synonyms: a search for one of them, without quotes, finds the others too

A `Terms` value is a checked file: folded, frozen, and written back by `to_text`. The user's terms travel with the index that
was built with them (`keep`, `kept`), so a search never meets an index that was cut by other words than its own.

Trap: a synonym is found by its characters, wherever they stand. 国企 stands in 中国企业, so 国企=国有企业 would find every
enterprise of China; what belongs into the shipped file was counted on real speeches first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path

from kb.errors import BadSettings, NoIndex
from kb.fold import fold, visible

SHIPPED_TERMS = Path(__file__).with_name("terms.txt")
"""The terms of the field (党建, 公文, 机构, 提法) that come with the program."""
LONGEST = 30
MOST_LINES = 100_000
MOST_BYTES = 4 * 2**20
MOST_SYNONYMS = 16
"""Words of one line: each is looked up for every search that uses one of them."""
MOST_TOLD = 20
_KEPT = "terms.txt"
_USELESS = re.compile(r"[^\w+&.%-]|_")
"""Only letters, digits, Han characters and what stands in C++, R&D or 5.0 can be part of a word."""

Problem = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """Folded words, and groups of words that mean the same; every word of a group is among the words, behind the others."""

    words: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()

    def with_own(self, own: Terms) -> Terms:
        """Add the user's terms; an own group takes the place of every group here that shares a word with it."""
        taken = {word for group in own.groups for word in group}
        groups = (*(group for group in self.groups if taken.isdisjoint(group)), *own.groups)
        return _terms((*self.words, *own.words), groups)

    def to_text(self) -> str:
        """Write a file that reads as this value."""
        grouped = set(chain.from_iterable(self.groups))
        lines = (word for word in self.words if word not in grouped)
        return "".join(f"{line}\n" for line in (*lines, *map("=".join, self.groups)))


@dataclass(slots=True)
class _Draft:
    """A file as far as it has been read."""

    words: dict[str, None] = field(default_factory=dict)
    groups: list[tuple[str, ...]] = field(default_factory=list)
    grouped: dict[str, int] = field(default_factory=dict)
    """For each word of a group the line of that group."""
    problems: list[Problem] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        words = [fold(word.strip()) for word in re.split("[=＝]", line)]
        problems = list(_problems(words, self.grouped))
        if problems:
            self.problems += [(number, problem) for problem in problems]
            return
        self.words |= dict.fromkeys(words)
        if len(words) > 1:
            self.groups.append(tuple(words))
            self.grouped |= dict.fromkeys(words, number)


@cache
def shipped_terms() -> Terms:
    """Read the program's own terms, once."""
    return read_terms(SHIPPED_TERMS)


def read_terms(path: Path | None) -> Terms:
    """Read a terms file; no file is no terms.

    Raises:
        BadSettings: the file cannot be read, or lines of it cannot be used; the sentence names each of them.
    """
    if path is None:
        return Terms()
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadSettings(
            f"无法读取词表 {path}（{error.strerror or error}），请检查路径和权限；词表由 KB_TERMS 指定。"
        ) from error
    terms, problems = parse_terms(content)
    if problems:
        raise BadSettings(_told(path, problems))
    return terms


def parse_terms(content: bytes) -> tuple[Terms, list[Problem]]:
    """Read a file's content; the problems are sentences with their line numbers, 0 where all of it is meant."""
    text, problem = _decoded(content)
    if problem:
        return Terms(), [problem]
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > MOST_LINES:
        return Terms(), [(0, f"共 {len(lines):,} 行，最多 {MOST_LINES:,} 行")]
    draft = _Draft()
    for number, line in enumerate(lines, start=1):
        content_of_line = visible(line).partition("#")[0].strip()
        if content_of_line:
            draft.take(number, content_of_line)
    return _terms(draft.words, tuple(draft.groups)), draft.problems


def keep(terms: Terms, folder: Path) -> None:
    """Write the user's terms into the folder of a generation."""
    (folder / _KEPT).write_text(terms.to_text(), encoding="utf-8")


def kept(folder: Path) -> Terms:
    """Read the user's terms that a generation was built with.

    Raises:
        NoIndex: they are missing or damaged.
    """
    try:
        return read_terms(folder / _KEPT)
    except BadSettings as error:
        raise NoIndex("索引不完整（其中的词表无法读取），请运行 kb rebuild 重建索引。") from error


def _terms(words: Iterable[str], groups: tuple[tuple[str, ...], ...]) -> Terms:
    grouped = dict.fromkeys(chain.from_iterable(groups))
    return Terms((*(word for word in dict.fromkeys(words) if word not in grouped), *grouped), groups)


def _decoded(content: bytes) -> tuple[str, Problem | None]:
    if len(content) > MOST_BYTES:
        return "", (0, f"文件超过 {MOST_BYTES // 2**20} MB，不像是词表")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", (line, "不是 UTF-8 文字，请用记事本等编辑器把词表另存为 UTF-8 编码")
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def _problems(words: list[str], grouped: dict[str, int]) -> Iterator[str]:
    """Say what is wrong with the words of a line."""
    if "" in words:
        yield "等号的一边是空的，请写成 甲=乙"
    if len(words) > MOST_SYNONYMS:
        yield f"同义词有 {len(words)} 个，一行最多 {MOST_SYNONYMS} 个"
    for word in dict.fromkeys(filter(None, words)):
        if problem := _problem(word):
            yield problem
        elif words.count(word) > 1:
            yield f"“{word}”在这一行里出现了两次（繁简、全半角、大小写视为相同）"
        elif len(words) > 1 and word in grouped:
            yield f"“{word}”已在第 {grouped[word]} 行的同义词里，一个词只能在一行，请把两行合并"


def _problem(word: str) -> str | None:
    """Say what is wrong with one word; None if nothing is."""
    shown = f"{word[:LONGEST]}……" if len(word) > LONGEST else word
    if re.search(r"\s", word):
        return f"“{shown}”中有空格，请每行只写一个词"
    if not any(map(str.isalnum, word)):
        return f"“{shown}”里没有字，只有标点或符号"
    if useless := _USELESS.search(word):
        return f"“{shown}”中有标点或符号“{useless[0]}”，词里只能有字、字母和数字，请每行只写一个词"
    if len(word) > LONGEST:
        return f"“{shown}”有 {len(word)} 个字，一个词最多 {LONGEST} 个字"
    return None


def _told(path: Path, problems: list[Problem]) -> str:
    told = "；".join(f"第 {line} 行：{problem}" if line else problem for line, problem in problems[:MOST_TOLD])
    more = f"；另有 {len(problems) - MOST_TOLD} 处" if len(problems) > MOST_TOLD else ""
    return f"词表 {path} 有误：{told}{more}。"
