"""Read and analyse in child processes, results in order, memory bounded.

A parser may crash its process. The pool is then broken for everybody: what was under way is done again one document at a time,
so that only the culprit is lost, and is named.

Traps:
- The dictionary is loaded before the fork, so that the children share it.
- A child inherits the writer's lock with every other open file. It must not outlive its parent, or a killed rebuild would leave
  the index locked by an orphan.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from kb.analysis import Analyzer
from kb.documents import Failure, Reading
from kb.engines.base import Analysed
from kb.errors import UnreadableFile
from kb.preparation import prepare
from kb.readers import read


@dataclass(frozen=True, slots=True)
class File:
    """A file that is still to be read."""

    path: Path
    name: str


Job = File | Reading
Outcome = Analysed | Failure

_CRASHED = "解析时程序崩溃，未收入索引；请用 Word 或 WPS 打开后另存为 .docx 再试。"
_PR_SET_PDEATHSIG = 1
_analyzer: Analyzer | None = None
"""Set in the parent just before it forks; only the children read it."""


class Workers:
    """A pool of processes that turn jobs into outcomes."""

    def __init__(self, analyzer: Analyzer, count: int) -> None:
        global _analyzer  # noqa: PLW0603 - a forked child inherits it, nothing else could without pickling the dictionary
        analyzer.load()
        _analyzer = analyzer
        self._count = count
        self._pool = self._new_pool(count)

    def run(self, batches: Iterable[list[Job]]) -> Iterator[list[Outcome]]:
        """Give the outcomes of each batch, in order; at most a few batches are under way."""
        under_way: deque[tuple[list[Job], Future[list[Outcome]]]] = deque()
        for batch in batches:
            under_way.append((batch, self._submit(batch)))
            if len(under_way) > 2 * self._count:
                yield self._result(*under_way.popleft())
        while under_way:
            yield self._result(*under_way.popleft())

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)

    def _submit(self, batch: list[Job]) -> Future[list[Outcome]]:
        try:
            return self._pool.submit(_outcomes, batch)
        except BrokenProcessPool:
            self._pool = self._new_pool(self._count)
            return self._pool.submit(_outcomes, batch)

    def _result(self, batch: list[Job], future: Future[list[Outcome]]) -> list[Outcome]:
        try:
            return future.result()
        except BrokenProcessPool:
            return [outcome for job in batch for outcome in self._alone(job)]

    def _alone(self, job: Job) -> list[Outcome]:
        with self._new_pool(1) as pool:
            try:
                return pool.submit(_outcomes, [job]).result()
            except BrokenProcessPool:
                return [Failure(_name(job), _CRASHED)]

    @staticmethod
    def _new_pool(count: int) -> ProcessPoolExecutor:
        fork = multiprocessing.get_context("fork")
        return ProcessPoolExecutor(count, fork, initializer=_die_with, initargs=(os.getpid(),))


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends, however that happens.

    Ctrl-C reaches parent and children alike: the parent says what happened, so the children end without a word.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _outcomes(batch: list[Job]) -> list[Outcome]:
    return [outcome for job in batch for outcome in _outcomes_of(job)]


def _outcomes_of(job: Job) -> Iterator[Outcome]:
    try:
        readings = [job] if isinstance(job, Reading) else read(job.path, job.name)
        for reading in readings:
            yield reading if isinstance(reading, Failure) else _prepared(reading)
    except UnreadableFile as error:
        yield Failure(_name(job), str(error))


def _prepared(reading: Reading) -> Outcome:
    assert _analyzer is not None, "workers are forked after the analyzer is set"  # noqa: S101
    try:
        return prepare(reading, _analyzer)
    except UnreadableFile as error:
        return Failure(reading.path, str(error))


def _name(job: Job) -> str:
    return job.path if isinstance(job, Reading) else job.name
