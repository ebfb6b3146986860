"""Words: what jieba sees in a folded text, with exact offsets. The only module that imports jieba.

Index and query share this analysis; a query cut differently from the text would miss what stands there.

Traps:
- jieba's search mode gives overlapping words, sub-words first; `Analyzer.tokens` sorts them by place.
- No HMM: it invents words from single characters, is quadratic on long runs (20,000 equal characters: 4 s), and with it two
  cuts of the same string can differ. Without it every token is a dictionary word or a single character.
- jieba keeps a marshalled cache in the shared temporary folder, one for all users. The dictionary is loaded past it here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import BadSettings
from kb.fold import fold, squeeze
from kb.literal import Literal, Span, literal, number_spans

if TYPE_CHECKING:
    import jieba

FIELD_TERMS = Path(__file__).with_name("terms.txt")
"""The terms of the field (党建, 公文, 机构, 提法) that ship with the program, one a line."""

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
    word: str | None
    """Its token in the words field; None for a number expression, which has many."""


class Analyzer:
    """Jieba with the field's terms and the user's own. Loading takes about a second; afterwards it is safe for threads."""

    def __init__(self, own_terms: Path | None = None) -> None:
        self._terms = _read_terms(FIELD_TERMS) + (_read_terms(own_terms) if own_terms else [])

    @cached_property
    def fingerprint(self) -> str:
        """Identify what decides about tokens: an index and a query must agree on it."""
        import jieba

        known = "\n".join([jieba.__version__, fold("".join(map(chr, range(0x20, 0xD800)))), *self._terms])
        return hashlib.sha256(known.encode()).hexdigest()[:16]

    @cached_property
    def _jieba(self) -> jieba.Tokenizer:
        import jieba

        tokenizer = jieba.Tokenizer()
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
        tokenizer.initialized = True
        for term in self._terms:
            tokenizer.add_word(term)
        return tokenizer

    def load(self) -> None:
        """Load the dictionary now, so that forked workers share it."""
        self._jieba  # noqa: B018 - the property loads it

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
        units = dict.fromkeys(
            _units(folded, sorted([*((span, True) for span in numbers), *((span, False) for span in rest)]))
        )
        telling = [unit for unit in units if unit.word not in _FUNCTION_WORDS]
        return tuple(telling or units)

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


def _units(folded: str, spans: Iterable[tuple[Span, bool]]) -> Iterator[Unit]:
    for (start, end), is_number in spans:
        sought = literal(folded[start:end])
        if sought:
            yield Unit(sought, None if is_number else folded[start:end])


def _read_terms(path: Path) -> list[str]:
    """Read a terms file: one term a line, `#` starts a comment.

    Raises:
        BadSettings: the file cannot be read or a line holds something else than a term.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(
            f"无法读取词表 {path}（{error}），请检查 KB_TERMS，词表须为 UTF-8 文本、每行一个词。"
        ) from error
    terms = []
    for number, line in enumerate(lines, start=1):
        term = line.partition("#")[0].strip()
        if re.search(r"\s", term):
            raise BadSettings(f"词表 {path} 第 {number} 行有误：“{term}”中有空格，请每行只写一个词。")
        if term:
            terms.append(fold(term))
    return terms
