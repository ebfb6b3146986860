"""Where a text comes from, over HTTP: the API's answer, the page, their limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from kb.web import create_app

API, PAGE = "/api/v1/similar", "/similar"
TEXT = "治河先治沙，护岸先护林。柳溪河两岸栽了三万棵柳树，三年里没有倒过一棵。"
PASTED = "治河先治沙，护岸先护林。柳溪河两侧栽了足足三万棵柳树，三年里没有倒过。谁家的猫学会了吹笛子。"
MEMBERS = (
    "characters took_ms partial generation sources sentences",
    "document number url share verbatim_share sentences",
    "start end text status similarity documents source earliest differences",
    "document number url start end text",
    "document number url",
    "kind start end source_start source_end source_text",
)
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "{{ 7*7 }}",
]


@pytest.fixture
def river(library) -> FlaskClient:
    return create_app(library(river=f"治河会上的讲话\n2020年3月1日\n{TEXT}")).test_client()


def ask(client: FlaskClient, text: str):
    response = client.post(API, json={"text": text})
    assert response.status_code == 200
    return response.get_json()


def show(client: FlaskClient, text: str, status: int = 200) -> Any:
    response = client.post(PAGE, data={"text": text})
    assert response.status_code == status
    return page_of(response)


def page_of(response) -> Any:
    return html.document_fromstring(response.get_data(as_text=True))


def told(page, path: str) -> list[str]:
    return ["".join(element.text_content().split()) for element in page.xpath(path)]


# The API


def test_an_answer_has_the_documented_members(river):
    answer = ask(river, PASTED)
    altered = answer["sentences"][1]
    nested = (
        answer,
        answer["sources"][0],
        altered,
        altered["source"],
        altered["earliest"],
        altered["differences"][0],
    )
    assert tuple(" ".join(members) for members in nested) == MEMBERS
    assert [sentence["status"] for sentence in answer["sentences"]] == ["verbatim", "altered", "missing"]
    assert answer["characters"] == len(PASTED)
    assert answer["sources"][0]["document"]["date"] == "2020-03-01"
    assert answer["sources"][0]["url"].startswith(answer["sources"][0]["document"]["url"] + "#p")


def test_offsets_count_code_points_of_the_text_as_it_was_sent(river):
    pasted = "\ufeff😀\r\n" + PASTED
    text = river.get(ask(river, pasted)["sources"][0]["document"]["url"].replace("/doc", "/api/v1/doc")).get_json()[
        "text"
    ]
    for sentence in ask(river, pasted)["sentences"]:
        assert pasted[sentence["start"] : sentence["end"]] == sentence["text"]
        for run in sentence["differences"]:
            assert text[run["source_start"] : run["source_end"]] == run["source_text"]
            assert (run["start"] == run["end"]) == (run["kind"] == "deleted")
            assert (run["source_start"] == run["source_end"]) == (run["kind"] == "inserted")


def test_plain_text_is_taken_too(river):
    response = river.post(API, data=PASTED.encode(), content_type="text/plain; charset=utf-8")
    plain, as_json = response.get_json(), ask(river, PASTED)
    assert plain["sentences"] == as_json["sentences"]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"json": {"text": ""}}, 400, "bad-request"),
        ({"json": {"text": "，。"}}, 400, "bad-request"),
        ({"json": {"text": "党" * 20_001}}, 400, "bad-request"),
        ({"json": {"text": 3}}, 400, "bad-request"),
        ({"json": ["text"]}, 400, "bad-request"),
        ({"data": "{", "content_type": "application/json"}, 400, "bad-request"),
        ({"data": {"text": "党"}}, 415, "http-415"),
        ({"data": b"x" * 1_000_001, "content_type": "text/plain"}, 413, "http-413"),
        ({"data": b"x" * 1_000_001, "content_type": "application/json"}, 413, "http-413"),
    ],
)
def test_what_cannot_be_used_is_a_problem_with_a_sentence(river, sent, status, code):
    response = river.post(API, **sent)
    body = response.get_json()
    assert response.status_code == body["status"] == status
    assert response.mimetype == "application/problem+json"
    assert body["code"] == code
    assert body["detail"].endswith("。")
    assert status != 400 or body["errors"][0]["pointer"] == "#/text"


def test_twenty_thousand_characters_of_four_bytes_are_few_enough(river):
    assert river.post(API, data=("𠮷" * 20_000).encode(), content_type="text/plain").status_code == 200
    assert river.post(PAGE, data={"text": "𠮷" * 20_000}).status_code == 200


def test_a_lone_surrogate_does_no_harm(river):
    response = river.post(API, data='{"text": "\\ud800治河先治沙，护岸先护林。"}', content_type="application/json")
    assert response.status_code == 200
    (sentence,) = json.loads(response.data)["sentences"]
    assert sentence["text"].startswith("\ufffd")
    assert sentence["status"] == "verbatim"


def test_only_post_is_allowed_and_other_bodies_stay_small(river):
    assert river.get(API).status_code == 405
    assert river.post("/similar", data=b"x" * 1_000_001, content_type="text/plain").status_code == 413


def test_without_an_index_the_api_says_so(unindexed):
    response = unindexed.post(API, json={"text": TEXT})
    assert response.status_code == 503
    assert response.get_json()["code"] == "no-index"


# The page


def test_the_page_has_a_box_for_the_text_and_every_page_leads_to_it(client):
    page = page_of(client.get(PAGE))
    assert page.xpath("//form[@method='post' and @action='/similar']//textarea[@name='text']")
    home = page_of(client.get("/"))
    assert home.xpath("//header//a[@href='/similar']")


def test_the_page_tells_sentence_by_sentence_with_marks_for_eye_and_ear(river):
    page = show(river, PASTED)
    assert [item.get("class") for item in page.xpath("//ol[@class='sentences']/li")] == [
        "verbatim",
        "altered",
        "missing",
    ]
    assert told(page, "//li[@class='altered']//ins") == ["这里作侧", "这里作足足"]
    assert told(page, "//li[@class='altered']//del") == ["出处作岸", "出处作一棵"]
    assert told(page, "//li[@class='missing']/p[@class='verdict']") == ["没有找到"]
    assert "原话" in told(page, "//li[@class='verbatim']/p[@class='verdict']")[0]
    (source,) = page.xpath("//ol[@class='sources']/li")
    assert "治河会上的讲话" in source.text_content()
    assert "2020年3月1日" in source.text_content()


def test_its_links_lead_to_the_passage(river):
    page = show(river, PASTED)
    for url in page.xpath("//ol/li//a/@href"):
        address, _, anchor = url.partition("#")
        assert f'id="{anchor}"' in river.get(address).get_data(as_text=True)


def test_the_pasted_text_comes_back_into_the_box(river):
    page = show(river, "\r\n\r\n" + PASTED + "\r\n")
    (box,) = page.xpath("//textarea[@name='text']")
    assert box.text.replace("\r", "").strip() == PASTED


@pytest.mark.parametrize("text", ["", " ", "党" * 20_001])
def test_nothing_and_too_much_get_a_sentence_and_the_box(river, text):
    page = show(river, text, 400)
    assert told(page, "//*[@class='notice']")[0].endswith("。")
    assert page.xpath("//textarea")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_pasted_or_found_is_never_markup(library, payload):
    client = create_app(library(甲=f"{payload}柳溪河两岸栽了三万棵柳树。")).test_client()
    page = show(client, f"{payload}柳溪河两侧栽了三万棵柳树{payload}。")
    assert not page.xpath("//main//script | //main//img | //main//*[@onload] | //main//svg")
    assert "49" not in page.xpath("string(//ol[@class='sentences'])")


def test_a_query_that_is_too_long_offers_to_trace_it(client):
    page = page_of(client.get("/", query_string={"q": "党" * 201}))
    (form,) = page.xpath("//form[@action='/similar' and @method='post']")
    assert form.xpath(".//input[@name='text']/@value") == ["党" * 201]
    assert "查出处" in page.xpath("string(//*[@class='notice'])")
