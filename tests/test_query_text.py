from __future__ import annotations

import pytest

from kb.analysis import Analyzer
from kb.fold import fold
from kb.query_language import understand
from kb.query_text import is_plain, told
from kb.terms import Terms


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "党建 载体 标题:培训 年份:2019..2021 -通知",
            "按“党建”“载体”检索，标题含“培训”，2019–2021 年，不含“通知”。",
        ),
        ('"党建" 工作', "按“工作”和原文“党建”检索。"),
        ("党建 OR 团建", "按“党建”或“团建”检索。"),
        ("(党建 OR 团建) 载体", "按“载体”和（“党建”或“团建”）检索。"),
        ("(党建 -通知) OR 信息*", "按（“党建”和不含“通知”）或以“信息”开头的词检索。"),
        ("讲话人:王 单位:市委 体裁:党课", "列出全部段落，讲话人含“王”，单位含“市委”，体裁含“党课”。"),
        ("标题:培训 OR 标题:动员", "按标题含“培训”或标题含“动员”检索。"),
        ("党建 年份:2019..", "按“党建”检索，2019 年以来。"),
        ("党建 年份:..2019", "按“党建”检索，2019 年及以前。"),
        ("党建 年份:2019", "按“党建”检索，2019 年。"),
        ("党建 -年份:2019 -标题:通知 -信息*", "按“党建”检索，不要 2019 年的，标题不含“通知”，不含以“信息”开头的词。"),
        ("党建 -(通知 纪要)", "按“党建”检索，排除（“通知”“纪要”）。"),
        ("学习20大", "按“学习”“20大”（数字写法不限）检索。"),
        ("“二十大” -“第3”", "按原文“二十大”（数字写法不限）检索，不含“第3”（数字写法不限）。"),
        ("年份:去年 党建", "检索式的写法没有看懂，或太复杂，已当作普通词：按“年份”“去年”“党建”检索。"),
    ],
)
def test_a_query_is_told_as_a_sentence(analyzer, typed, sentence):
    parsed = understand(typed, analyzer)
    assert told(parsed, analyzer) == sentence
    assert not is_plain(parsed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("黨建 載體", "按“黨建”“載體”检索。"),
        ("什么是党建", "按“党建”检索。"),
        ("“3-5 倍”", "按原文“3-5 倍”检索。"),
        ("ＫＰＩ（考核）", "按“ＫＰＩ”“考核”检索。"),
    ],
)
def test_words_are_told_as_they_were_typed_and_need_no_explanation(analyzer, typed, sentence):
    parsed = understand(typed, analyzer)
    assert told(parsed, analyzer) == sentence
    assert is_plain(parsed)


def test_synonyms_are_told():
    own = Analyzer(Terms(("党支部", "支部"), (("党支部", "支部"),)))
    parsed = understand("支部 建设", own)
    assert told(parsed, own) == "按“支部”（同“党支部”）“建设”检索。"
    assert not is_plain(parsed)


def test_a_synonym_is_told_as_people_write_it():
    own = Analyzer(Terms(("显着成效", "着作"), ((fold("显著成效"), fold("著作")),)))
    assert told(understand("著作 法", own), own) == "按“著作”（同“显著成效”）“法”检索。"


def test_a_quoted_string_has_no_synonyms():
    own = Analyzer(Terms(("党支部", "支部"), (("党支部", "支部"),)))
    assert told(understand("“支部”", own), own) == "按原文“支部”检索。"
    assert told(understand("-支部", own), own) == "列出全部段落，不含“支部”。"
