from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.analysis import Analyzer
from kb.fold import fold
from kb.terms import Terms

CHINESE = st.text(st.sampled_from("不忘初心牢记使命党建工作的载体培训班三会一课二十大２０黨aB1 ，。“”…①"), max_size=60)


@given(text=st.one_of(CHINESE, st.text(st.characters(), max_size=40)))
@settings(deadline=None)
def test_every_token_is_the_folded_text_at_its_offsets(analyzer, text):
    folded = fold(text)
    tokens = analyzer.tokens(folded)
    assert all(token.text == folded[token.start : token.end] for token in tokens)
    assert all(any(character.isalnum() for character in token.text) for token in tokens)


@given(text=st.one_of(CHINESE, st.text(st.characters(), max_size=40)))
@settings(deadline=None)
def test_what_is_counted_for_the_index_are_the_texts_of_the_tokens(analyzer, text):
    folded = fold(text)
    assert analyzer.words(folded) == [token.text for token in analyzer.tokens(folded)]


@given(text=CHINESE)
@settings(deadline=None)
def test_words_of_one_position_lie_inside_the_first_of_them_and_positions_count_words(analyzer, text):
    groups = [list(group) for _, group in groupby(analyzer.tokens(fold(text)), key=lambda token: token.position)]
    assert [group[0].position for group in groups] == list(range(len(groups)))
    for word, *inside in groups:
        assert all(word.start <= token.start and token.end <= word.end for token in inside)


def test_the_terms_of_the_field_stay_whole_and_their_parts_are_indexed_too(analyzer):
    assert [token.text for token in analyzer.tokens("三会一课和党建工作")][:1] == ["三会一课"]
    assert {"党建工作", "党建", "工作"} <= {token.text for token in analyzer.tokens("党建工作")}


def test_a_word_inside_a_longer_one_is_a_word_of_its_own(analyzer):
    assert "初心" in {token.text for token in analyzer.tokens("不忘初心")}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("党建工作的载体", ["党建工作", "载体"]),
        ("什么是党性修养", ["党性修养"]),
        ("的", ["的"]),
        ("学习20大精神", ["学习", None, "精神"]),
        ("一大批干部", ["一大批", "干部"]),
        ("初心 初心", ["初心"]),
    ],
)
def test_a_query_is_cut_into_what_its_passages_should_contain(analyzer, query, words):
    assert [unit.words[0] if unit.words else None for unit in analyzer.units(query)] == words


@pytest.mark.parametrize(
    "written",
    ["显著成绩", "乾隆皇帝", "好像", "覆盖反复", "锻炼产业链", "俱乐部的家具", "座谈坐标", "随着著作", "想象"],
)
def test_a_folded_text_is_written_again_as_people_write_it(analyzer, written):
    assert analyzer.written(fold(written)) == written


def test_a_users_own_term_is_written_by_its_parts():
    own = Analyzer(Terms((fold("著作座谈"),)))
    assert own.written(fold("著作座谈")) == "著作座谈"


def test_words_that_folding_changes_are_still_words(analyzer):
    assert [token.text for token in analyzer.tokens(fold("乾隆显著"))] == [fold("乾隆"), fold("显著")]


@given(text=CHINESE)
@settings(deadline=None)
def test_writing_keeps_the_length_and_the_string(analyzer, text):
    written = analyzer.written(fold(text))
    assert fold(written) == fold(text)


def test_the_users_own_terms_change_the_cut_and_the_fingerprint(analyzer):
    own = Analyzer(Terms(("走读地图",)))
    assert own.tokens("走读地图")[0].text == "走读地图"
    assert own.fingerprint != analyzer.fingerprint
    assert analyzer.tokens("走读地图")[0].text != "走读地图"


def test_a_word_with_synonyms_is_one_unit_that_is_found_in_any_of_their_forms():
    own = Analyzer(
        Terms(("党支部", "支部", "二十次代表会", "代表会"), (("党支部", "支部"), ("二十次代表会", "代表会")))
    )
    (unit,) = own.units("支部")
    assert unit.words == ("支部", "党支部")
    assert unit.sought.segments == (("支部", "党支部"),)
    assert [unit.words for unit in own.units("党支部 支部 建设")] == [("党支部", "支部"), ("建设",)]
    assert own.units("党支部建设")[0].words == ("党支部", "支部")


def test_a_number_may_have_synonyms_in_whichever_form_it_is_typed():
    own = Analyzer(Terms(("党的二十大", "二十大"), (("党的二十大", "二十大"),)))
    for text in ("二十大", "20大", "党的二十大"):
        (unit,) = own.units(text)
        assert {"党的二十大", "二十大", "20大"} <= set(unit.sought.segments[0])


def test_one_thing_in_two_spellings_is_asked_once(analyzer):
    assert len(analyzer.units("20大 二十大")) == 1
