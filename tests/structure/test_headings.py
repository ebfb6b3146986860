"""Headings are numbered or declared lines; numbers that only begin a sentence are none."""

import pytest

from kb.documents import Boilerplate, Mark
from kb.structure import find_sections


def outline(text, **given):
    return [(section.level, section.title) for section in find_sections(text, **given)]


def headings(text, **given):
    return [title for _, title in outline(text, **given)]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("一、培训的意义", "一、培训的意义"),
        ("　　一、培训的意义。", "一、培训的意义"),
        ("一，培训的意义", "一，培训的意义"),
        ("二十一．培训的意义：", "二十一．培训的意义"),
        ("（一）加强学习", "（一）加强学习"),
        ("(二) 加强学习", "(二) 加强学习"),
        ("㈢加强学习", "㈢加强学习"),
        ("1.读书", "1.读书"),
        ("1、读书", "1、读书"),
        ("⒈读书", "⒈读书"),
        ("（1）读书", "（1）读书"),
        ("1）读书", "1）读书"),
        ("⑴读书", "⑴读书"),
        ("①读书", "①读书"),
        ("第一部分 形势", "第一部分 形势"),
        ("第二章　总则", "第二章　总则"),
        ("第三讲：怎样修渠", "第三讲：怎样修渠"),
        ("第四課 怎樣修渠", "第四課 怎樣修渠"),
        ("第五节 备料", "第五节 备料"),
        ("第三章", "第三章"),
        ("一、为什么要修渠？", "一、为什么要修渠？"),
    ],
)
def test_recognises_every_numbered_form(line, title):
    assert headings(f"开头。\n{line}\n正文。") == [title]


@pytest.mark.parametrize(
    "line",
    [
        "一、二级巡视员参加会议",
        "一、二线职工",
        "一、二、三产业都要发展",
        "十、十一月份产量",
        "3.5亿元用于修渠",
        "1.1万人参加",
        "2021.3.5",
        "2021年3月5日",
        "第一章第二条规定了范围",
        "第一节课很精彩",
        "第一讲的内容",
        "第一课堂",
        "三会一课要开好",
        "（2021）修渠",
        "（一九二八年十月五日）",
        "4.没有前三条的第四条",
        "（3）没有前两条的第三条",
        "十 月",
        "一",
        "一、",
    ],
)
def test_leaves_other_numbers_alone(line):
    assert headings(f"开头。\n{line}\n正文。") == []


def test_a_lead_heading_ends_at_the_first_sentence():
    text = "（一）加强学习。要认真读书，" + "读书要有恒心，" * 10 + "。"
    (section,) = find_sections(text)
    assert section.title == "（一）加强学习"
    assert (section.start, section.end) == (0, len(text))


def test_a_short_label_before_a_colon_leads_as_well():
    assert headings("一、工作要求：" + "各队都要按时完成自己的任务，" * 6) == ["一、工作要求"]


def test_a_long_numbered_paragraph_is_no_heading_but_ends_the_one_before_it():
    text = "（一）读书\n每天读。\n（二）" + "要把读书同干活结合起来，" * 6 + "。\n后面。\n（三）干活\n"
    sections = find_sections(text)
    assert [section.title for section in sections] == ["（一）读书", "（三）干活"]
    assert text[sections[0].start : sections[0].end] == "（一）读书\n每天读。\n"


def test_depth_follows_the_nesting_that_is_used():
    text = "第一部分 甲\n一、乙\n（一）丙\n1.丁\n（1）戊\n①己\n（二）庚\n二、辛\n1.壬\n第二部分 癸\n"
    assert [level for level, _ in outline(text)] == [1, 2, 3, 4, 5, 6, 3, 2, 3, 1]


def test_a_heading_governs_to_the_next_of_its_rank_or_an_outer_one():
    text = "一、甲\n（一）乙\n文。\n（二）丙\n文。\n二、丁\n文。"
    found = {section.title: text[section.start : section.end] for section in find_sections(text)}
    assert found["一、甲"] == "一、甲\n（一）乙\n文。\n（二）丙\n文。\n"
    assert found["（一）乙"] == "（一）乙\n文。\n"
    assert found["（二）丙"] == "（二）丙\n文。\n"
    assert found["二、丁"] == "二、丁\n文。"


def test_a_restart_opens_a_new_section():
    text = "一、甲\n二、乙\n一、丙\n二、丁"
    assert outline(text) == [(1, "一、甲"), (1, "二、乙"), (1, "一、丙"), (1, "二、丁")]


def test_a_missing_number_is_forgiven():
    assert headings("1.甲\n3.乙\n4.丙") == ["1.甲", "3.乙", "4.丙"]


def test_bare_numbers_count_in_company_only():
    assert headings("一\n甲。\n二\n乙。") == ["一", "二"]
    assert headings("一 水利\n甲。\n二 林业\n乙。") == ["一 水利", "二 林业"]


def test_notes_at_the_end_stand_under_no_heading():
    text = "一、甲\n文。\n注释\n某处。"
    assert text[find_sections(text)[0].end :] == "注释\n某处。"


def test_declared_headings_count_without_a_number():
    text = "背景\n文。\n目的\n文。"
    marks = [Mark(0, 2, 1), Mark(6, 8, 2)]
    assert outline(text, marks=marks) == [(1, "背景"), (2, "目的")]


def test_declared_headings_hold_the_numbered_ones():
    text = "## 背景\n一、甲\n（一）乙\n## 目的\n一、丙"
    marks = [Mark(0, 5, 2), Mark(text.index("## 目的"), text.index("## 目的") + 5, 2)]
    assert outline(text, marks=marks) == [(1, "背景"), (2, "一、甲"), (3, "（一）乙"), (1, "目的"), (2, "一、丙")]


def test_an_unnumbered_heading_stands_beside_the_numbered_ones_of_its_level():
    text = "一、甲\n（一）乙\n结语\n文。"
    marks = [Mark(0, 3, 1), Mark(9, 11, 1)]
    assert outline(text, marks=marks) == [(1, "一、甲"), (2, "（一）乙"), (1, "结语")]


def test_the_title_and_adverts_are_no_headings():
    text = "第一讲 怎样修渠\n一、加群看更多\n一、选线\n"
    adverts = [Boilerplate(9, 16, "cue")]
    marks = [Mark(0, 8, 1)]
    assert headings(text, marks=marks, boilerplate=adverts, title="第一讲　怎样修渠") == ["一、选线"]


def test_each_line_of_a_title_in_two_lines_is_skipped():
    text = "怎样修渠\n——在全村大会上的讲话\n一、选线"
    marks = [Mark(0, 4, 1), Mark(5, 16, 1)]
    assert headings(text, marks=marks, title="怎样修渠——在全村大会上的讲话") == ["一、选线"]


def test_traditional_characters_and_full_width_digits_work():
    assert headings("第一講 學習\n一、學習\n１．讀書\n２．寫字") == ["第一講 學習", "一、學習", "１．讀書", "２．寫字"]
