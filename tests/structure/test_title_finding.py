"""The title is what the format says, else what the first lines say, else what the file is called."""

import pytest

from kb.documents import Mark, Reading
from kb.structure import find_boilerplate, find_title
from kb.structure.title import file_title

BODY = "修渠是全村的大事，大家要一起商量，一起出力，" * 4 + "。"


def title(text, path="村里/001.txt", **known):
    reading = Reading(path, text, **known)
    found, place = find_title(reading, find_boilerplate(text))
    return found, None if place is None else text[place[0] : place[1]]


@pytest.mark.parametrize(
    "line",
    [
        "在全村修渠动员大会上的讲话",
        "关于做好修渠工作的通知",
        "修渠专题党课",
        "张三同志在村民大会上的发言（节选）",
        "水从哪里来？",
        "修好水渠 造福子孙",
        "在全村修渠動員大會上的講話",
    ],
)
@pytest.mark.parametrize(
    "above",
    ["", "仅供学习 禁止外传\n", "机密★一年\n\n", "某村发〔2021〕3号\n", "中共某某村支部文件\n", "内部资料 注意保存\n"],
)
@pytest.mark.parametrize("below", ["\n同志们：\n", "\n（2021年3月5日）\n", "\n"])
def test_finds_the_title_among_the_first_lines(line, above, below):
    assert title(f"{above}　{line}{below}{BODY}") == (line, line)


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        ("在全村修渠动员大会暨\n村民代表大会上的讲话", "在全村修渠动员大会暨村民代表大会上的讲话"),
        ("修好水渠\n——在全村大会上的讲话", "修好水渠——在全村大会上的讲话"),
        ("修好水渠\n在全村大会上的讲话", "修好水渠 在全村大会上的讲话"),
        ("某某村委员会\n关于修渠的通知", "某某村委员会关于修渠的通知"),
    ],
)
def test_joins_a_title_in_two_lines(lines, whole):
    assert title(f"{lines}\n\n同志们：\n{BODY}") == (whole, lines)


@pytest.mark.parametrize(
    "text",
    ["", "同志们：\n" + BODY, BODY, "机密\n一、选线\n" + BODY, "2021年3月5日\n" + BODY, "各位代表：\n修渠的讲话"],
)
def test_falls_back_to_the_file_name(text):
    assert title(text, "村里/2021-03-05 修渠讲话（定稿2）.docx") == ("修渠讲话", None)


def test_a_given_title_wins_and_is_found_in_the_text():
    assert title(f"讲话稿\n修好\n水渠\n{BODY}", title="修好水渠") == ("修好水渠", "修好\n水渠")
    assert title(f"讲话稿\n{BODY}", title=" 修好\n水渠 ") == ("修好 水渠", None)


@pytest.mark.parametrize(
    "given", ["文档1", "无标题", "Microsoft Word - a.doc", "同志们：", "各位代表：", " ", "第一章 总则", "12"]
)
def test_a_given_title_that_is_none_is_passed_over(given):
    assert title(f"在全村大会上的讲话\n{BODY}", title=given)[0] == "在全村大会上的讲话"


def test_the_only_outermost_declared_heading_is_the_title():
    text = f"村报\n# 修好水渠\n## 选线\n{BODY}"
    marks = (Mark(3, 9, 1), Mark(10, 15, 2))
    assert title(text, marks=marks) == ("修好水渠", "# 修好水渠")


def test_a_record_without_any_title_still_has_a_name():
    assert title(BODY, "a.jsonl#7", title="各位代表：")[0] == "各位代表："
    assert title(BODY, "a.jsonl#7")[0] == "a.jsonl#7"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/2021-03-05 修渠讲话(定稿2).docx", "修渠讲话"),
        ("20210305修渠党课.docx", "修渠党课"),
        ("2021年3月5日动员会讲话（终稿）.doc", "动员会讲话"),
        ("2021年工作总结.docx", "2021年工作总结"),
        ("01-开班讲话.txt", "开班讲话"),
        ("(3)心得体会.docx", "心得体会"),
        ("讲话稿 - 副本.doc", "讲话稿"),
        ("修渠讲话v2_final.docx", "修渠讲话"),
        ("修渠讲话2021.3.5.docx", "修渠讲话"),
        ("20210305.docx", "20210305"),
        ("README", "README"),
        ("b.jsonl.xz#修渠讲话", "修渠讲话"),
        ("b.jsonl#gwr-001", ""),
    ],
)
def test_a_file_name_is_freed_from_dates_and_versions(path, name):
    assert file_title(path) == name
