from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from kb.answers import Question
from kb.search import Search

pytest.importorskip("playwright.sync_api", reason="playwright is missing: run make browser-test")

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PLACES = (
    "home",
    "results",
    "filtered",
    "paged",
    "empty",
    "too long",
    "document",
    "document without query",
    "document with adverts",
    "similar",
    "copies",
    "comparison",
    "not found",
    "no index",
)
PHONE = {"width": 360, "height": 740}

UNFOLD = "() => { for (const folded of document.querySelectorAll('details')) folded.open = true; }"

# Every colour is opaque, so a text stands on the nearest ancestor that has a background.
FAINT_TEXTS = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const linear = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((value) => linear(value / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 ? ground(element.parentElement) : color;
  };
  const contrast = (element) => {
    const [dark, light] = [getComputedStyle(element).color, ground(element)].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const texts = [...document.body.querySelectorAll("*")].filter((element) => element.getClientRects().length &&
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
  const faint = texts.filter((element) => contrast(element) < 4.5);
  return { seen: texts.length, faint: faint.map((element) => element.outerHTML.slice(0, 80) + " " + contrast(element)) };
}"""


def search_and_filter(page: Page) -> Locator:
    """Search from the home page, keep the speeches, and return the last of these hits, scrolled into view."""
    page.goto("/")
    page.fill("#q", "党建")
    page.press("#q", "Enter")
    page.get_by_role("navigation", name="筛选").get_by_role("link", name="讲话").click()
    page.locator(".chips").get_by_text("体裁：讲话").wait_for()
    hit = page.locator(".hit h2 a").last
    hit.scroll_into_view_if_needed()
    return hit


def scrolled(page: Page) -> int:
    return int(page.evaluate("scrollY"))


def position(page: Page) -> tuple[int, int]:
    current, total = page.locator(".moves output").inner_text().split(" / ")
    return int(current), int(total)


def assert_unchanged(page: Page, url: str, height: int) -> None:
    """Assert that the list is again what was left: address, query, filter and place."""
    page.wait_for_url(url)
    page.wait_for_function("height => scrollY === height", arg=height)
    assert page.input_value("#q") == "党建"
    assert "体裁：讲话" in page.locator(".chips").inner_text()


def test_search_filter_open_move_and_come_back(open_page: Callable[..., Page]) -> None:
    page = open_page()
    hit = search_and_filter(page)
    listed, height = page.url, scrolled(page)
    assert height > 0

    hit.click()
    page.wait_for_url(re.compile(r"/documents/.+#p\d+$"))
    opened, total = position(page)
    assert page.locator(".passage:target mark").first.get_attribute("id") == f"h{opened}"
    assert total == page.locator("mark[id]").count()

    page.get_by_role("button", name="下一处").click()
    page.wait_for_url(re.compile(r"#h\d+$"))
    assert position(page) == (opened % total + 1, total)
    page.get_by_role("button", name="上一处").click()
    page.wait_for_url(re.compile(rf"#h{opened}$"))
    assert page.locator("mark:target").is_visible()

    page.go_back()
    assert_unchanged(page, listed, height)


def test_the_same_way_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    hit = search_and_filter(page)
    listed, height = page.url, scrolled(page)
    assert height > 0

    hit.click()
    page.wait_for_url(re.compile(r"/documents/.+#p\d+$"))
    assert page.locator(".matches").inner_text().startswith("党建")
    assert page.locator(".passage:target mark").count()
    page.get_by_role("link", name="到第一处", exact=True).click()
    page.wait_for_url(re.compile(r"#h1$"))

    page.go_back()
    page.go_back()
    assert_unchanged(page, listed, height)


def test_a_word_is_sought_inside_a_document_without_javascript(
    open_page: Callable[..., Page], address: str, sample_search: Search
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(address + sample_search.ask(Question('"社区"')).hits[0].document.url)
    page.fill("#q", "社区")
    page.get_by_role("button", name="在本文中查找").click()
    page.wait_for_url(re.compile(r"/documents/[^/]+\?q="))
    assert set(page.locator("mark[id]").all_inner_texts()) == {"社区"}


def trace_on(page: Page, sample_search: Search) -> None:
    """Paste a sentence of the samples as it stands, one altered and one of our own."""
    passages = sample_search.ask(Question("群众路线", group="passage")).hits
    sentence = max((part for hit in passages for part in re.split("[。！？；]", hit.text)), key=len)
    page.goto("/similar")
    page.fill("textarea", f"{sentence}。\n{sentence[:5]}鲸{sentence[6:]}。\n谁家的猫学会了吹笛子。")
    page.get_by_role("button", name="查出处").click()
    page.locator(".sentences .missing").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_pasted_text_is_traced_without_javascript(
    open_page: Callable[..., Page], sample_search: Search, scheme: str
) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False, color_scheme=scheme)
    trace_on(page, sample_search)
    assert page.locator(".sentences > li.verbatim").count() == 1
    assert page.locator(".sentences > li.altered ins").is_visible()
    assert page.evaluate(FAINT_TEXTS)["faint"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.locator(".sources a").first.click()
    page.wait_for_url(re.compile(r"/documents/.+#p\d+$"))
    assert page.locator(".passage:target").is_visible()


@pytest.mark.parametrize("place", PLACES)
def test_no_page_complains_or_asks_another_host(
    open_page: Callable[..., Page], places: dict[str, str], place: str
) -> None:
    page = open_page()
    answer = page.goto(places[place], wait_until="networkidle")
    assert answer
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES)
def test_every_text_stands_out_from_its_ground(
    open_page: Callable[..., Page], places: dict[str, str], place: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(places[place])
    page.evaluate(UNFOLD)
    measured = page.evaluate(FAINT_TEXTS)
    assert measured["seen"] > 5
    assert measured["faint"] == []


def test_the_dark_scheme_is_dark(open_page: Callable[..., Page]) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        page.goto("/")
        color = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        grounds.append(max(int(channel) for channel in re.findall(r"\d+", color)))
    assert grounds[0] > 200
    assert grounds[1] < 50


@pytest.mark.parametrize("place", PLACES)
def test_a_phone_never_scrolls_sideways(open_page: Callable[..., Page], places: dict[str, str], place: str) -> None:
    page = open_page(viewport=PHONE)
    page.goto(places[place])
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_filters_and_outline_unfold_on_a_phone_without_javascript(
    open_page: Callable[..., Page], places: dict[str, str]
) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    for place in ("results", "document"):
        page.goto(places[place])
        assert not page.locator(".side").is_visible()
        page.locator(".opener summary").click()
        assert page.locator(".side").is_visible()


def test_a_slash_goes_to_the_search_box(open_page: Callable[..., Page], places: dict[str, str]) -> None:
    page = open_page()
    for place in ("results", "document"):
        page.goto(places[place])
        page.keyboard.press("/")
        page.keyboard.type("j/k")  # replaces the query, which is selected, and acts on nothing
        assert page.input_value("#q") == "j/k"
        assert page.evaluate("document.activeElement.id") == "q"
        assert page.url.endswith("%E5%85%9A%E5%BB%BA")  # no match was moved to


def test_j_and_k_move_between_hits(open_page: Callable[..., Page], places: dict[str, str]) -> None:
    page = open_page()
    page.goto(places["results"])
    titles = page.locator(".hit h2 a").all_inner_texts()
    seen = []
    for key in "jjk":
        page.keyboard.press(key)
        seen.append(page.locator(":focus").inner_text())
    assert seen == [titles[0], titles[1], titles[0]]


def test_j_and_k_move_between_matches(open_page: Callable[..., Page], places: dict[str, str]) -> None:
    page = open_page()
    page.goto(places["document"])
    seen: list[int] = []
    for key in "jjk":
        page.keyboard.press(key)
        page.wait_for_function("before => location.hash !== before", arg=f"#h{seen[-1]}" if seen else "")
        seen.append(position(page)[0])
    assert seen == [1, 2, 1]


def test_single_keys_can_be_switched_off_for_good(open_page: Callable[..., Page], places: dict[str, str]) -> None:
    page = open_page()
    page.goto(places["results"])
    page.get_by_role("button", name="快捷键").click()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement === document.body")


def test_completions_are_offered_while_typing_and_chosen_with_the_keys(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/")
    page.locator("#q").press_sequentially("党建")
    page.locator("[role=option]").first.wait_for()
    assert page.get_attribute("#q", "aria-expanded") == "true"
    first = page.locator("[role=option]").first.get_attribute("data-text")
    page.press("#q", "ArrowDown")
    assert page.input_value("#q") == first
    chosen = page.get_attribute("#q", "aria-activedescendant")
    assert page.get_attribute(f"#{chosen}", "aria-selected") == "true"
    page.press("#q", "ArrowUp")
    assert page.input_value("#q") == "党建"
    page.press("#q", "Escape")
    assert page.locator("[role=option]").count() == 0
    assert page.get_attribute("#q", "aria-expanded") == "false"


def test_a_completion_is_searched_when_it_is_clicked_or_entered(open_page: Callable[..., Page]) -> None:
    page = open_page()
    for click in (True, False):
        page.goto("/")
        page.locator("#q").press_sequentially("党建")
        option = page.locator("[role=option]").first
        option.wait_for()
        text = option.get_attribute("data-text")
        if click:
            option.click()
        else:
            page.press("#q", "ArrowDown")
            page.press("#q", "Enter")
        page.locator(".found").wait_for()
        assert page.input_value("#q") == text


def test_nothing_is_asked_while_an_input_method_composes(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    typing = page.context.new_cdp_session(page)
    page.focus("#q")
    typing.send("Input.imeSetComposition", {"text": "dang jian", "selectionStart": 9, "selectionEnd": 9})
    page.wait_for_timeout(400)
    assert asked == []
    typing.send("Input.insertText", {"text": "党建"})
    page.locator("[role=option]").first.wait_for()
    assert len(asked) == 1


def test_the_enter_that_ends_a_composition_does_not_search(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/")
    home = page.url
    input_method = page.context.new_cdp_session(page)
    input_method.send("Input.imeSetComposition", {"text": "dang'jian", "selectionStart": 9, "selectionEnd": 9})
    page.keyboard.press("Enter")
    input_method.send("Input.insertText", {"text": "党建"})
    page.wait_for_timeout(200)  # time to leave the page, had Enter been taken
    assert page.url == home

    page.keyboard.press("Enter")
    page.locator(".hit").first.wait_for()
    assert page.input_value("#q") == "党建"


def test_enter_with_the_marks_of_a_composition_is_refused(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/")
    taken = """init => document.querySelector("#q").dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init }))"""
    assert not page.evaluate(taken, {"isComposing": True})
    assert not page.evaluate(taken, {"keyCode": 229})  # Safari and old shells end the composition before the key
    assert page.evaluate(taken, {})


@pytest.mark.parametrize("place", ["results", "filtered", "document", "document with adverts"])
def test_what_is_printed_is_the_text_alone(open_page: Callable[..., Page], places: dict[str, str], place: str) -> None:
    page = open_page(viewport=PHONE)
    page.goto(places[place])
    page.emulate_media(media="print")
    for left_out in ("nav", "form", "button", "summary", ".top", ".bottom"):
        assert page.locator(f"{left_out}:visible").count() == 0
    assert page.locator(".hit .text:visible, .paper:visible").count()
