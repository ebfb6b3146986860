"""Where the words of a folded text begin and end, by the dictionary. The only module that imports jieba or rjieba.

The dictionary is jieba's, with the field's terms and the user's own. rjieba cuts by it twenty times as fast as jieba does; where
there is no rjieba, jieba cuts, into the same words: both choose the likeliest path through the words that stand in a text.

Traps:
- No HMM: it invents words from single characters, is quadratic on long runs (20,000 equal characters: 4 s), and with it two
  cuts of the same string can differ. Without it every word is of the dictionary, a single character, or letters and digits.
- The likeliest path depends on the sum of all frequencies, which jieba's `add_word` counts twice for a word that it knows. The
  frequencies of terms are computed here and the sum is kept exact, or the two would differ in close cases.
- rjieba takes more characters for Han than jieba does and has words of them; to rjieba they are shown as what neither knows.
- jieba keeps a marshalled cache in the shared temporary folder, one for all users. The dictionary is loaded past it here.
- What is cut is folded, so the dictionary is folded as well: 显著 is 显着 here. Nobody should see such a word: `written`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from kb.fold import fold
from kb.literal import Span
from kb.terms import shipped_terms

_RULES = "2"
"""To be changed when the same dictionary and terms come to cut a text otherwise."""
_SUB_WORDS = (2, 3)
_ONLY_RJIEBA_KNOWS = re.compile(
    "[\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0010ffff"  # Han to rjieba, not to jieba
    "\ud800-\udfff]"  # no text to rjieba
)


class Cutter(Protocol):
    """Cuts by a dictionary of its own, to which words can be added."""

    def __init__(self, frequencies: Mapping[str, int]) -> None: ...

    def add(self, word: str, frequency: int) -> None:
        """Make a word known, or one that is known as frequent as this."""

    def cut(self, folded: str) -> list[str]:
        """Cut into words that, joined, are the text."""


class RustCutter:
    """Cuts with rjieba."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        import rjieba

        rjieba.clear()  # the dictionary that it loaded on import is of no use here
        self._jieba: rjieba.Jieba = rjieba.Jieba.empty()
        for word, frequency in frequencies.items():
            self.add(word, frequency)

    def add(self, word: str, frequency: int) -> None:
        """Tell rjieba, which keeps the sum of frequencies exact."""
        self._jieba.add_word(word, frequency, None)

    def cut(self, folded: str) -> list[str]:
        """Cut with rjieba, which sees no more than jieba would."""
        if not _ONLY_RJIEBA_KNOWS.search(folded):
            return self._jieba.cut(folded, False)
        words: list[str] = []
        start = 0
        for word in self._jieba.cut(_ONLY_RJIEBA_KNOWS.sub("\ufffd", folded), False):
            words.append(folded[start : start + len(word)])
            start += len(word)
        return words


class PythonCutter:
    """Cuts with jieba."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        import jieba

        # jieba follows a word from its beginnings: each must be there, with frequency 0 if it is no word.
        known = {word[:end]: 0 for word in frequencies for end in range(1, len(word))}
        self._jieba = jieba.Tokenizer()
        self._jieba.FREQ = known | dict(frequencies)
        self._jieba.total = sum(frequencies.values())
        self._jieba.initialized = True

    def add(self, word: str, frequency: int) -> None:
        """Tell jieba, and correct its sum of frequencies."""
        before = self._jieba.FREQ.get(word, 0)
        self._jieba.add_word(word, frequency)
        self._jieba.total -= before

    def cut(self, folded: str) -> list[str]:
        """Cut with jieba."""
        return list(self._jieba.cut(folded, HMM=False))


class Segmenter:
    """Cuts by the dictionary, the field's terms and the user's own. Loaded, it is safe for threads.

    The first one of a process loads for a second; one with words of its own makes a dictionary of its own from what is loaded.
    """

    def __init__(self, own: tuple[str, ...] = (), cutter: type[Cutter] | None = None) -> None:
        self._own = own
        self._cutter = cutter or _fastest()

    @cached_property
    def _dictionary(self) -> _Dictionary:
        shared = _field(self._cutter).dictionary
        return _with_terms(dict(shared.frequencies), self._own, self._cutter) if self._own else shared

    def load(self) -> None:
        """Load the dictionary now."""
        self._dictionary  # noqa: B018 - computed when first looked at

    def cut(self, folded: str) -> list[str]:
        """Cut into words that, joined, are the text; what is no word is cut into characters."""
        return self._dictionary.cutter.cut(folded)

    def inside(self, word: str) -> list[Span]:
        """Find the dictionary words of two and three characters inside a longer word, as jieba's search mode does."""
        frequencies = self._dictionary.frequencies
        return [
            (start, start + size)
            for size in _SUB_WORDS
            for start in (range(len(word) - size + 1) if len(word) > size else ())
            if word[start : start + size] in frequencies
        ]

    def written(self, folded: str) -> str:
        """Write a folded text as people do, for it to be shown: 显着 is 显著, 干隆 is 乾隆; same length.

        What the dictionary does not know stays as it is.
        """
        field = _field(self._cutter)
        if field.changing.isdisjoint(folded):
            return folded
        # A user's own term is known to the field's dictionary in parts only.
        words = (part for word in self.cut(folded) for part in field.dictionary.cutter.cut(word))
        return "".join(field.written.get(word, word) for word in words)


