"""What the tests of the service share: a client that asks the samples, and services that cannot answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.analysis import Analyzer
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.search import Search
from kb.web import create_app


@pytest.fixture(scope="session")
def client(sample_search: Search) -> FlaskClient:
    return create_app(sample_search).test_client()


@pytest.fixture
def unindexed(tmp_path: Path, analyzer: Analyzer) -> FlaskClient:
    return create_app(Search(Generations(tmp_path / "none"), WhooshEngine(), analyzer, deadline=1.0)).test_client()


@pytest.fixture
def broken(unindexed: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    def fail(_search: Search) -> None:
        raise RuntimeError("/secret/path is on fire")

    monkeypatch.setattr(Search, "open", fail)
    return unindexed
