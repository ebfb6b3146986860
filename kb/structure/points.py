"""Find the points that a speaker counts off inside paragraphs: 一是…二是…; 第一，…第二，…; 首先…其次.

Two steps. Markers are found with one pattern over the text; quotations are matched by the same pattern, so what stands in
them is passed over. Then the markers are chained into lists, several of which may be open at once, one inside the other: a
marker goes on with the innermost list that it follows, and closes what was opened inside that; a 1 opens a new list.

Traps:
- Most look-alikes are no markers: 万一是, 一是一, 第一书记, 第一时间, 第一、第二产业, 三会一课. A list therefore begins at 1 and
  has two points or more; this rejects what the patterns let through.
- A list may begin inside a paragraph and go on at the starts of later ones (一是… in each its own). Only a marker at the
  start of a paragraph may reach back into an earlier paragraph.
- A list that begins anew inside its own last point is nested only if the outer one goes on behind it; else it is the next list.
- An unclosed quotation mark lasts to the end of its paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kb.numerals import to_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_HAN = "一二三四五六七八九十"
_NOUNS = (
    "问题|問題|方面|层面|層面|特点|特點|特征|特徵|原因|要求|任务|任務|重点|重點|关键|關鍵|体会|體會|建议|建議|意见|意見|观点|觀點|"
    "意思|目标|目標|原则|原則|环节|環節|理由|变化|變化|条件|條件|转变|轉變|优势|優勢|措施|层次|層次|内容|內容|关系|關係|矛盾|阶段|階段|"
    "标准|標準|抓手|短板|特性|功能|作用|好处|好處|字|词|詞|点|點|大"
)
_TOKEN = re.compile(
    rf"""
      “[^”\n]*”? | 《[^》\n]*》? | 「[^」\n]*」? | 『[^』\n]*』?
    | (?P<is>(?P<n>[{_HAN}]{{1,3}})(?:是(?![否非])|要(?!素)))(?!(?P=n))
    | (?P<one_is>[{_HAN}]{{1,3}})[个個]是(?![{_HAN}])
    | 第(?P<nth>[{_HAN}]{{1,3}})(?:点|點|方面)?(?=[，,：: \u3000](?!第[{_HAN}]|[{_HAN}]{{1,3}}[、，是要])|、(?![第{_HAN}])
        |就?是|要(?![务務义義素件]))
    | 第(?P<nth_thing>[{_HAN}]{{1,3}})(?:[个個]|大)(?:{_NOUNS})?(?=[，,：:、]|就?是|要)
    | 其(?P<among>[{_HAN}]{{1,3}})(?=[，,、：:是])
    | (?P<chain>首先|其次|再次|最后|最後)(?=[，,、：:是要])
    | (?P<circle>[①-⑳])(?![，。；、）)：！？])
    | [（(](?P<paren>[{_HAN}]{{1,3}}|\d{{1,2}})[）)](?![，。；、）)：！？])
    """,
    re.VERBOSE,
)
_BOUNDARY = frozenset("。；;：:，,、！!？?…—”）) \u3000\t\r\n")
_NUMBERS = {write(number): number for number in range(1, 100) for write in (str, to_han)}
_CHAIN = {"首先": 1, "其次": 2, "再次": 3}
_LAST = 0
"""最后: follows any number."""
_NONE = 99
"""Follows no number and is followed by none."""
_NOT_SPACE = re.compile(r"\S")
_SHORTEST_BEFORE_LAST = 2
_WIDEST_STEP = 2
_MOST_NESTED = 2
"""Lists of one kind that may be open at once."""

LONGEST_TITLE = 40
_CUT_TITLE = 80
_STOP = re.compile(r"[。！？；：!?;:\n]")
_COMMA = re.compile(r"[，,]")
_FINAL = "。！？；：，、!?;:, \u3000\t\r\n"


@dataclass(frozen=True, slots=True)
class Point:
    """A point with its extent; `body` is where its marker ends."""

    start: int
    body: int
    end: int


class _Paragraph(NamedTuple):
    """A paragraph, or what of it belongs to the run of body text; `lead` is its first character that is no white space."""

    lead: int
    end: int


class _Marker(NamedTuple):
    start: int
    end: int
    kind: str
    number: int
    paragraph: _Paragraph

    @property
    def leads(self) -> bool:
        """It is the first thing in its paragraph."""
        return self.start == self.paragraph.lead


@dataclass(slots=True, eq=False)
class _List:
    """A list while it grows; it began inside the last point that `parent` then had."""

    kind: str
    markers: list[_Marker]
    parent: _List | None = None
    parent_point: _Marker | None = None

    @property
    def accepted(self) -> bool:
        return len(self.markers) > 1


def find_points(text: str, bodies: Iterable[range]) -> Iterator[Point]:
    """Yield the points of each run of body text, list by list; no point leaves its run.

    The points of one list are disjoint; where an inner list reaches behind the point that holds it, it has to be cut there.
    """
    for body in bodies:
        lists = [found for found in _chain(_markers(text, body)) if found.accepted]
        ends = _last_ends(lists)
        for found in lists:
            starts = [marker.start for marker in found.markers]
            for marker, end in zip(found.markers, [*starts[1:], ends[id(found)]], strict=True):
                yield Point(marker.start, marker.end, end)


def point_title(text: str, point: Point, next_start: int) -> str:
    """Return the first clause of a point with its marker, at most up to the next section, without final punctuation."""
    limit = min(point.end, next_start)
    body = point.body
    while body < limit and text[body] in _FINAL:
        body += 1
    stop = _STOP.search(text, body, limit)
    end = stop.start() if stop else limit
    if end - point.start > LONGEST_TITLE and (comma := _COMMA.search(text, body, end)):
        end = comma.start()
    return text[point.start : min(end, point.start + _CUT_TITLE)].rstrip(_FINAL)


def _markers(text: str, body: range) -> Iterator[_Marker]:
    paragraph = _Paragraph(0, 0)
    for match in _TOKEN.finditer(text, body.start, body.stop):
        start = match.start()
        if match.lastgroup is None or (start and text[start - 1] not in _BOUNDARY):
            continue
        if start >= paragraph.end:
            paragraph = _paragraph(text, start, body.stop)
        kind, number = _read(match.lastgroup, match)
        yield _Marker(start, match.end(), kind, number, paragraph)


def _paragraph(text: str, offset: int, stop: int) -> _Paragraph:
    lead = _NOT_SPACE.search(text, text.rfind("\n", 0, offset) + 1)
    end = text.find("\n", offset, stop)
    return _Paragraph(lead.start() if lead else offset, stop if end < 0 else end)


def _read(group: str, match: re.Match[str]) -> tuple[str, int]:
    """Return the kind and the number of a marker: 三要 -> ("要", 3)."""
    if group == "chain":
        return group, _CHAIN.get(match[0], _LAST)
    if group == "circle":
        return group, ord(match[0]) - ord("①") + 1
    if group == "is":
        return match[0][-1], _NUMBERS.get(match["n"], _NONE)
    return group, _NUMBERS.get(match[group], _NONE)


def _chain(markers: Iterable[_Marker]) -> list[_List]:
    """Chain markers into lists, in the order in which the lists begin."""
    lists: list[_List] = []
    open_lists: list[_List] = []
    for marker in markers:
        target = _continued(open_lists, marker)
        if target is not None:
            del open_lists[open_lists.index(target) + 1 :]
            target.markers.append(marker if marker.number != _LAST else marker._replace(number=_NONE))
        elif marker.number == 1:
            _make_room(open_lists, marker.kind)
            parent = open_lists[-1] if open_lists else None
            lists.append(_List(marker.kind, [marker], parent, parent.markers[-1] if parent else None))
            open_lists.append(lists[-1])
    return lists


def _continued(open_lists: Sequence[_List], marker: _Marker) -> _List | None:
    """Return the innermost list that the marker goes on with; one that misses no number comes before one that does."""
    reachable = [
        candidate
        for candidate in reversed(open_lists)
        if candidate.kind == marker.kind and (marker.leads or candidate.markers[-1].paragraph == marker.paragraph)
    ]
    for step in range(1, _WIDEST_STEP + 1):
        for candidate in reachable:
            if _step(candidate, marker) == step:
                return candidate
    return None


def _step(candidate: _List, marker: _Marker) -> int:
    if marker.number == _LAST:
        return int(len(candidate.markers) >= _SHORTEST_BEFORE_LAST and candidate.markers[-1].number != _NONE)
    return marker.number - candidate.markers[-1].number


def _make_room(open_lists: list[_List], kind: str) -> None:
    """Close lists of a kind before a new one of it opens: those with a single point, and the second one that is open."""
    same = [candidate for candidate in open_lists if candidate.kind == kind]
    for depth, candidate in enumerate(same, 1):
        if not candidate.accepted or depth == _MOST_NESTED:
            _close(open_lists, candidate)


def _close(open_lists: list[_List], closing: _List) -> None:
    """Take a list out from between others; so the parents of open lists are always open, and their chain stays short."""
    open_lists.remove(closing)
    for inner in open_lists:
        if inner.parent is closing:
            inner.parent, inner.parent_point = closing.parent, closing.parent_point


def _last_ends(lists: Sequence[_List]) -> dict[int, int]:
    """Return where the last point of each list ends, by the list's `id`.

    It is the end of its paragraph; but an inner list that begins there and leads into later paragraphs takes it along, and
    one of the same kind is no inner list: it ends all that ends with it.
    """
    reach: dict[int, int] = {}
    cut: dict[int, int] = {}
    for found in reversed(lists):  # inner lists before the lists that hold them
        paragraph_end = found.markers[-1].paragraph.end
        end = max(paragraph_end, reach.get(id(found), 0))
        end = reach[id(found)] = min(end, cut.get(id(found), end))
        holders = list(_ending_holders(found))
        nested = [holder.kind for holder in holders].count(found.kind) == 0
        for holder in holders if not nested else ():
            cut[id(holder)] = found.markers[0].start
        if holders and nested:
            reach[id(holders[0])] = max(reach.get(id(holders[0]), 0), end)
    return reach


def _ending_holders(found: _List) -> Iterator[_List]:
    """Yield the lists in whose last points, and their paragraphs, a list begins; innermost first, to the first of its kind."""
    parent, point = found.parent, found.parent_point
    while parent is not None and point is not None:
        if parent.accepted:
            if point is not parent.markers[-1] or point.paragraph.end < found.markers[0].start:
                return
            yield parent
            if parent.kind == found.kind:
                return
        point, parent = parent.parent_point, parent.parent
