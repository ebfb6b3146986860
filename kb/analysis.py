"""Words: what the index keeps of a folded text, and what a query asks for.

Index and query share this analysis; a query cut differently from the text would miss what stands there.

Traps:
- A word stands for the shorter words inside it too (初心 in 不忘初心), at its position: positions count words.
- An index counts millions of words of a few ten thousand kinds: `Analyzer.words` looks at each kind once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from kb.fold import fold, squeeze
from kb.literal import Literal, Span, any_of, literal, number_spans, spellings
from kb.segmentation import Segmenter, identity
from kb.terms import Terms, shipped_terms

NO_TERMS = Terms()

# Words that carry no topic: they never decide whether a passage covers a question.
_FUNCTION_WORDS = frozenset(
    "的 了 和 与 及 或 是 在 有 也 都 就 还 又 而 但 被 把 对 于 从 向 由 以 为 之 其 这 那 哪 个 些 上 下 中 里 到 得 地 着 过 "
    "我 你 他 她 它 我们 你们 他们 们 自己 什么 怎么 怎样 如何 为什么 哪些 哪个 谁 吗 呢 吧 啊 关于 以及 因为 所以 如果 可以 "
    "请问 为何 怎么办 是否 能否 一定 而且 并且 应该 应当 要 会 能 可 才 再 很 更 最 只 行 让 使 等 "
    "the a an of and or to in on for is are".split()
)
_MOST_KINDS = 2**17


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a folded text: `text == folded[start:end]`; positions count words, sub-words share their word's position."""

    text: str
    start: int
    end: int
    position: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of a query: found where its literal stands, ranked by its word."""

    sought: Literal
    words: tuple[str, ...]
    """Its token in the words field, then those of its synonyms; empty for a number expression, which has many."""


class Analyzer:
    """The words of the dictionary, of the field and the user's own. Loaded, it is safe for threads."""

    def __init__(self, own_terms: Terms = NO_TERMS) -> None:
        self.own_terms = own_terms
        self._terms = shipped_terms().with_own(own_terms)
        self._segmenter = Segmenter(own_terms.words)
        self._kinds = _Kinds(self._segmenter)

    @cached_property
    def fingerprint(self) -> str:
        """Identify what decides about words: an index and a query must agree on it."""
        spelling = fold("".join(map(chr, range(0x20, 0xD800))))
        known = "\n".join([identity(), spelling, shipped_terms().to_text(), self.own_terms.to_text()])
        return hashlib.sha256(known.encode()).hexdigest()[:16]

    @cached_property
    def _synonyms(self) -> dict[str, tuple[str, ...]]:
        """For each spelling of a word with synonyms its group."""
        return {
            spelling: group
            for group in self._terms.groups
            for word in group
            if (sought := literal(word))
            for spelling in (word, *spellings(sought))
        }

    def load(self) -> None:
        """Load the dictionary now, so that forked workers share it."""
        self._segmenter.load()
        self._synonyms  # noqa: B018 - computed when first looked at

    def words(self, folded: str) -> list[str]:
        """Cut a folded text for the index: the texts of its tokens."""
        return [*chain.from_iterable(map(self._kinds.__getitem__, self._segmenter.cut(folded)))]

    def cut(self, folded: str) -> list[str]:
        """Cut a folded text into words side by side, punctuation and spaces included."""
        return self._segmenter.cut(folded)

    def tokens(self, folded: str) -> list[Token]:
        """Cut a folded text into words in order, each followed by the dictionary words inside it."""
        return [
            Token(folded[start + first : start + last], start + first, start + last, position)
            for position, (start, end) in enumerate(self._words(folded))
            for first, last in ((0, end - start), *self._segmenter.inside(folded[start:end]))
        ]

    def units(self, text: str) -> tuple[Unit, ...]:
        """Cut a query into what its passages should contain, without function words unless there is nothing else."""
        folded = fold(text)
        words = self._words(folded)
        numbers = [number for number in number_spans(folded) if not any(_crosses(word, number) for word in words)]
        rest = [word for word in words if not any(_inside(word, number) for number in numbers)]
        marked = sorted([*((span, True) for span in numbers), *((span, False) for span in rest)])
        units = _distinct(self._unit(folded[start:end], is_number) for (start, end), is_number in marked)
        telling = [unit for unit in units if not _FUNCTION_WORDS.intersection(unit.words[:1])]
        return tuple(telling or units)

    def written(self, folded: str) -> str:
        """Write a folded text as people do, for it to be shown: 显着 is 显著, 干隆 is 乾隆; same length."""
        return self._segmenter.written(folded)

    def _unit(self, word: str, is_number: bool) -> Unit | None:
        """Make a unit of a word, its synonyms included."""
        words = () if is_number else (word,)
        group = self._synonyms.get(squeeze(word), self._synonyms.get(word))
        if group is None:
            sought = literal(word)
        else:
            words = (*words, *(other for other in group if other not in words))
            sought = any_of([word, *group])
        return Unit(sought, words) if sought else None

    def _words(self, folded: str) -> list[Span]:
        """Cut without overlap; what is only punctuation is no word."""
        spans: list[Span] = []
        start = 0
        for word in self._segmenter.cut(folded):
            end = start + len(word)
            if self._kinds[word]:
                spans.append((start, end))
            start = end
        return spans


class _Kinds(dict[str, tuple[str, ...]]):
    """For each word that a text was cut into what is indexed for it: itself and the words inside it; nothing for a comma."""

    def __init__(self, segmenter: Segmenter) -> None:
        super().__init__()
        self._segmenter = segmenter

    def __missing__(self, word: str) -> tuple[str, ...]:
        inside = (word[start:end] for start, end in self._segmenter.inside(word))
        indexed = (word, *inside) if squeeze(word) else ()
        if len(self) < _MOST_KINDS:  # numbers and serial letters never end
            self[word] = indexed
        return indexed


def _inside(word: Span, number: Span) -> bool:
    return number[0] <= word[0] and word[1] <= number[1]


def _crosses(word: Span, number: Span) -> bool:
    """Tell whether a dictionary word reaches over a number's border: 一大批 is no 一大."""
    return word[0] < number[1] and number[0] < word[1] and not _inside(word, number)


def _distinct(units: Iterable[Unit | None]) -> list[Unit]:
    """Keep the first of several units that find the same: a word and its synonym, 20大 and 二十大."""
    kept: dict[tuple[frozenset[str], ...], Unit] = {}
    for unit in units:
        if unit:
            kept.setdefault(tuple(map(frozenset, unit.sought.segments)), unit)
    return list(kept.values())
