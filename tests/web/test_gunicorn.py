"""The service as it runs in production: gunicorn with our settings, real sockets, real signals."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest

from kb.analysis import Analyzer
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.library import rebuild

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SEARCH = "/api/v1/search?q=" + quote("党建")
ASKING = 8
"""Threads that ask at the same time: as many as our settings answer at the same time."""
NOTICED = 1.0
"""Seconds after a swap until every worker answers from the new generation."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running gunicorn."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> tuple[int, str]:
        """Ask once, over a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def workers(self) -> set[int]:
        """Return the workers' process ids."""
        return set(living(self.process.pid)) - {self.process.pid}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a thread was answered: when it asked, and what came back; a failed connection has the status 0."""

    asked: float
    status: int
    body: str


def living(group: int) -> list[int]:
    """Return the processes of a group; the dead that nobody has collected do not count."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, process_group = file.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
            if int(process_group) == group and state != "Z":
                found.append(int(file.parent.name))
    return found


def eventually(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Tell whether something comes true in time."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def environment(index: Path) -> dict[str, str]:
    """Return an environment with no settings but the index; on a busy machine no answer shall be cut short."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(("KB_", "GUNICORN_"))}
    return {**rest, "KB_INDEX_DIR": str(index), "KB_DEADLINE_MS": "10000"}


@contextmanager
def serving(index: Path, log: Path) -> Iterator[Served]:
    """Run gunicorn on a free port in a process group of its own; whatever is left of it is killed at the end."""
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [BIN / "gunicorn", "wsgi:app", "--bind", "127.0.0.1:0"],
            cwd=ROOT,
            env=environment(index),
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )
    try:
        listening = re.compile(r"Listening at: http://127\.0\.0\.1:(\d+)")
        assert eventually(lambda: bool(listening.search(log.read_text(encoding="utf-8")))), log.read_text("utf-8")
        port = int(listening.findall(log.read_text(encoding="utf-8"))[0])
        yield Served(process, port, log)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@contextmanager
def asking(served: Served, ask: Callable[[], tuple[int, str]]) -> Iterator[list[Heard]]:
    """Ask from several threads, again and again, for as long as the block lasts."""
    heard: list[Heard] = []
    enough = threading.Event()

    def keep_asking() -> None:
        while not enough.wait(0.05):  # a breath, so that a rebuild beside it gets on
            asked = time.monotonic()
            try:
                heard.append(Heard(asked, *ask()))
            except OSError as error:
                heard.append(Heard(asked, 0, repr(error)))

    with ThreadPoolExecutor(ASKING) as threads:
        under_way = [threads.submit(keep_asking) for _ in range(ASKING)]
        try:
            yield heard
        finally:
            enough.set()
    assert all(future.exception() is None for future in under_way)
    assert len(heard) > ASKING, served.log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def served(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(sample_index, tmp_path_factory.mktemp("gunicorn") / "log") as running:
        yield running


def replaced(served: Served, before: set[int]) -> bool:
    """Tell whether every worker is another one than before."""
    now = served.workers()
    return len(now) == 2 and not now & before


def make_library(folder: Path, name: str, mentions: int) -> Path:
    """Write four documents, each with so many passages about one thing, every one marked with the library's name."""
    made = folder / name
    made.mkdir()
    for number in range(4):
        lines = [f"{name}第{number}份材料第{line}段谈党建工作。\n" for line in range(mentions)]
        (made / f"{number}.txt").write_text("".join(lines), encoding="utf-8")
    return made


def test_by_default_only_this_machine_can_connect():
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    host, _, _ = settings["bind"].rpartition(":")
    assert ipaddress.ip_address(host).is_loopback


def test_a_search_is_answered_as_json_and_as_a_page(served):
    status, body = served.get(SEARCH)
    answer = json.loads(body)
    assert status == 200
    assert answer["total"] >= len(answer["hits"]) > 0
    status, page = served.get("/?q=" + quote("党建"))
    assert status == 200
    assert all(hit["document"]["url"] in page for hit in answer["hits"])
    assert "<mark>党建</mark>" in page


def test_it_listens_on_loopback_only(served):
    address = socket.inet_aton("127.0.0.1")[::-1].hex().upper()
    table = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    here = [
        line.split()[1] for line in table if line.split()[3] == "0A" and line.split()[1].endswith(f":{served.port:04X}")
    ]
    assert here == [f"{address}:{served.port:04X}"]


def test_a_hangup_replaces_the_workers_and_no_request_fails(served):
    assert eventually(lambda: len(served.workers()) == 2)
    with asking(served, lambda: served.get(SEARCH)) as heard:
        for _ in range(2):
            before = served.workers()
            served.process.send_signal(signal.SIGHUP)
            assert eventually(partial(replaced, served, before))
    assert {answer.status for answer in heard} == {200}, [answer for answer in heard if answer.status != 200][:3]
    assert served.process.poll() is None


def test_while_the_index_is_rebuilt_every_answer_belongs_to_one_generation(tmp_path, analyzer: Analyzer):
    libraries = [make_library(tmp_path, "甲馆", 1), make_library(tmp_path, "乙馆", 2)]
    index = tmp_path / "index"
    first = rebuild(libraries[:1], Generations(index), WhooshEngine(), analyzer).generation
    swaps = [(0.0, first, libraries[0].name, 4)]
    with serving(index, tmp_path / "log") as served:
        with asking(served, lambda: served.get(SEARCH + "&group=passage")) as heard:
            for number in range(1, 4):
                library = libraries[number % 2]
                done = subprocess.run(
                    [BIN / "kb", "rebuild", library, "--json", "--workers", "1"],
                    env=environment(index),
                    capture_output=True,
                    timeout=60,
                    check=True,
                )
                swaps.append(
                    (time.monotonic(), json.loads(done.stdout)["generation"], library.name, 4 + number % 2 * 4)
                )
            time.sleep(NOTICED + 0.3)  # so that the last swap is seen to be noticed in time as well
        assert {answer.status for answer in heard} == {200}, [answer for answer in heard if answer.status != 200][:3]
    order = [generation for _, generation, _, _ in swaps]
    for answer in heard:
        body = json.loads(answer.body)
        place = order.index(body["generation"])
        _, _, name, total = swaps[place]
        assert (body["total"], len(body["hits"])) == (total, total)
        assert all(hit["text"].startswith(name) for hit in body["hits"])
        in_use = max(
            number for number, (swapped, *_) in enumerate(swaps) if swapped + NOTICED < answer.asked or not number
        )
        assert place >= in_use
    assert {json.loads(answer.body)["generation"] for answer in heard} == set(order)


def test_without_an_index_it_starts_and_names_the_cure_and_answers_once_there_is_one(tmp_path, analyzer: Analyzer):
    index = tmp_path / "index"
    with serving(index, tmp_path / "log") as served:
        for path in (SEARCH, "/?q=x", "/"):
            status, body = served.get(path)
            assert status == 503
            assert "kb rebuild" in body
        assert served.get("/healthz")[0] == 200
        rebuild([make_library(tmp_path, "甲馆", 1)], Generations(index), WhooshEngine(), analyzer)
        answers = [served.get(SEARCH) for _ in range(ASKING)]
        assert {(status, json.loads(body)["total"]) for status, body in answers} == {(200, 4)}
        assert served.get("/")[0] == 200


def test_a_termination_ends_it_in_time_and_leaves_no_process(tmp_path, sample_index):
    with serving(sample_index, tmp_path / "log") as served:
        idle = HTTPConnection("127.0.0.1", served.port, timeout=10)
        idle.request("GET", "/healthz")
        assert idle.getresponse().read()
        assert eventually(lambda: len(served.workers()) == 2)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) == 0
        assert living(served.process.pid) == []
        idle.close()
        with pytest.raises(ConnectionRefusedError):
            served.get("/healthz")
