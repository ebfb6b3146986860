"""Hostile words in addresses and in the library stay text."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

from kb.analysis import Analyzer
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.library import rebuild
from kb.search import Search
from kb.web import create_app
from tests.web.conftest import check_no_script, find, kinds, one, titles, visit, words

PAYLOADS = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '"><script>alert(1)</script>',
    '" onfocus=alert(1) autofocus x="',
    "' onmouseover='alert(1)",
    "</mark><iframe src=javascript:alert(1)></iframe>",
    '<a href="javascript:alert(1)">党建</a>',
    "<details open ontoggle=alert(1)>",
    "--><style>@import'//evil'</style><!--",
    "</p></article></main><form action=//evil><input name=q>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "{{ 7*7 }}{% raw %}${7*7}",
    "<base href=//evil><meta http-equiv=refresh content=0>",
    "<ｓｃｒｉｐｔ>alert(1)</ｓｃｒｉｐｔ>＜script＞",
    "javascript:alert(1)//",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> FlaskClient:
    """Serve a library with payloads in every text, heading, file name and field."""
    folder = tmp_path_factory.mktemp("hostile")
    library = folder / "library"
    library.mkdir()
    records = []
    for number, text in enumerate(PAYLOADS):
        body = f"{text}党建工作的第一行讲话要讲清楚。\n一、{text}\n党建工作要抓实{text}抓细。一是{text}；二是别的。"
        known = dict.fromkeys(("title", "speaker", "org", "genre", "source", "date"), text)
        records.append(json.dumps({"id": text, "text": body, **known}, ensure_ascii=False))
        name = f"{number:02} {text.replace('/', '')}"
        (library / f"{name}.txt").write_text(f"{text}\n\n讲话人：{text}\n\n{body}", encoding="utf-8")
        (library / f"{name}.md").write_text(f"# 党建 {text}\n\n## {text}\n\n{body}", encoding="utf-8")
    (library / "records.jsonl").write_text("\n".join(records), encoding="utf-8")
    generations = Generations(folder / "index")
    rebuild([library], generations, WhooshEngine(), analyzer)
    return create_app(Search(generations, WhooshEngine(), analyzer, deadline=10.0)).test_client()


@pytest.fixture(scope="module")
def known(crawled: dict[str, HtmlElement]) -> set[str]:
    """Return what the pages of the samples are made of: elements, each with the names of its attributes."""
    return set().union(*map(kinds, crawled.values())) | {f"h{level} " for level in range(2, 7)}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "names",
    [
        ("q",),
        ("genre", "speaker", "org"),
        ("page", "per_page", "sort", "group", "fold"),
        ("year_from", "year_to"),
        ("x",),
    ],
)
def test_a_payload_in_the_address_stays_text(client, known, names, payload):
    response = client.get("/", query_string={"q": "党建", **dict.fromkeys(names, payload)})
    assert response.status_code == 200
    page = html.document_fromstring(response.get_data(as_text=True))
    check_no_script(page)
    assert kinds(page) <= known
    if names == ("q",):
        assert one(page, "//input[@name='q']").get("value") == payload
        assert words(one(page, "//h1")) == f"检索结果：{payload}"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_path_stays_text(client, known, payload):
    for folder in ("", "documents/"):
        page = visit(client, f"/{folder}{quote(payload)}", status=404)
        check_no_script(page)
        assert kinds(page) <= known


@pytest.mark.parametrize("group", ["document", "passage"])
def test_payloads_in_a_library_stay_text_in_the_results(hostile, known, group):
    page = visit(hostile, f"/?q=党建&per_page=100&group={group}&fold=no")
    assert len(titles(page)) >= 3 * len(PAYLOADS)
    check_no_script(page)
    assert kinds(page) <= known
    shown = " ".join(titles(page))
    assert all(payload in shown for payload in PAYLOADS)
    side = words(one(page, "//nav[@class='side']"))
    assert all(side.count(payload) >= 3 for payload in PAYLOADS)


def test_payloads_in_a_library_stay_text_where_they_are_read(hostile, known):
    listed = hostile.get("/api/v1/documents?per_page=100").get_json()["documents"]
    assert len(listed) == 3 * len(PAYLOADS)
    pages = [visit(hostile, f"{document['url']}?q=党建") for document in listed]
    for page in pages:
        check_no_script(page)
        assert kinds(page) <= known
        assert find(page, "//article//mark")
    for place in ("//title", "//h1", "//article/p", "//article/footer", "//ul[@class='about']"):
        shown = " ".join(words(element) for page in pages for element in find(page, place))
        assert [payload for payload in PAYLOADS if payload not in shown] == [], place
    outlines = " ".join(words(outline) for page in pages for outline in find(page, "//ol[@class='outline']"))
    # The title of a heading or point ends where a sentence or a comment might; most payloads are whole.
    assert sum(payload in outlines for payload in PAYLOADS) > 10
