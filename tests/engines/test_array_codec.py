"""The codec's postings against stock Whoosh's own queries and against the terms that went in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import scoring
from whoosh.query import And, AndNot, Or, Prefix, Term

from kb.engines.whoosh.inversion import GramInversion, WordInversion
from kb.engines.whoosh.postings import MappedStorage, Postings
from kb.engines.whoosh.schema import PASSAGES, passages_schema
from kb.engines.whoosh.segment import write_index
from kb.fold import SEPARATOR, squeeze

TERMS = st.dictionaries(
    st.sampled_from(["党", "建", "党建", "a", "𠮷", "中国特色社会主义", "中国特色", "中国人"]),
    st.integers(1, 300),
    max_size=6,
)
TEXTS = st.text(st.sampled_from("党建工作二十 大，3.5亿a𠮷"), min_size=1, max_size=80).map(squeeze).filter(bool)


def indexed(folder: Path, passages: list[dict[str, int]]):
    words = WordInversion()
    for terms in passages:
        words.add(Counter(terms).elements())
    columns = {"length": range(len(passages))}
    write_index(folder, PASSAGES, passages_schema(), columns, {"words": words.inverted()})
    return MappedStorage(str(folder), readonly=True).open_index(PASSAGES, passages_schema())


def grams_of(folder: Path, texts: list[str]):
    inversion = GramInversion(folder)
    inversion.add(texts)
    characters, pairs = inversion.inverted()
    return characters, pairs


@given(passages=st.lists(TERMS, min_size=1, max_size=30).filter(any))
@settings(max_examples=60, deadline=None)
def test_every_posting_that_went_in_comes_out(tmp_path_factory, passages):
    reader = indexed(tmp_path_factory.mktemp("codec"), passages).reader()
    expected = {
        term: [(number, float(terms[term])) for number, terms in enumerate(passages) if term in terms]
        for term in {term for terms in passages for term in terms}
    }
    assert [term.decode() for term in reader.lexicon("words")] == sorted(expected)
    for term, postings in expected.items():
        matcher = reader.postings("words", term)
        found = []
        while matcher.is_active():
            found.append((matcher.id(), matcher.weight()))
            matcher.next()
        assert found == postings
        assert reader.doc_frequency("words", term) == len(postings)
        assert reader.frequency("words", term) == sum(count for _, count in postings)


@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_every_character_and_every_pair_is_found_where_it_stands(tmp_path_factory, texts):
    characters, pairs = grams_of(tmp_path_factory.mktemp("grams"), texts)
    plain = [text.replace(SEPARATOR, "") for text in texts]
    for character in set("".join(plain)):
        found = characters.postings(characters.terms.find(character.encode()))
        having = [number for number, text in enumerate(plain) if character in text]
        assert found.ids.tolist() == having
        assert found.counts.tolist() == [plain[number].count(character) for number in having]
    origins = pairs.origins.tolist()
    expected: dict[str, list[int]] = {}
    for text, origin in zip(plain, origins, strict=True):
        for at in range(len(text) - 1):
            expected.setdefault(text[at : at + 2], []).append(origin + at)
    found = {term.decode(): pairs.lists.numbers(number).tolist() for number, term in enumerate(pairs.terms)}
    assert {pair: places for pair, places in found.items() if pair[0] != SEPARATOR} == expected


def test_more_characters_than_two_bytes_can_number_are_told_apart(tmp_path):
    texts = ["".join(map(chr, range(first, first + 1000))) for first in range(0x20000, 0x32000, 1000)]
    _, pairs = grams_of(tmp_path, texts)
    assert len(pairs.terms) == sum(len(text) - 1 for text in texts)
    number = pairs.terms.find(texts[40][7:9].encode())
    assert pairs.passages(pairs.lists.numbers(number)).tolist() == [40]


@pytest.mark.parametrize("sorted_at_once", [1, 7, 10_000])
def test_pairs_are_the_same_however_many_are_sorted_at_once(tmp_path, monkeypatch, sorted_at_once):
    texts = [squeeze(text) for text in ("党建工作3.5亿", "工作党建", "二十大，二十 三", "党建党建")]
    monkeypatch.setattr("kb.engines.whoosh.inversion.MOST_SORTED", sorted_at_once)
    _, pairs = grams_of(tmp_path, texts)
    found = {term.decode(): pairs.lists.numbers(number).tolist() for number, term in enumerate(pairs.terms)}
    assert list(found) == sorted(found)
    assert found["党建"] == [0, 18, 48, 50]
    assert found[SEPARATOR + "5"] == [5]
    assert found[SEPARATOR + "二"] == [32, 35]
    assert found[SEPARATOR + "三"] == [37]


@pytest.mark.parametrize(
    "query",
    [
        Term("words", "党"),
        And([Term("words", "党"), Term("words", "建")]),
        Or([Term("words", "党"), Term("words", "a"), Term("words", "没有")]),
        AndNot(Term("words", "党"), Term("words", "a")),
        Prefix("words", "党"),
    ],
    ids=str,
)
def test_whooshs_own_queries_work_on_it_as_on_its_own_codec(tmp_path, query):
    passages = [
        dict(Counter(word for word, every in (("党", 2), ("建", 3), ("党建", 5), ("a", 7)) if number % every == 0))
        for number in range(500)
    ]
    ours = indexed(tmp_path, passages)
    expected = {number for number, terms in enumerate(passages) if _matches(query, terms)}
    with ours.searcher(weighting=scoring.Frequency()) as searcher:
        assert set(searcher.docs_for_query(query)) == expected
        assert {hit.docnum for hit in searcher.search(query, limit=None)} == expected


def test_whoosh_can_ask_for_the_positions_in_a_passage(tmp_path):
    characters, pairs = grams_of(tmp_path, ["党建党建工作", "工作", "党建"])
    columns = {"length": range(3)}
    write_index(tmp_path, PASSAGES, passages_schema(), columns, {"characters": characters, "pairs": pairs})
    index = MappedStorage(str(tmp_path), readonly=True).open_index(PASSAGES, passages_schema())
    matcher = index.reader().postings("pairs", "党建")
    assert (matcher.id(), matcher.value_as("positions")) == (0, [0, 2])
    matcher.skip_to(1)
    assert (matcher.id(), matcher.value_as("positions")) == (2, [0])


def test_a_term_that_stands_nowhere_has_no_postings(sample_index):
    folder = next((sample_index / "generations").iterdir())
    postings = Postings(folder)
    for field in ("words", "title", "characters", "pairs"):
        assert postings.passages(field, "没有这个词").ids.tolist() == []


def _matches(query, terms: dict[str, int]) -> bool:
    match query:
        case Term():
            return query.text in terms
        case Prefix():
            return any(term.startswith(query.text) for term in terms)
        case And():
            return all(_matches(child, terms) for child in query.subqueries)
        case Or():
            return any(_matches(child, terms) for child in query.subqueries)
    return _matches(query.a, terms) and not _matches(query.b, terms)
