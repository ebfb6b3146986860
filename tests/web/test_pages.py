from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, quote, urldefrag, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

from kb.analysis import Analyzer
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.library import rebuild
from kb.search import Search
from kb.web import create_app

PAYLOADS = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '"><script>alert(1)</script>',
    '" onfocus=alert(1) autofocus x="',
    "' onmouseover='alert(1)",
    "</mark><iframe src=javascript:alert(1)></iframe>",
    '<a href="javascript:alert(1)">党建</a>',
    "<details open ontoggle=alert(1)>",
    "--><style>@import'//evil'</style><!--",
    "</p></article></main><form action=//evil><input name=q>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "{{ 7*7 }}{% raw %}${7*7}",
    "<base href=//evil><meta http-equiv=refresh content=0>",
    "<ｓｃｒｉｐｔ>alert(1)</ｓｃｒｉｐｔ>＜script＞",
    "javascript:alert(1)//",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
]
ENTRIES = (
    "/",
    "/?q=工作&page=2",
    "/?q=工作&group=passage&sort=-date&genre=讲话&year_from=2023&year_to=2023",
    "/?q=工作 量子纠缠理论&genre=没有",
    '/?q="没有这句话吧"',
    "/?q=，。",
    "/nothing",
    "/documents/nothing",
)


def visit(client: FlaskClient, url: str, status: int = 200) -> HtmlElement:
    response = client.get(url)
    assert response.status_code == status, url
    assert response.content_type == "text/html; charset=utf-8"
    text = response.get_data(as_text=True)
    assert "Traceback" not in text
    return html.document_fromstring(text)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def find(page: HtmlElement, path: str) -> list[HtmlElement]:
    found = page.xpath(path)
    assert isinstance(found, list)
    return found


def one(page: HtmlElement, path: str) -> HtmlElement:
    (found,) = find(page, path)
    return found


def titles(page: HtmlElement) -> list[str]:
    return [words(title) for title in find(page, "//li[@class='hit']/h2")]


def parameters(link: HtmlElement) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link.get("href")).query)


def totals(page: HtmlElement) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", words(one(page, "//p[@role='status']")))]


# The home page


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


# Results


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


# Nothing found


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


# Errors


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


# Reading


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


# Hostile words


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> FlaskClient:
    """Serve a library with payloads in every text, heading, file name and field."""
    folder = tmp_path_factory.mktemp("hostile")
    library = folder / "library"
    library.mkdir()
    records = []
    for number, text in enumerate(PAYLOADS):
        body = f"{text}党建工作的第一行讲话要讲清楚。\n一、{text}\n党建工作要抓实{text}抓细。一是{text}；二是别的。"
        known = dict.fromkeys(("title", "speaker", "org", "genre", "source", "date"), text)
        records.append(json.dumps({"id": text, "text": body, **known}, ensure_ascii=False))
        name = f"{number:02} {text.replace('/', '')}"
        (library / f"{name}.txt").write_text(f"{text}\n\n讲话人：{text}\n\n{body}", encoding="utf-8")
        (library / f"{name}.md").write_text(f"# 党建 {text}\n\n## {text}\n\n{body}", encoding="utf-8")
    (library / "records.jsonl").write_text("\n".join(records), encoding="utf-8")
    generations = Generations(folder / "index")
    rebuild([library], generations, WhooshEngine(), analyzer)
    return create_app(Search(generations, WhooshEngine(), analyzer, deadline=10.0)).test_client()


@pytest.fixture(scope="module")
def known(crawled: dict[str, HtmlElement]) -> set[str]:
    """Return what the pages of the samples are made of: elements, each with the names of its attributes."""
    return set().union(*map(kinds, crawled.values())) | {f"h{level} " for level in range(2, 7)}


