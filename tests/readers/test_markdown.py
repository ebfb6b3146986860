"""Markdown loses its signs and nothing else, and every heading is where its mark says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Mark, Reading
from kb.readers import read


@pytest.fixture
def reading(tmp_path):
    def make(text):
        path = tmp_path / "a.md"
        path.write_bytes(text.encode())
        return next(read(path, "a.md"))

    return make


def headings(reading):
    return [(reading.text[mark.start : mark.end], mark.level) for mark in reading.marks]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("# 大标题", ("大标题", 1)),
        ("### 三级 ###", ("三级", 3)),
        ("##没有空格", ("没有空格", 2)),
        ("#（一）括号", ("（一）括号", 1)),
        ("# **粗体**标题", ("粗体标题", 1)),
        ("## 学习 C#", ("学习 C#", 2)),
        ("标题\n====", ("标题", 1)),
        ("标题\n----", ("标题", 2)),
    ],
)
def test_headings_become_marks(reading, line, heading):
    assert headings(reading(f"开头。\n\n{line}\n\n正文。")) == [heading]


@pytest.mark.parametrize(
    "line", ["#话题# 今天大家都在谈", "#", "####### 七级", "#123", "前面 # 中间", "```\n# 代码\n```"]
)
def test_what_only_looks_like_a_heading_is_none(reading, line):
    assert headings(reading(f"{line}\n正文。")) == []


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("要**真抓**实干", "要真抓实干"),
        ("***又粗又斜***的字", "又粗又斜的字"),
        ("**外面*里面*外面**", "外面里面外面"),
        ("_强调_ 的 __重点__", "强调 的 重点"),
        ("~~旧的~~新的", "旧的新的"),
        ("运行 `a*b*c` 命令", "运行 a*b*c 命令"),
        ('见[通知](http://example.com/a_(b).html "标题")全文', "见通知全文"),
        ("![会场照片](a.png)", "会场照片"),
        ("见[通知][1]", "见通知"),
        ("前<!-- 批注 -->后", "前后"),
        ('<font color="red">红字</font>，5<b>6</b>', "红字，56"),
        ("一&nbsp;&lt;二&gt;", "一\u00a0<二>"),
        (r"3\*4\*5", "3*4*5"),
        ("文件名 snake_case_name 不变", "文件名 snake_case_name 不变"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("> 引用的话", "引用的话"),
        ("> > 两层", "两层"),
        ("- 项目", "项目"),
        ("1. 编号留下", "1. 编号留下"),
        ("　　缩进的段落", "　　缩进的段落"),
        ("a<b，c>d", "a<b，c>d"),
    ],
)
def test_signs_go_and_words_stay(reading, written, seen):
    assert reading(written).text == seen


def test_tables_become_tabs(reading):
    assert (
        reading("| 姓名 | 职务 |\n|:--|--:|\n| **张三** | 书记\\|主任 |\n\n完").text
        == "姓名\t职务\n张三\t书记|主任\n\n完"
    )


def test_rules_and_link_targets_leave_an_empty_line(reading):
    assert reading("一\n\n***\n\n二\n\n[1]: http://example.com/").text == "一\n\n\n\n二\n\n"


def test_code_blocks_stay_as_they_are(reading):
    assert reading("```python\nx = '**a**'\n```\n完").text == "x = '**a**'\n完"


def test_comments_over_several_lines_go(reading):
    assert reading("一<!-- 批注\n还是批注 -->二").text == "一二"


@pytest.mark.parametrize(
    "keys",
    [
        "title: 题目\nspeaker: '张三'\norg: 某单位\ndate: 2021-03-05\ngenre: 讲话\ntags:\n  - 学习",
        "标题：题目\n讲话人：张三\n单位: 某单位\n日期：2021-03-05\n体裁：讲话",
    ],
    ids=["English", "Chinese"],
)
def test_front_matter_becomes_metadata(reading, keys):
    found = reading(f"---\n{keys}\n---\n# 一\n正文。")
    assert (found.title, found.speaker, found.org, found.date, found.genre) == (
        "题目",
        "张三",
        "某单位",
        "2021-03-05",
        "讲话",
    )
    assert found.text == "一\n正文。"
    assert headings(found) == [("一", 1)]


@pytest.mark.parametrize(
    "text", ["---\n同志们，开会了。\n---\n完", "---\n主持人：大家好。\n---\n完", "---\ntitle: 没有结束"]
)
def test_lines_between_rules_are_no_front_matter(reading, text):
    words = text.replace("---", "").split()
    assert reading(text).text.split() == words


def test_windows_line_ends_and_byte_order_marks_do_not_hide_headings(tmp_path):
    path = tmp_path / "a.markdown"
    path.write_bytes("\ufeff# 标题\r\n正文。\r\n".encode())
    assert list(read(path, "a.markdown")) == [Reading("a.markdown", "标题\n正文。\n", (Mark(0, 2, 1),))]


def test_a_markdown_file_may_begin_with_a_tag(reading):
    assert headings(reading("<!-- 说明 -->\n# 标题\n正文")) == [("标题", 1)]


@given(
    st.lists(
        st.sampled_from(["# 一", "## 二 **重**", "正文`码`。", "", "| a | b |", "|--|--|", "---", "```", "> # 引"])
    )
)
def test_marks_always_hold_whole_trimmed_lines(lines):
    from kb.readers.markdown import _written

    draft = _written(lines)
    for mark in draft.marks:
        assert draft.text[mark.start : mark.end] in {line.strip() for line in draft.text.split("\n")}


@pytest.mark.parametrize("piece", ["`a", "*a", "[(", "<!--", "_a", "<a ", "[a]((", "> ", " ", "|", "\\"])
def test_a_long_line_of_signs_takes_no_time(reading, piece):
    assert reading("字\n" + piece * 100_000).text.startswith("字\n")
