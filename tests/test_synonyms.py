"""The user's terms from the file to the hit: rebuilt, kept with the index, searched, marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import terms as terms_module
from kb.analysis import Analyzer
from kb.answers import Question
from kb.engines.whoosh import WhooshEngine
from kb.errors import NoIndex
from kb.generations import Generations
from kb.library import rebuild
from kb.search import Search
from kb.terms import Terms, parse_terms, read_terms


def terms(text: str) -> Terms:
    read, problems = parse_terms(text.encode())
    assert problems == []
    return read


@pytest.fixture
def generations(tmp_path):
    return Generations(tmp_path / "index")


@pytest.fixture
def build(tmp_path, generations):
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "甲.txt").write_text("第一支部的党员大会已经开过。\n党支部书记讲了话。", encoding="utf-8")
    (folder / "乙.txt").write_text("市委政法委员会印发了方案。\n政法委随后开会。", encoding="utf-8")

    def run(own: Terms) -> str:
        return rebuild([folder], generations, WhooshEngine(), Analyzer(own)).generation

    return run


@pytest.fixture
def search(generations, analyzer):
    return Search(generations, WhooshEngine(), analyzer, deadline=10.0)


def found(search: Search, text: str) -> list[str]:
    """Return the passages with what is marked in brackets."""
    answer = search.ask(Question(text, group="passage"))
    assert answer.total == len(answer.hits)
    return sorted(hit.html.replace("<mark>", "[").replace("</mark>", "]") for hit in answer.hits)


def test_a_word_finds_and_marks_its_synonyms_and_a_quoted_string_does_not(build, search):
    build(terms("党支部=党员活动小组=支部大会\n支部=基层组织\n"))
    assert found(search, "基层组织") == ["党[支部]书记讲了话。", "第一[支部]的党员大会已经开过。"]
    assert found(search, "“基层组织”") == []
    assert found(search, "支部大会") == ["[党支部]书记讲了话。"]
    assert found(search, "基层组织 书记") == ["党[支部书记]讲了话。"]


def test_the_longest_synonym_is_marked(build, search):
    build(Terms())
    assert found(search, "政法委") == ["[政法委]随后开会。", "市委[政法委员会]印发了方案。"]
    assert found(search, "政法委员会") == ["[政法委]随后开会。", "市委[政法委员会]印发了方案。"]
    assert found(search, "“政法委员会”") == ["市委[政法委员会]印发了方案。"]


def test_what_contains_the_typed_word_comes_before_what_contains_its_synonym(build, search):
    build(terms("书记=政法委\n"))
    hits = search.ask(Question("书记", group="passage")).hits
    assert ["书记" in hit.text for hit in hits] == [True, False, False]


def test_a_changed_file_takes_effect_at_the_next_rebuild_and_disturbs_nothing_before(build, search, analyzer):
    build(terms("支部=基层组织\n"))
    assert len(found(search, "基层组织")) == 2
    build(terms("书记=基层组织\n"))
    assert found(search, "基层组织") == ["党支部[书记]讲了话。"]
    build(Terms())
    assert found(search, "基层组织") == []
    assert search.open().analyzer is analyzer


def test_an_analyzer_is_used_again_for_a_generation_with_the_same_terms(build, search):
    build(terms("支部=基层组织\n"))
    before = search.open()
    build(terms("支部=基层组织\n"))
    after = search.open()
    assert before.generation != after.generation
    assert before.analyzer is after.analyzer


def test_an_index_built_with_other_terms_of_the_program_is_refused_until_it_is_built_again(
    build, generations, monkeypatch, tmp_path
):
    build(Terms())
    shipped = tmp_path / "shipped.txt"
    shipped.write_text("初心\n", encoding="utf-8")
    monkeypatch.setattr("kb.analysis.shipped_terms", lambda: read_terms(shipped))
    with pytest.raises(NoIndex, match="另一个版本的程序"):
        Search(generations, WhooshEngine(), Analyzer(), deadline=10.0).open()


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda path: path.write_bytes(b"\xff"), lambda path: path.write_text("x\n")]
)
def test_terms_that_were_damaged_in_the_index_are_noticed(build, generations, search, damage):
    name = build(terms("支部=基层组织\n"))
    damage(generations.folder(name) / terms_module._KEPT)
    with pytest.raises(NoIndex, match="kb rebuild"):
        search.open()
