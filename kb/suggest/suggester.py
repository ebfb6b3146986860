"""What one generation can suggest: made at the first need, once, whichever thread needs it first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from kb.analysis import Analyzer
from kb.engines.base import Searcher
from kb.fold import fold
from kb.suggest.completion import Completer, Completion
from kb.suggest.related import related_terms
from kb.suggest.spelling import Speller

T = TypeVar("T")


class Suggester:
    """Corrections, completions and related terms from one searcher. Safe for threads."""

    def __init__(self, searcher: Searcher, analyzer: Analyzer) -> None:
        self._searcher = searcher
        self._analyzer = analyzer
        self._vocabulary: _Once[Mapping[str, int]] = _Once(searcher.vocabulary)
        self._speller = _Once(lambda: Speller(searcher, analyzer, self._vocabulary()))
        self._completer = _Once(lambda: Completer(searcher, self._vocabulary(), analyzer.written))
        self.is_prepared = False

    def prepare_corrections(self) -> None:
        """Make what corrects queries, now."""
        self._speller()

    def prepare(self) -> None:
        """Make everything, now."""
        self._speller()
        self._completer()
        self.is_prepared = True

    def prepare_aside(self) -> None:
        """Make everything in a thread of its own, beside the questions."""
        threading.Thread(target=self.prepare, name="suggestions", daemon=True).start()

    def correct(self, text: str, seconds: float) -> str | None:
        """Return the query with what seems misspelt replaced, None if nothing does or it is not found in time."""
        speller = self._speller()
        return speller.correct(text, time.monotonic() + seconds)

    def complete(self, text: str, limit: int) -> list[Completion]:
        """Return queries that begin so."""
        return self._completer().complete(text, limit)

    def related(self, texts: Sequence[str], query: str, limit: int) -> list[str]:
        """Return words that the texts of a query's hits have unusually often."""
        words = [set(self._analyzer.cut(fold(text))) for text in texts]
        related = related_terms(words, query, self._vocabulary(), self._searcher.counts().passages, limit)
        return list(map(self._analyzer.written, related))


class _Once(Generic[T]):
    """A value that is made at the first call; others who need it meanwhile wait."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._making = threading.Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        if not self._made:
            with self._making:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]
