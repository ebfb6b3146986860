"""The command as its users meet it: a process with arguments, exit code, stdout and stderr."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kb.analysis import Analyzer
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.search import Search
from kb.web import create_app

KB = Path(sys.executable).parent / "kb"
SAMPLES = Path(__file__).parents[2] / "samples"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def environment(index: Path, **settings: str) -> dict[str, str]:
    """Return this environment with the settings given and no others."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    return {**rest, "KB_INDEX_DIR": str(index), **settings}


def kb(index: Path, *arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, both outputs piped; whatever it was, no traceback and no control character comes out."""
    done = subprocess.run(
        [KB, *map(str, arguments)],
        env=environment(index, **settings),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert not CONTROLS.search(done.stdout + done.stderr)
    return done


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The samples, indexed by the command, and how it went."""
    index = tmp_path_factory.mktemp("cli-samples")
    return index, kb(index, "rebuild", SAMPLES, "--json")


@pytest.fixture(scope="session")
def client(samples, analyzer: Analyzer):
    search = Search(Generations(samples[0]), WhooshEngine(), analyzer, deadline=10.0)
    return create_app(search).test_client()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of two documents."""
    made = tmp_path / "library"
    made.mkdir()
    (made / "甲.txt").write_text("甲馆谈党建工作的载体。", encoding="utf-8")
    (made / "乙.md").write_text("# 乙\n乙馆谈安全生产。", encoding="utf-8")
    return made


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"
