"""What the tests of the service share: services that answer and that cannot, how to ask the API and to read its pages."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

from kb.analysis import Analyzer
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.search import Search
from kb.web import create_app

SEARCH = "/api/v1/search"
PROBLEM = "type title status detail instance code request_id"
FILTERS = [
    {"genre": "讲话"},
    {"genre": ["讲话", "通知"]},
    {"speaker": "沈砚秋"},
    {"org": "中共青禾市委组织部"},
    {"year_from": 2024},
    {"year_to": 2021},
    {"year_from": 2023, "year_to": 2023},
    {"genre": ["讲话", "发言"], "year_from": 2023, "org": ["青禾水务集团党委", "中共临湖县委"]},
]
ENTRIES = (
    "/",
    "/?q=工作&page=2",
    "/?q=工作&group=passage&sort=-date&genre=讲话&year_from=2023&year_to=2023",
    "/?q=工作 量子纠缠理论&genre=没有",
    '/?q="没有这句话吧"',
    "/?q=，。",
    "/nothing",
    "/documents/nothing",
)


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


# The API


def ask(client: FlaskClient, text: str, **parameters):
    response = client.get(SEARCH, query_string={"q": text, **parameters})
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    return response.get_json()


def ids(answer) -> list[str]:
    return [hit["id"] for hit in answer["hits"]]


def links(response) -> dict[str, str]:
    return {relation: url for url, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers.get("Link", ""))}


def problem(response, status: int, code: str):
    body = response.get_json()
    assert response.status_code == body["status"] == status
    assert response.mimetype == "application/problem+json"
    assert list(body)[:7] == PROBLEM.split()
    assert body["type"] == f"urn:wenyuan:{code}"
    assert body["code"] == code
    assert body["title"]
    assert re.search(r"[一-鿿]{2}.*。", body["detail"])
    assert body["instance"] == urlsplit(response.request.path).path
    assert body["request_id"] == response.headers["X-Request-Id"]
    return body


def passes(document, year_from: int = 0, year_to: int = 9999, **chosen: str | list[str]) -> bool:
    undated = -1 if year_from or year_to < 9999 else 0
    year = int(document["date"][:4]) if document["date"] else undated
    return year_from <= year <= year_to and all(
        document[field] in ([values] if isinstance(values, str) else values) for field, values in chosen.items()
    )


# The pages


def visit(client: FlaskClient, url: str, status: int = 200) -> HtmlElement:
    response = client.get(url)
    assert response.status_code == status, url
    assert response.content_type == "text/html; charset=utf-8"
    text = response.get_data(as_text=True)
    assert "Traceback" not in text
    return html.document_fromstring(text)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def find(page: HtmlElement, path: str) -> list[HtmlElement]:
    found = page.xpath(path)
    assert isinstance(found, list)
    return found


def one(page: HtmlElement, path: str) -> HtmlElement:
    (found,) = find(page, path)
    return found


def titles(page: HtmlElement) -> list[str]:
    return [words(title) for title in find(page, "//li[@class='hit']/h2")]


def parameters(link: HtmlElement) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link.get("href")).query)


def totals(page: HtmlElement) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", words(one(page, "//p[@role='status']")))]


def kinds(page: HtmlElement) -> set[str]:
    return {f"{element.tag} {' '.join(element.attrib)}" for element in page.iter()}


def check_no_script(page: HtmlElement) -> None:
    """Nothing runs but our own file, nothing is styled but by our own sheet: the policy allows no more."""
    assert [script.get("src") for script in find(page, "//script")] == ["/static/wenyuan.js"]
    assert one(page, "//script").text is None
    assert find(page, "//style | //@style | //iframe | //object | //embed | //base | //meta[@http-equiv]") == []
    assert [name for element in page.iter() for name in element.attrib if name.startswith("on")] == []
    for address in find(page, "//@href | //@src | //@action | //@formaction"):
        assert re.match(r"(/(?!/)|#)", str(address)), address


@pytest.fixture(scope="session")
def crawled(client: FlaskClient) -> dict[str, HtmlElement]:
    """Visit some pages of every kind, all documents, and everything that these link to."""
    documents = client.get("/api/v1/documents?per_page=100").get_json()["documents"]
    pages: dict[str, HtmlElement] = {}
    for url in (*ENTRIES, *(document["url"] for document in documents)):
        pages[url] = html.document_fromstring(client.get(url).get_data(as_text=True))
    for url in sorted(targets(pages) - set(pages)):
        if not url.startswith("/static/"):
            pages[url] = visit(client, url)
    return pages


def targets(pages: dict[str, HtmlElement]) -> set[str]:
    """Return the addresses that the pages name, without fragments."""
    return {
        urldefrag(str(address)).url
        for page in pages.values()
        for address in find(page, "//@href | //@src | //@action | //@formaction")
    } - {""}
