"""Law 2 where it is decided: the index finds a string exactly where its pattern finds it in the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.engines.whoosh.inversion import GramInversion
from kb.engines.whoosh.occurrences import occurrences
from kb.engines.whoosh.postings import Postings
from kb.engines.whoosh.schema import DOCUMENTS, PASSAGES, documents_schema, passages_schema
from kb.engines.whoosh.segment import write_index
from kb.fold import fold, squeeze
from kb.literal import any_of, literal, pattern

NUMBERS = "0123456789〇零一二三四五六七八九十百千两"
MIXED = st.text(NUMBERS + "年月日大届第党的建设 、，.（）「」ＡbC萬億𠮷", min_size=1, max_size=30)
SOUGHT = st.text(NUMBERS + "年大届第党的 、.ＡC𠮷", min_size=1, max_size=6)


def indexed(folder, texts: list[str]) -> tuple[Postings, list[str]]:
    """Index texts as they are; what has nothing to be found is no passage."""
    passages = [squeezed for text in texts if (squeezed := squeeze(fold(text)))] or ["无"]
    inversion = GramInversion(folder)
    inversion.add(passages)
    characters, pairs = inversion.inverted()
    count = {"length": range(len(passages))}
    write_index(folder, PASSAGES, passages_schema(), count, {"characters": characters, "pairs": pairs})
    write_index(folder, DOCUMENTS, documents_schema(), {"passages": [1], "record": [b""]}, {})
    return Postings(folder), passages


def ids_of(postings: Postings, sought: str) -> list[int]:
    wanted = literal(sought)
    return [] if wanted is None else occurrences(postings, wanted).ids.tolist()


@given(texts=st.lists(MIXED, min_size=1, max_size=12), sought=st.one_of(SOUGHT, MIXED), chance=st.randoms())
@settings(deadline=None, max_examples=300)
def test_the_index_finds_a_string_exactly_where_its_pattern_does(tmp_path_factory, texts, sought, chance):
    postings, passages = indexed(tmp_path_factory.mktemp("texts"), texts)
    text = chance.choice(texts)
    start = chance.randrange(len(text))
    for wanted in (literal(sought), literal(text[start : start + chance.randint(1, 8)])):
        if wanted is not None:
            expected = [number for number, squeezed in enumerate(passages) if pattern(wanted).search(squeezed)]
            assert occurrences(postings, wanted).ids.tolist() == expected


@given(texts=st.lists(MIXED, min_size=1, max_size=8), synonyms=st.lists(SOUGHT, min_size=2, max_size=4))
@settings(deadline=None, max_examples=100)
def test_synonyms_are_found_where_any_of_them_stands(tmp_path_factory, texts, synonyms):
    postings, passages = indexed(tmp_path_factory.mktemp("texts"), texts)
    wanted = any_of(synonyms)
    if wanted is not None:
        expected = [number for number, squeezed in enumerate(passages) if pattern(wanted).search(squeezed)]
        assert occurrences(postings, wanted).ids.tolist() == expected


@pytest.mark.parametrize("length", range(13, 20))
def test_a_string_across_two_passages_is_nowhere(tmp_path, length):
    postings, _ = indexed(tmp_path, ["甲" * (length - 2) + "党建", "工作" + "乙" * length])
    assert ids_of(postings, "党建工作") == []
    assert ids_of(postings, "建工") == []
    assert ids_of(postings, "党建") == [0]
    assert ids_of(postings, "工作乙") == [1]