def kinds(page: HtmlElement) -> set[str]:
    return {f"{element.tag} {' '.join(element.attrib)}" for element in page.iter()}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "names",
    [
        ("q",),
        ("genre", "speaker", "org"),
        ("page", "per_page", "sort", "group", "fold"),
        ("year_from", "year_to"),
        ("x",),
    ],
)
def test_a_payload_in_the_address_stays_text(client, known, names, payload):
    response = client.get("/", query_string={"q": "党建", **dict.fromkeys(names, payload)})
    assert response.status_code == 200
    page = html.document_fromstring(response.get_data(as_text=True))
    check_no_script(page)
    assert kinds(page) <= known
    if names == ("q",):
        assert one(page, "//input[@name='q']").get("value") == payload
        assert words(one(page, "//h1")) == f"检索结果：{payload}"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_path_stays_text(client, known, payload):
    for folder in ("", "documents/"):
        page = visit(client, f"/{folder}{quote(payload)}", status=404)
        check_no_script(page)
        assert kinds(page) <= known


@pytest.mark.parametrize("group", ["document", "passage"])
def test_payloads_in_a_library_stay_text_in_the_results(hostile, known, group):
    page = visit(hostile, f"/?q=党建&per_page=100&group={group}&fold=no")
    assert len(titles(page)) >= 3 * len(PAYLOADS)
    check_no_script(page)
    assert kinds(page) <= known
    shown = " ".join(titles(page))
    assert all(payload in shown for payload in PAYLOADS)
    side = words(one(page, "//nav[@class='side']"))
    assert all(side.count(payload) >= 3 for payload in PAYLOADS)


def test_payloads_in_a_library_stay_text_where_they_are_read(hostile, known):
    listed = hostile.get("/api/v1/documents?per_page=100").get_json()["documents"]
    assert len(listed) == 3 * len(PAYLOADS)
    pages = [visit(hostile, f"{document['url']}?q=党建") for document in listed]
    for page in pages:
        check_no_script(page)
        assert kinds(page) <= known
        assert find(page, "//article//mark")
    for place in ("//title", "//h1", "//article/p", "//article/footer", "//ul[@class='about']"):
        shown = " ".join(words(element) for page in pages for element in find(page, place))
        assert [payload for payload in PAYLOADS if payload not in shown] == [], place
    outlines = " ".join(words(outline) for page in pages for outline in find(page, "//ol[@class='outline']"))
    # The title of a heading or point ends where a sentence or a comment might; most payloads are whole.
    assert sum(payload in outlines for payload in PAYLOADS) > 10


def check_no_script(page: HtmlElement) -> None:
    """Nothing runs but our own file, nothing is styled but by our own sheet: the policy allows no more."""
    assert [script.get("src") for script in find(page, "//script")] == ["/static/wenyuan.js"]
    assert one(page, "//script").text is None
    assert find(page, "//style | //@style | //iframe | //object | //embed | //base | //meta[@http-equiv]") == []
    assert [name for element in page.iter() for name in element.attrib if name.startswith("on")] == []
    for address in find(page, "//@href | //@src | //@action | //@formaction"):
        assert re.match(r"(/(?!/)|#)", str(address)), address


# Links


@pytest.fixture(scope="module")
def crawled(client: FlaskClient) -> dict[str, HtmlElement]:
    """Visit some pages of every kind, all documents, and everything that these link to."""
    documents = client.get("/api/v1/documents?per_page=100").get_json()["documents"]
    pages: dict[str, HtmlElement] = {}
    for url in (*ENTRIES, *(document["url"] for document in documents)):
        pages[url] = html.document_fromstring(client.get(url).get_data(as_text=True))
    for url in sorted(targets(pages) - set(pages)):
        if not url.startswith("/static/"):
            pages[url] = visit(client, url)
    return pages


def targets(pages: dict[str, HtmlElement]) -> set[str]:
    """Return the addresses that the pages name, without fragments."""
    return {
        urldefrag(str(address)).url
        for page in pages.values()
        for address in find(page, "//@href | //@src | //@action | //@formaction")
    } - {""}


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
