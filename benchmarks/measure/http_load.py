"""The service under load: gunicorn as the README says, wrk beside it on the same machine.

Mixed queries of all classes, the default request: ten hits with highlights, facets and suggestions. wrk keeps its connections
alive and shares the cores with the server. After the load each worker's memory is read.

Traps:
- wrk's own report rounds; a script's `done` gets the figures themselves.
- Its `status` errors count every answer of 400 and more; none is expected.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from peers.base import Asked
from peers.wenyuan import TYPED

from measure.apart import Memory, descendants, memory
from measure.queries import WARMING, QueryClass
from measure.server import serving

_CONNECTIONS = (1, 8, 32)
_MOST_THREADS = 2
_SCRIPT = """
local paths = {%s}
local threads = 0
function setup(thread) thread:set("at", threads * 53); threads = threads + 1 end
function request() at = at + 1; return wrk.format("GET", paths[at %% #paths + 1]) end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("FIGURES %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk measured; milliseconds."""

    answer: str
    connections: int
    per_second: float
    p50: float
    p99: float
    errors: int


@dataclass(frozen=True, slots=True)
class Served:
    """All loads, the memory of the largest worker after them, and how long the server took to start."""

    loads: Sequence[Load]
    worker: Memory
    start: float


def has_wrk() -> bool:
    """Tell whether wrk is installed."""
    return shutil.which("wrk") is not None


def serve_and_load(index_dir: Path, classes: Sequence[QueryClass], seconds: int, folder: Path) -> Served:
    """Run the server on an index and load it, page and JSON, with few and many connections."""
    began = time.perf_counter()
    with serving(index_dir) as server:
        start = time.perf_counter() - began
        loads = [
            _load(f"http://127.0.0.1:{server.port}", _script(path, classes, folder), answer, connections, seconds)
            for answer, path in (("JSON", "/api/v1/search"), ("网页", "/"))
            for connections in _CONNECTIONS
        ]
        workers = [memory(worker) for worker in descendants(server.pid)[1:]]
    return Served(loads, max(workers, key=lambda worker: worker.uss), start)


def _load(address: str, script: Path, answer: str, connections: int, seconds: int) -> Load:
    threads = min(connections, _MOST_THREADS)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "-s", str(script), "--latency", address]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures = next(line for line in printed.splitlines() if line.startswith("FIGURES"))
    requests, microseconds, p50, p99, errors = map(int, figures.split()[1:])
    return Load(answer, connections, requests / microseconds * 1_000_000, p50 / 1000, p99 / 1000, errors)


def _script(path: str, classes: Sequence[QueryClass], folder: Path) -> Path:
    asked = [asked for one in classes for asked in one.asked[WARMING:] if not asked.offset]
    random.Random(1).shuffle(asked)
    script = folder / "requests.lua"
    script.write_text(_SCRIPT % ",".join(f'"{path}?{_parameters(one)}"' for one in asked), encoding="ascii")
    return script


def _parameters(asked: Asked) -> str:
    parameters = {"q": TYPED[asked.form].format(asked.text)}
    if asked.years:
        parameters["year_from"], parameters["year_to"] = map(str, asked.years)
    if asked.by_date:
        parameters["sort"] = "-date"
    return urlencode(parameters)
