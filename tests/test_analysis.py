from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.analysis import Analyzer
from kb.errors import BadSettings
from kb.fold import fold

CHINESE = st.text(st.sampled_from("不忘初心牢记使命党建工作的载体培训班三会一课二十大２０黨aB1 ，。“”…①"), max_size=60)


@given(text=st.one_of(CHINESE, st.text(st.characters(), max_size=40)))
@settings(deadline=None)
def test_every_token_is_the_folded_text_at_its_offsets(analyzer, text):
    folded = fold(text)
    tokens = analyzer.tokens(folded)
    assert all(token.text == folded[token.start : token.end] for token in tokens)
    assert all(any(character.isalnum() for character in token.text) for token in tokens)


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
    assert [unit.word for unit in analyzer.units(query)] == words


def test_a_long_run_of_one_character_is_cut_in_time(analyzer):
    assert len(analyzer.tokens("炘" * 200_000)) == 200_000


def test_the_users_own_terms_change_the_cut_and_the_fingerprint(analyzer, tmp_path):
    terms = tmp_path / "terms.txt"
    terms.write_text("# 本单位的提法\n走讀地圖\n四个对照检查  # 2024\n", encoding="utf-8")
    own = Analyzer(terms)
    assert own.tokens("走读地图")[0].text == "走读地图"
    assert own.fingerprint != analyzer.fingerprint


@pytest.mark.parametrize("content", ["党建 100 n\n".encode(), "党建".encode("gb18030")])
def test_a_terms_file_that_cannot_be_used_is_refused_with_a_sentence(tmp_path, content):
    terms = tmp_path / "terms.txt"
    terms.write_bytes(content)
    with pytest.raises(BadSettings, match=r"terms\.txt"):
        Analyzer(terms)


def test_a_missing_terms_file_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(BadSettings, match="KB_TERMS"):
        Analyzer(tmp_path / "nothing.txt")
