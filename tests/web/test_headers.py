"""Every route: the security headers, and that the process is alive."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import SEARCH


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
