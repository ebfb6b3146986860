"""The home page and the results: cards, facets, chips, orders, paging."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import find, one, parameters, titles, totals, visit, words


def test_the_home_page_offers_a_box_examples_and_what_there_is_to_search(client):
    page = visit(client, "/")
    assert one(page, "//title").text == "文渊"
    assert page.get("lang") == "zh-CN"
    assert one(page, "//form//input[@name='q']").get("value") == ""
    assert re.fullmatch(r"馆藏 36 篇，1,\d{3} 段，\d\d,\d{3} 字", words(one(page, "//p[@class='counts']")))
    assert find(page, "//*[@class='hit']") == []
    examples = find(page, "//ul[@class='examples']//a")
    assert len(examples) == 4
    for example in examples:
        assert parameters(example)["q"] == [words(example)]
        assert titles(visit(client, example.get("href")))


@pytest.mark.parametrize("url", ["/?q=", "/?q=%20%E3%80%80", "/?page=2&genre=讲话"])
def test_without_a_query_the_home_page_is_shown(client, url):
    assert find(visit(client, url), "//p[@class='counts']")


def test_a_result_shows_where_the_passage_stands_and_marks_what_matched(client):
    page = visit(client, "/?q=党建工作")
    answer = client.get("/api/v1/search?q=党建工作").get_json()
    cards = find(page, "//li[@class='hit']")
    assert len(cards) == len(answer["hits"]) > 2
    for card, hit in zip(cards, answer["hits"], strict=True):
        assert words(one(card, "./h2/a")) == hit["document"]["title"]
        assert [words(heading) for heading in find(card, "./ol[@class='path']/li")] == hit["headings"]
        assert one(card, "./p[@class='text']").text_content() == hit["text"]
        marks = [mark.text for mark in find(card, "./p[@class='text']/mark")]
        assert marks == [hit["text"][start:end] for start, end in hit["highlights"]]
        about = words(one(card, "./ul[@class='about']"))
        assert all(hit["document"][name] in about for name in ("genre", "speaker", "org") if hit["document"][name])
        assert one(card, "./h2/a").get("href").endswith(f"#p{hit['number']}")
        others = find(card, ".//a[starts-with(., '本文还有')]")
        assert [words(other) for other in others] == [f"本文还有 {hit['more_in_document']} 段"] * len(others)
        assert bool(others) == bool(hit["more_in_document"])


def test_the_count_is_announced_and_the_title_says_query_and_page(client):
    answer = client.get("/api/v1/search?q=工作").get_json()
    first, second = visit(client, "/?q=工作"), visit(client, "/?q=工作&page=2")
    assert totals(first) == [answer["total"], answer["total_documents"]]
    assert totals(second) == [answer["total"], answer["total_documents"], 2]
    assert one(first, "//title").text == "工作 · 文渊"
    assert one(second, "//title").text == "工作 第2页 · 文渊"
    assert one(first, "//header//input[@name='q']").get("value") == "工作"


def test_a_facet_counts_keeps_the_query_resets_the_page_and_can_be_taken_back(client):
    page = visit(client, "/?q=工作&page=2&sort=-date")
    choices = find(page, "//ul[@class='facet']//a")
    assert len(choices) > 20
    for choice in choices:
        given = parameters(choice)
        assert (given["q"], given["sort"], "page" in given) == (["工作"], ["-date"], False)
        count = int(re.findall(r"(\d+) 篇", words(choice))[-1])
        chosen = visit(client, choice.get("href"))
        assert totals(chosen)[1] == count
        assert len(find(chosen, "//ul[@class='facet']//a[@aria-current='true']")) == 1
        chip = one(chosen, "//ul[@class='chips']//a")
        assert parameters(chip) == {"q": ["工作"], "sort": ["-date"]}


def test_two_values_of_a_facet_are_alternatives_and_all_filters_go_at_once(client):
    page = visit(client, "/?q=工作&genre=讲话&genre=通知&year_from=2023&year_to=2024")
    chips = [words(chip) for chip in find(page, "//ul[@class='chips']//a")]
    assert chips == ["去掉 体裁：讲话 ×", "去掉 体裁：通知 ×", "去掉 年份：2023–2024 ×", "全部去掉"]
    assert parameters(find(page, "//ul[@class='chips']//a")[-1]) == {"q": ["工作"]}
    hidden = [(field.get("name"), field.get("value")) for field in find(page, "//form//input[@type='hidden']")]
    assert hidden == [("genre", "讲话"), ("genre", "通知"), ("year_from", "2023"), ("year_to", "2024")]


def test_sorting_and_grouping_are_links_that_say_which_is_chosen(client):
    page = visit(client, "/?q=工作&sort=date&group=passage&page=2")
    chosen = find(page, "//nav[@class='switch']//a[@aria-current='true']")
    assert [words(link) for link in chosen] == ["最早", "按段落"]
    for link in find(page, "//nav[@class='switch']//a"):
        assert parameters(link)["q"] == ["工作"]
        assert "page" not in parameters(link)


def test_paging_goes_through_all_documents_once(client):
    url, seen, pages = "/?q=工作&fold=no", [], 0
    while url:
        page = visit(client, url)
        pages += 1
        seen += titles(page)
        assert words(one(page, "//nav[@class='paging']//a[@aria-current='page']")) == f"第 {pages} 页"
        assert len(find(page, "//a[@rel='prev']")) == (pages > 1)
        url = "".join(link.get("href") for link in find(page, "//a[@rel='next']"))
    assert pages == 3
    assert len(seen) == totals(page)[1]


def test_paging_ends_where_it_may_not_go_on(client):
    page = visit(client, "/?q=-龘&group=passage&per_page=30&page=33")
    assert totals(page)[0] > 1000
    assert len(titles(page)) == 30
    assert find(page, "//a[@rel='next'] | //p[@class='notice']") == []


@pytest.mark.parametrize("number", ["abc", "-1", "0", "1.5", "２", "4", "100", "101", "1001", "9" * 400])
def test_a_bad_page_number_gives_the_first_page_and_says_so(client, number):
    page = visit(client, f"/?q=工作&page={number}")
    assert titles(page) == titles(visit(client, "/?q=工作"))
    assert len(one(page, "//p[@class='notice']").text) < 60
    assert one(page, "//title").text == "工作 · 文渊"


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("sort=x", "排序"),
        ("group=x", "归并方式"),
        ("per_page=9999", "每页条数"),
        ("year_from=x", "起始年份"),
        ("year_from=2022&year_to=2021", "对调"),
    ],
)
def test_another_bad_parameter_is_named_and_carried_nowhere(client, bad, named):
    page = visit(client, f"/?q=工作&{bad}")
    assert titles(page) == titles(visit(client, "/?q=工作"))
    assert named in words(one(page, "//p[@role='alert']"))
    assert not any(bad in link for link in page.xpath("//a/@href"))
    assert not page.xpath("//ul[@class='chips']")
