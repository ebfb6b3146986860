"""Where a sentence stands in a text that has it in other words, and what differs: both sides squeezed.

Seeds (short strings that both share) say on which diagonal to look, `difflib` aligns the sentence with a window around it, and
of the blocks that agree the best chain is kept, so that single characters far away do not stretch the quotation.

Traps:
- Beyond the outermost blocks the alignment knows nothing: where the source's own sentence begins or ends close by, it is taken
  to that border, or a first character that was replaced would look inserted.
- A number in another writing (20大, 二十大) and punctuation between numerals are no difference, as in `kb.literal`.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import pairwise
from typing import Literal

from kb.fold import NUMERALS, SEPARATOR, fold, squeeze_with_offsets
from kb.literal import Span, literal, pattern

Kind = Literal["equal", "replaced", "inserted", "deleted"]

_BORDER = re.compile(r"[。！？；!?;\n]")
_LONG = 16
_MOST_SEEDS = 16
_SLACK = 8
_LONGEST_COUNTED = 3
"""Characters of what a number may count: 次全会."""
_REACH = 2
"""Characters that the source may have more than the sentence between the last block and its border."""


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text without what does not count, each remaining character with its offset, and where its sentences begin."""

    text: str
    offsets: array[int]
    borders: tuple[int, ...]
    """Squeezed offsets, sorted, both ends of the text included."""

    @classmethod
    def of(cls, text: str) -> Squeezed:
        """Squeeze a text."""
        squeezed, offsets = squeeze_with_offsets(fold(text))
        inner = (bisect_left(offsets, border.start()) for border in _BORDER.finditer(text))
        return cls(squeezed, array("L", offsets), tuple(sorted({0, *inner, len(squeezed)})))

    def span(self, start: int, end: int) -> Span:
        """Return the code points of the text that a squeezed span stands for; an empty one is a place between two."""
        if start < end:
            return self.offsets[start], self.offsets[end - 1] + 1
        place = self.offsets[start - 1] + 1 if start else 0
        return place, place


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the sentence beside a run of the source; `inserted` stands only in the sentence, `deleted` only there."""

    kind: Kind
    start: int
    end: int
    source_start: int
    source_end: int


def align(sought: str, source: Squeezed) -> list[Run]:
    """Align a squeezed sentence with the place of the source most like it; no runs where nothing is like it."""
    at = _place(sought, source.text)
    if at is None:
        return []
    slack = len(sought) // 4 + _SLACK
    first = max(0, at - slack)
    window = source.text[first : at + len(sought) + slack]
    blocks = SequenceMatcher(None, sought, window, autojunk=False).get_matching_blocks()[:-1]
    moved = [Match(block.a, block.b + first, block.size) for block in _chain(blocks)]
    return _merged(_settled(run, sought, source.text) for run in _runs(moved, sought, source)) if moved else []


def similarity(runs: Sequence[Run]) -> float:
    """Return the share of the longer side that is equal, 0 to 1."""
    longer = max(sum(run.end - run.start for run in runs), sum(run.source_end - run.source_start for run in runs))
    return matched(runs) / longer if longer else 0.0


def matched(runs: Sequence[Run]) -> int:
    """Count the characters of the sentence that the source has too."""
    return sum(run.end - run.start for run in runs if run.kind == "equal")


def _place(sought: str, text: str) -> int | None:
    """Return where the sentence would begin in the text, by the diagonal on which most seeds lie."""
    size, step = (4, 2) if len(sought) >= _LONG else (3, 1)
    diagonals = sorted(
        place - start
        for start in range(0, len(sought) - size + 1, step)
        for place in _occurrences(sought[start : start + size], text)
    )
    spread = len(sought) // 8 + 1
    near = [bisect_right(diagonals, diagonal + spread) - number for number, diagonal in enumerate(diagonals)]
    return diagonals[near.index(max(near))] if near else None


def _occurrences(seed: str, text: str) -> Iterator[int]:
    place = text.find(seed)
    for _ in range(_MOST_SEEDS):
        if place < 0:
            return
        yield place
        place = text.find(seed, place + 1)


def _chain(blocks: list[Match]) -> list[Match]:
    """Return the neighbouring blocks with the most characters, less what the source has between them beyond the sentence."""
    best, first, last = 0, 0, 0
    score, begun = 0, 0
    for number, block in enumerate(blocks):
        before = blocks[number - 1] if number else block
        gap = block.b - before.b - before.size - (block.a - before.a - before.size)
        score -= max(0, gap) if number else 0
        if score <= 0:
            score, begun = 0, number
        score += block.size
        if score > best:
            best, first, last = score, begun, number + 1
    return blocks[first:last]


def _runs(blocks: list[Match], sought: str, source: Squeezed) -> Iterator[Run]:
    """Give the blocks and what stands between, before and after them."""
    head, tail = blocks[0], blocks[-1]
    end, source_end = tail.a + tail.size, tail.b + tail.size
    before = source.borders[bisect_right(source.borders, head.b) - 1]
    after = source.borders[bisect_left(source.borders, source_end)]
    start = before if head.b - before <= head.a + _REACH else head.b
    stop = after if after - source_end <= len(sought) - end + _REACH else source_end
    yield from _differing(0, head.a, start, head.b)
    for block, following in pairwise([*blocks, Match(len(sought), stop, 0)]):
        yield Run("equal", block.a, block.a + block.size, block.b, block.b + block.size)
        yield from _differing(block.a + block.size, following.a, block.b + block.size, following.b)


def _differing(start: int, end: int, source_start: int, source_end: int) -> Iterator[Run]:
    if start < end or source_start < source_end:
        kind: Kind = "deleted" if start == end else "inserted" if source_start == source_end else "replaced"
        yield Run(kind, start, end, source_start, source_end)


def _settled(run: Run, sought: str, source: str) -> Run:
    """Call a run equal if it differs only by what does not count."""
    here, there = sought[run.start : run.end], source[run.source_start : run.source_end]
    if run.kind != "equal" and (
        here.replace(SEPARATOR, "") == there.replace(SEPARATOR, "") or _is_same_number(run, sought, source)
    ):
        return Run("equal", run.start, run.end, run.source_start, run.source_end)
    return run


def _is_same_number(run: Run, sought: str, source: str) -> bool:
    """Compare what is counted with the characters around it: 第二十 = 第20, but 一把手 is not 1把手."""
    if run.kind != "replaced" or sought[run.start] not in NUMERALS:
        return False
    before = int(run.start > 0)
    for after in range(1, _LONGEST_COUNTED + 1):
        wanted = literal(sought[run.start - before : run.end + after])
        beside = source[max(0, run.source_start - before) : run.source_end + after]
        if wanted and pattern(wanted).fullmatch(beside):
            return True
    return False


def _merged(runs: Iterator[Run]) -> list[Run]:
    """Join neighbouring runs that are equal."""
    merged: list[Run] = []
    for run in runs:
        if merged and merged[-1].kind == run.kind == "equal":
            last = merged.pop()
            run = Run("equal", last.start, run.end, last.source_start, run.source_end)  # noqa: PLW2901 - grown by its neighbour
        merged.append(run)
    return merged
