"""The reading view: a document's text as paragraphs of HTML, every passage and section an anchor, every match a mark.

    #pN passage N     #sN section N     #hN match N

Trap: a match may reach over the border of a passage; it is then marked in pieces, of which the first carries the anchor.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from kb.documents import Document, Section
from kb.fold import fold, squeeze
from kb.highlight import render
from kb.literal import Span
from kb.structure.lines import lines

_HEAD_LINE = 40
"""A line above the body (title, byline, date) has no more characters and does not end as a sentence or a salutation does."""
_ENDS = tuple("。；：！？!?:;，,")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text: `kind` is title, byline, heading, advert or text; `level` counts for headings."""

    kind: str
    level: int
    html: Markup


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A section in the outline: where it stands and how many matches it holds, those of its own sections included."""

    kind: str
    level: int
    title: str
    anchor: str
    matches: int
    first_match: str


def paragraphs(document: Document, matches: Sequence[Span]) -> list[Paragraph]:
    """Return the lines of a document, empty ones left out."""
    page = _Page(document, matches)
    return [page.paragraph(line.start, line.end) for line in lines(document.text)]


def outline(document: Document, matches: Sequence[Span]) -> list[OutlineEntry]:
    """Return the headings and points of a document."""
    starts = [start for start, _ in matches]
    return [_entry(number, section, starts) for number, section in enumerate(document.sections, start=1)]


class _Page:
    """A document with its borders looked up once: where a passage begins or ends, where a section begins."""

    def __init__(self, document: Document, matches: Sequence[Span]) -> None:
        self._text = document.text
        self._title = squeeze(fold(document.metadata.title))
        self._matches = matches
        self._match_ends = [end for _, end in matches]
        self._headings = {section.start: section for section in document.sections if section.kind == "heading"}
        self._adverts = {advert.start for advert in document.boilerplate}
        self._body = self._first_of_body()
        self._sections = {section.start: number for number, section in enumerate(document.sections, start=1)}
        self._passages = {passage.start: passage.number for passage in document.passages}
        # Passages of an endless sentence overlap; on the page each ends where the next begins.
        nexts = [passage.start for passage in document.passages[1:]] + [len(self._text)]
        self._ends = {min(passage.end, following) for passage, following in zip(document.passages, nexts, strict=True)}
        self._borders = sorted({*self._sections, *self._passages, *self._ends})

    def paragraph(self, start: int, end: int) -> Paragraph:
        inside = self._borders[bisect_right(self._borders, start) : bisect_left(self._borders, end)]
        html = "".join(self._piece(*piece) for piece in pairwise([start, *inside, end]))
        kind, level = self._kind(start, end)
        return Paragraph(kind, level, Markup(html))  # noqa: S704 - built from escaped text by `render`

    def _kind(self, start: int, end: int) -> tuple[str, int]:
        if start in self._adverts:
            return "advert", 0
        heading = self._headings.get(start)
        if heading and end - start <= len(heading.title) + 2:
            return "heading", heading.level
        if start >= self._body:
            return "text", 0
        line = squeeze(fold(self._text[start:end]))
        return ("title" if line and line in self._title else "byline"), 0

    def _first_of_body(self) -> int:
        """Return where the first line begins that belongs neither to the title nor to what stands around it."""
        for start, _, line in lines(self._text):
            is_body = line.endswith(_ENDS) or len(line) > _HEAD_LINE or start in self._headings
            if is_body and start not in self._adverts:
                return start
        return len(self._text)

    def _piece(self, start: int, end: int) -> str:
        opening = f'<span class="passage" id="p{self._passages[start]}">' if start in self._passages else ""
        anchor = f'<a id="s{self._sections[start]}"></a>' if start in self._sections else ""
        closing = "</span>" if end in self._ends else ""
        return f"{opening}{anchor}{self._marked(start, end)}{closing}"

    def _marked(self, start: int, end: int) -> str:
        first = bisect_right(self._match_ends, start)
        spans, names = [], []
        for number in range(first, len(self._matches)):
            match_start, match_end = self._matches[number]
            if match_start >= end:
                break
            spans.append((max(match_start, start) - start, min(match_end, end) - start))
            names.append(f"h{number + 1}" if match_start >= start else "")
        return render(self._text[start:end], spans, names)


def _entry(number: int, section: Section, starts: list[int]) -> OutlineEntry:
    first, after = bisect_left(starts, section.start), bisect_left(starts, section.end)
    return OutlineEntry(
        kind=section.kind,
        level=section.level,
        title=section.title,
        anchor=f"s{number}",
        matches=after - first,
        first_match=f"h{first + 1}" if after > first else "",
    )
