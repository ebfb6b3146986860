"""A page gives its article with headings, without its navigation."""

import pytest

from kb.documents import Reading
from kb.errors import UnreadableFile
from kb.readers import read

BODY = """<p>同志们：今天<b>我们</b>在这里，讲<span>三点</span>意见。</p>
<h2>一、提高认识</h2><p>认识是行动的先导，{words}</p>
<table><tr><td>姓名</td><td>职务</td></tr><tr><td>张三</td><td>书记</td></tr></table>
<h3>（一）<em>狠抓</em>落实</h3><p>落实是工作的生命线。<br>不能停在口头上。</p>"""
NAVIGATION = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(40))
PAGE = """<html><head><title>{title}</title></head><body><div class="menu"><ul>{navigation}</ul></div>
<div class="content"><h1>在培训班上的讲话</h1>{body}</div><div class="footer"><a href="/">关于我们</a></div></body></html>"""
LONG = BODY.format(words="要把思想统一到部署上来，把力量凝聚到任务上来。" * 20)
SHORT = BODY.format(words="要统一思想。")


@pytest.fixture
def reading(tmp_path):
    def make(page, name="a.html"):
        path = tmp_path / name
        path.write_bytes(page if isinstance(page, bytes) else page.encode())
        return next(read(path, name))

    return make


def page(body=LONG, title="在培训班上的讲话_某某网"):
    return PAGE.format(title=title, navigation=NAVIGATION, body=body)


def headings(reading):
    return [(reading.text[mark.start : mark.end], mark.level) for mark in reading.marks]


def test_the_article_is_kept_and_the_menu_left_out(reading):
    text = reading(page()).text
    assert "今天我们在这里，讲三点意见。" in text
    assert "落实是工作的生命线。\n不能停在口头上。" in text
    assert "栏目7" not in text


@pytest.mark.parametrize("body", [LONG, SHORT], ids=["long", "short"])
def test_headings_become_marks_and_cells_tabs(reading, body):
    found = reading(page(body))
    assert headings(found) == [("在培训班上的讲话", 1), ("一、提高认识", 2), ("（一）狠抓落实", 3)]
    assert "姓名\t职务\n张三\t书记" in found.text


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-16"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "x-unknown", ""])
def test_a_page_is_decoded_whatever_it_declares(reading, encoding, declared):
    meta = f'<head><meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else "<head>"
    assert "落实是工作的生命线。" in reading(page().replace("<head>", meta).encode(encoding)).text


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("在培训班上的讲话_某某网", "在培训班上的讲话"),
        ("某某：坚持群众路线-新华网", "某某：坚持群众路线"),
        ("学习心得 - 党建频道", "学习心得"),
        ("“十四五-十五五”规划解读", "“十四五-十五五”规划解读"),
        ("无标题文档", None),
        ("Untitled Document", None),
        ("首页", None),
        ("", None),
    ],
)
def test_the_title_is_taken_without_the_site_and_only_if_it_says_something(reading, title, expected):
    assert reading(page(title=title)).title == expected


def test_what_a_page_of_an_authority_declares_is_taken(reading):
    meta = '<head><meta name="ArticleTitle" content="关于学习的通知"><meta name="ContentSource" content="某某办公室">'
    found = reading(page().replace("<head>", meta))
    assert (found.title, found.source) == ("关于学习的通知", "某某办公室")


def test_a_source_line_that_ends_between_han_characters_leaves_no_gap(reading):
    assert "学习贯彻会议精神" in reading("<html><body><p>学习\r\n    贯彻\n会议精神</p></body></html>").text


def test_preformatted_lines_stay_lines(reading):
    assert reading("<html><body><pre>第一行\n第二行</pre></body></html>").text == "第一行\n第二行"


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.txt", "a.doc", "a"])
def test_a_page_is_known_by_its_content(reading, name):
    assert reading("<!-- 存档 -->\n<!DOCTYPE html>" + page(), name).text.startswith("在培训班上的讲话\n")


def test_a_fragment_is_a_page_only_if_it_is_called_so(reading):
    assert reading("<p>片段</p>", "a.html").text == "片段"
    assert reading("<通知>全文", "a.txt") == Reading("a.txt", "<通知>全文")


def test_scripts_hidden_text_and_comments_are_no_text(reading):
    hidden = '<script>var a="代码"</script><style>p{}</style><p style="display: none">隐藏</p><!-- 批注 -->'
    assert reading(f"<html><body>{hidden}<p>正文</p></body></html>").text == "正文"


def test_a_menu_is_better_than_nothing(reading):
    assert "栏目7" in reading(f"<html><body><ul>{NAVIGATION}</ul></body></html>").text


def test_unclosed_tags_of_old_pages_do_not_cut_the_text(reading):
    assert reading("<html><body>" + "<font>讲党课。<br>" * 2000).text.count("讲党课。") == 2000


def test_thousands_of_elements_are_read_without_looking_for_the_main_text(reading):
    assert reading("<html><body>" + "<div>讲</div>" * 50_000).text.count("讲") == 50_000


@pytest.mark.parametrize(
    "hostile",
    [
        "<html><body>" + "<div>" * 100_000 + "深",
        "<html><p " + " ".join(f'a{n}="{n}"' for n in range(100_000)) + ">正文</p>",
    ],
    ids=["deep", "attributes"],
)
def test_pages_made_to_hurt_are_refused(reading, hostile):
    with pytest.raises(UnreadableFile):
        reading(hostile)


def test_entities_of_its_own_mean_nothing(reading):
    bomb = '<!DOCTYPE html [<!ENTITY a "啊啊啊啊"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    assert "啊啊啊啊啊" not in reading(f"{bomb}<html><body><p>正文&b;&f;</p></body></html>").text
