"""One machine: a generation is a folder with two Whoosh indexes, `passages` (postings) and `documents` (texts, metadata).

Beside them lies a small file that says which documents are near-copies of each other.
"""

from __future__ import annotations

from pathlib import Path

from kb.engines.whoosh.searcher import WhooshSearcher
from kb.engines.whoosh.writer import WhooshWriter


class WhooshEngine:
    """Implements `kb.engines.base.Engine` on Whoosh 2.7.4."""

    name = "whoosh"
    version = "6"

    def writer(self, folder: Path) -> WhooshWriter:
        """Begin a generation in an empty folder."""
        return WhooshWriter(folder)

    def searcher(self, folder: Path) -> WhooshSearcher:
        """Open a complete generation."""
        return WhooshSearcher(folder)
