"""Dates in every form that Chinese documents write, as ISO 8601 of the precision that is known.

Traps: digits may be full width or Chinese (二○二一年); numbers that look like dates are often hashes or telephone numbers, so a
run of bare digits counts only whole and only if month and day exist; a date that does not exist is no date.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from kb.fold import fold
from kb.numerals import to_int

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_YEAR = 1800
_LAST_YEAR = 2100

_HAN = "〇零一二三四五六七八九"
_DATE = re.compile(
    rf"""
      (?<!\d)(?P<y>[12]\d{{3}}|[一二][{_HAN}]{{3}})\s?年
      (?:\s?(?P<m>\d{{1,2}}|[{_HAN}十]{{1,2}})\s?月(?:份|\s?(?P<d>\d{{1,2}}|[{_HAN}十]{{1,3}})\s?[日号])?)?
    | (?<!\d)(?P<y_>[12]\d{{3}})\s?(?P<sign>[-./])\s?(?P<m_>\d{{1,2}})(?:\s?(?P=sign)\s?(?P<d_>\d{{1,2}}))?(?!\d)
    | (?<![0-9a-z])(?P<y__>[12]\d{{3}})(?P<m__>\d{{2}})(?P<d__>\d{{2}})?(?![0-9a-z])
    """,
    re.VERBOSE,
)
_YEAR = re.compile(r"[12]\d{3}")
_FILE_YEAR = re.compile(r"(?:19|20)\d{2}(?=[-_. ]\D)")
_ALONE = re.compile(r"[\s(\[]*(?:于.{2,6})?\s*#[\s)\]]*(?:[于,、].{0,8})?[\s)\]]*")


def normal_date(given: str) -> str | None:
    """Return a given date as ISO 8601: "二〇二一年三月五日" -> "2021-03-05", "2021.3" -> "2021-03"; None if it is none."""
    folded = fold(given).strip(" ()")
    if _YEAR.fullmatch(folded):
        return _iso(folded, None, None)
    match = _DATE.match(folded)
    return _read(match) if match else None


def find_date(text: str) -> str | None:
    """Return the first date in a short text."""
    return next(_dates(fold(text)), None)


def date_alone(line: str) -> str | None:
    """Return the date of a line that is a date and nothing else but brackets and a place, as under a letter."""
    folded = fold(line)
    return find_date(line) if _ALONE.fullmatch(_DATE.sub("#", folded, count=1)) else None


def file_date(name: str) -> str | None:
    """Return the date in a file name: "20210305党课.docx" -> "2021-03-05", "2021-党课.docx" -> "2021"."""
    year = _FILE_YEAR.match(name)
    return find_date(name.replace("_", " ")) or (normal_date(year[0]) if year else None)


def without_dates(text: str) -> str:
    """Return the text with every date replaced by as many spaces, so that offsets stay."""
    return _DATE.sub(lambda match: " " * len(match[0]), fold(text))


def _dates(folded: str) -> Iterator[str]:
    return (date for match in _DATE.finditer(folded) if (date := _read(match)))


def _read(match: re.Match[str]) -> str | None:
    for suffix in ("", "_", "__"):
        if match["y" + suffix]:
            return _iso(match["y" + suffix], match["m" + suffix], match["d" + suffix])
    return None


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    numbers = [to_int(part) for part in (year, month, day) if part]
    if None in numbers:
        return None
    whole = [number for number in numbers if number is not None]
    try:
        date = dt.date(*[*whole, 1, 1][:3])
    except ValueError:
        return None
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        return None
    return date.isoformat()[: (4, 7, 10)[len(whole) - 1]]
