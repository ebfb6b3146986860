"""The API's answer: its members, exact texts and marks, hits by passage and by document, orders."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest

from kb.web import create_app
from tests.web.conftest import SEARCH, ask, ids

MEMBERS = (
    (
        "query total total_documents page per_page took_ms partial generation hits facets suggestions parts related "
        "understood plain total_hits"
    ),
    "id score text highlights html headings number start end page_number document url more_in_document copies same_passages",
    "id title speaker org date genre url",
    "genre speaker org year",
)


def test_an_answer_has_the_members_of_the_design_in_their_order(client):
    answer = ask(client, "党建工作")
    (hit, *_) = answer["hits"]
    assert (" ".join(answer), " ".join(hit), " ".join(hit["document"]), " ".join(answer["facets"])) == MEMBERS
    assert list(answer["facets"]["genre"][0]) == ["value", "count"]
    assert answer["query"] == "党建工作"
    assert answer["partial"] is False
    assert answer["took_ms"] > 0
    assert (answer["page"], answer["per_page"]) == (1, 10)


def test_chinese_stands_in_the_answer_as_itself(client):
    assert "党建" in client.get(SEARCH, query_string={"q": "党建"}).get_data(as_text=True)


def test_highlights_are_code_points_of_the_text_and_cover_what_was_asked(library):
    client = create_app(library(甲="😀黨建工作要抓实，𠮷日再谈党建工作。😀")).test_client()
    (hit,) = ask(client, "党建工作")["hits"]
    assert [hit["text"][start:end] for start, end in hit["highlights"]] == ["黨建工作", "党建工作"]
    assert hit["highlights"][0] == [1, 5]
    assert hit["html"].startswith("😀<mark>黨建工作</mark>要抓实")


@pytest.mark.parametrize("text", ["工作", "党建 难题", "怎样做好群众工作", '"群众路线"', "信息*", "培训 -通知"])
def test_highlights_are_sorted_and_disjoint_and_html_adds_only_their_marks(client, text):
    hits = ask(client, text, group="passage", per_page=100)["hits"]
    assert hits
    for hit in hits:
        spans = hit["highlights"]
        assert all(start < end for start, end in spans)
        assert all(before[1] < after[0] for before, after in pairwise(spans))
        assert not spans or 0 <= spans[0][0] <= spans[-1][1] <= len(hit["text"])
        marked = re.findall(r"<mark>(.*?)</mark>", hit["html"], re.DOTALL)
        assert [unescape(piece) for piece in marked] == [hit["text"][start:end] for start, end in spans]
        plain = re.sub("</?mark>", "", hit["html"])
        assert not set("<>\"'") & set(plain)
        assert unescape(plain) == hit["text"]


def test_html_escapes_what_stands_in_the_text(library):
    client = create_app(library(甲="""<b onclick="x">党建</b> & 'mark' &lt;mark&gt;""")).test_client()
    (hit,) = ask(client, "党建")["hits"]
    assert hit["text"] == """<b onclick="x">党建</b> & 'mark' &lt;mark&gt;"""
    assert hit["html"] == (
        "&lt;b onclick=&quot;x&quot;&gt;<mark>党建</mark>&lt;/b&gt; &amp; &#x27;mark&#x27; &amp;lt;mark&amp;gt;"
    )


def test_html_escapes_what_stands_inside_a_match(library):
    client = create_app(library(甲="党<b>建</b>工作")).test_client()
    (hit,) = ask(client, '"党b建"')["hits"]
    assert hit["html"] == "<mark>党&lt;b&gt;建</mark>&lt;/b&gt;工作"


def test_a_hit_says_exactly_where_it_stands_in_its_document(client):
    for hit in ask(client, "群众", group="passage", per_page=100)["hits"]:
        document = client.get(f"/api/v1/documents/{hit['document']['id']}").get_json()
        assert document["text"][hit["start"] : hit["end"]] == hit["text"]
        passage = document["passages"][hit["number"] - 1]
        assert {name: hit[name] for name in ("id", "number", "start", "end", "page_number", "url")} == {
            name: passage[name] for name in ("id", "number", "start", "end", "page_number", "url")
        }
        assert hit["url"] == f"{hit['document']['url']}#p{hit['number']}"
        first = hit["start"] + hit["highlights"][0][0]
        around = [section["title"] for section in document["sections"] if section["start"] <= first < section["end"]]
        assert hit["headings"] == around


def test_by_passage_every_passage_is_a_hit_and_the_total_is_exact(client):
    answer = ask(client, "工作", group="passage", fold="no", per_page=100)
    assert answer["total"] == answer["total_hits"] == len(answer["hits"]) == len(set(ids(answer)))
    assert answer["total_documents"] == len({hit["document"]["id"] for hit in answer["hits"]})
    # A document's first passage answers for its title.
    assert all(
        "工作" in hit["text"] or (hit["number"], "工作" in hit["document"]["title"]) == (1, True)
        for hit in answer["hits"]
    )


def test_by_document_each_gives_its_best_passage_and_counts_the_others(client):
    passages = ask(client, "工作", group="passage", fold="no", per_page=100)
    answer = ask(client, "工作", fold="no", per_page=100)
    assert answer == ask(client, "工作", fold="no", per_page=100, group="document") | {"took_ms": answer["took_ms"]}
    found = [hit["document"]["id"] for hit in passages["hits"]]
    assert [hit["document"]["id"] for hit in answer["hits"]] == list(dict.fromkeys(found))
    assert {hit["document"]["id"]: hit["more_in_document"] + 1 for hit in answer["hits"]} == {
        document: found.count(document) for document in found
    }
    assert (answer["total"], answer["total_documents"]) == (passages["total"], passages["total_documents"])


@pytest.mark.parametrize("group", ["document", "passage"])
def test_by_date_the_earliest_or_the_latest_come_first_and_the_undated_last(client, group):
    for sort in ("date", "-date"):
        dates = [hit["document"]["date"] for hit in ask(client, "的", sort=sort, group=group, per_page=100)["hits"]]
        dated = [date for date in dates if date]
        assert None in dates or group == "passage"
        assert dates == sorted(dated, reverse=sort == "-date") + [None] * (len(dates) - len(dated))


def test_by_relevance_scores_never_rise(client):
    scores = [hit["score"] for hit in ask(client, "群众", group="passage", per_page=100)["hits"]]
    assert scores == sorted(scores, reverse=True)
