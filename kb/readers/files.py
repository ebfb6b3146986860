"""Reading files whole, within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import UnreadableFile
from kb.readers.limits import MAX_FILE
from kb.readers.reasons import TOO_LARGE

if TYPE_CHECKING:
    from pathlib import Path


def contents(path: Path) -> bytes:
    """Read a file whole; one larger than `MAX_FILE` raises `UnreadableFile`, even if it grows meanwhile."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise UnreadableFile(TOO_LARGE)
    return data
