"""What the API refuses, and how."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import SEARCH, problem


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
