"""What several tests share: the dictionary, and an index of the samples, each made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb.analysis import Analyzer
from kb.documents import Reading
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.library import rebuild
from kb.search import Search

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    loaded = Analyzer()
    loaded.load()
    return loaded


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Path:
    index_dir = tmp_path_factory.mktemp("sample-index")
    rebuild([SAMPLES], Generations(index_dir), WhooshEngine(), analyzer, workers=2)
    return index_dir


@pytest.fixture(scope="session")
def sample_search(sample_index: Path, analyzer: Analyzer) -> Search:
    return Search(Generations(sample_index), WhooshEngine(), analyzer, deadline=10.0)


@pytest.fixture
def library(tmp_path: Path, analyzer: Analyzer) -> Callable[..., Search]:
    """Index a few texts, given as file name -> text, and return what searches in them."""

    def build(**texts: str) -> Search:
        folder = tmp_path / "library"
        folder.mkdir()
        for name, text in texts.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        generations = Generations(tmp_path / "index")
        rebuild([folder], generations, WhooshEngine(), analyzer)
        return Search(generations, WhooshEngine(), analyzer, deadline=10.0)

    return build


def reading(text: str, path: str = "a.txt", **known: str) -> Reading:
    """Return a reading as a reader of plain text would give it."""
    return Reading(path, text, **known)  # type: ignore[arg-type] # only the optional strings are given
