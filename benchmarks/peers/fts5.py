"""SQLite FTS5: over the tokens of our index, and, for strings as they stand, over its own trigrams.

Texts and dates lie in an ordinary table beside the index, joined by the passage's number. A page is `ORDER BY rank LIMIT 10`, the
exact total is a `count(*)` of its own. Words are joined by OR and ranked by BM25; beginnings of two characters have an index.

Traps:
- `unicode61` takes Han characters, letters and digits as parts of a token, but cuts 3.5 and a-b apart: what may stand inside a
  token is named in `tokenchars`. It would take accents away, which our folding does not.
- Trigrams cannot find two characters: those are looked for by a scan of all texts (`instr`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from kb.analysis import Analyzer
from peers.base import ALL_FORMS, LIMIT, PHRASES, Answer, Asked, Ready, analyzer, read_rows

_FILE = "index.sqlite"
_WORDS = """fts5(body, content='', prefix='2', tokenize="unicode61 remove_diacritics 0 tokenchars '.+#&_%-'")"""
_TRIGRAMS = "fts5(body, content='', tokenize='trigram')"
_TRIGRAM = 3
_SCAN = "SELECT terms.rowid FROM texts AS terms WHERE instr(text, ?)"
_MATCH = "SELECT terms.rowid FROM terms WHERE terms MATCH ?"
_JOINED = "SELECT terms.rowid FROM terms JOIN texts ON texts.rowid = terms.rowid WHERE terms MATCH ?"
_DATED = f"{_JOINED} AND day BETWEEN ? AND ?"


class FullText:
    """Implements `peers.base.Peer` over the tokens of our index."""

    label = "SQLite FTS5"
    forms = ALL_FORMS
    does = "写入（词已切好）"

    def index(self, rows: Path, folder: Path) -> None:
        """Index all passages."""
        _index(folder, _WORDS, ((row.number, row.day, row.text, row.tokens) for row in read_rows(rows)))

    def open(self, folder: Path) -> OpenedFullText:
        """Open what was indexed."""
        return OpenedFullText(folder, analyzer())


class Trigrams:
    """Implements `peers.base.Peer` over trigrams."""

    label = "FTS5 trigram"
    forms = PHRASES
    does = "切分、写入"

    def index(self, rows: Path, folder: Path) -> None:
        """Index all passages."""
        _index(folder, _TRIGRAMS, ((row.number, row.day, row.text, row.text) for row in read_rows(rows)))

    def open(self, folder: Path) -> OpenedFullText:
        """Open what was indexed."""
        return OpenedFullText(folder, None)


class OpenedFullText(Ready):
    """Implements `peers.base.Opened`; without a cutter a phrase is given as it is."""

    def __init__(self, folder: Path, cutter: Analyzer | None) -> None:
        self._database = _connect(folder)
        self._cutter = cutter

    def ask(self, asked: Asked) -> Answer:
        """Find the page and the exact total."""
        source, values = self._source(asked)
        order = "day DESC" if asked.by_date else "rank" if "MATCH" in source else "1"
        page = self._rows(f"{source} ORDER BY {order} LIMIT {LIMIT} OFFSET {asked.offset}", values)
        if len(page) < LIMIT and not asked.offset:
            return Answer(len(page), page)
        return Answer(self._rows(source.replace("terms.rowid", "count(*)", 1), values)[0], page)

    def matching(self, asked: Asked) -> set[int]:
        """Find all passages that match."""
        source, values = self._source(asked)
        return set(self._rows(source, values))

    def _source(self, asked: Asked) -> tuple[str, list[str | int]]:
        """Write the statement that gives the numbers of all matches, with its values."""
        if self._cutter is None and len(asked.text) < _TRIGRAM:
            return _SCAN, [asked.text]
        expression = self._expression(asked)
        if asked.years:
            first, last = asked.years
            return _DATED, [expression, first * 10_000, last * 10_000 + 9_999]
        return _JOINED if asked.by_date else _MATCH, [expression]

    def _expression(self, asked: Asked) -> str:
        match asked.form:
            case "phrase":
                return f'"{self._cut(asked.text)}"'
            case "prefix":
                return f'"{asked.text}"*'
            case _:
                return " OR ".join(f'"{word}"' for word in asked.text.split())

    def _cut(self, text: str) -> str:
        return " ".join(token.text for token in self._cutter.tokens(text)) if self._cutter else text

    def _rows(self, statement: str, values: Sequence[str | int]) -> list[int]:
        return [value for (value,) in self._database.execute(statement, values)]


def _connect(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(folder / _FILE)
    database.executescript("PRAGMA cache_size = -65536; PRAGMA mmap_size = 4294967296;")
    return database


def _index(folder: Path, kind: str, rows: Iterable[tuple[int, int, str, str]]) -> None:
    database = _connect(folder)
    database.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE texts(day INTEGER, text TEXT);"
        f"CREATE VIRTUAL TABLE terms USING {kind};"
    )
    for number, day, text, terms in rows:
        database.execute("INSERT INTO texts(rowid, day, text) VALUES (?, ?, ?)", (number, day, text))
        database.execute("INSERT INTO terms(rowid, body) VALUES (?, ?)", (number, terms))
    database.execute("INSERT INTO terms(terms) VALUES ('optimize')")
    database.commit()
    database.close()
