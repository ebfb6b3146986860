"""The service as the README runs it: gunicorn with its settings, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
_WAIT = 300
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    port: int
    pid: int


@contextmanager
def serving(index_dir: Path) -> Iterator[Server]:
    """Serve an index."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    environment = {**os.environ, "KB_INDEX_DIR": str(index_dir)}
    server = subprocess.Popen(command, cwd=_ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(_WAIT * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server does not answer")
