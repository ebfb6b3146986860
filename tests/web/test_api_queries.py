"""What is typed, over HTTP: other spellings, broken syntax, numbers; all of it is answered or refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.web import create_app
from tests.web.conftest import SEARCH, ask, ids, problem


def test_the_answer_says_how_the_query_was_understood(client):
    answer = ask(client, "工作 标题:讲话 -通知")
    assert (answer["understood"], answer["plain"]) == ("按“工作”检索，标题含“讲话”，不含“通知”。", False)
    answer = ask(client, "工作")
    assert (answer["understood"], answer["plain"]) == ("按“工作”检索。", True)


@given(
    text=st.one_of(
        st.text(st.sampled_from('工作会议2年一 "“()（|-*:OR标题年份\u200b\x00'), max_size=200), st.text(max_size=60)
    )
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_answered_or_refused(client, text):
    for path in (SEARCH, "/"):
        assert client.get(path, query_string={"q": text.encode("utf-8", "surrogatepass")}).status_code in {200, 400}


def test_what_nobody_sees_is_not_told_back(client):
    assert ask(client, "\u202e工\u200b作\x00")["query"] == "工作"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("黨建工作", "党建工作"),
        ("“群眾路線”", '"群众路线"'),
        ("＂群众路线＂", '"群众路线"'),
        ("培训　－通知", "培训 -通知"),
        ("标题：培训", "标题:培训"),
        ("調研　｜　蹲點", "调研 | 蹲点"),
        ("  党建  ", "党建"),
    ],
)
def test_traditional_and_full_width_queries_find_the_same(client, typed, meant):
    found = ask(client, typed, group="passage", per_page=100)
    assert found["total"] > 0
    assert ids(found) == ids(ask(client, meant, group="passage", per_page=100))


@pytest.mark.parametrize("typed", ['"党建工作', '党建工作"', "“党建工作", "党建工作”"])
def test_an_unbalanced_quote_is_searched_as_words(client, typed):
    assert ids(ask(client, typed)) == ids(ask(client, "党建工作"))


@pytest.mark.parametrize(
    "typed",
    [
        "((((党建",
        "党建))))",
        "OR",
        "党建 OR",
        "| |",
        "-",
        "--党建",
        "党*建*",
        "标题:",
        "年份:abc",
        "(-)",
        '"" 党',
        "\\",
        "党\x00建",
    ],
)
def test_what_cannot_be_parsed_is_answered_or_refused_with_a_sentence(client, typed):
    response = client.get(SEARCH, query_string={"q": typed})
    if response.status_code != 200:
        problem(response, 400, "bad-request")


@pytest.mark.parametrize("typed", ["20大", "二十大", "２０大", '"20大"', "党的20大报告", "黨的二十大報告"])
def test_the_twentieth_is_found_however_it_is_written(library, typed):
    client = create_app(
        library(汉字="学习党的二十大报告。", 数字="学习党的20大报告。", 别的="召开第二十次会议，大家报告。")
    ).test_client()
    (first, second, *others) = ask(client, typed)["hits"]
    assert {first["text"], second["text"]} == {"学习党的二十大报告。", "学习党的20大报告。"}
    assert all("大" in first["text"][start:end] for start, end in first["highlights"])
    assert not others or "报告" in typed or "報告" in typed


@pytest.mark.parametrize("typed", ['"2021年"', '"二〇二一年"', '"２０２１年"', '"二○二一年"'])
def test_a_year_is_found_however_it_is_written(library, typed):
    client = create_app(library(汉字="二〇二一年三月召开。", 数字="2021年3月召开。", 别的="2012年召开。")).test_client()
    assert ask(client, typed)["total"] == 2
