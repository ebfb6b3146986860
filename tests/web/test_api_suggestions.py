"""What the API suggests: corrections, parts of an empty answer, related words, completions."""

from __future__ import annotations

import pytest

from tests.web.conftest import ask, problem


def test_every_suggestion_finds_as_many_passages_as_it_promises(client):
    suggestions = ask(client, '"工作要靠量子纠缠"')["suggestions"]
    assert suggestions[0]["reason"].startswith("不加引号检索，")
    for suggestion in suggestions:
        assert suggestion["reason"].endswith(f"有 {ask(client, suggestion['text'])['total']} 段")


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
