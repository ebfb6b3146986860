from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.comparison import MOST_SENTENCES, Comparison, compare
from kb.fold import fold
from kb.web.differences import view

PARAGRAPHS = st.lists(st.text("党建工作载体 ，。甲乙", min_size=1, max_size=20), max_size=12).map("\n".join)


def told(comparison: Comparison) -> list[str]:
    """Write the paragraphs with [-what only the first has-] and {+what only the second has+}."""
    shapes = {"same": "{}", "left": "[-{}-]", "right": "{{+{}+}}"}
    return ["".join(shapes[piece.kind].format(piece.text) for piece in row.pieces) for row in comparison.rows]


def side(comparison: Comparison, other: str) -> str:
    """Return one text without its line breaks, read off the comparison."""
    return "".join(piece.text for row in comparison.rows for piece in row.pieces if piece.kind != other)


@given(PARAGRAPHS, PARAGRAPHS)
@settings(deadline=None, max_examples=300)
def test_both_texts_can_be_read_off_their_comparison(left, right):
    comparison = compare(left, right)
    assert not comparison.bounded
    assert side(comparison, "right") == "".join(line.strip() for line in left.split("\n"))
    assert fold(side(comparison, "left")) == "".join(fold(line.strip()) for line in right.split("\n"))


@given(PARAGRAPHS)
def test_a_text_does_not_differ_from_itself(text):
    assert all(row.same for row in compare(text, text).rows)


def test_a_change_is_shown_inside_its_paragraph():
    left = "同志们：\n这次培训来了一百三十六名学员，年纪最大的五十八岁。\n谢谢大家。"
    right = "同志们：\n这次培训来了一百三十二名学员。\n谢谢大家。"
    assert told(compare(left, right)) == [
        "同志们：",
        "这次培训来了一百三十[-六-]{+二+}名学员[-，年纪最大的五十八岁-]。",
        "谢谢大家。",
    ]


def test_other_paragraphs_are_no_difference_and_those_of_the_first_are_shown():
    left = "今天讲三个问题。一是学。\n二是做。"
    right = "今天讲三个问题。\n一是学。二是做！"
    assert told(compare(left, right)) == ["今天讲三个问题。一是学。", "二是做[-。-]{+！+}"]
    assert told(compare(right, left)) == ["今天讲三个问题。", "一是学。二是做[-！-]{+。+}"]


def test_paragraphs_without_counterpart_were_left_out_or_put_in():
    left = "甲段讲形势任务。\n这一段后来删掉了。\n丙段讲工作要求。"
    right = "甲段讲形势任务。\n丙段讲工作要求。\n编者补记于会后"
    assert told(compare(left, right)) == [
        "甲段讲形势任务。",
        "[-这一段后来删掉了。-]",
        "丙段讲工作要求。",
        "{+编者补记于会后+}",
    ]


def test_changed_paragraphs_find_their_counterparts_past_others():
    left = "一是会议记录怎么写都有规矩。\n三是用好平台，人人过关。"
    right = "新增的内容完全不同。\n一是会议记录怎样写都有规矩。\n三是用好平台，个个过关。"
    assert told(compare(left, right)) == [
        "{+新增的内容完全不同。+}",
        "一是会议记录怎[-么-]{+样+}写都有规矩。",
        "三是用好平台，[-人人-]{+个个+}过关。",
    ]


def test_single_characters_in_common_make_no_confetti():
    (row,) = told(compare("活跃支部只有百分之五十七，要抓紧。", "活跃支部还不到百成之六，要抓紧。"))
    assert row == "活跃支部[-只有百分之五十七-]{+还不到百成之六+}，要抓紧。"


def test_spelling_is_no_difference_and_the_first_text_is_shown():
    assert told(compare("黨建工作，２０２１年", "党建工作,2021年")) == ["黨建工作，２０２１年"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("啊" * 100_000, "啊" * 99_999),
        ("啊吧" * 50_000, "吧啊" * 50_000 + "呀"),
        ("啊\n" * 20_000, "啊\n" * 19_999 + "吧"),
        ("啊啊\n吧吧\n" * 2000, "吧吧\n啊啊\n呀呀\n" * 1500),
        *[
            tuple("\n".join("".join(chance.choices("党建工作", k=400)) for _ in range(lines)) for _ in "左右")
            for chance, lines in [(random.Random(1), 90), (random.Random(2), 400)]
        ],
    ],
)
def test_texts_that_would_take_long_are_compared_within_bounds(left, right):
    comparison = compare(left, right)
    assert comparison.bounded
    assert comparison.rows


def test_what_exceeds_the_bounds_is_shown_whole_and_said():
    chance = random.Random(1)
    left, right = ("".join(chance.choices("啊吧", k=5000)) for _ in "左右")
    comparison = compare(left, right)
    assert comparison.bounded
    assert told(comparison) == [f"[-{left}-]{{+{right}+}}"]
    assert len(compare("段\n" * 5000, "").rows) == MOST_SENTENCES


def test_on_the_page_long_runs_of_equal_paragraphs_are_folded():
    same = [f"第{number}段" for number in range(9)]
    shown = view(compare("\n".join(same), "\n".join([*same[:6], "改了", *same[7:]])))
    assert [(stretch.folded, len(stretch.rows)) for stretch in shown.stretches] == [(True, 5), (False, 4), (False, 1)]
    assert shown.changed == 2
    assert [stretch.folded for stretch in view(compare("同\n同\n同", "同\n同\n同")).stretches] == [True]
