"""Very many lists of ascending numbers, packed: each is a slice of one of four long arrays of gaps.

    3  8  8  1000     ->     3  5  0  992     ->     03 05 00 ff ff ff e3

A list stands among the items of one, two, three or four bytes, wherever it is shortest. There the greatest item is a carry: it
moves on by its value and names no number, so a single wide gap costs an item more and not the width of the whole list. Equal
neighbours are allowed (gap 0). Unpacking is a cumulative sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.engines.whoosh.arrays import Array
from kb.engines.whoosh.lists import Numbers

Borders = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_WIDTHS = (1, 2, 3, 4)
_MOST_CARRIES = 63
_UNPACKED: dict[int, np.dtype[np.unsignedinteger[Any]]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}


@dataclass(frozen=True)
class GapLists:
    """Lists by number. Everything is an array, as it lies in the file."""

    sizes: Array
    """How many numbers each list has."""
    forms: Bytes
    """For each list how many carries it has, and in the lowest two bits how many bytes an item, less one."""
    items: tuple[Bytes, ...]
    """The items of one, two, three and four bytes."""

    def numbers(self, at: int) -> Numbers:
        """Unpack a list."""
        form = int(self.forms[at])
        width, carries = (form & 3) + 1, form >> 2
        start, length = int(self._starts[at]), int(self.sizes[at]) + carries
        items = self.items[width - 1][start * width : (start + length) * width]
        gaps: Array = items.view(_UNPACKED[width]) if width in _UNPACKED else _three_bytes(items)
        numbers = np.cumsum(gaps, dtype=np.uint32)
        return numbers[gaps != _carry(width)] if carries else numbers

    @cached_property
    def _starts(self) -> Numbers:
        """Where each list begins among the items of its width: the lists stand there in order."""
        starts = np.empty(len(self.sizes), np.uint32)
        lengths = self.sizes.astype(np.uint32) + (self.forms >> 2)
        for width in _WIDTHS:
            here = np.flatnonzero(self.forms & 3 == width - 1)
            ends = np.cumsum(lengths[here], dtype=np.uint32)
            starts[here] = ends - lengths[here]
        return starts

    def to_arrays(self) -> dict[str, Array]:
        """Return what a file must hold."""
        items = {f"items{width}": items for width, items in zip(_WIDTHS, self.items, strict=True)}
        return {"sizes": self.sizes, "forms": self.forms, **items}


def from_arrays(arrays: dict[str, Array]) -> GapLists:
    """Read what `to_arrays` gave."""
    return GapLists(arrays["sizes"], arrays["forms"], tuple(arrays[f"items{width}"] for width in _WIDTHS))


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
    carries = np.stack([_carries(gaps, begins, width) for width in _WIDTHS])
    lengths = (sizes + carries) * np.array(_WIDTHS, np.uint64)[:, np.newaxis]
    lengths[carries > _MOST_CARRIES] = np.iinfo(np.uint64).max
    widths = np.argmin(lengths, axis=0).astype(np.uint64)
    carried = np.take_along_axis(carries, widths[np.newaxis].astype(np.intp), axis=0)[0]
    items = tuple(_items(gaps[np.repeat(widths == width - 1, sizes)], width) for width in _WIDTHS)
    return GapLists(_narrow(sizes), (carried << np.uint64(2) | widths).astype(np.uint8), items)


def joined(parts: Sequence[GapLists]) -> GapLists:
    """Put lists behind one another."""
    items = tuple(np.concatenate(same) for same in zip(*(part.items for part in parts), strict=True))
    sizes, forms = (np.concatenate([getattr(part, name) for part in parts]) for name in ("sizes", "forms"))
    return GapLists(sizes, forms, items)


def _narrow(numbers: Numbers) -> Array:
    return numbers.astype(np.min_scalar_type(numbers.max(initial=0)))


def _carry(width: int) -> int:
    return (1 << 8 * width) - 1


def _carries(gaps: Numbers, begins: Borders, width: int) -> npt.NDArray[np.uint64]:
    """Count the carries that each list would need; a gap of four bytes needs none."""
    if width == _WIDTHS[-1] or not len(gaps):
        return np.zeros(len(begins), np.uint64)
    return np.add.reduceat(gaps // np.uint32(_carry(width)), begins, dtype=np.uint64)


def _items(gaps: Numbers, width: int) -> Bytes:
    """Write gaps as items."""
    carry = _carry(width)
    if width < _WIDTHS[-1] and (gaps >= carry).any():
        carries = gaps // np.uint32(carry)
        places = np.arange(len(gaps)) + np.cumsum(carries, dtype=np.int64)
        written = np.full(len(gaps) + int(carries.sum()), carry, np.uint32)
        written[places] = gaps % np.uint32(carry)
        gaps = written
    whole = gaps.astype("<u4").view(np.uint8).reshape(-1, 4)
    return np.ascontiguousarray(whole[:, :width]).reshape(-1)


def _three_bytes(items: Bytes) -> Numbers:
    low, middle, high = (items[at::3].astype(np.uint32) for at in range(3))
    gaps: Numbers = low | middle << np.uint32(8) | high << np.uint32(16)
    return gaps