def identity() -> str:
    """Name the dictionary and how it is used, but for the terms: the same whichever library cuts."""
    return f"jieba {version('jieba')}, {_RULES}"


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """Each word, folded, with its frequency, and what cuts by them; no word is added any more."""

    frequencies: dict[str, int]
    cutter: Cutter


@dataclass(frozen=True, slots=True)
class _Field:
    """What all segmenters of a process share: the general dictionary with the field's terms, and how its words are written."""

    dictionary: _Dictionary
    written: dict[str, str]
    """For each word that folding changes."""
    changing: frozenset[str]
    """The characters that may be written otherwise."""


@cache
def _fastest() -> type[Cutter]:
    try:
        import rjieba  # noqa: F401 - only whether it is there and fits this machine
    except ImportError:
        return PythonCutter
    return RustCutter


@cache
def _field(cutter: type[Cutter]) -> _Field:
    words = _general_words()
    folded = _folded(words)
    written = _written(words, folded)
    changing = frozenset(
        one for word, form in written.items() for one, other in zip(word, form, strict=True) if one != other
    )
    frequencies: dict[str, int] = {}
    for word, frequency in zip(folded, words.values(), strict=True):
        frequencies[word] = frequencies.get(word, 0) + frequency
    return _Field(_with_terms(frequencies, shipped_terms().words, cutter), written, changing)


def _general_words() -> dict[str, int]:
    """Read jieba's dictionary, which needs none of its code: the words as they are written there, and how frequent they are."""
    spec = find_spec("jieba")
    assert spec, "jieba is a dependency"  # noqa: S101
    assert spec.origin, "jieba lies in a folder"  # noqa: S101
    words: dict[str, int] = {}
    with Path(spec.origin).with_name("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, frequency, _ = line.split(" ")
            words[word] = int(frequency)  # one word stands there twice
    return words


def _with_terms(frequencies: dict[str, int], terms: Iterable[str], cutter_type: type[Cutter]) -> _Dictionary:
    """Make a dictionary of known words and of terms, which become frequent enough not to be cut apart."""
    cutter = cutter_type(frequencies)
    total = sum(frequencies.values())
    for term in terms:
        before = frequencies.get(term, 0)
        share = math.prod(frequencies.get(word, 1) / total for word in cutter.cut(term))
        frequency = max(int(share * total) + 1, before)
        frequencies[term] = frequency
        cutter.add(term, frequency)
        total += frequency - before
    return _Dictionary(frequencies, cutter)


def _written(words: Mapping[str, int], folded: list[str]) -> dict[str, str]:
    """Gather the words that folding changes; of several that fold to the same the most frequent Simplified one counts."""
    import opencc

    changed = [(word, plain) for word, plain in zip(words, folded, strict=True) if word != plain]
    simplified = opencc.OpenCC("t2s").convert("\n".join(word for word, _ in changed)).split("\n")
    forms: dict[str, str] = {}
    for (word, plain), simple in zip(changed, simplified, strict=True):
        if word == simple and words[word] > words.get(forms.get(plain, plain), 0):
            forms[plain] = word
    return forms


def _folded(words: Iterable[str]) -> list[str]:
    return fold("\n".join(words)).split("\n")
