"""Everything that a run of `benchmarks/speed.py` measured; the table and the picture are made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from measure.apart import Cost
from measure.corpus import Built
from measure.growth import Step
from measure.http_load import Served
from measure.timing import Timed

OURS = "文渊"
RIVAL = "tantivy-py"
STOCK = "Whoosh + ChineseAnalyzer"


@dataclass(frozen=True, slots=True)
class Indexing:
    """How one index came about."""

    label: str
    does: str
    """What is part of it."""
    cost: Cost
    index_bytes: int


@dataclass(slots=True)
class Figures:
    """Filled part by part as the run goes on."""

    machine: str
    built: Built
    indexings: list[Indexing] = field(default_factory=list)
    timed: dict[str, Timed] = field(default_factory=dict)
    """By the engine's label, ours first."""
    recall: dict[str, Mapping[str, float]] = field(default_factory=dict)
    """By the engine's label, for each class of phrases the share of the passages where they stand that was found."""
    served: Served | None = None
    growth: Sequence[Step] = ()

    @property
    def classes(self) -> list[str]:
        """The names of the query classes, in order."""
        return list(self.timed[OURS].times)
