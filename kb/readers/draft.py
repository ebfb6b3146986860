"""A text under construction: lines, and marks on the lines that are headings."""

from __future__ import annotations

from kb.documents import Mark


class Draft:
    """Collects lines; `text` and `marks` fit each other at any moment."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._marks: list[Mark] = []
        self._length = 0

    def add(self, line: str, level: int | None = None) -> None:
        """Add a line without its line end; with a `level` its words become a heading."""
        words = line.strip()
        if level is not None and words:
            start = self._length + line.index(words)
            self._marks.append(Mark(start, start + len(words), level))
        self._lines.append(line)
        self._length += len(line) + 1

    @property
    def text(self) -> str:
        """All lines so far."""
        return "\n".join(self._lines)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All headings so far, in order."""
        return tuple(self._marks)
