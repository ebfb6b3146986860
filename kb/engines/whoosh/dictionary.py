"""The terms of a field in order, each by its number: a sorted array of their first eight bytes, and the rest of the long ones.

Terms are UTF-8, whose order is that of the characters, so all terms with one beginning stand side by side. Two characters fit
into eight bytes: a field of grams has no rest.

Trap: the key of a short term is filled up with zero bytes; a term must not end with one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from kb.engines.whoosh.arrays import Array

Keys = npt.NDArray[np.uint64]

_KEY = 8


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Terms by number, as arrays."""

    keys: Keys
    rest_ends: npt.NDArray[np.uint32]
    """Where each term's rest ends; empty where no term has one."""
    rests: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, term: bytes) -> int:
        """Return the number of a term, -1 if it is not there."""
        key = _key(term)
        keys = self.keys.data  # a view of plain numbers: for one term faster than any array function
        number = bisect_left(keys, key)
        if len(self.rest_ends):
            number = bisect_left(range(number, bisect_right(keys, key, number)), term[_KEY:], key=self._rest) + number
        is_there = number < len(keys) and keys[number] == key and self._rest(number) == term[_KEY:]
        return number if is_there else -1

    def starting_with(self, prefix: bytes) -> range:
        """Return the numbers of the terms that begin so."""
        return range(self.first_from(prefix), self.first_from(prefix + b"\xff"))  # no UTF-8 has this byte

    def first_from(self, term: bytes) -> int:
        """Return the number of the first term that is not before a given one."""
        return bisect_left(range(len(self)), term, key=self.term)

    def term(self, number: int) -> bytes:
        """Return a term."""
        return int(self.keys[number]).to_bytes(_KEY, "big").rstrip(b"\0") + self._rest(number)

    def __iter__(self) -> Iterator[bytes]:
        return map(self.term, range(len(self)))

    def to_arrays(self) -> dict[str, Array]:
        """Return what a file must hold."""
        return {"keys": self.keys, "rest_ends": self.rest_ends, "rests": self.rests}

    def _rest(self, number: int) -> bytes:
        if not len(self.rest_ends):
            return b""
        start = int(self.rest_ends[number - 1]) if number else 0
        return self.rests[start : int(self.rest_ends[number])].tobytes()


def dictionary(terms: Iterable[bytes]) -> Dictionary:
    """Make a dictionary of terms that are in order."""
    terms = list(terms)
    rests = [term[_KEY:] for term in terms]
    ends = np.fromiter(accumulate(map(len, rests)), np.uint32) if any(rests) else np.empty(0, np.uint32)
    return Dictionary(np.array(list(map(_key, terms)), np.uint64), ends, np.frombuffer(b"".join(rests), np.uint8))


def _key(term: bytes) -> int:
    return int.from_bytes(term[:_KEY].ljust(_KEY, b"\0"), "big")
