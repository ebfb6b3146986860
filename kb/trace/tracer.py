"""One text over one generation: look up, compare, choose; each step has its share of the time."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest

from kb.engines.base import Found, Listed, Request, Searcher
from kb.fold import fold, squeeze
from kb.literal import Literal, Span, literal
from kb.query import Phrase
from kb.trace.alignment import Squeezed
from kb.trace.comparison import LEAST_MATCHED, Match, Opened, Sought
from kb.trace.results import Difference, Extract, Place, Sentence, Source, Status, Trace
from kb.trace.sentences import MOST_STRINGS, split, strings_of

MOST_SOURCES = 10
_MOST_HITS = 50
_MOST_COMPARED = 12
"""Documents that every sentence is compared with."""
_MOST_NAMED = 4
"""Further documents that one sentence is compared with."""
_FIRST_STRINGS = 2
"""Strings of each sentence that are looked up before the neighbours' documents have been tried."""


class Tracer:
    """One text over one generation."""

    def __init__(self, text: str, searcher: Searcher, seconds: float) -> None:
        self._text = text
        self._searcher = searcher
        self._began, self._seconds = time.monotonic(), seconds
        self._listed: dict[str, Listed] = {listed.id: listed for listed in searcher.documents()}
        self._opened: dict[str, Opened | None] = {}
        self._partial = False
        self._spans = list(split(text))
        self._keys = [squeeze(fold(text[start:end])) for start, end in self._spans]
        self._soughts = {key: Sought(key, wanted) for key in self._keys if (wanted := literal(key))}
        self._longest_first = sorted(self._soughts.values(), key=lambda sought: -len(sought.text))

    def answer(self) -> Trace:
        """Look up, compare, choose."""
        self._look_up_whole(0.4)
        self._look_up_strings(0, _FIRST_STRINGS, 0.6)
        candidates = self._candidates()
        self._compare(self._longest_first, candidates, 0.75)
        self._look_up_strings(_FIRST_STRINGS, MOST_STRINGS, 0.85)
        self._compare(self._unexplained(), (), 0.95)
        # What is explained may have other, earlier sources: they come last.
        self._compare(self._longest_first, (), 1.0)
        sources = self._sources(candidates)
        rank = {source.place.document_id: number for number, source in enumerate(sources)}
        return Trace(
            characters=len(self._text),
            sources=tuple(sources[:MOST_SOURCES]),
            sentences=tuple(self._sentence(*spot, rank) for spot in zip(self._spans, self._keys, strict=True)),
            partial=self._partial,
        )

    # Looking up

    def _look_up_whole(self, share: float) -> None:
        for sought in self._longest_first:
            if self._is_late(share):
                return
            sought.found = self._look_up(sought.literal, share)

    def _look_up_strings(self, first: int, last: int, share: float) -> None:
        """Let short strings of the sentences that nothing explains yet name documents."""
        for sought in self._unexplained():
            for string in strings_of(sought.text)[first:last]:
                if self._is_late(share):
                    return
                if wanted := literal(string):
                    found = self._look_up(wanted, share)
                    for hit in found.hits:
                        sought.named[hit.document_id] += 1 / found.total_documents
            sought.is_looked_up = last == MOST_STRINGS

    def _look_up(self, wanted: Literal, share: float) -> Found:
        deadline = self._began + self._seconds * share
        return self._searcher.search(Request(Phrase(wanted), sort="date", limit=_MOST_HITS, deadline=deadline))

    def _candidates(self) -> list[str]:
        """Return the documents that were named most, a sentence by its length and the fewer have it the more."""
        named: defaultdict[str, float] = defaultdict(float)
        for sought in self._soughts.values():
            if sought.found and sought.found.hits:
                for hit in sought.found.hits:
                    named[hit.document_id] += len(sought.text) / sought.found.total_documents**0.5
            for document_id, weight in sought.named.items():
                named[document_id] += weight * len(sought.text) / MOST_STRINGS
        return _heaviest(named, _MOST_COMPARED)

    # Comparing

    def _compare(self, soughts: Iterable[Sought], candidates: Sequence[str], share: float) -> None:
        """Compare sentences with the candidates, or each with the documents that its own strings named."""
        for sought in soughts:
            for document_id in candidates or _heaviest(sought.named, _MOST_NAMED):
                if self._is_late(share):
                    return
                if document_id not in sought.matches:
                    self._compare_with(document_id, sought)
            is_looked_up = sought.is_looked_up or len(sought.text) < LEAST_MATCHED
            sought.is_checked = sought.found is not None and is_looked_up

    def _compare_with(self, document_id: str, sought: Sought) -> None:
        opened = self._open(document_id)
        if opened and (match := opened.match(sought)):
            sought.matches[document_id] = match

    def _unexplained(self) -> list[Sought]:
        """Return the sentences that stand nowhere, are like nothing yet and long enough to be like something."""
        return [
            sought
            for sought in self._longest_first
            if sought.found and not sought.found.total and not sought.matches and len(sought.text) >= LEAST_MATCHED
        ]

    def _open(self, document_id: str) -> Opened | None:
        if document_id not in self._opened:
            document = self._searcher.document(document_id)
            self._opened[document_id] = Opened(document) if document else None
        return self._opened[document_id]

    # Choosing

    def _sources(self, candidates: Iterable[str]) -> list[Source]:
        named = {match.document.id for sought in self._soughts.values() for match in sought.matches.values()}
        sources = [
            self._source(document_id) for document_id in dict.fromkeys([*candidates, *named]) if document_id in named
        ]
        return sorted(
            sources,
            key=lambda source: (-source.share, -source.verbatim_share, _date(source.place), source.place.document_id),
        )

    def _source(self, document_id: str) -> Source:
        matches = [(key, match) for key in self._keys if (match := self._soughts[key].matches.get(document_id))]
        whole = sum(map(len, self._keys))
        return Source(
            place=self._place(matches[0][1]),
            share=sum(match.matched for _, match in matches) / whole,
            verbatim_share=sum(len(key) for key, match in matches if not match.runs) / whole,
            sentences=len(matches),
        )

    def _sentence(self, span: Span, key: str, rank: dict[str, int]) -> Sentence:
        sought = self._soughts[key]
        matches = sorted(sought.matches.values(), key=lambda match: (-match.similarity, rank[match.document.id]))
        best = matches[0] if matches else self._first_found(sought)
        equals = [match for match in matches if best and bool(match.runs) == bool(best.runs)]
        places = [self._place(match) for match in equals] + self._places_found(sought)
        found = sought.found.total_documents if sought.found else 0
        return Sentence(
            start=span[0],
            end=span[1],
            text=self._text[slice(*span)],
            status=_status(sought, best),
            similarity=round(best.similarity, 3) if best else float(found > 0),
            documents=found or len(equals),
            source=self._extract(best) if best else None,
            earliest=min((place for place in places if place.metadata.date), key=_date, default=None),
            differences=tuple(self._differences(span, best)) if best else (),
        )

    def _first_found(self, sought: Sought) -> Match | None:
        """Return the earliest occurrence of a sentence that none of the compared documents has."""
        if not sought.found or not sought.found.hits or self._is_late(1.0):
            return None
        opened = self._open(sought.found.hits[0].document_id)
        return opened.match(sought) if opened else None

    def _places_found(self, sought: Sought) -> list[Place]:
        """Return the earliest passage that has the sentence as it stands: the hits are ordered by date."""
        hits = sought.found.hits[:1] if sought.found else ()
        return [Place(hit.document_id, self._listed[hit.document_id].metadata, hit.number) for hit in hits]

    def _extract(self, match: Match) -> Extract:
        return Extract(self._place(match), *match.span, match.document.text[slice(*match.span)])

    def _place(self, match: Match) -> Place:
        document = match.document
        number = bisect_right([passage.start for passage in document.passages], match.span[0])
        return Place(document.id, document.metadata, max(1, number))

    def _differences(self, span: Span, match: Match) -> Iterator[Difference]:
        if match.source is None:
            return
        pasted = Squeezed.of(self._text[slice(*span)])
        for run in match.runs:
            start, end = pasted.span(run.start, run.end)
            source_start, source_end = match.source.span(run.source_start, run.source_end)
            yield Difference(
                run.kind,
                span[0] + start,
                span[0] + end,
                source_start,
                source_end,
                match.document.text[source_start:source_end],
            )

    def _is_late(self, share: float) -> bool:
        """Tell whether the step that may take until this share of the time must stop."""
        late = time.monotonic() > self._began + self._seconds * share
        self._partial = self._partial or late
        return late


def _status(sought: Sought, best: Match | None) -> Status:
    if sought.found and sought.found.total:
        return "verbatim"
    if best:
        return "altered" if best.runs else "verbatim"
    return "missing" if sought.is_checked else "unchecked"


def _date(place: Place) -> str:
    """Return what orders places by date, undated ones last."""
    return place.metadata.date or "9999"


def _heaviest(named: Mapping[str, float], most: int) -> list[str]:
    return nlargest(most, named, key=named.__getitem__)
