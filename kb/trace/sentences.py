"""A pasted text becomes sentences, and a sentence short strings to look up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.fold import SEPARATOR, fold, squeeze
from kb.literal import Span

MOST_STRINGS = 10
_LONGEST = 300
_SENTENCE = re.compile(r"[^。！？；!?;\n]*(?:[。！？；!?;]+[”’」』》）)\]\"']*|\n|\Z)")
_CLAUSE = re.compile(rf".{{1,{_LONGEST - 1}}}(?:[，、：,:\s]|\Z)|.{{1,{_LONGEST}}}", re.DOTALL)


def split(text: str) -> Iterator[Span]:
    """Give the sentences of a text that have a letter, digit or Han character, without the white space around them."""
    for found in _SENTENCE.finditer(text):
        start, end = found.span()
        clauses = [(start, end)] if end - start <= _LONGEST else _clauses(text, start, end)
        for first, last in clauses:
            clause = text[first:last]
            if squeeze(fold(clause)):
                yield last - len(clause.lstrip()), first + len(clause.rstrip())


def _clauses(text: str, start: int, end: int) -> list[Span]:
    """Cut what has no full stop: an alignment takes time with the square of the length."""
    return [clause.span() for clause in _CLAUSE.finditer(text, start, end)]


def strings_of(sentence: str) -> list[str]:
    """Return strings to look up, the first few spread over the sentence; short ones where a change would spoil longer ones."""
    plain = sentence.replace(SEPARATOR, "")
    size = 5 if len(plain) >= 16 else 4 if len(plain) >= 8 else 3  # noqa: PLR2004 - tried on altered sentences
    last = len(plain) - size
    count = max(1, min(MOST_STRINGS, last // 2 + 1))
    starts = [round(number * last / max(1, count - 1)) for number in range(count)]
    spread = [*starts[::3], *starts[1::3], *starts[2::3]]
    return list(dict.fromkeys(plain[start : start + size] for start in spread))
