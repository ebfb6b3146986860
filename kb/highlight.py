"""Show what was found: find spans, merge spans, render.

Law 3: spans are sorted, disjoint, inside the text; they cover what matched and nothing else; the text itself is untouched. What
matches is defined by `kb.literal`, here and in the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain

from kb.fold import fold, squeeze_with_offsets
from kb.literal import Literal, Span, spans


def find_spans(text: str, soughts: Iterable[Literal]) -> list[Span]:
    """Return the occurrences of the strings in a text as merged code-point spans.

    A span runs from the first to the last character of an occurrence, spaces and punctuation between them included.
    """
    return merge(chain.from_iterable(find_each(text, soughts)))


def find_each(text: str, soughts: Iterable[Literal]) -> Iterator[list[Span]]:
    """Give the occurrences of each string, unmerged."""
    squeezed, offsets = squeeze_with_offsets(fold(text))
    for sought in soughts:
        yield [(offsets[start], offsets[end - 1] + 1) for start, end in spans(sought, squeezed)]


def as_typed(sought: Literal, text: str) -> str:
    """Return a string that was read from a text as it stands there first; one that was not is folded and squeezed."""
    spans = find_spans(text, [Literal(tuple((forms[0],) for forms in sought.segments))])
    return text[slice(*spans[0])] if spans else sought.typed


def merge(found: Iterable[Span]) -> list[Span]:
    """Sort spans and join those that overlap or touch."""
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def render(text: str, marked: Sequence[Span], names: Sequence[str] = ()) -> str:
    """Return HTML: the text escaped, the spans in `<mark>`; nothing else is ever markup.

    Args:
        text: the text.
        marked: disjoint spans of it, sorted.
        names: an id for each span, to link to; an empty one gives none.
    """
    pieces: list[str] = []
    end = 0
    for number, (start, stop) in enumerate(marked):
        name = names[number] if number < len(names) else ""
        opening = f'<mark id="{escape(name)}">' if name else "<mark>"
        pieces += [escape(text[end:start]), opening, escape(text[start:stop]), "</mark>"]
        end = stop
    return "".join([*pieces, escape(text[end:])])
