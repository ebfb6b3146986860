"""A document and the list of documents in the API."""

from __future__ import annotations

import pytest

from tests.web.conftest import FILTERS, ask, links, passes, problem


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
