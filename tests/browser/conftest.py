"""The service as it runs in production over the samples, and a Chromium without a window; without that, the tests are skipped.

Every page that a test opens is watched: an error in the console (a breach of the content security policy is one), an exception
in a script or a request to another host fails the test.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.answers import Question
from kb.search import Search
from kb.variants import family

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

ROOT = Path(__file__).parents[2]
# Chromium reports the status of a page that answers 404, 400 or 503 as an error; that answer is what is tested.
_STATUS_OF_PAGE = "Failed to load resource: the server responded with a status of"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing: run make browser-test")
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is missing: sudo apt install chromium fonts-noto-cjk")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=as_root)
        yield launched
        launched.close()


@contextmanager
def _served(index_dir: Path) -> Iterator[str]:
    """Start gunicorn on a port that is already open, so that a request made too early waits in its queue."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "wsgi:app",
                "--bind",
                f"fd://{door.fileno()}",
                "--workers",
                "1",
                "--log-level",
                "error",
            ],
            cwd=ROOT,
            env={**os.environ, "KB_INDEX_DIR": str(index_dir), "KB_DEADLINE_MS": "10000"},
            pass_fds=[door.fileno()],
        )
    try:
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture(scope="session")
def address(sample_index: Path) -> Iterator[str]:
    with _served(sample_index) as served:
        yield served


@pytest.fixture(scope="session")
def places(address: str, sample_search: Search, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One address of each kind of page."""
    found = sample_search.ask(Question("党建")).hits[0].document.url
    with_adverts = sample_search.ask(Question("标题:城市管理系统 作风")).hits[0].document.url
    copied = sample_search.ask(Question('"预祝培训班圆满成功"')).hits[0].document
    compared = family(sample_search, copied.id).copies[0].compare_url
    with _served(tmp_path_factory.mktemp("no-index")) as bare_address:
        yield {
            "home": f"{address}/",
            "results": f"{address}/?q=党建",
            "filtered": f"{address}/?q=党建&genre=讲话",
            "paged": f"{address}/?q=的&per_page=3&page=3",
            "empty": f'{address}/?q="没有哪篇讲话会这样说" 量子',
            "too long": f"{address}/?q={'党' * 201}",
            "document": f"{address}{found}?q=党建",
            "document without query": f"{address}{found}",
            "document with adverts": f"{address}{with_adverts}?q=作风",
            "similar": f"{address}/similar",
            "copies": f"{address}{copied.url}/copies",
            "comparison": f"{address}{compared}",
            "not found": f"{address}/nowhere",
            "no index": f"{bare_address}/",
        }


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open pages in contexts of their own, given Playwright's options, and watch them."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        is_asset = "/static/" in message.location["url"]
        if message.type == "error" and (is_asset or not message.text.startswith(_STATUS_OF_PAGE)):
            complaints.append(f"console: {message.text}")

    def watch(request_url: str) -> None:
        if not request_url.startswith(("http://127.0.0.1:", "data:")):
            complaints.append(f"request to another host: {request_url}")

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": address, "viewport": {"width": 1280, "height": 500}, **options})
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(f"exception: {error.error}"))
        context.on("request", lambda request: watch(request.url))
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
