"""Cut a document into passages: what a search finds and shows.

A paragraph of up to 400 characters is one passage. A longer one is cut between sentences, at its points (一是…) where it can,
into pieces of 100 to 400 characters. Adverts and lines of mere punctuation are no passages.

Traps:
- A sentence is never cut, or a literal search would lose a string that stands in it; only a run of more than 1,000 characters
  without any full stop (a table, a broken scan) is, and then its pieces overlap by more than the longest query.
- ；and ：end no sentence here: 一是…；二是…。is one.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kb.documents import Boilerplate, Passage, Section
from kb.fold import fold, squeeze
from kb.literal import Span
from kb.structure.lines import lines
from kb.structure.outline import heading_path

SHORTEST = 100
LONGEST = 400
LONGEST_SENTENCE = 1000
OVERLAP = 400
"""Characters that the pieces of an endless sentence share: twice what a query may have, spaces between them."""

_SIGNIFICANT = re.compile(r"[^\W_]")  # what `squeeze` keeps
_SENTENCE = re.compile(r".+?(?:[。！？!?]+[”’」』》）)\]\"']*|(?<=[a-z])\.(?=\s)|\Z)", re.DOTALL)


def cut_passages(
    document_id: str,
    text: str,
    sections: Sequence[Section] = (),
    boilerplate: Sequence[Boilerplate] = (),
    pages: Sequence[int] = (),
) -> tuple[Passage, ...]:
    """Cut canonical text into passages.

    Args:
        document_id: begins each passage's id.
        text: canonical text T.
        sections: its outline, sorted by start.
        boilerplate: spans of T that belong to no passage.
        pages: where each page starts.

    Returns:
        Passages in order; each is a run of T without white space at its ends, inside one paragraph.
    """
    points = {section.start for section in sections if section.kind == "point"}
    adverts = {advert.start for advert in boilerplate}
    folded = fold(text)
    seen: dict[str, int] = {}
    return tuple(
        Passage(
            id=_identify(document_id, squeeze(folded[start:end]), seen),
            number=number,
            start=start,
            end=end,
            headings=heading_path(sections, start),
            page_number=bisect_right(pages, start) or None,
        )
        for number, (start, end) in enumerate(_spans(text, folded, points, adverts), start=1)
    )


def _spans(text: str, folded: str, points: set[int], adverts: set[int]) -> Iterator[Span]:
    for start, end, _ in lines(text):
        if start not in adverts and _SIGNIFICANT.search(folded, start, end):
            yield from _cut(text, start, end, points)


def _cut(text: str, start: int, end: int, points: set[int]) -> Iterator[Span]:
    """Gather the sentences of a paragraph into passages."""
    if end - start <= LONGEST:
        yield start, end
        return
    at = None
    for first, last in _sentences(text, start, end):
        if at is not None and (last - at > LONGEST or (first - at >= SHORTEST and first in points)):
            yield _strip(text, at, first)
            at = None
        at = first if at is None else at
        if last - at > LONGEST_SENTENCE:
            yield from _cut_endless(text, at, last)
            at = None
    if at is not None:
        yield _strip(text, at, end)


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    for sentence in _SENTENCE.finditer(text, start, end):
        if sentence.start() < sentence.end():
            yield _strip(text, *sentence.span())[0], sentence.end()


def _cut_endless(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut what has no full stop; neighbours overlap."""
    while end - start > LONGEST + OVERLAP:
        yield _strip(text, start, start + LONGEST + OVERLAP)
        start += LONGEST
    yield _strip(text, start, end)


def _strip(text: str, start: int, end: int) -> Span:
    stripped = text[start:end].lstrip()
    return end - len(stripped), end - len(stripped) + len(stripped.rstrip())


def _identify(document_id: str, squeezed: str, seen: dict[str, int]) -> str:
    """Name a passage by what it says, so that links survive a rebuild; equal passages of a document are counted."""
    digest = hashlib.sha256(squeezed.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    seen[digest] = seen.get(digest, 0) + 1
    suffix = f"-{seen[digest]}" if seen[digest] > 1 else ""
    return f"{document_id}-{digest}{suffix}"
