"""Metadata: what is known about a document besides its text.

What the format or record says wins. The rest is read from the title, from the lines right under it, from the signature at the
end and from the file name, in this order; never from the running body, which talks about other people and other days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kb.documents import Metadata
from kb.fold import fold
from kb.metadata.dates import date_alone, file_date, find_date, normal_date
from kb.metadata.genres import GENRES, genre_of_note, genre_of_text, genre_of_title, occasion_in_note, occasion_of
from kb.metadata.people import Speaker, signing_org, speaker_in_byline, speaker_in_note, speaker_in_title
from kb.structure.lines import own_lines
from kb.structure.title import file_title, find_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.documents import Boilerplate, Reading

__all__ = ["GENRES", "describe"]

_LONGEST_BYLINE = 60
_MOST_BYLINES = 6
_MOST_SIGNATURES = 5
_LONGEST_SIGNATURE = 40
_LONGEST_NOTE = 160
_BODY = re.compile(r".*[。;,:!]$|[一二三四五六七八九十]{1,3}[、,.]|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[、.]\D")
_RECORD = re.compile(r"\.jsonl(?:\.\w+)?#")
_IN_TITLE = re.compile(r"[(—–]\s*(?=[\d〇零一二])(?P<date>[^()]*)")


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around the body: where a document says who, when and where."""

    title: str
    bylines: tuple[str, ...]
    """The short lines from the title to the body, in order."""
    opening: tuple[str, ...]
    """How the first lines of the body begin: salutation, dateline."""
    signatures: tuple[str, ...]
    """The short lines at the end, the last first."""
    last: tuple[str, ...]
    """How the last lines begin, short or long: an edition's note may stand there."""


def describe(reading: Reading, boilerplate: Sequence[Boilerplate]) -> Metadata:
    """Return what is given and, where nothing is given, what the rules find; None for what stays unknown."""
    frame = _frame(reading, boilerplate)
    speaker = _speaker(frame)
    around = (*frame.bylines, *frame.opening, *frame.last)
    return Metadata(
        title=frame.title,
        speaker=_given(reading.speaker) or speaker.name,
        org=_given(reading.org) or speaker.org,
        date=normal_date(reading.date or "") or _date(frame, reading.path),
        genre=_given(reading.genre) or _genre(frame, reading),
        occasion=_first((*map(occasion_of, (frame.title, *frame.bylines)), *map(occasion_in_note, around))),
        source=_given(reading.source),
    )


def _given(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _frame(reading: Reading, boilerplate: Sequence[Boilerplate]) -> _Frame:
    title, place = find_title(reading, boilerplate)
    own = [line.text for line in own_lines(reading.text, boilerplate) if place is None or line.start >= place[1]]
    bylines = tuple(islice(takewhile(_is_byline, own), _MOST_BYLINES))
    body = own[len(bylines) :]
    signatures = tuple(islice(takewhile(_is_signature, reversed(body)), _MOST_SIGNATURES))
    opening, last = ([line[:_LONGEST_NOTE] for line in part] for part in (body[:2], body[-2:]))
    return _Frame(title, bylines, tuple(opening), signatures, tuple(last))


def _is_byline(line: str) -> bool:
    return len(line) <= _LONGEST_BYLINE and not _BODY.match(fold(line))


def _is_signature(line: str) -> bool:
    return len(line) <= _LONGEST_SIGNATURE and not _BODY.match(fold(line))


def _speaker(frame: _Frame) -> Speaker:
    """Return the first name and the first organisation; a name at the end counts only above a date."""
    lines = (*frame.bylines, *(above + " " + below for above, below in pairwise(frame.bylines)))
    signed = frame.signatures[1:] if frame.signatures and date_alone(frame.signatures[0]) else ()
    found = [speaker_in_title(frame.title), *map(speaker_in_byline, (*lines, *signed[:1]))]
    notes = map(speaker_in_note, (*frame.bylines, *frame.opening, *frame.last))
    signing = map(signing_org, (*frame.bylines, *(signed or frame.signatures)[:1]))
    return Speaker(
        _first((*(speaker.name for speaker in found), *notes)), _first((*(speaker.org for speaker in found), *signing))
    )


def _date(frame: _Frame, path: str) -> str | None:
    in_title = (match["date"] for match in _IN_TITLE.finditer(fold(frame.title)))
    return _first(
        (
            *map(_exact_date, (*in_title, *frame.bylines)),
            *map(date_alone, (*frame.bylines, *frame.signatures)),
            None if _RECORD.search(path) else file_date(PurePosixPath(path).name),
        )
    )


def _exact_date(line: str) -> str | None:
    """Return the date in a line unless it is a mere year, which may belong to what the line talks about."""
    date = find_date(line)
    return date if date and len(date) > len("2021") else None


def _genre(frame: _Frame, reading: Reading) -> str | None:
    return (
        _first(map(genre_of_title, (frame.title, *frame.bylines, file_title(reading.path))))
        or _first(map(genre_of_note, (*frame.bylines, *frame.opening, *frame.last)))
        or genre_of_text((*frame.bylines, *frame.opening), reading.text)
    )
