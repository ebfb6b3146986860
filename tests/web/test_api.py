from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.library import rebuild
from kb.search import Search
from kb.web import create_app

SEARCH = "/api/v1/search"
MEMBERS = (
    (
        "query total total_documents page per_page took_ms partial generation hits facets suggestions parts related "
        "understood plain total_hits"
    ),
    "id score text highlights html headings number start end page_number document url more_in_document copies same_passages",
    "id title speaker org date genre url",
    "genre speaker org year",
)
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


# The answer


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


# Filters and facets


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_a_filter_leaves_exactly_what_it_says(client, filters):
    everything = ask(client, "工作", group="passage", fold="no", per_page=100)["hits"]
    kept = [hit["id"] for hit in everything if passes(hit["document"], **filters)]
    answer = ask(client, "工作", group="passage", fold="no", per_page=100, **filters)
    assert kept
    assert ids(answer) == kept
    assert answer["total"] == len(kept) < len(everything)
    assert answer["suggestions"] == []


def passes(document, year_from: int = 0, year_to: int = 9999, **chosen: str | list[str]) -> bool:
    undated = -1 if year_from or year_to < 9999 else 0
    year = int(document["date"][:4]) if document["date"] else undated
    return year_from <= year <= year_to and all(
        document[field] in ([values] if isinstance(values, str) else values) for field, values in chosen.items()
    )


def test_the_answer_says_how_the_query_was_understood(client):
    answer = ask(client, "工作 标题:讲话 -通知")
    assert (answer["understood"], answer["plain"]) == ("按“工作”检索，标题含“讲话”，不含“通知”。", False)
    answer = ask(client, "工作")
    assert (answer["understood"], answer["plain"]) == ("按“工作”检索。", True)


@given(
    text=st.one_of(
        st.text(st.sampled_from('工作会议2年一 "“()（|-*:OR标题年份\u200b\x00'), max_size=200), st.text(max_size=60)
    )
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_answered_or_refused(client, text):
    for path in (SEARCH, "/"):
        assert client.get(path, query_string={"q": text.encode("utf-8", "surrogatepass")}).status_code in {200, 400}


def test_what_nobody_sees_is_not_told_back(client):
    assert ask(client, "\u202e工\u200b作\x00")["query"] == "工作"


def test_every_facet_counts_the_documents_that_its_filter_leaves(client):
    for field, values in ask(client, "工作")["facets"].items():
        assert values
        for found in values:
            value = found["value"]
            chosen = {"year_from": value, "year_to": value} if field == "year" else {field: value}
            assert ask(client, "工作", **chosen)["total_documents"] == found["count"]


@pytest.mark.parametrize(
    "filters", [{"genre": "没有这种"}, {"speaker": "x' OR 1=1"}, {"org": "*"}, {"year_from": 2099}]
)
def test_an_unknown_filter_value_finds_nothing_and_offers_the_search_without_it(client, filters):
    answer = ask(client, "工作", **filters)
    assert (answer["total"], answer["total_documents"], answer["hits"]) == (0, 0, [])
    (suggestion, *_) = answer["suggestions"]
    assert list(suggestion) == ["text", "reason"]
    assert suggestion["text"] == "工作"
    assert suggestion["reason"].startswith("没有")
    assert suggestion["reason"].endswith(f"，去掉筛选条件，有 {ask(client, '工作')['total']} 段")


def test_every_suggestion_finds_as_many_passages_as_it_promises(client):
    suggestions = ask(client, '"工作要靠量子纠缠"')["suggestions"]
    assert suggestions[0]["reason"].startswith("不加引号检索，")
    for suggestion in suggestions:
        assert suggestion["reason"].endswith(f"有 {ask(client, suggestion['text'])['total']} 段")


def test_an_empty_filter_is_no_filter(client):
    empty = ask(client, "工作", genre="", speaker="", org="", year_from="", year_to="", page="", per_page="", sort="")
    assert empty == ask(client, "工作") | {"took_ms": empty["took_ms"]}


# What is typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("黨建工作", "党建工作"),
        ("“群眾路線”", '"群众路线"'),
        ("＂群众路线＂", '"群众路线"'),
        ("培训　－通知", "培训 -通知"),
        ("标题：培训", "标题:培训"),
        ("調研　｜　蹲點", "调研 | 蹲点"),
        ("  党建  ", "党建"),
    ],
)
def test_traditional_and_full_width_queries_find_the_same(client, typed, meant):
    found = ask(client, typed, group="passage", per_page=100)
    assert found["total"] > 0
    assert ids(found) == ids(ask(client, meant, group="passage", per_page=100))


@pytest.mark.parametrize("typed", ['"党建工作', '党建工作"', "“党建工作", "党建工作”"])
def test_an_unbalanced_quote_is_searched_as_words(client, typed):
    assert ids(ask(client, typed)) == ids(ask(client, "党建工作"))


