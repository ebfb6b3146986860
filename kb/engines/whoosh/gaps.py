"""Very many lists of ascending numbers, packed: each is a slice of one of three long arrays of gaps.

    3  8  8  1000     ->     3  5  0  992     ->     03 05 00 ff ff ff e3

A list stands in the array of bytes, of pairs or of quadruples of bytes, wherever it is shortest. There the greatest item is a
carry: it moves on by its value and names no number, so a single wide gap costs one item and not the width of the whole list.
Equal neighbours are allowed (gap 0). Unpacking is a cumulative sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.engines.whoosh.arrays import Array

Numbers = npt.NDArray[np.uint32]
Borders = npt.NDArray[np.int64]

_MOST_CARRIES = 255
_ITEMS: tuple[np.dtype[np.unsignedinteger[Any]], ...] = (np.dtype("u1"), np.dtype("u2"), np.dtype("u4"))


@dataclass(frozen=True, slots=True)
class GapLists:
    """Lists by number. Everything is an array, as it lies in the file."""

    sizes: Numbers
    """How many numbers each list has."""
    carries: npt.NDArray[np.uint8]
    kinds: npt.NDArray[np.uint8]
    """In which of the three each list stands: bytes, pairs, quadruples."""
    starts: Numbers
    """Where it begins there, in items."""
    bytes: npt.NDArray[np.uint8]
    pairs: npt.NDArray[np.uint16]
    quadruples: npt.NDArray[np.uint32]

    def numbers(self, at: int) -> Numbers:
        """Unpack a list."""
        kind, carries = self.kinds[at], self.carries[at]
        start = int(self.starts[at])
        items: Array = (self.bytes, self.pairs, self.quadruples)[kind]
        gaps = items[start : start + int(self.sizes[at]) + int(carries)]
        numbers = np.cumsum(gaps, dtype=np.uint32)
        return numbers[gaps != np.iinfo(gaps.dtype).max] if carries else numbers

    def to_arrays(self) -> dict[str, Array]:
        """Return what a file must hold."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def pack(numbers: Numbers, borders: Borders) -> GapLists:
    """Pack lists that stand one after another.

    Args:
        numbers: all lists; each ascends and none is empty.
        borders: where each list begins, and where the last one ends.
    """
    begins = borders[:-1]
    sizes = np.diff(borders).astype(np.uint32)
    gaps = np.diff(numbers, prepend=np.uint32(0))
    gaps[begins] = numbers[begins]
    carries = [_carries(gaps, begins, items) for items in _ITEMS]
    kinds = _shortest(sizes, carries)
    starts = np.zeros(len(sizes), np.uint32)
    packed: list[Array] = []
    for kind, items in enumerate(_ITEMS):
        here = kinds == kind
        lengths = (sizes + carries[kind])[here]
        starts[here] = np.cumsum(lengths) - lengths
        packed.append(_with_carries(gaps[np.repeat(here, sizes)], items))
    carried = np.choose(kinds, carries).astype(np.uint8)
    return GapLists(sizes, carried, kinds, starts, *packed)


def joined(parts: Sequence[GapLists]) -> GapLists:
    """Put lists behind one another."""
    starts: list[Numbers] = []
    before = np.zeros(len(_ITEMS), np.uint32)
    for part in parts:
        starts.append(part.starts + before[part.kinds])
        before += np.array([len(part.bytes), len(part.pairs), len(part.quadruples)], np.uint32)
    whole = {field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(GapLists)}
    return GapLists(**{**whole, "starts": np.concatenate(starts)})


def _carries(gaps: Numbers, begins: Borders, items: np.dtype[np.unsignedinteger[Any]]) -> Numbers:
    """Count the carries that each list would need."""
    if items.itemsize == gaps.itemsize or not len(gaps):
        return np.zeros(len(begins), np.uint32)
    return np.add.reduceat(gaps // np.iinfo(items).max, begins, dtype=np.uint32)


def _shortest(sizes: Numbers, carries: list[Numbers]) -> npt.NDArray[np.uint8]:
    """Choose for each list where it takes the fewest bytes; too many carries are not counted in a file."""
    lengths = np.stack([(sizes + carried) * items.itemsize for carried, items in zip(carries, _ITEMS, strict=True)])
    lengths[np.stack(carries) > _MOST_CARRIES] = np.iinfo(np.uint32).max
    return np.asarray(np.argmin(lengths, axis=0), np.uint8)


def _with_carries(gaps: Numbers, items: np.dtype[np.unsignedinteger[Any]]) -> Array:
    """Write gaps as items."""
    carry = np.iinfo(items).max
    if items.itemsize == gaps.itemsize or not (gaps >= carry).any():
        return gaps.astype(items)
    carries = gaps // carry
    places = np.arange(len(gaps)) + np.cumsum(carries, dtype=np.int64)
    written = np.full(len(gaps) + int(carries.sum()), carry, items)
    written[places] = gaps % carry
    return written
