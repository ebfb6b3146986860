"""What a query that is being typed may become: titles, headings and frequent words that begin so, then those that contain it.

The last word alone is completed, too: 党建 载 -> 党建 载体. What is typed in pinyin (dangj) completes to words that sound so.

Everything is one sorted list of squeezed strings, searched by bisection, and the titles and headings once more as one text,
searched for what stands inside them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import Literal

from kb.engines.base import Searcher
from kb.fold import SEPARATOR, fold, squeeze
from kb.suggest.pinyin import sounds

Kind = Literal["term", "heading", "title"]

LONGEST = 40
"""A heading of more characters is a sentence."""
RAREST = 2
"""Passages that must have a word before it is offered."""
MOST_HEADINGS = 50_000
MOST_INSIDE = 200
_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十百\d]+[、．.章节条篇]|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+(?:是|要)|\d+[、．.]?)\s*"
)
_LAST_WORD = re.compile(r"^(?P<before>.*[\s(|（])(?P<word>\S+)$", re.DOTALL)
_MANY = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Completion:
    """A query, where it comes from, and how many passages (of a word) or documents (of a title or heading) have it."""

    text: str
    kind: Kind
    count: int


class Completer:
    """Over one generation; never changed."""

    def __init__(self, searcher: Searcher, vocabulary: Mapping[str, int], written: Callable[[str], str]) -> None:
        """Prepare; `written` gives the form in which a word of the vocabulary, which is folded, is shown."""
        words = {written(word): count for word, count in vocabulary.items() if count >= RAREST}
        titles = Counter(listed.metadata.title for listed in searcher.documents())
        headings = Counter(_NUMBER.sub("", title) for title in islice(searcher.headings(), MOST_HEADINGS))
        offers = [
            *(Completion(text, "title", count) for text, count in titles.items()),
            *(Completion(text, "heading", count) for text, count in headings.items() if 1 < len(text) <= LONGEST),
            *(Completion(word, "term", count) for word, count in words.items()),
        ]
        entries = sorted(((_key(offer.text), offer) for offer in offers), key=lambda entry: entry[0])
        self._keys = [key for key, _ in entries]
        self._offers = [offer for _, offer in entries]
        phrases = [(key, offer) for key, offer in entries if offer.kind != "term"]
        self._phrases = [offer for _, offer in phrases]
        self._inside = "\n".join(key for key, _ in phrases)
        self._starts = _starts([key for key, _ in phrases])
        spoken = sorted((sounds(word)[0], count, word) for word, count in words.items() if word > "\u3400")
        self._sounds = [sound for sound, _, _ in spoken]
        self._spoken = [Completion(word, "term", count) for _, count, word in spoken]

    def complete(self, text: str, limit: int) -> list[Completion]:
        """Return at most `limit` queries that begin so, the most telling first."""
        found: dict[str, Completion] = {}
        for completion in self._found(text, limit):
            if fold(completion.text) != fold(text):
                found.setdefault(_key(completion.text), completion)
            if len(found) == limit:
                break
        return list(found.values())

    def _found(self, text: str, limit: int) -> Iterator[Completion]:
        typed = _key(text)
        if not typed:
            return
        begun = self._beginning(self._keys, self._offers, typed)
        # Three words at first, so that a long list of them leaves room for titles and headings.
        words = nlargest(limit, (offer for offer in begun if offer.kind == "term"), key=_weight)
        phrases = nlargest(limit, (offer for offer in begun if offer.kind != "term"), key=_weight)
        yield from [*words[:3], *phrases[:3], *words[3:], *phrases[3:]]
        last = _LAST_WORD.match(text)
        if last:
            for completion in self._found(last["word"], limit):
                if completion.kind == "term":
                    yield Completion(last["before"] + completion.text, "term", completion.count)
        else:
            yield from nlargest(limit, self._containing(typed), key=_weight)
        if typed.isascii():
            yield from nlargest(limit, self._beginning(self._sounds, self._spoken, typed), key=_weight)

    @staticmethod
    def _beginning(keys: list[str], offers: list[Completion], typed: str) -> list[Completion]:
        return offers[bisect_left(keys, typed) : bisect_left(keys, typed + _MANY)]

    def _containing(self, typed: str) -> Iterator[Completion]:
        at = -1
        for _ in range(MOST_INSIDE):
            at = self._inside.find(typed, at + 1)
            if at < 0:
                return
            number = bisect_left(self._starts, at + 1) - 1
            yield self._phrases[number]
            at = self._starts[number + 1] - 1 if number + 1 < len(self._starts) else len(self._inside)


def _key(text: str) -> str:
    return squeeze(fold(text)).replace(SEPARATOR, "")


def _weight(completion: Completion) -> tuple[int, int, str]:
    """Prefer the frequent, then the short."""
    return completion.count, -len(completion.text), completion.text


def _starts(keys: list[str]) -> list[int]:
    starts, at = [], 0
    for key in keys:
        starts.append(at)
        at += len(key) + 1
    return starts
