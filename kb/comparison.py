"""Say in what two texts differ: sentence by sentence, inside a changed sentence character by character.

Sentences that are the same stand as they are. Between them, sentences that changed are set beside each other in order, those
that have most pairs of characters in common; what finds no counterpart was left out or put in. Compared is the folded spelling:
width, case and Traditional forms are no differences, punctuation is. The paragraphs shown are those of the first text.

Traps:
- A speech that is posted again is often divided into other paragraphs; compared by paragraphs nothing would be the same.
- difflib is quadratic, and worse on texts of few different characters. The work is bounded by counting it beforehand, not by
  the clock, so the same two texts are always shown alike; what exceeds the bound is shown as left out and put in whole.
- Single characters that happen to be in both of two different sentences make confetti: a common run between two changes counts
  only from two characters on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Literal, NamedTuple

from kb.fold import fold
from kb.structure.lines import lines

MOST_SENTENCES = 3000
"""Of each text; what follows is not compared."""
MOST_PAIRS = 10_000
"""Of changed sentences that are tried for being counterparts."""
MOST_WORK = 2_000_000
"""Pairs of equal characters in the sentences that are compared character by character: about a second at worst."""
LEAST_ALIKE = 0.4
_SHORTEST_COMMON = 2
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』》）)\]]*|.+")

Kind = Literal["same", "left", "right"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: in both, only in the first (`left`) or only in the second (`right`)."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph: of the first text with what the second has instead, or one that only the second has."""

    pieces: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        """Whether both texts have it so."""
        return all(piece.kind == "same" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts as one sequence of paragraphs. `bounded` says that something was too long for a fine comparison."""

    rows: tuple[Row, ...]
    bounded: bool


def compare(left: str, right: str) -> Comparison:
    """Compare two texts."""
    lefts, rights = _sentences(left), _sentences(right)
    comparing = _Comparing()
    comparing.bounded = len(lefts) > MOST_SENTENCES or len(rights) > MOST_SENTENCES
    rows: list[list[Piece]] = []
    for opens, pieces in comparing.sentences(lefts[:MOST_SENTENCES], rights[:MOST_SENTENCES]):
        if opens or not rows:
            rows.append([])
        rows[-1] += pieces
    return Comparison(tuple(Row(tuple(_merged(pieces))) for pieces in rows), comparing.bounded)


class _Sentence(NamedTuple):
    text: str
    folded: str
    opens: bool
    """It is the first of its paragraph."""


_Shown = tuple[bool, list[Piece]]
"""A sentence, compared: whether it opens a paragraph, and its pieces."""


class _Block(NamedTuple):
    """Where two sequences agree or differ: difflib's tag and the two ranges."""

    tag: str
    first: int
    last: int
    other_first: int
    other_last: int


class _Comparing:
    """One comparison and what is left of its bounds."""

    def __init__(self) -> None:
        self.bounded = False
        self._pairs = MOST_PAIRS
        self._work = MOST_WORK

    def sentences(self, lefts: Sequence[_Sentence], rights: Sequence[_Sentence]) -> Iterator[_Shown]:
        for block in _blocks([each.folded for each in lefts], [each.folded for each in rights]):
            if block.tag == "equal":
                yield from (_alone("same", each) for each in lefts[block.first : block.last])
            else:
                yield from self._changed(lefts[block.first : block.last], rights[block.other_first : block.other_last])

    def _changed(self, lefts: Sequence[_Sentence], rights: Sequence[_Sentence]) -> Iterator[_Shown]:
        left = right = 0
        for next_left, next_right in [*self._counterparts(lefts, rights), (len(lefts), len(rights))]:
            yield from (_alone("left", each) for each in lefts[left:next_left])
            yield from (_alone("right", each) for each in rights[right:next_right])
            if next_left < len(lefts):
                yield lefts[next_left].opens, list(self._pieces(lefts[next_left], rights[next_right]))
            left, right = next_left + 1, next_right + 1

    def _counterparts(self, lefts: Sequence[_Sentence], rights: Sequence[_Sentence]) -> list[tuple[int, int]]:
        """Choose pairs in order whose likenesses add up to most (the way of the longest common subsequence)."""
        self._pairs -= len(lefts) * len(rights)
        if self._pairs < 0:
            self.bounded = True
            return []
        likeness = _likenesses(lefts, rights)
        best = [[0.0] * (len(rights) + 1) for _ in range(len(lefts) + 1)]
        for left in reversed(range(len(lefts))):
            for right in reversed(range(len(rights))):
                paired = likeness[left][right] + best[left + 1][right + 1] if likeness[left][right] else 0.0
                best[left][right] = max(paired, best[left + 1][right], best[left][right + 1])
        chosen = []
        left = right = 0
        while left < len(lefts) and right < len(rights):
            if best[left][right] == best[left + 1][right]:
                left += 1
            elif best[left][right] == best[left][right + 1]:
                right += 1
            else:
                chosen.append((left, right))
                left, right = left + 1, right + 1
        return chosen

    def _pieces(self, left: _Sentence, right: _Sentence) -> Iterator[Piece]:
        here, there = Counter(left.folded), Counter(right.folded)
        self._work -= sum(count * there[character] for character, count in here.items())
        if self._work < 0:
            self.bounded = True
            yield Piece("left", left.text)
            yield Piece("right", right.text)
            return
        for block in _without_confetti(_blocks(left.folded, right.folded)):
            if block.tag == "equal":
                yield Piece("same", left.text[block.first : block.last])
                continue
            if block.first < block.last:
                yield Piece("left", left.text[block.first : block.last])
            if block.other_first < block.other_last:
                yield Piece("right", right.text[block.other_first : block.other_last])


def _sentences(text: str) -> list[_Sentence]:
    return [
        _Sentence(sentence[0], fold(sentence[0]), sentence.start() == 0)
        for paragraph in lines(text)
        for sentence in _SENTENCE.finditer(paragraph.text)
    ]


def _alone(kind: Kind, sentence: _Sentence) -> _Shown:
    return sentence.opens, [Piece(kind, sentence.text)]


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for kind, run in groupby(pieces, key=attrgetter("kind")):
        yield Piece(kind, "".join(piece.text for piece in run))


def _blocks(left: Sequence[str], right: Sequence[str]) -> list[_Block]:
    """Match two sequences; what both begin and end with is set aside first, most of it is usually the same."""
    head = 0
    while head < min(len(left), len(right)) and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < min(len(left), len(right)) - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    # Sentences that occur again and again would be tried against each other; of characters none is left out.
    matcher = SequenceMatcher(
        None,
        left[head : len(left) - tail],
        right[head : len(right) - tail],
        autojunk=not isinstance(left, str),
    )
    middle = [_Block(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in matcher.get_opcodes()]
    first = [_Block("equal", 0, head, 0, head)] * (head > 0)
    last = [_Block("equal", len(left) - tail, len(left), len(right) - tail, len(right))] * (tail > 0)
    return [*first, *middle, *last]


def _without_confetti(blocks: Sequence[_Block]) -> list[_Block]:
    """Join changes between which hardly anything is the same."""
    joined: list[_Block] = []
    for number, block in enumerate(blocks):
        inner = 0 < number < len(blocks) - 1
        tag = "replace" if inner and block.last - block.first < _SHORTEST_COMMON else block.tag
        if joined and tag != "equal" and joined[-1].tag != "equal":
            joined[-1] = joined[-1]._replace(last=block.last, other_last=block.other_last)
        else:
            joined.append(block._replace(tag=tag))
    return joined


def _likenesses(lefts: Sequence[_Sentence], rights: Sequence[_Sentence]) -> list[list[float]]:
    """Return for each pair the share of their pairs of characters that they have in common; 0 where that is little."""
    left_pairs = [Counter(map("".join, pairwise(each.folded))) for each in lefts]
    right_pairs = [Counter(map("".join, pairwise(each.folded))) for each in rights]
    return [[_likeness(one, other) for other in right_pairs] for one in left_pairs]


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    both = sum((one & other).values())
    likeness = 2 * both / max(one.total() + other.total(), 1)
    return likeness if likeness >= LEAST_ALIKE else 0.0
