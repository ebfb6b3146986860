from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import BadRequest
from kb.literal import literal
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years, parse, sought_in


def phrase(text: str) -> Phrase:
    found = literal(text)
    assert found is not None
    return Phrase(found)


def field(name: str, text: str) -> Field:
    return Field(name, phrase(text).sought)


@pytest.fixture
def read(analyzer):
    def parsed(text: str) -> Query:
        query = parse(text, analyzer)
        return query.child if isinstance(query, Whole) else query

    return parsed


@pytest.fixture
def words(analyzer):
    def read_words(text: str) -> Words:
        query = parse(text, analyzer)
        child = query.child if isinstance(query, Whole) else query
        assert isinstance(child, Words)
        return child

    return read_words


def test_plain_words_are_one_question_and_the_whole_string_is_kept(analyzer, words):
    assert parse("党建 载体", analyzer) == Whole(phrase("党建 载体").sought, words("党建 载体"))


@pytest.mark.parametrize("text", ['"党建工作的载体"', "“党建工作的载体”", "「党建工作的载体」", "＂党建工作的载体＂"])
def test_a_quoted_string_is_searched_as_it_stands_in_any_quotes(analyzer, text):
    assert parse(text, analyzer) == phrase("党建工作的载体")


def test_operators_and_fields(read, words):
    assert read("党建 -形式主义") == And((words("党建"), Not(phrase("形式主义"))))
    assert read("党建 -“形式主义”") == And((words("党建"), Not(phrase("形式主义"))))
    assert read("党建 OR 团建") == Or((words("党建"), words("团建")))
    assert read("党建｜团建") == Or((words("党建"), words("团建")))
    assert read("标题:培训 载体") == And((words("载体"), field("title", "培训")))
    assert read("讲话人：王 单位：市委 体裁：党课") == And(
        (field("speaker", "王"), field("org", "市委"), field("genre", "党课"))
    )
    assert read("(党建 OR 团建) 载体") == And((words("载体"), Or((words("党建"), words("团建")))))
    assert read("kpi*") == Prefix("kpi")


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("年份:2019..2021", Years(2019, 2021)),
        ("年份：2019-2021", Years(2019, 2021)),
        ("year:2019..", Years(2019, None)),
        ("year:..2021", Years(None, 2021)),
        ("年份:2021年", Years(2021, 2021)),
    ],
)
def test_years(read, text, years):
    assert read(text) == years


@pytest.mark.parametrize(
    "text",
    [
        '"党建工作',
        "（党建 工作",
        "党建)",
        "党建 OR",
        "OR 党建",
        "| 党建 |",
        "标题:",
        "--党建",
        "年份:去年",
        "党建 -",
        "()党建",
        "*党建",
        "a:b:c",
    ],
)
def test_what_cannot_be_parsed_is_searched_as_words(analyzer, text):
    query = parse(text, analyzer)
    assert list(sought_in(query))


def test_too_many_operators_are_searched_as_words(read, words):
    text = "甲 OR " * 15 + "乙"
    assert read(text) == words(text)


def test_brackets_inside_a_pasted_string_do_not_lose_the_string(analyzer):
    query = parse("培训（第一期）的意义", analyzer)
    assert isinstance(query, Whole)
    assert query.sought == literal("培训（第一期）的意义")


@pytest.mark.parametrize("text", ["", "   ", "。。。", '""', "“”（）"])
def test_a_query_without_anything_to_look_for_is_refused_with_an_example(analyzer, text):
    with pytest.raises(BadRequest, match="请输入要查找的字词"):
        parse(text, analyzer)


def test_an_overlong_query_is_refused_with_the_limit(analyzer):
    with pytest.raises(BadRequest, match="200 个字（现有 10000 个）"):
        parse("党" * 10_000, analyzer)


@given(text=st.text(st.sampled_from('党建工作甲乙1aOR "“”（）()|-*:：标题年份 '), min_size=1, max_size=60))
@settings(deadline=None, max_examples=400)
def test_whatever_a_person_types_with_a_letter_in_it_is_a_query(analyzer, text):
    if literal(text) is not None:
        assert list(sought_in(parse(text, analyzer))) or "-" in text or ":" in text or "：" in text
