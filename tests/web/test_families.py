"""Near-copies and passages that recur, as API and page show them."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

from kb import variants
from kb.search import Search
from kb.web import create_app

SEARCH = "/api/v1/search"
ORIGINAL = "\n".join(
    f"第{number}个问题，第{number * 7}号文件讲得清楚，第{number * 13}条要逐条落实，<b>不打折扣</b>。"
    for number in range(200)
)
CHANGED = ORIGINAL.replace("第20个问题", "第二十个大问题")


@pytest.fixture(scope="module")
def client(tmp_path_factory, analyzer) -> FlaskClient:
    from kb.engines.whoosh import WhooshEngine
    from kb.generations import Generations
    from kb.library import rebuild

    folder = tmp_path_factory.mktemp("copies")
    texts = {
        "原稿": ORIGINAL,
        "转载": f"转载按语\n{CHANGED}",
        "又转载": ORIGINAL,
        "另一篇": "同志们：\n另一篇讲话也要逐条落实。\n谢谢大家。",
        "第三篇": "同志们：\n第三篇讲安全生产。\n谢谢大家！",
    }
    (folder / "library").mkdir()
    for name, text in texts.items():
        (folder / "library" / f"{name}.txt").write_text(text, encoding="utf-8")
    generations = Generations(folder / "index")
    rebuild([folder / "library"], generations, WhooshEngine(), analyzer)
    return create_app(Search(generations, WhooshEngine(), analyzer, deadline=10.0)).test_client()


@pytest.fixture(scope="module")
def ids(client) -> dict[str, str]:
    listed = client.get("/api/v1/documents").get_json()["documents"]
    documents = [client.get(f"/api/v1/documents/{item['id']}").get_json() for item in listed]
    return {document["path"].removesuffix(".txt"): document["id"] for document in documents}


def ask(client: FlaskClient, text: str, **parameters):
    return client.get(SEARCH, query_string={"q": text, **parameters}).get_json()


def visit(client: FlaskClient, url: str) -> HtmlElement:
    response = client.get(url)
    assert response.status_code == 200
    return html.document_fromstring(response.get_data(as_text=True))


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


# The list of hits


def test_a_family_is_one_hit_that_counts_the_others_and_the_totals_stay(client):
    answer = ask(client, '"逐条落实"')
    assert sorted(hit["copies"] for hit in answer["hits"]) == [0, 2]
    assert (answer["total_documents"], answer["total_hits"]) == (4, 2)
    assert answer["total"] == 601
    unfolded = ask(client, '"逐条落实"', fold="no")
    assert (len(unfolded["hits"]), unfolded["total_hits"], unfolded["total"]) == (4, 4, 601)
    assert {hit["copies"] for hit in unfolded["hits"]} == {0}


def test_passages_that_say_the_same_are_one_hit_that_counts_the_others(client):
    (hit,) = ask(client, '"谢谢大家"', group="passage")["hits"]
    assert hit["same_passages"] == 1
    assert len(ask(client, '"谢谢大家"', group="passage", fold="no")["hits"]) == 2
    answer = ask(client, '"第30个问题"', group="passage")
    assert [hit["same_passages"] for hit in answer["hits"]] == [2]
    assert (answer["total"], answer["total_hits"]) == (3, 1)


@pytest.mark.parametrize("group", ["document", "passage"])
def test_paging_ends_with_the_last_hit_that_is_shown(client, group):
    total = ask(client, "逐条落实", group=group)["total_hits"]
    seen, url = [], f"{SEARCH}?q=逐条落实&group={group}&per_page=1" if group == "document" else ""
    url = url or f"{SEARCH}?q=逐条落实&group={group}&per_page=50"
    while url:
        response = client.get(url)
        assert response.get_json()["hits"]
        seen += [hit["id"] for hit in response.get_json()["hits"]]
        url = "".join(re.findall(r'<([^>]+)>; rel="next"', response.headers.get("Link", "")))
    assert len(seen) == len(set(seen)) == total


def test_a_bad_value_of_fold_is_refused_with_the_choices(client):
    response = client.get(SEARCH, query_string={"q": "落实", "fold": "maybe"})
    assert response.status_code == 400
    assert "yes、no" in response.get_json()["detail"]


def test_the_card_leads_to_the_copies(client):
    page = visit(client, "/?q=逐条落实")
    (link,) = page.xpath("//li[@class='hit']//a[contains(., '同稿')]")
    assert words(link) == "同稿 2 份"
    assert "另有 2 份文档" in words(visit(client, link.get("href")))


def test_the_card_leads_to_the_list_with_every_passage_and_back(client):
    page = visit(client, '/?q="谢谢大家"&group=passage')
    (link,) = page.xpath("//li[@class='hit']//a[contains(., '相同的另有 1 段')]")
    unfolded = visit(client, link.get("href"))
    assert len(unfolded.xpath("//li[@class='hit']")) == 2
    (chip,) = unfolded.xpath("//ul[@class='chips']//a")
    assert "相同的逐条列出" in words(chip)
    assert len(visit(client, chip.get("href")).xpath("//li[@class='hit']")) == 1


# The list of copies


def test_the_copies_of_a_document_are_listed_with_how_much_they_resemble_it(client, ids):
    answer = client.get(f"/api/v1/documents/{ids['原稿']}/copies").get_json()
    assert list(answer) == ["document", "total", "copies"]
    assert answer["document"]["id"] == ids["原稿"]
    assert answer["total"] == 2
    by_path = {copy["path"]: copy for copy in answer["copies"]}
    assert set(by_path) == {"转载.txt", "又转载.txt"}
    assert by_path["又转载.txt"]["resemblance"] == 1
    assert 0.9 < by_path["转载.txt"]["resemblance"] < 1
    assert list(by_path["转载.txt"]) == [
        *("id title speaker org date genre url".split()),
        *("path source resemblance compare_url".split()),
    ]
    assert client.get(by_path["转载.txt"]["compare_url"]).status_code == 200


def test_a_document_names_its_copies_and_the_reading_view_leads_to_them(client, ids):
    assert {copy["id"] for copy in client.get(f"/api/v1/documents/{ids['原稿']}").get_json()["copies"]} == {
        ids["转载"],
        ids["又转载"],
    }
    (link,) = visit(client, f"/documents/{ids['原稿']}").xpath("//article//a[contains(., '另有同稿 2 份')]")
    assert link.get("href") == f"/documents/{ids['原稿']}/copies"
    assert visit(client, f"/documents/{ids['另一篇']}").xpath("//a[contains(., '同稿')]") == []


def test_a_document_without_copies_has_an_empty_list(client, ids):
    answer = client.get(f"/api/v1/documents/{ids['另一篇']}/copies").get_json()
    assert (answer["total"], answer["copies"]) == (0, [])
    assert "没有与它相同的稿子" in words(visit(client, f"/documents/{ids['另一篇']}/copies"))


def test_a_list_that_somebody_has_is_not_sent_again(client, ids):
    url = f"/api/v1/documents/{ids['原稿']}/copies"
    tag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


def test_of_very_many_copies_the_first_are_listed_and_all_are_counted(client, ids, monkeypatch):
    monkeypatch.setattr(variants, "MOST_LISTED", 1)
    answer = client.get(f"/api/v1/documents/{ids['原稿']}/copies").get_json()
    assert (answer["total"], len(answer["copies"])) == (2, 1)
    assert "这里列出前 1 份" in words(visit(client, f"/documents/{ids['原稿']}/copies"))


@pytest.mark.parametrize("url", ["nothing/copies", "nothing/compare/nothing2", "ID/compare/nothing", "ID/compare/ID"])
def test_what_does_not_exist_is_not_found(client, ids, url):
    response = client.get(f"/documents/{url.replace('ID', ids['原稿'])}")
    assert response.status_code == 404
    assert "Traceback" not in response.get_data(as_text=True)
    assert client.get("/api/v1/documents/nothing/copies").status_code == 404


# The comparison


def test_the_comparison_marks_what_either_has_alone_and_folds_the_rest(client, ids):
    page = visit(client, f"/documents/{ids['原稿']}/compare/{ids['转载']}")
    sheet = "//div[@class='sheet']"
    assert [words(mark) for mark in page.xpath(f"{sheet}//del")] == ["20个"]
    assert [words(mark) for mark in page.xpath(f"{sheet}//ins")] == ["转载按语", "二十个大"]
    assert "2 段不同" in words(page.xpath("//p[@role='status']")[0])
    assert [words(summary) for summary in page.xpath(f"{sheet}/details/summary")] == ["相同 18 段", "相同 178 段"]
    assert "<b>不打折扣</b>" in words(page.xpath(sheet)[0])
    assert page.xpath(f"{sheet}//b") == []


def test_the_comparison_can_be_turned_round(client, ids):
    page = visit(client, f"/documents/{ids['原稿']}/compare/{ids['转载']}")
    (link,) = page.xpath("//a[contains(., '甲乙互换')]")
    turned = visit(client, link.get("href"))
    assert [words(mark) for mark in turned.xpath("//div[@class='sheet']//ins")] == ["20个"]


def test_equal_texts_are_said_to_be_equal(client, ids):
    page = visit(client, f"/documents/{ids['原稿']}/compare/{ids['又转载']}")
    assert "完全相同" in words(page.xpath("//p[@role='status']")[0])
    assert page.xpath("//div[@class='sheet']//del | //div[@class='sheet']//ins") == []


def test_a_comparison_that_was_bounded_says_so(client, ids, monkeypatch):
    monkeypatch.setattr("kb.comparison.MOST_WORK", 10)
    page = visit(client, f"/documents/{ids['原稿']}/compare/{ids['转载']}")
    assert "没有逐字比较" in words(page.xpath("//p[@class='notice']")[0])
