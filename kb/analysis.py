"""Words: what jieba sees in a folded text, with exact offsets. The only module that imports jieba.

Index and query share this analysis; a query cut differently from the text would miss what stands there.

Traps:
- jieba's search mode gives overlapping words, sub-words first; `Analyzer.tokens` sorts them by place.
- No HMM: it invents words from single characters, is quadratic on long runs (20,000 equal characters: 4 s), and with it two
  cuts of the same string can differ. Without it every token is a dictionary word or a single character.
- jieba keeps a marshalled cache in the shared temporary folder, one for all users. The dictionary is loaded past it here.
- What is cut is folded, so the dictionary is folded as well: 显著 is 显着 here. Nobody should see such a word: `written`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from kb.fold import fold, squeeze
from kb.literal import Literal, Span, any_of, literal, number_spans, spellings
from kb.terms import Terms, shipped_terms

if TYPE_CHECKING:
    import jieba

NO_TERMS = Terms()

# Words that carry no topic: they never decide whether a passage covers a question.
_FUNCTION_WORDS = frozenset(
    "的 了 和 与 及 或 是 在 有 也 都 就 还 又 而 但 被 把 对 于 从 向 由 以 为 之 其 这 那 哪 个 些 上 下 中 里 到 得 地 着 过 "
    "我 你 他 她 它 我们 你们 他们 们 自己 什么 怎么 怎样 如何 为什么 哪些 哪个 谁 吗 呢 吧 啊 关于 以及 因为 所以 如果 可以 "
    "请问 为何 怎么办 是否 能否 一定 而且 并且 应该 应当 要 会 能 可 才 再 很 更 最 只 行 让 使 等 "
    "the a an of and or to in on for is are".split()
)


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
    """Jieba with the field's terms and the user's own. Loaded, it is safe for threads.

    The first one of a process loads for about a second; a further one copies what they share and adds its own words.
    """

    def __init__(self, own_terms: Terms = NO_TERMS) -> None:
        self.own_terms = own_terms
        self._terms = _shipped().with_own(own_terms)

    @cached_property
    def fingerprint(self) -> str:
        """Identify what decides about tokens: an index and a query must agree on it."""
        import jieba

        spelling = fold("".join(map(chr, range(0x20, 0xD800))))
        known = "\n".join([jieba.__version__, spelling, _shipped().to_text(), self.own_terms.to_text()])
        return hashlib.sha256(known.encode()).hexdigest()[:16]

    @cached_property
    def _jieba(self) -> jieba.Tokenizer:
        tokenizer = _field_tokenizer()
        if self.own_terms.words:
            tokenizer = _copied(tokenizer)
            for term in self.own_terms.words:
                tokenizer.add_word(term)
        return tokenizer

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
        self._jieba, self._synonyms, _written_forms()

    def tokens(self, folded: str) -> list[Token]:
        """Cut a folded text for the index: words in order, each followed by the dictionary words inside it."""
        words = self._words(folded)
        return [
            token
            for position, (start, end) in enumerate(words)
            for token in (
                Token(folded[start:end], start, end, position),
                *self._sub_words(folded, start, end, position),
            )
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
        """Write a folded text as people do, for it to be shown: 显着 is 显著, 干隆 is 乾隆; same length.

        What the dictionary does not know stays as it is.
        """
        forms, changing = _written_forms()
        if changing.isdisjoint(folded):
            return folded
        field = _field_tokenizer()  # a user's own term is known to it in parts only
        words = (part for word in self._jieba.cut(folded, HMM=False) for part in field.cut(word, HMM=False))
        return "".join(forms.get(word, word) for word in words)

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
        for word in self._jieba.cut(folded, HMM=False):
            end = start + len(word)
            if squeeze(word):
                spans.append((start, end))
            start = end
        return spans

    def _sub_words(self, folded: str, start: int, end: int, position: int) -> Iterator[Token]:
        """Give the dictionary words of two and three characters inside a longer word, as jieba's search mode does."""
        frequencies = self._jieba.FREQ
        for size in (2, 3):
            if end - start > size:
                for at in range(start, end - size + 1):
                    if frequencies.get(folded[at : at + size]):
                        yield Token(folded[at : at + size], at, at + size, position)


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


@cache
def _shipped() -> Terms:
    return shipped_terms()


@cache
def _general_words() -> dict[str, int]:
    """Read jieba's dictionary: each word, as it is written there, and how frequent it is; 0 for a mere beginning of words."""
    import jieba

    tokenizer = jieba.Tokenizer()
    words: dict[str, int] = tokenizer.gen_pfdict(tokenizer.get_dict_file())[0]
    return words


@cache
def _field_tokenizer() -> jieba.Tokenizer:
    """Load the general dictionary and the field's terms, once for all analyzers; nothing is added to it afterwards."""
    import jieba

    words = _general_words()
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = {}, sum(words.values())
    for word, frequency in zip(_folded(words), words.values(), strict=True):
        tokenizer.FREQ[word] = tokenizer.FREQ.get(word, 0) + frequency
    tokenizer.initialized = True
    for term in _shipped().words:
        tokenizer.add_word(term)
    return tokenizer


@cache
def _written_forms() -> tuple[dict[str, str], frozenset[str]]:
    """Gather the words that folding changes: how they are written, and the characters that may be written otherwise.

    Of several words that fold to the same the most frequent Simplified one counts.
    """
    import opencc

    words = _general_words()
    changed = [
        (word, folded) for word, folded in zip(words, _folded(words), strict=True) if word != folded and words[word]
    ]
    simplified = opencc.OpenCC("t2s").convert("\n".join(word for word, _ in changed)).split("\n")
    forms: dict[str, str] = {}
    for (word, folded), simple in zip(changed, simplified, strict=True):
        if word == simple and words[word] > words.get(forms.get(folded, folded), 0):
            forms[folded] = word
    return forms, frozenset(
        one for folded, word in forms.items() for one, other in zip(folded, word, strict=True) if one != other
    )


def _folded(words: Iterable[str]) -> list[str]:
    return fold("\n".join(words)).split("\n")


def _copied(tokenizer: jieba.Tokenizer) -> jieba.Tokenizer:
    import jieba

    copy = jieba.Tokenizer()
    copy.FREQ, copy.total, copy.initialized = dict(tokenizer.FREQ), tokenizer.total, True
    return copy
