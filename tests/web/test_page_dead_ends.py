"""Pages without results: nothing found, no index, no such page; each leads on."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import find, one, parameters, titles, totals, visit, words


@pytest.mark.parametrize(
    "query", ['"工作要靠量子纠缠"', "量子纠缠 饕餮", "KPI", "工作&genre=没有", "“没有这句话吧”", "标题:饕餮"]
)
def test_an_empty_result_is_no_dead_end(client, query):
    page = visit(client, f"/?q={query}")
    assert words(one(page, "//p[@role='status']")).startswith("没有找到 ")
    section = one(page, "//section[@class='nothing']")
    for suggestion in find(section, ".//ul[@class='suggestions']/li"):
        found = totals(visit(client, one(suggestion, "./a").get("href")))
        assert words(suggestion).endswith(f"有 {found[0]} 段")
    assert any(titles(visit(client, link.get("href"))) for link in find(section, ".//a"))


def test_how_a_query_was_understood_is_told_where_it_needs_telling(client):
    told = one(visit(client, "/?q=工作 标题:讲话 -a<b>c"), "//p[@class='understood']")
    assert words(told) == "按“工作”检索，标题含“讲话”，不含“a<b>c”。"
    assert "已当作普通词" in words(one(visit(client, "/?q=工作 年份:去年"), "//p[@class='understood']"))
    assert not find(visit(client, "/?q=工作"), "//p[@class='understood']")


def test_what_is_suggested_for_a_quotation_and_for_filters(client):
    reasons = words(one(visit(client, '/?q="工作要靠量子纠缠"'), "//ul[@class='suggestions']"))
    assert "不加引号检索" in reasons
    filtered = visit(client, "/?q=工作&genre=没有&sort=date")
    assert "去掉筛选条件" in words(one(filtered, "//ul[@class='suggestions']"))
    assert parameters(one(filtered, "//ul[@class='suggestions']//a")) == {"q": ["工作"]}


def test_an_empty_result_shows_how_often_each_part_occurs(client):
    shown = one(visit(client, '/?q="党建饕餮"'), "//dl[@class='parts']")
    counted = dict(zip(map(words, find(shown, ".//dt")), map(words, find(shown, ".//dd")), strict=True))
    assert counted["“党建饕餮”"] == "没有"
    assert counted["党建"] == f"{totals(visit(client, '/?q=党建'))[0]} 段"


def test_an_unknown_filter_value_is_named(client):
    reasons = words(one(visit(client, "/?q=工作&genre=诗歌"), "//ul[@class='suggestions']"))
    assert "没有“诗歌”这种体裁，去掉筛选条件" in reasons


def test_what_was_meant_is_offered_above_hits_and_keeps_the_filters(client):
    page = visit(client, "/?q=党件工作&genre=讲话")
    link = one(page, "//p[@class='meant']/a")
    assert link.text == "党建工作"
    assert parameters(link) == {"q": ["党建工作"], "genre": ["讲话"]}
    assert find(visit(client, "/?q=党建工作"), "//p[@class='meant']") == []


def test_related_words_are_links_to_their_own_search(client):
    links = find(visit(client, "/?q=培训"), "//p[@class='related']/a")
    assert links
    assert all(parameters(link) == {"q": [link.text]} for link in links)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "党" * 10_000,
            (
                "查询不能超过 200 个字（现有 10000 个），请只留下最有代表性的一句；"
                "要查整段文字的出处，请用“查出处”（/similar 页或 kb similar）。"
            ),
        ),
        ("，。", "请输入要查找的字词，例如：党建工作的载体。"),
    ],
    ids=["long", "letterless"],
)
def test_a_query_that_cannot_be_used_gets_a_sentence_and_the_box_again(client, query, said):
    page = visit(client, f"/?q={query}", status=400)
    assert one(page, "//p[@role='alert']").text == said
    assert one(page, "//input[@name='q']").get("value") == query
    assert find(page, "//ul[@class='examples']//a")


@pytest.mark.parametrize("url", ["/", "/?q=党建", "/documents/nothing"])
def test_without_an_index_the_page_names_the_cure(unindexed, url):
    assert "kb rebuild" in words(one(visit(unindexed, url, status=503), "//h1"))


@pytest.mark.parametrize("url", ["/nothing", "/documents/nothing", "/documents/", "/static/nothing", "/%00"])
def test_what_does_not_exist_is_said_with_a_way_back(client, url):
    page = visit(client, url, status=404)
    assert re.search(r"没有.*检索页", words(one(page, "//h1")))
    assert find(page, "//form[@action='/']//input[@name='q']")
    assert find(page, "//a[@href='/']")


def test_an_unexpected_error_tells_its_number_and_nothing_else(broken):
    page = visit(broken, "/?q=党建", status=500)
    assert "secret" not in words(page)
    assert re.fullmatch(r"[0-9a-f]{16}", one(page, "//code").text)
