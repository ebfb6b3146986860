"""A file of the library becomes canonical text.

The format is decided by what a file holds, not by what it is called (`sniff`); one module a format turns it into `Reading`s; and
`canonical` alone decides which characters stay. To add a format: write a module with `read(path, name)`, add one line to
`FORMATS`, and let `sniff` return its name.

Traps: nothing but `UnreadableFile` may leave this package, whatever a library below thinks of a damaged file. Parsing hostile
files is bounded here (`limits`), but only a child process can bound time and memory for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.documents import Failure, Reading
from kb.errors import UnreadableFile
from kb.readers import docx, html, jsonl, markdown, text
from kb.readers.canonical import canonical
from kb.readers.reasons import NO_TEXT, reason
from kb.readers.sniff import format_of

Reader = Callable[[Path, str], Iterator[Reading | Failure]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file and who reads it."""

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    is_plain_text: bool = True
    """Its files look like any text, so that only the suffix tells it from the others."""


FORMATS = (
    Format("text", (".txt",), text.read),
    Format("markdown", (".md", ".markdown"), markdown.read),
    Format("html", (".html", ".htm"), html.read),
    Format("docx", (".docx",), docx.read, is_plain_text=False),
    Format("jsonl", (".jsonl", ".jsonl.xz"), jsonl.read),
)

SUFFIXES = frozenset(suffix for known in FORMATS for suffix in known.suffixes)
"""What counts as a document when a folder is walked, lower case."""


def read(path: Path, name: str) -> Iterator[Reading | Failure]:
    """Read one file: a document gives one `Reading`, a .jsonl file gives one item a record.

    Args:
        path: where the file lies.
        name: its POSIX name in the library; it becomes `Reading.path`, for a record as `name#id`.

    Yields:
        Readings with canonical, non-empty text; a `Failure` for each record that cannot be used.

    Raises:
        UnreadableFile: while iterating, if nothing (more) can be read; it says the reason and the cure in one sentence.
    """
    try:
        reader = _reader(format_of(path, name), name)
        found = 0
        for item in reader(path, name):
            found += 1
            yield _finished(item, name)
    except UnreadableFile:
        raise
    except Exception as error:  # a damaged file may raise anything in the libraries below
        raise UnreadableFile(reason(error)) from error
    if not found:
        raise UnreadableFile(NO_TEXT)


def _reader(kind: str, name: str) -> Reader:
    """Find who reads `kind`; for plain text the suffix decides."""
    if kind == "text":
        plain = (known.name for known in FORMATS if known.is_plain_text and name.lower().endswith(known.suffixes))
        kind = next(plain, kind)
    return next(known.read for known in FORMATS if known.name == kind)


def _finished(item: Reading | Failure, name: str) -> Reading | Failure:
    """Make the text canonical; a document without text is an error, a record without text a failure."""
    if isinstance(item, Failure):
        return item
    reading = canonical(item)
    if reading.text.strip():
        return reading
    if reading.path == name:
        raise UnreadableFile(NO_TEXT)
    return Failure(reading.path, NO_TEXT)
