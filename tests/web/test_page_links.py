"""All pages together: every link leads somewhere, nothing runs inline, everything works without JavaScript."""

from __future__ import annotations

from urllib.parse import urldefrag

from tests.web.conftest import check_no_script, find, one, targets, titles, visit


def test_every_link_leads_somewhere_and_every_anchor_exists(client, crawled):
    assert len(crawled) > 100
    files = {url for url in targets(crawled) if url.startswith("/static/")}
    assert files >= {"/static/wenyuan.css", "/static/wenyuan.js"}
    for url in files:
        with client.get(url) as response:
            assert response.status_code == 200, url
    anchors = {url: {str(anchor) for anchor in find(page, "//@id")} for url, page in crawled.items()}
    for page_url, page in crawled.items():
        for address in find(page, "//@href"):
            url, fragment = urldefrag(str(address))
            if fragment and (url or page_url) in anchors:
                assert fragment in anchors[url or page_url], (page_url, address)


def test_no_page_runs_or_styles_anything_inline(crawled):
    for page in crawled.values():
        check_no_script(page)


def test_on_every_page_ids_are_unique_and_there_is_one_main_heading(crawled):
    for url, page in crawled.items():
        anchors = [str(anchor) for anchor in find(page, "//@id")]
        assert len(anchors) == len(set(anchors)), url
        assert len(find(page, "//h1")) == 1, url
        assert one(page, "//title").text.endswith("文渊"), url


def test_everything_works_without_javascript(client, crawled):
    for url, page in crawled.items():
        assert find(page, "//a[not(@href or @id)]") == [], url
        assert find(page, "//button[@type!='submit'] | //button[not(ancestor::form)]") == [], url
        for form in find(page, "//form[@method='get']"):
            assert find(form, ".//label[@for='q']")
            assert find(form, ".//input[@id='q'][@name='q']")
        for form in find(page, "//form[not(@method='get')]"):  # a pasted text is too long for an address
            assert (form.get("method"), form.get("action")) == ("post", "/similar")
            assert find(form, ".//label[@for='text']")
            assert find(form, ".//textarea[@id='text'][@name='text']")
    form = one(crawled["/?q=工作&page=2"], "//form")
    assert titles(visit(client, f"{form.get('action')}?q=党建工作"))
