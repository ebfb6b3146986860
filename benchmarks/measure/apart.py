"""Run a function in a process of its own and say what it cost: seconds, CPU seconds, memory.

Memory is the peak, over the samples taken, of the PSS of the process and all its descendants together (`/proc/PID/smaps_rollup`):
what several of them share counts once, and the pages of files that are mapped count too. As an upper bound, the peaks that the
kernel kept for each process (VmHWM) are added up, what is shared counted in each.

Traps:
- The process is spawned, not forked: it must not begin with the memory of the one that measures.
- `getrusage` keeps a peak that was reached before `exec`; VmHWM does not.
- What is shorter than the pause between two samples is not seen; a shorter pause would take time from the measured.
"""

from __future__ import annotations

import multiprocessing
import re
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

Args = ParamSpec("Args")
Value = TypeVar("Value")

_PAUSE = 0.2
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_PRIVATE = re.compile(r"^Private_(?:Clean|Dirty):\s+(\d+) kB", re.MULTILINE)
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
KILO = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took."""

    seconds: float
    cpu: float
    """Of the process and its ended descendants."""
    peak: int
    """Bytes: the highest sum of PSS that was sampled."""
    bound: int
    """Bytes: the sum of all processes' own peaks."""


@dataclass(frozen=True, slots=True)
class Ran(Generic[Value]):
    """A function's result and its cost."""

    value: Value
    cost: Cost


@dataclass(frozen=True, slots=True)
class Memory:
    """A process's share of memory, and what is its alone, in bytes."""

    pss: int
    uss: int


class FailedApartError(Exception):
    """The function raised; its error is told."""


def run_apart(function: Callable[Args, Value], *args: Args.args, **kwargs: Args.kwargs) -> Ran[Value]:
    """Run a function that can be imported in a new process.

    Raises:
        FailedApartError: it failed.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(there, function, args, kwargs))
    process.start()
    there.close()
    peak, peaks = _watch(process.pid or 0, here)
    try:
        value, seconds, cpu, own_peak = here.recv()
    except EOFError as error:
        raise FailedApartError(f"{function.__name__} ended without a result") from error
    finally:
        process.join()
    if isinstance(value, BaseException):
        raise FailedApartError(f"{function.__name__}: {value!r}") from value
    peaks[process.pid or 0] = own_peak
    return Ran(value, Cost(seconds, cpu, peak, sum(peaks.values())))


def memory(pid: int) -> Memory:
    """Say how much memory a process has now; nothing if it has ended."""
    text = _read(pid, "smaps_rollup")
    pss = _PSS.search(text)
    return Memory(KILO * int(pss[1]) if pss else 0, KILO * sum(map(int, _PRIVATE.findall(text))))


def descendants(pid: int) -> list[int]:
    """List a process and everything that it started and that still runs."""
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children += map(int, (thread / "children").read_text(encoding="ascii").split())
        except OSError:
            continue
    return [pid, *(below for child in children for below in descendants(child))]


def _watch(pid: int, result: Connection) -> tuple[int, dict[int, int]]:
    """Sample until the result is there, and once more."""
    peak = 0
    peaks: dict[int, int] = {}
    done = False
    while not done:
        done = result.poll(_PAUSE)
        family = descendants(pid)
        peak = max(peak, sum(memory(member).pss for member in family))
        for member in family:
            peaks[member] = max(peaks.get(member, 0), _own_peak(member))
    return peak, peaks


def _run(
    there: Connection, function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
) -> None:
    began, cpu = time.perf_counter(), _cpu()
    try:
        value: object = function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent tells it
        value = error
    there.send((value, time.perf_counter() - began, _cpu() - cpu, _own_peak("self")))
    there.close()


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _own_peak(pid: int | str) -> int:
    found = _PEAK.search(_read(pid, "status"))
    return KILO * int(found[1]) if found else 0


def _read(pid: int | str, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
