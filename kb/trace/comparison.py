"""A sentence and a whole document: does it stand there, unaltered or altered?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from kb.documents import Document
from kb.engines.base import Found
from kb.literal import Literal, Span, pattern
from kb.trace.alignment import Run, Squeezed, align, matched, similarity

LEAST_SIMILAR = 0.6
LEAST_MATCHED = 6
"""Characters that an altered sentence shares with its source; fewer prove nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence in a document; no runs when it stands there unaltered."""

    document: Document
    span: Span
    similarity: float
    matched: int
    runs: tuple[Run, ...] = ()
    source: Squeezed | None = None


@dataclass(slots=True)
class Sought:
    """A sentence to be found, equal ones once, with what is known of it so far."""

    text: str
    literal: Literal
    found: Found | None = None
    is_looked_up: bool = False
    is_checked: bool = False
    named: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    matches: dict[str, Match] = field(default_factory=dict)


class Opened:
    """A document whose whole text sentences are compared with; adverts are blanked out, for no search finds them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        text = document.text
        for advert in document.boilerplate:
            text = text[: advert.start] + " " * (advert.end - advert.start) + text[advert.end :]
        self._squeezed = Squeezed.of(text)

    def match(self, sought: Sought) -> Match | None:
        """Find a sentence as it stands, else altered."""
        length = len(sought.text)
        if found := pattern(sought.literal).search(self._squeezed.text):
            return Match(self.document, self._squeezed.span(*found.span()), 1.0, length)
        runs = align(sought.text, self._squeezed) if length >= LEAST_MATCHED else []
        alike = similarity(runs)
        if alike < LEAST_SIMILAR or matched(runs) < LEAST_MATCHED:
            return None
        span = self._squeezed.span(runs[0].source_start, runs[-1].source_end)
        return Match(self.document, span, alike, matched(runs), tuple(runs), self._squeezed)
