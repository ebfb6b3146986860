"""Filters and facets of the API."""

from __future__ import annotations

import pytest

from tests.web.conftest import FILTERS, ask, ids, passes


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_a_filter_leaves_exactly_what_it_says(client, filters):
    everything = ask(client, "工作", group="passage", fold="no", per_page=100)["hits"]
    kept = [hit["id"] for hit in everything if passes(hit["document"], **filters)]
    answer = ask(client, "工作", group="passage", fold="no", per_page=100, **filters)
    assert kept
    assert ids(answer) == kept
    assert answer["total"] == len(kept) < len(everything)
    assert answer["suggestions"] == []


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


def test_an_empty_filter_is_no_filter(client):
    empty = ask(client, "工作", genre="", speaker="", org="", year_from="", year_to="", page="", per_page="", sort="")
    assert empty == ask(client, "工作") | {"took_ms": empty["took_ms"]}
