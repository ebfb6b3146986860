"""The terms of a field in order, each by its number, as arrays.

Terms are UTF-8, whose order is that of the characters, so all terms with one beginning stand side by side. Words are a sorted
array of their first eight bytes and the rest of the long ones; pairs of characters, of which there are most, are for each first
character a run of second ones.

Trap: the key of a short word is filled up with zero bytes; a word must not end with one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from kb.engines.whoosh.arrays import Array
from kb.engines.whoosh.lists import Numbers

_KEY = 8


class Dictionary(ABC):
    """Terms by number."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def find(self, term: bytes) -> int:
        """Return the number of a term, -1 if it is not there."""

    @abstractmethod
    def term(self, number: int) -> bytes:
        """Return a term."""

    @abstractmethod
    def to_arrays(self) -> dict[str, Array]:
        """Return what a file must hold."""

    def starting_with(self, prefix: bytes) -> range:
        """Return the numbers of the terms that begin so."""
        return range(self.first_from(prefix), self.first_from(prefix + b"\xff"))  # no UTF-8 has this byte

    def first_from(self, term: bytes) -> int:
        """Return the number of the first term that is not before a given one."""
        return bisect_left(range(len(self)), term, key=self.term)

    def __iter__(self) -> Iterator[bytes]:
        return map(self.term, range(len(self)))


@dataclass(frozen=True, slots=True)
class WordDictionary(Dictionary):
    """Terms of any length."""

    keys: npt.NDArray[np.uint64]
    rest_ends: Numbers
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

    def term(self, number: int) -> bytes:
        """Return a term."""
        return int(self.keys[number]).to_bytes(_KEY, "big").rstrip(b"\0") + self._rest(number)

    def to_arrays(self) -> dict[str, Array]:
        """Return what a file must hold."""
        return {"keys": self.keys, "rest_ends": self.rest_ends, "rests": self.rests}

    def _rest(self, number: int) -> bytes:
        if not len(self.rest_ends):
            return b""
        start = int(self.rest_ends[number - 1]) if number else 0
        return self.rests[start : int(self.rest_ends[number])].tobytes()


@dataclass(frozen=True, slots=True)
class PairDictionary(Dictionary):
    """Pairs of characters."""

    characters: Numbers
    """All code points, ascending."""
    ends: Numbers
    """For each of them where the run of the pairs that begin with it ends."""
    seconds: Array
    """For each pair the place of its second character among them."""

    def __len__(self) -> int:
        return len(self.seconds)

    def find(self, term: bytes) -> int:
        """Return the number of a pair, -1 if it is not there."""
        places = [self._place(character) for character in decoded(term)]
        if len(places) != 2 or min(places) < 0:  # noqa: PLR2004 - a pair
            return -1
        first, second = places
        begin, end = int(self.ends[first - 1]) if first else 0, int(self.ends[first])
        number = bisect_left(self.seconds.data, second, begin, end)
        return number if number < end and self.seconds[number] == second else -1

    def term(self, number: int) -> bytes:
        """Return a pair."""
        first, second = bisect_right(self.ends.data, number), self.seconds[number]
        return encoded(chr(self.characters[first]) + chr(self.characters[second]))

    def to_arrays(self) -> dict[str, Array]:
        """Return what a file must hold."""
        return {"characters": self.characters, "ends": self.ends, "seconds": self.seconds}

    def _place(self, character: str) -> int:
        place = bisect_left(self.characters.data, ord(character))
        return place if place < len(self.characters) and self.characters[place] == ord(character) else -1


def words(terms: Iterable[bytes]) -> WordDictionary:
    """Make a dictionary of terms that are in order."""
    terms = list(terms)
    rests = [term[_KEY:] for term in terms]
    ends = np.fromiter(accumulate(map(len, rests)), np.uint32) if any(rests) else np.empty(0, np.uint32)
    return WordDictionary(np.array(list(map(_key, terms)), np.uint64), ends, np.frombuffer(b"".join(rests), np.uint8))


def pairs(characters: Numbers, firsts: Array, seconds: Array) -> PairDictionary:
    """Make a dictionary of pairs that are in order, given by the places of their characters."""
    ends = np.cumsum(np.bincount(firsts, minlength=len(characters))).astype(np.uint32)
    return PairDictionary(characters, ends, seconds.astype(np.min_scalar_type(len(characters))))


def encoded(term: str) -> bytes:
    """Write a term as a dictionary has it."""
    return term.encode("utf-8", "surrogatepass")


def decoded(term: bytes) -> str:
    """Read a term of a dictionary."""
    return term.decode("utf-8", "surrogatepass")


def _key(term: bytes) -> int:
    return int.from_bytes(term[:_KEY].ljust(_KEY, b"\0"), "big")
