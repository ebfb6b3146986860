"""The outline of a text: headings and points as one list of sections, sorted, nested or disjoint, each with its depth.

Trap: a list of points that runs across paragraphs can end behind the point that holds it. What sticks out is cut off here, so
the law holds whatever was found.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING

from kb.documents import Section
from kb.structure.headings import Heading, find_headings
from kb.structure.points import Point, find_points, point_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.documents import Boilerplate, Mark


def find_sections(
    text: str, marks: Sequence[Mark] = (), boilerplate: Sequence[Boilerplate] = (), title: str | None = None
) -> tuple[Section, ...]:
    """Return the headings and points of a text, sorted by start; their extents are nested or disjoint.

    Args:
        text: The canonical text.
        marks: The headings that the format declares, in any order.
        boilerplate: Adverts; they are no headings.
        title: The document's title; its line is no section.
    """
    headings, bodies = find_headings(text, marks, boilerplate, title)
    spans: list[Heading | Point] = [*headings, *find_points(text, bodies)]
    spans.sort(key=lambda span: (span.start, -span.end))
    next_starts = [*(span.start for span in spans), len(text)][1:]
    return tuple(
        Section(
            "heading" if isinstance(span, Heading) else "point",
            level,
            span.title if isinstance(span, Heading) else point_title(text, span, next_start),
            span.start,
            end,
        )
        for span, (level, end), next_start in zip(spans, _nest(spans), next_starts, strict=True)
    )


def heading_path(sections: Sequence[Section], offset: int) -> tuple[str, ...]:
    r"""Return the titles of the sections that hold a character, outermost first.

    Example:
        >>> heading_path(find_sections("一、目的\n一是学。二是干。"), 10)
        ('一、目的', '二是干')
    """
    path: list[str] = []
    for number in range(bisect_right(sections, offset, key=attrgetter("start")) - 1, -1, -1):
        section = sections[number]
        if section.end > offset:
            path.append(section.title)
        if section.level == 1:  # nothing before it reaches behind it
            break
    return tuple(reversed(path))


def _nest(spans: Iterable[Heading | Point]) -> Iterator[tuple[int, int]]:
    """Yield the depth and the end of each span, given in order; an end behind that of the span around it is cut."""
    open_ends: list[int] = []
    for span in spans:
        while open_ends and open_ends[-1] <= span.start:
            open_ends.pop()
        end = min(span.end, open_ends[-1]) if open_ends else span.end
        open_ends.append(end)
        yield len(open_ends), end