@pytest.mark.parametrize(
    "typed",
    [
        "((((党建",
        "党建))))",
        "OR",
        "党建 OR",
        "| |",
        "-",
        "--党建",
        "党*建*",
        "标题:",
        "年份:abc",
        "(-)",
        '"" 党',
        "\\",
        "党\x00建",
    ],
)
def test_what_cannot_be_parsed_is_answered_or_refused_with_a_sentence(client, typed):
    response = client.get(SEARCH, query_string={"q": typed})
    if response.status_code != 200:
        problem(response, 400, "bad-request")


@pytest.mark.parametrize("typed", ["20大", "二十大", "２０大", '"20大"', "党的20大报告", "黨的二十大報告"])
def test_the_twentieth_is_found_however_it_is_written(library, typed):
    client = create_app(
        library(汉字="学习党的二十大报告。", 数字="学习党的20大报告。", 别的="召开第二十次会议，大家报告。")
    ).test_client()
    (first, second, *others) = ask(client, typed)["hits"]
    assert {first["text"], second["text"]} == {"学习党的二十大报告。", "学习党的20大报告。"}
    assert all("大" in first["text"][start:end] for start, end in first["highlights"])
    assert not others or "报告" in typed or "報告" in typed


@pytest.mark.parametrize("typed", ['"2021年"', '"二〇二一年"', '"２０２１年"', '"二○二一年"'])
def test_a_year_is_found_however_it_is_written(library, typed):
    client = create_app(library(汉字="二〇二一年三月召开。", 数字="2021年3月召开。", 别的="2012年召开。")).test_client()
    assert ask(client, typed)["total"] == 2


# Errors


