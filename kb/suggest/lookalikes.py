"""The words of an index that sound like a string, or are one edit away from it.

Two sorted arrays of integers, a hash above a word's number, searched by bisection: 2 MB for 60,000 words where dictionaries of
strings would take 40. A hash that happens to be equal gives a candidate too many, which the caller's counting sorts out.

The neighbours are SymSpell's (W. Garbe 2012): two strings are one edit apart when they are equal after leaving out at most one
character of each. So one table answers for a character replaced, missing, too many, or two transposed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from kb.suggest.pinyin import sounds

SHORTEST_EDITED = 3
"""Of two characters one is too little to recognise the word by."""
SHORTEST_REPLACED = 4
"""于建国 is no mistake for 王建国."""
LONGEST = 16
_WORD_BITS = 24
_HASH_MASK = (1 << (63 - _WORD_BITS)) - 1


class Lookalikes:
    """Over a vocabulary; never changed."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._words = [word for word in vocabulary if len(word) <= LONGEST]
        self._by_sound = _table((sound, number) for number, word in enumerate(self._words) for sound in sounds(word))
        self._by_rest = _table(
            (rest, number)
            for number, word in enumerate(self._words)
            if len(word) >= SHORTEST_EDITED
            for rest in _rests(word)
        )

    def sounding_like(self, text: str) -> set[str]:
        """Return the words that are said as the text is, which may itself be pinyin."""
        return {word for sound in sounds(text) for word in self._found(self._by_sound, sound)} - {text}

    def one_edit_from(self, text: str) -> set[str]:
        """Return the words with one character replaced, missing or too many, or two neighbours transposed."""
        if len(text) < SHORTEST_EDITED:
            return set()
        near = {word for rest in _rests(text) for word in self._found(self._by_rest, rest)}
        return {word for word in near if word != text and _is_one_edit(text, word)}

    def _found(self, table: array[int], key: str) -> Iterator[str]:
        lowest = _packed(key, 0)
        at = bisect_left(table, lowest)
        while at < len(table) and table[at] >> _WORD_BITS == lowest >> _WORD_BITS:
            yield self._words[table[at] & ((1 << _WORD_BITS) - 1)]
            at += 1


def _table(entries: Iterable[tuple[str, int]]) -> array[int]:
    return array("Q", sorted({_packed(key, number) for key, number in entries}))


def _packed(key: str, number: int) -> int:
    """Hashes differ between processes; a table never leaves its own (or its forks, which share the seed)."""
    return (hash(key) & _HASH_MASK) << _WORD_BITS | number


def _rests(word: str) -> set[str]:
    """Return the word, and the word without each of its characters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _is_one_edit(text: str, word: str) -> bool:
    """Tell whether what differs, between equal beginnings and endings, is a character or two transposed ones."""
    begin = 0
    while begin < min(len(text), len(word)) and text[begin] == word[begin]:
        begin += 1
    end = 0
    while end < min(len(text), len(word)) - begin and text[-1 - end] == word[-1 - end]:
        end += 1
    ours, theirs = text[begin : len(text) - end], word[begin : len(word) - end]
    replaced = len(ours) == len(theirs) == 1
    return (
        (replaced and len(text) >= SHORTEST_REPLACED)
        or len(ours) + len(theirs) == 1
        or (len(ours) == 2 and ours == theirs[::-1])  # noqa: PLR2004 - two transposed
    )
