"""Caching and paging of the API."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.library import rebuild
from kb.search import Search
from kb.web import create_app
from tests.web.conftest import SEARCH, ask, ids, links


def test_what_has_not_changed_is_not_sent_again(client):
    for url in (f"{SEARCH}?q=党建", ask(client, "党建")["hits"][0]["document"]["url"].join(("/api/v1", ""))):
        tag = client.get(url).headers["ETag"]
        again = client.get(url, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(url, headers={"If-None-Match": '"another"'}).status_code == 200


def test_another_question_has_another_tag(client):
    tags = {
        client.get(f"{SEARCH}?{query}").headers["ETag"]
        for query in ("q=党建", "q=党", "q=党建&page=2", "q=党建&genre=讲话")
    }
    assert len(tags) == 4


def test_a_new_generation_has_another_tag(library, tmp_path, analyzer):
    client = create_app(library(甲="党建工作")).test_client()
    tag = client.get(f"{SEARCH}?q=党建").headers["ETag"]
    (tmp_path / "library/乙.txt").write_text("党建工作的载体", encoding="utf-8")
    rebuild([tmp_path / "library"], Generations(tmp_path / "index"), WhooshEngine(), analyzer)
    response = client.get(f"{SEARCH}?q=党建", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response.get_json()["total"] == 2


def test_a_partial_answer_says_so_and_is_not_kept(sample_index, analyzer):
    client = create_app(Search(Generations(sample_index), WhooshEngine(), analyzer, deadline=-1.0)).test_client()
    response = client.get(f'{SEARCH}?q="党建工作"')
    assert response.status_code == 200
    assert response.get_json()["partial"] is True
    assert "ETag" not in response.headers


def test_links_lead_to_the_neighbouring_pages_with_chinese_percent_encoded(client):
    assert set(links(client.get(f"{SEARCH}?q=工作&per_page=5"))) == {"next"}
    response = client.get(SEARCH, query_string={"q": "工作 OR 党建", "genre": "讲话", "per_page": 4, "page": 2})
    assert response.headers["Link"].isascii()
    assert list(links(response)) == ["prev", "next"]
    for relation, page in (("prev", "1"), ("next", "3")):
        parts = urlsplit(links(response)[relation])
        assert parts.path == SEARCH
        assert parse_qs(parts.query) == {"q": ["工作 OR 党建"], "genre": ["讲话"], "per_page": ["4"], "page": [page]}


@pytest.mark.parametrize("group", ["document", "passage"])
def test_following_next_gives_every_hit_once(client, group):
    url, seen = f"{SEARCH}?q=工作&per_page=7&group={group}", []
    while url:
        response = client.get(url)
        seen += ids(response.get_json())
        url = links(response).get("next", "")
    assert seen == ids(ask(client, "工作", per_page=100, group=group))


@pytest.mark.parametrize("per_page", [30, 100])
def test_following_next_ends_where_paging_ends(client, per_page):
    last = 1000 // per_page
    response = client.get(SEARCH, query_string={"q": "-龘", "group": "passage", "per_page": per_page, "page": last})
    assert response.get_json()["total"] > 1000
    assert len(ids(response.get_json())) == per_page
    assert set(links(response)) == {"prev"}


def test_a_page_behind_the_last_is_empty_but_keeps_the_total(client):
    answer = ask(client, "工作", page=50)
    assert answer["hits"] == []
    assert answer["total"] == ask(client, "工作")["total"]