@pytest.mark.parametrize(
    ("parameters", "pointers"),
    [
        ({}, ["#/q"]),
        ({"q": ""}, ["#/q"]),
        ({"q": "　 "}, ["#/q"]),
        ({"q": "，。“”"}, ["#/q"]),
        ({"q": "党" * 201}, ["#/q"]),
        ({"q": "党" * 10_000}, ["#/q"]),
        ({"q": "党", "page": "-1"}, ["#/page"]),
        ({"q": "党", "page": "0"}, ["#/page"]),
        ({"q": "党", "page": "abc"}, ["#/page"]),
        ({"q": "党", "page": "1.5"}, ["#/page"]),
        ({"q": "党", "page": "２"}, ["#/page"]),
        ({"q": "党", "page": "9" * 5000}, ["#/page"]),
        ({"q": "党", "per_page": "0"}, ["#/per_page"]),
        ({"q": "党", "per_page": "9999"}, ["#/per_page"]),
        ({"q": "党", "page": "101"}, ["#/page"]),
        ({"q": "党", "page": "11", "per_page": "100"}, ["#/page"]),
        ({"q": "党", "sort": "title"}, ["#/sort"]),
        ({"q": "党", "group": "chapter"}, ["#/group"]),
        ({"q": "党", "year_from": "21"}, ["#/year_from"]),
        ({"q": "党", "year_to": "二〇二一"}, ["#/year_to"]),
        ({"q": "党", "year_from": "2022", "year_to": "2021"}, ["#/year_from"]),
        ({"q": "党", "page": "x", "sort": "x", "year_to": "x"}, ["#/page", "#/year_to", "#/sort"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_parameter_is_refused_by_name(client, parameters, pointers):
    body = problem(client.get(SEARCH, query_string=parameters), 400, "bad-request")
    assert [list(error) for error in body["errors"]] == [["detail", "pointer"]] * len(pointers)
    assert [error["pointer"] for error in body["errors"]] == pointers
    assert all(re.search(r"[一-鿿]{2}", error["detail"]) for error in body["errors"])
    assert len(body["detail"]) < 300


def test_a_refusal_names_the_choices(client):
    detail = client.get(SEARCH, query_string={"q": "党", "sort": "title"}).get_json()["detail"]
    assert "relevance、date、-date" in detail


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v1/search/", "/api/v2/search"])
def test_an_unknown_route_is_not_found(client, path):
    problem(client.get(path), 404, "http-404")


@pytest.mark.parametrize("name", ["nothing", "0" * 500, "%00", "..%2f..%2fetc", "党建", "<script>"])
def test_an_unknown_document_is_not_found(client, name):
    response = client.get(f"/api/v1/documents/{name}")
    problem(response, 404, "http-404" if "%2f" in name else "not-found")


@pytest.mark.parametrize("path", [SEARCH, "/api/v1/documents", "/api/v1/documents/nothing"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_wrong_method_is_refused_with_the_right_ones(client, path, method):
    response = client.open(path, method=method)
    problem(response, 405, "http-405")
    assert {"GET", "HEAD"} <= {allowed.strip() for allowed in response.headers["Allow"].split(",")}


@pytest.mark.parametrize(
    "path", [f"{SEARCH}?q=党", "/api/v1/suggest?q=党", "/api/v1/documents", "/api/v1/documents/nothing"]
)
def test_without_an_index_the_cure_is_named(unindexed, path):
    assert "kb rebuild" in problem(unindexed.get(path), 503, "no-index")["detail"]


def test_an_unexpected_error_tells_its_number_and_nothing_else(broken):
    response = broken.get(f"{SEARCH}?q=党")
    problem(response, 500, "internal")
    assert "secret" not in response.get_data(as_text=True)


# Caching


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


# Paging


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


# Documents


def test_a_document_is_its_text_its_outline_and_its_passages(client):
    url = ask(client, "党务干部")["hits"][0]["document"]["url"]
    document = client.get(f"/api/v1{url}").get_json()
    assert document["url"] == url
    assert [passage["number"] for passage in document["passages"]] == [*range(1, len(document["passages"]) + 1)]
    for section in document["sections"]:
        assert document["text"][section["start"] : section["end"]].startswith(section["title"][:2])


def test_documents_are_listed_the_latest_first_and_paged_to_the_end(client):
    listed, url = [], "/api/v1/documents?per_page=10"
    while url:
        response = client.get(url)
        listed += response.get_json()["documents"]
        url = links(response).get("next", "")
    assert len(listed) == response.get_json()["total"] == len({document["id"] for document in listed}) == 36
    dates = [document["date"] or "" for document in listed]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_documents_are_filtered_as_a_search_is(client, filters):
    listed = client.get("/api/v1/documents", query_string={"per_page": 100, **filters}).get_json()["documents"]
    everything = client.get("/api/v1/documents?per_page=100").get_json()["documents"]
    assert listed == [document for document in everything if passes(document, **filters)]


def test_a_bad_page_of_the_list_is_refused(client):
    body = problem(client.get("/api/v1/documents?page=0&per_page=x&year_from=x"), 400, "bad-request")
    assert {error["pointer"] for error in body["errors"]} == {"#/page", "#/per_page", "#/year_from"}


# Every route


@pytest.mark.parametrize("made", ["client", "unindexed", "broken"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=党建",
        "/?q=" + "党" * 300,
        "/documents/nothing",
        "/nothing",
        "/static/wenyuan.css",
        "/static/nothing",
        "/healthz",
        f"{SEARCH}?q=党建",
        SEARCH,
        "/api/v1/documents",
        "/api/v1/documents/nothing",
        "/api/v1/suggest?q=党",
        "/api/nothing",
    ],
    ids=lambda path: path[:20],
)
def test_every_answer_carries_the_security_headers(request, made, path):
    with request.getfixturevalue(made).get(path) as response:
        check_headers(response)


def test_a_wrong_method_and_an_unchanged_answer_carry_them_too(client):
    check_headers(client.post("/"))
    tag = client.get(f"{SEARCH}?q=党建").headers["ETag"]
    check_headers(client.get(f"{SEARCH}?q=党建", headers={"If-None-Match": tag}))


def check_headers(response) -> None:
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["X-Request-Id"])
    assert "Access-Control-Allow-Origin" not in response.headers


def test_healthz_answers_without_an_index(unindexed):
    response = unindexed.get("/healthz")
    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


# Suggestions


def test_a_misspelt_query_is_answered_with_what_was_meant_first(client):
    answer = ask(client, "党件工作")
    assert answer["suggestions"][0]["text"] == "党建工作"
    assert answer["suggestions"][0]["reason"].endswith(f"有 {ask(client, '党建工作')['total']} 段")
    assert ask(client, "党建工作")["suggestions"] == []


def test_an_empty_answer_tells_how_the_query_was_cut(client):
    parts = ask(client, '"党建饕餮"')["parts"]
    assert parts[0] == {"text": "“党建饕餮”", "passages": 0}
    assert {"text": "党建", "passages": ask(client, "党建")["total"]} in parts
    assert ask(client, "党建")["parts"] == []


def test_related_words_are_others_than_the_query_and_stand_on_the_first_page_only(client):
    related = ask(client, "党建")["related"]
    assert len(related) == len(set(related))
    assert all("党建" not in word for word in related)
    assert ask(client, "党建", page=2)["related"] == []


def test_completions_say_what_they_are_and_how_often_they_occur(client):
    response = client.get("/api/v1/suggest?q=党建")
    completed = response.get_json()
    assert list(completed) == ["query", "generation", "completions"]
    assert completed["query"] == "党建"
    (first, *_) = completed["completions"]
    assert list(first) == ["text", "kind", "count"]
    assert all("党建" in completion["text"] for completion in completed["completions"])
    again = client.get("/api/v1/suggest?q=党建", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("query", ["", "?q=", "?q=，。", f"?q={'党' * 201}"])
def test_completing_nothing_or_too_much_is_refused(client, query):
    body = problem(client.get(f"/api/v1/suggest{query}"), 400, "bad-request")
    assert body["errors"][0]["pointer"] == "#/q"
