"""Ascending lists of numbers, and posting lists: counted, merged, compared. What a search consists of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]
Ids = Numbers
"""Passages or documents by number."""
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_FIRST = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True)
class PostingList:
    """The passages that have a term, ascending, and how often each has it."""

    ids: Ids
    counts: Floats


NO_IDS: Ids = np.empty(0, np.uint32)
NO_POSTINGS = PostingList(NO_IDS, np.empty(0, np.float32))


def group_starts(ascending: Numbers) -> Places:
    """Return where each run of equal numbers begins."""
    if not len(ascending):
        return np.empty(0, np.int64)
    return np.concatenate((_FIRST, np.flatnonzero(ascending[1:] != ascending[:-1]) + 1))


def group_sizes(starts: Places, total: int) -> Places:
    """Return how long each run is."""
    sizes = np.empty(len(starts), np.int64)
    np.subtract(starts[1:], starts[:-1], out=sizes[:-1])
    if len(starts):
        sizes[-1] = total - starts[-1]
    return sizes


def distinct(ascending: Numbers) -> Numbers:
    """Return each number once."""
    return ascending[group_starts(ascending)]


def counted(ids: Ids) -> PostingList:
    """Count equal neighbours."""
    starts = group_starts(ids)
    return PostingList(ids[starts], group_sizes(starts, len(ids)).astype(np.float32))


def union(one: Ids, other: Ids) -> Ids:
    """Merge two lists; NumPy's own union hashes them, which takes ten times as long and more."""
    if not len(one) or not len(other):
        return one if len(one) else other
    both = np.concatenate((one, other))
    both.sort(kind="stable")  # two ascending runs: merged in one pass
    return distinct(both)


def added(one: PostingList, other: PostingList, weight: float) -> PostingList:
    """Add up two fields' counts, the other's weighted."""
    if not len(other.ids):
        return one
    if not len(one.ids):
        return PostingList(other.ids, np.float32(weight) * other.counts)
    ids = union(one.ids, other.ids)
    counts = np.zeros(len(ids), np.float32)
    counts[np.searchsorted(ids, one.ids)] += one.counts
    counts[np.searchsorted(ids, other.ids)] += np.float32(weight) * other.counts
    return PostingList(ids, counts)


def is_in(numbers: Numbers, others: Numbers) -> npt.NDArray[np.bool_]:
    """Tell which of some numbers are among others."""
    if not len(others):
        return np.zeros(len(numbers), np.bool_)
    places = others.searchsorted(numbers)
    np.minimum(places, len(others) - 1, out=places)
    flags: npt.NDArray[np.bool_] = others[places] == numbers
    return flags
