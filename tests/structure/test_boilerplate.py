"""Adverts are marked; speeches about members, platforms and downloads are not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.structure import find_boilerplate

BODY = "修渠是全村的大事，大家要一起商量，一起出力，" * 5 + "。"


def marked(text):
    return [(span.rule, text[span.start : span.end]) for span in find_boilerplate(text)]


@pytest.mark.parametrize(
    "line",
    [
        "仅供学习 禁止外传",
        "僅供學習，請勿轉載",
        "会员群：123456   免费ＱＱ群：654321",
        "长按识别下方二维码关注",
        "海量材料 每日更新",
        "本资料由小秘书整理，更多资料请加微信 abc123",
        "侵权请联系删除",
        "文秘小屋 www.example.test",
        "现在订阅立享全部权益",
        "關注公眾號：小屋，免費領取資料",
    ],
)
def test_marks_an_advert_at_either_edge(line):
    assert marked(f"{line}\n在全村大会上的讲话\n{BODY}") == [("cue", line)]
    assert marked(f"在全村大会上的讲话\n{BODY}\n　{line} \n") == [("cue", line)]


def test_marks_a_loud_advert_anywhere():
    assert marked(f"{BODY}\n小屋文库 仅供学习 禁止外传\n{BODY}") == [("cue", "小屋文库 仅供学习 禁止外传")]


@pytest.mark.parametrize(
    "line",
    [
        "办好微信公众号，方便会员下载资料",
        "要用好学习平台，订阅报刊，多下载免费资料。",
        "要打击倒卖文物活动",
        "联系电话：12345678",
        "附件：资料下载网址",
        "推广网络平台",
        "一、用好微信公众号",
        "（二）严禁倒卖会员资料",
        "关于禁止倒卖会员资料的通知",
        "报名网址：http://example.test/baoming",
    ],
)
@pytest.mark.parametrize("place", ["{line}\n{body}", "{body}\n{line}\n{body}", "{body}\n{line}", "{line}"])
def test_keeps_what_a_speech_says_about_such_things(line, place):
    assert marked(place.format(line=line, body=BODY)) == []


def test_a_long_line_is_body_text_whatever_it_says():
    assert marked("仅供学习，禁止外传，免费QQ群，会员群，扫码关注。" * 4) == []


@pytest.mark.parametrize(
    "line",
    [
        "在全村修渠动员大会上的讲话",
        "关于做好修渠工作的通知",
        "同志们：",
        "各位代表：",
        "一、选线",
        "（二〇二一年三月五日）",
        "2021年3月5日",
        "某某村党支部委员会",
        "谢谢大家！",
        "我的话讲完了。",
        "今天先讲到这里。",
    ],
)
def test_keeps_title_salutation_signature_and_date_between_adverts(line):
    text = f"仅供学习 禁止外传\n{line}\n免费QQ群：123"
    assert [found for _, found in marked(text)] == ["仅供学习 禁止外传", "免费QQ群：123"]


def test_short_lines_beside_adverts_go_with_them_up_to_the_title():
    text = f"仅供学习 禁止外传\n小屋文库\n在全村大会上的讲话\n天天有新意\n免费QQ群：123\n{BODY}"
    assert marked(text) == [
        ("cue", "仅供学习 禁止外传"),
        ("between", "小屋文库"),
        ("between", "天天有新意"),
        ("cue", "免费QQ群：123"),
    ]


def test_a_text_without_adverts_has_none():
    assert find_boilerplate("") == ()
    assert find_boilerplate(f"在全村大会上的讲话\n{BODY}\n谢谢！") == ()


@given(
    st.lists(
        st.sampled_from(["仅供学习 禁止外传", "免费QQ群：1", " 小屋 ", "", "同志们：", BODY, "\t", "一、选线"]),
        max_size=30,
    )
)
def test_spans_are_sorted_disjoint_whole_lines(parts):
    text = "\n".join(parts)
    spans = find_boilerplate(text)
    assert all(before.end < after.start for before, after in pairwise(spans))
    assert all(text[span.start : span.end] == text[span.start : span.end].strip() != "" for span in spans)
    assert all("\n" not in text[span.start : span.end] for span in spans)
