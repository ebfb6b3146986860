"""The reading view: anchors, matches, outline, adverts."""

from __future__ import annotations

import re
from urllib.parse import urldefrag

from tests.web.conftest import find, one, visit, words


def test_every_passage_and_section_has_its_anchor_and_the_text_is_whole(client):
    for listed in client.get("/api/v1/documents?per_page=100").get_json()["documents"]:
        document = client.get(f"/api/v1/documents/{listed['id']}").get_json()
        page = visit(client, listed["url"])
        for passage in document["passages"]:
            shown = one(page, f"//*[@id='p{passage['number']}']").text_content()
            assert shown == document["text"][passage["start"] : passage["end"]]
        outline = [words(entry) for entry in find(page, "//ol[@class='outline']/li/a[1]")]
        assert outline == [" ".join(section["title"].split()) for section in document["sections"]]
        for number, section in enumerate(document["sections"], start=1):
            around = one(page, f"//*[@id='s{number}']/..").text_content()
            assert document["text"][section["start"] : section["start"] + 4].split()[0] in around
        article = one(page, "//article").text_content()
        assert all(line.strip() in article for line in document["text"].split("\n"))


def test_matches_are_numbered_counted_and_reached_from_the_outline(client):
    (card, *_) = find(visit(client, "/?q=群众"), "//li[@class='hit']/h2/a")
    page = visit(client, card.get("href"))
    marks = find(page, "//article//mark[@id]")
    assert [mark.get("id") for mark in marks] == [f"h{number}" for number in range(1, len(marks) + 1)]
    assert {mark.text for mark in find(page, "//article//mark")} == {"群众"}
    assert words(one(page, "//div[@id='matches']")) == f"群众 {len(marks)} 处 到第一处"
    assert one(page, "//p[@class='moves']/a").get("href") == "#h1"
    counts = find(page, "//ol[@class='outline']//a[@class='number']")
    assert counts
    for count in counts:
        assert re.fullmatch(r"\d+ 处匹配，到第一处", words(count))
        assert find(page, f"//mark[@id='{count.get('href')[1:]}']")
    assert find(page, f"//*[@id='{urldefrag(card.get('href')).fragment}']//mark")


def test_reading_without_a_match_or_with_an_overlong_query_still_shows_the_document(client):
    url = client.get("/api/v1/search?q=群众").get_json()["hits"][0]["document"]["url"]
    plain = [words(line) for line in find(visit(client, url), "//article/p")]
    nothing = visit(client, f"{url}?q=量子纠缠饕餮")
    assert words(one(nothing, "//div[@id='matches']")) == "本文没有 量子纠缠饕餮 的字句"
    overlong = visit(client, f"{url}?q={'党' * 300}")
    assert "200 个字" in words(one(overlong, "//p[@role='alert']"))
    assert [words(line) for line in find(overlong, "//article/p")] == plain
    assert [words(line) for line in find(nothing, "//article/p")] == plain


def test_adverts_are_folded_and_named_and_stand_in_no_passage(client):
    seen = 0
    for listed in client.get("/api/v1/documents?per_page=100").get_json()["documents"]:
        document = client.get(f"/api/v1/documents/{listed['id']}").get_json()
        page = visit(client, listed["url"])
        folded = find(page, "//details[@class='adverts']")
        adverts = [document["text"][span["start"] : span["end"]] for span in document["boilerplate"]]
        inside = "".join(advert.text_content() for advert in folded)
        assert all(line.strip() in inside for advert in adverts for line in advert.splitlines())
        assert bool(folded) == bool(adverts)
        for advert in folded:
            assert "open" not in advert.attrib
            lines = len(find(advert, "./p"))
            assert words(one(advert, "./summary")) == f"网站广告 {lines} 行，未收入检索"
            assert find(advert, ".//*[@class='passage']") == []
            seen += lines
    assert seen > 10
