"""Time the queries of an engine, one after the other, in one process; and see what its phrases find.

Each class is warmed up by other queries of its kind; then every query is asked once. The garbage collector runs as it does.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from peers import engine

from measure.queries import WARMING, QueryClass

_OPENINGS = 5
_NANOSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one class."""

    count: int
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Timed:
    """What an engine did with all classes that it can be asked; by their names."""

    opening: float
    """Milliseconds: the median of a few openings, files in the page cache."""
    first: float
    """Milliseconds of the first query after it."""
    times: Mapping[str, Times]
    found: Mapping[str, Sequence[set[int]]]
    """For each class of phrases the matches of each query, in order."""


def percentiles(milliseconds: Sequence[float]) -> Times:
    """Summarise."""
    ordered = sorted(milliseconds)
    return Times(len(ordered), statistics.median(ordered), ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)])


def geometric_mean(times: Mapping[str, Times], names: Sequence[str]) -> float:
    """Average the p50 of some classes."""
    return statistics.geometric_mean([times[name].p50 for name in names])


def time_queries(name: str, folder: Path, classes: Sequence[QueryClass], most: int | None) -> Timed:
    """Ask an engine everything, and time of each class `most` queries or all; run it in a process of its own."""
    asked_engine = engine(name)
    answered = [one for one in classes if one.form in asked_engine.forms]
    asked_engine.open(folder)  # loads what the process needs once
    opening = [_milliseconds(partial(asked_engine.open, folder)) for _ in range(_OPENINGS)]
    opened = asked_engine.open(folder)
    first = _milliseconds(partial(opened.ask, answered[0].asked[0]))
    opened.prepare()
    times, found = {}, {}
    for one in answered:
        for asked in one.asked[:WARMING]:
            opened.ask(asked)
        measured = one.asked[WARMING:][:most]
        times[one.name] = percentiles([_milliseconds(partial(opened.ask, asked)) for asked in measured])
    for one in answered:
        if one.form == "phrase":
            found[one.name] = [opened.matching(asked) for asked in one.asked[WARMING:]]
    return Timed(statistics.median(opening), first, times, found)


def _milliseconds(run: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    run()
    return (time.perf_counter_ns() - began) / _NANOSECONDS
