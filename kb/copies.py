"""Near-copies: documents that are one speech posted again, with an advert on top or a few words changed.

A document is seen as the set of its shingles, the runs of five characters of its squeezed passages; two documents resemble each
other by the share of shingles that both have (Jaccard). The signature keeps the 512 smallest hashes of the set: a sample that
every document draws alike, so the resemblance can be estimated from two signatures (MinHash in the form with one hash function:
Broder 1997, "On the resemblance and containment of documents"), and is exact for a document of no more shingles.
Documents are compared only where three neighbouring hashes of theirs are the same; what is alike is joined to families.

Traps:
- Python's `hash` differs from process to process; shingles are hashed by fixed arithmetic, the same on every machine.
- A short document is often a form: two announcements that differ in a year and a name are two announcements. The shorter, the
  more is demanded.
- An excerpt is no copy: it lacks most of what the whole has, so the resemblance is low.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5
KEPT = 512
"""Hashes of a signature: the estimate is off by 0.018 (standard deviation) at a resemblance of 0.8."""
LEAST = ((1000, 0.78), (250, 0.9), (0, 1.0))
"""From how many shingles which resemblance makes a copy.

Of 1,200 real speeches and reports no pair lies between 0.74 (regulations from one mould) and 0.92 (posted again); a speech with
every fiftieth character changed has 0.82. Of 66,000 news items, forms of 400 characters reach 0.82, of 200 characters 0.98.
"""
_RUN = 3
_RUNS_FROM = 64
_MOST_COMPARED = 20
"""Families in one group with which a document is compared: a form that was filled in a thousand times stays bounded."""

Hashes = NDArray[np.unsignedinteger]
Wide = NDArray[np.uint64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def sign(squeezed: str) -> bytes:
    """Return the signature of a text: the number of its shingles, then the smallest of their hashes in order.

    Example:
        >>> resemblance(sign("党建工作的载体要搞清楚"), sign("党建工作的载体要弄清楚"))
        0.4
    """
    hashes = shingles(squeezed)
    return np.concatenate(([len(hashes)], hashes[:KEPT])).astype("<u4").tobytes()


def resemblance(one: bytes, other: bytes) -> float:
    """Estimate from two signatures which share of their shingles two documents have in common."""
    return _estimate(_hashes(one), _hashes(other))


def fingerprint(squeezed: str) -> int:
    """Return a signed number of 64 bits that passages have in common when they say the same, and only then."""
    digest = hashlib.blake2b(squeezed.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def families(signatures: Mapping[str, bytes]) -> dict[str, str]:
    """Find the documents that are copies of each other.

    Args:
        signatures: id -> signature, in the order of the library.

    Returns:
        id -> id of the first document of its family, for the documents that have a copy.
    """
    ids = list(signatures)
    sizes = [int.from_bytes(signature[:4], "little") for signature in signatures.values()]
    hashes = [_hashes(signature) for signature in signatures.values()]
    joined = _Joined(len(ids))
    compared: set[tuple[int, int]] = set()
    for group in _groups(hashes):
        heads: list[int] = []
        for document in group:
            for head in heads[-_MOST_COMPARED:]:
                pair = (head, document)
                if joined.apart(*pair) and pair not in compared:
                    compared.add(pair)
                    if _estimate(hashes[head], hashes[document]) >= _least(min(sizes[head], sizes[document])):
                        joined.join(*pair)
            if all(joined.apart(head, document) for head in heads):
                heads.append(document)
    return {ids[member]: ids[first] for first, members in joined.families() for member in members}


def shingles(squeezed: str) -> Hashes:
    """Hash the runs of `SHINGLE` characters of a text (a shorter text is one run) to 32 bits; sorted, each once."""
    characters = np.frombuffer(squeezed.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    width = min(SHINGLE, len(characters))
    runs = np.zeros(len(characters) - width + 1 if width else 0, np.uint64)
    for place in range(width):
        runs = runs * _MULTIPLIER + characters[place : place + len(runs)]
    hashes: Hashes = np.sort(_mixed(runs) >> np.uint64(32))
    is_first = np.ones(len(hashes), np.bool_)
    is_first[1:] = hashes[1:] != hashes[:-1]
    return hashes[is_first]  # np.unique would put them into a hash table first: three times as slow


def share(one: Hashes, other: Hashes) -> float:
    """Divide what both have by what either has."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    either = len(one) + len(other) - both
    return both / either if either else 0.0


def _least(size: int) -> float:
    return next(least for smallest, least in LEAST if size >= smallest)


def _mixed(values: Wide) -> Wide:
    """Spread numbers evenly over 64 bits (the finish of SplitMix64)."""
    values = (values ^ values >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ values >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return values ^ values >> np.uint64(31)


def _hashes(signature: bytes) -> Hashes:
    return np.frombuffer(signature, "<u4")[1:]


def _estimate(one: Hashes, other: Hashes) -> float:
    """Compare as far as both are known: a full signature ends at its last hash."""
    known = [int(hashes[-1]) for hashes in (one, other) if len(hashes) == KEPT]
    if known:
        one, other = (hashes[: np.searchsorted(hashes, min(known), side="right")] for hashes in (one, other))
    return share(one, other)


def _groups(hashes: Sequence[Hashes]) -> Iterator[list[int]]:
    """Give the documents that share a run of neighbours among their smallest hashes, each group in order.

    With a resemblance of 0.78 the chance to share none of some sixty runs is below one in 100,000, with 0.1 it is 94%.
    """
    keys = [_runs(each) for each in hashes]
    owners = np.repeat(np.arange(len(keys)), [len(runs) for runs in keys])
    values = np.concatenate(keys) if keys else np.zeros(0, np.uint64)
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    borders = [0, *(np.flatnonzero(values[1:] != values[:-1]) + 1).tolist(), len(values)]
    for start, end in pairwise(borders):
        if end - start > 1:
            yield owners[start:end].tolist()


def _runs(hashes: Hashes) -> Wide:
    first = hashes[:_RUNS_FROM].astype(np.uint64)
    width = min(_RUN, len(first))
    runs = np.zeros(len(first) - width + 1 if width else 0, np.uint64)
    for place in range(width):
        runs = _mixed(runs + first[place : place + len(runs)])
    return runs


class _Joined:
    """Disjoint sets of numbers, each known by its smallest."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def apart(self, one: int, other: int) -> bool:
        return self._first(one) != self._first(other)

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self._first(one), self._first(other)))
        self._above[second] = first

    def families(self) -> Iterator[tuple[int, list[int]]]:
        """Give each set of more than one with its smallest number."""
        members: dict[int, list[int]] = {}
        for number in range(len(self._above)):
            members.setdefault(self._first(number), []).append(number)
        return ((first, family) for first, family in members.items() if len(family) > 1)

    def _first(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number
