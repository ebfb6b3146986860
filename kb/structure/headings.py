"""Find the headings of a text and how far each of them governs.

A heading is a line that begins with a number (一、 （一） 1. （1） ① 第一部分) or that the file format declares. Its form says
its rank; it governs up to the next heading of the same or an outer rank. The rank is only an order: how deep a heading really
stands follows later from what stands around it.

Traps:
- A number at the start of a line is not yet a heading: 一、二级巡视员, 3.5亿, 2021.3.5, 第一章第二条.
- Heading and body often share a paragraph (（一）加强学习。要认真…): the heading is then the first sentence, if it is short.
- A long numbered paragraph is no heading, but it does end the one before it: its text does not stand under that.
- 1. and ① occur in tables, notes and broken lines as well: they count only from 1 on; a bare 一 only if 二 follows.
- Authors skip and repeat numbers; a new 一、 after 二、 simply opens the next section.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kb.numerals import to_int
from kb.structure.lines import Line, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kb.documents import Boilerplate, Mark

LONGEST_TITLE = 40
"""A numbered line with more characters is a paragraph."""
_LONGEST_BEFORE_COLON = 20
_LONGEST_MARKED = 80
_WIDEST_STEP = 2
"""From one number to the next in a sequence: one number may be missing."""

_HAN = "一二三四五六七八九十百零〇"
_MEASURES = (
    "级|級|线|線|类|類|批|期|档|等奖|季度|产业|產業|把手|中全会|中全會|号|號|楼|樓|年|月|日|点|點|次|届|屆|条|條|款|项|項|"
    "个人|组|組|队|隊|连|連|营|營|班|页|頁|位|名"
)
_NUMBER = re.compile(
    rf"""
      第(?P<book>[{_HAN}]{{1,4}}|\d{{1,3}})(?:部分|[编編]|篇(?!章))(?![的里中和与与至到第])
    | 第(?P<chapter>[{_HAN}]{{1,4}}|\d{{1,3}})(?:章|[讲講](?!解|述|的|话|話)|[课課](?!堂|程|时|題|题)|[专專][题題]|[单單]元)
      (?![的里中和与至到第规規])
    | 第(?P<part>[{_HAN}]{{1,4}}|\d{{1,3}})[节節](?![课課日目约約的里中和与至到第规規])
    | (?P<one>[{_HAN}]{{1,4}})(?:[、，．.](?![{_HAN}、]*(?:{_MEASURES}))|[ \u3000]+|$)
    | [（(﹙][ \u3000]*(?P<two>[{_HAN}]{{1,4}})[ \u3000]*[）)﹚][、，．.]?(?![（(、和至])
    | (?P<two_sign>[㈠-㈩])[、，．.]?
    | (?P<three>\d{{1,2}})(?:[、．]|\.(?!\d))
    | (?P<three_sign>[⒈-⒛])
    | [（(][ \u3000]*(?P<four>\d{{1,2}})[ \u3000]*[）)](?![（(、和至])
    | (?P<four_too>\d{{1,2}})[）)]
    | (?P<four_sign>[⑴-⒇])
    | (?P<five>[①-⑳])
    """,
    re.VERBOSE,
)
_RANKS = {"book": 0, "chapter": 1, "part": 2, "one": 3, "two": 4, "three": 5, "four": 6, "five": 7}
_WEAKEST_SURE_RANK = 4
"""Behind it (1. （1） ①) a number must start or continue a sequence."""
_BOOKISH_RANK = 2
"""Up to it a number may stand alone on its line (第一章)."""
_SIGNS = {
    chr(first + offset): offset + 1
    for first, count in ((0x3220, 10), (0x2488, 20), (0x2474, 20), (0x2460, 20))
    for offset in range(count)
}
_LEAD = re.compile(rf"[^。！？!?]{{0,{LONGEST_TITLE}}}[。！？!?]")
_COLON_LEAD = re.compile(rf"[^。！？!?：:]{{1,{_LONGEST_BEFORE_COLON}}}[：:]")
_HASHES = re.compile(r"#{1,6}[ \t]+")
_NOTES = re.compile(r"(?:注释|注釋|注解|註釋|参考文献|參考文獻|脚注|尾注)[：:]?")
_OUTSIDE_NUMBERS = -100.0
_OUTERMOST = float("-inf")
_FINAL = "。；：，、;:, \u3000"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its extent, before it is known how deep it stands."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The start of a line that may be a heading."""

    start: int
    title_start: int
    title: str | None
    """None for a paragraph that only ends the headings before it."""
    rank: float
    number: int | None = None
    needs: Literal["nothing", "sequence", "company"] = "nothing"
    """`sequence`: to be 1 or to follow its predecessor; `company`: a predecessor or a successor."""


def find_headings(
    text: str, marks: Sequence[Mark], boilerplate: Sequence[Boilerplate], title: str | None
) -> tuple[list[Heading], list[range]]:
    """Return the headings, sorted by start, and the runs of body text between them, in order."""
    accepted = _in_sequence(_candidates(text, marks, boilerplate, title))
    starts = [candidate.start for candidate in accepted]
    body_starts = [candidate.title_start + len(candidate.title or "") for candidate in accepted]
    bodies = list(map(range, [0, *body_starts], [*starts, len(text)]))
    return _with_extents(accepted, len(text)), bodies


def _candidates(
    text: str, marks: Sequence[Mark], boilerplate: Sequence[Boilerplate], title: str | None
) -> Iterator[_Candidate]:
    found = list(lines(text))
    levels = _marked_lines(found, marks)
    ranks = _mark_ranks(found, levels)
    foreign = {span.start for span in boilerplate}
    is_title = _title_test(title)
    none_before = True
    for number, line in enumerate(found):
        level = levels.get(number)
        if line.start in foreign or is_title(line.text, level is not None and none_before):
            continue
        if candidate := _candidate(line, None if level is None else ranks[level]):
            none_before = False
            yield candidate


def _title_test(title: str | None) -> Callable[[str, bool], bool]:
    """Return a test for the document's title line; of a title in several lines a declared line may be one part."""
    whole = "".join(title.split()) if title else ""

    def is_title(line: str, part_will_do: bool) -> bool:
        if not whole or len(line) > 2 * len(whole) + _LONGEST_MARKED:
            return False
        squeezed = "".join(_HASHES.sub("", line, count=1).split())
        return squeezed == whole or (part_will_do and squeezed in whole)

    return is_title


def _marked_lines(found: Sequence[Line], marks: Iterable[Mark]) -> dict[int, int]:
    """Return the level of each line that the format declares a heading, by the line's number."""
    ends = [line.end for line in found]
    levels: dict[int, int] = {}
    for mark in marks:
        number = bisect_right(ends, mark.start)
        if number < len(found) and found[number].start < mark.end:
            levels.setdefault(number, mark.level)
    return levels


def _mark_ranks(found: Sequence[Line], levels: Mapping[int, int]) -> dict[int, float]:
    """Place the levels of the format among the ranks of the numbers.

    A level that occurs on numbered lines has the outermost rank of those; any other stands right inside the level before it.
    """
    numbered: dict[int, float] = {}
    for number, level in levels.items():
        if match := _NUMBER.match(found[number].text, _title_offset(found[number].text)):
            numbered[level] = min(numbered.get(level, _rank(match)), _rank(match))
    ranks: dict[int, float] = {}
    rank = _OUTSIDE_NUMBERS
    for level in sorted(set(levels.values())):
        rank = numbered.get(level, rank + 0.01)
        ranks[level] = rank
    return ranks


def _rank(match: re.Match[str]) -> int:
    return _RANKS[str(match.lastgroup).partition("_")[0]]


def _title_offset(line: str) -> int:
    hashes = _HASHES.match(line)
    return hashes.end() if hashes else 0


def _candidate(line: Line, mark_rank: float | None) -> _Candidate | None:
    offset = 0 if mark_rank is None else _title_offset(line.text)
    match = _NUMBER.match(line.text, offset)
    if match is not None:
        return _numbered(line, offset, match, mark_rank)
    if mark_rank is not None and (title := _title(line.text, offset, offset, _LONGEST_MARKED)):
        return _Candidate(line.start, line.start + offset, title, mark_rank)
    if _NOTES.fullmatch(line.text):
        return _Candidate(line.start, line.start, None, _OUTERMOST)
    return None


def _numbered(line: Line, offset: int, match: re.Match[str], mark_rank: float | None) -> _Candidate:
    return _Candidate(
        line.start,
        line.start + offset,
        _title(line.text, offset, match.end(), LONGEST_TITLE if mark_rank is None else _LONGEST_MARKED),
        _rank(match),
        _SIGNS.get(match[str(match.lastgroup)]) or to_int(match[str(match.lastgroup)]),
        "nothing" if mark_rank is not None else _need(match),
    )


def _need(match: re.Match[str]) -> Literal["nothing", "sequence", "company"]:
    rank = _rank(match)
    spaced = match.lastgroup == "one" and not match.string[match.end("one") : match.end()].strip()
    if rank > _BOOKISH_RANK and (spaced or match.end() == len(match.string)):
        return "company"
    return "sequence" if rank > _WEAKEST_SURE_RANK else "nothing"


def _title(line: str, start: int, after_number: int, longest: int) -> str | None:
    """Return the heading in a line: its short first sentence, or all of it if it is short, or what leads up to a colon."""
    lead = _LEAD.match(line, after_number)
    if lead is None or lead.end() == len(line):
        if len(line) - after_number <= longest:
            return line[start:].rstrip(_FINAL)
        lead = _COLON_LEAD.match(line, after_number)
    return line[start : lead.end()].rstrip(_FINAL) if lead else None


def _in_sequence(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Drop the candidates that need a sequence and have none."""
    last: dict[float, _Candidate] = {}
    dropped: set[int] = set()
    ordered = list(candidates)
    for candidate in ordered:
        before = last.get(candidate.rank)
        follows = before is not None and _follows(before, candidate)
        if before is not None and follows:
            dropped.discard(before.start)
        elif candidate.needs == "company" or (candidate.needs == "sequence" and candidate.number != 1):
            dropped.add(candidate.start)
            if candidate.number != 1:
                continue
        last = {rank: outer for rank, outer in last.items() if rank < candidate.rank}
        last[candidate.rank] = candidate
    return [candidate for candidate in ordered if candidate.start not in dropped]


def _follows(before: _Candidate, candidate: _Candidate) -> bool:
    if before.number is None or candidate.number is None:
        return False
    return 0 < candidate.number - before.number <= _WIDEST_STEP


def _with_extents(accepted: Iterable[_Candidate], text_end: int) -> list[Heading]:
    """Let each heading govern up to the next candidate of the same or an outer rank."""
    ends: dict[int, int] = {}
    open_ones: list[_Candidate] = []
    ordered = list(accepted)
    for candidate in ordered:
        while open_ones and open_ones[-1].rank >= candidate.rank:
            ends[open_ones.pop().start] = candidate.start
        open_ones.append(candidate)
    return [
        Heading(candidate.title, candidate.start, ends.get(candidate.start, text_end))
        for candidate in ordered
        if candidate.title is not None
    ]
