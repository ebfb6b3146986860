"""What every engine is asked, what it answers, and the passages that all of them index.

Passages are numbered from 0 in the order of our index, so that the answers of all engines can be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from kb.analysis import Analyzer

LIMIT = 10
Form = Literal["words", "phrase", "prefix"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in no engine's language; folded already."""

    form: Form
    text: str
    """Words with spaces between them, a string to be found as it stands, or the beginning of a word."""
    years: tuple[int, int] | None = None
    by_date: bool = False
    """The latest first, instead of the best first."""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The exact number of matching passages, and the numbers of those on the page."""

    total: int
    page: list[int]


@dataclass(frozen=True, slots=True)
class Row:
    """A passage as the peers get it."""

    number: int
    day: int
    """Its document's date as 20190301, 0 for none; what is not known of it is 0."""
    text: str
    """Folded."""
    tokens: str
    """The tokens of our index, with spaces between them."""

    @property
    def year(self) -> int:
        """The first four digits of the day."""
        return self.day // 10_000


class Opened(Protocol):
    """An index that is being searched."""

    def prepare(self) -> None:
        """Make ready for questions what opening left undone."""

    def ask(self, asked: Asked) -> Answer:
        """Find the page and the exact total."""

    def matching(self, asked: Asked) -> set[int]:
        """Find all passages that match; not timed."""


class Ready:
    """An index that is ready when it is open."""

    def prepare(self) -> None:
        """Do nothing."""


class Peer(Protocol):
    """An engine."""

    label: str
    forms: frozenset[Form]
    """What it can be asked."""
    does: str
    """What its indexing includes."""

    def open(self, folder: Path) -> Opened:
        """Open what was indexed."""


class Indexer(Peer, Protocol):
    """An engine that is handed the passages."""

    def index(self, rows: Path, folder: Path) -> None:
        """Index all passages into an empty folder."""


ALL_FORMS: frozenset[Form] = frozenset(("words", "phrase", "prefix"))
PHRASES: frozenset[Form] = frozenset(("phrase",))


def write_rows(rows: Iterator[Row], path: Path) -> None:
    """Write passages to a file that every peer reads."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)


def read_rows(path: Path) -> Iterator[Row]:
    """Read them again, one at a time."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Row(**json.loads(line))


@cache
def analyzer() -> Analyzer:
    """Return the one analyzer of this process, its dictionary loaded."""
    loaded = Analyzer()
    loaded.load()
    return loaded
