"""The codec's postings against stock Whoosh's own queries and against the terms that went in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.query import And, AndNot, Or, Prefix, Term

from kb.engines.whoosh.codec import HIGHEST_COUNT
from kb.engines.whoosh.postings import Postings, _MappedStorage
from kb.engines.whoosh.schema import PASSAGES, passages_schema
from kb.engines.whoosh.writer import _segment_writer

TERMS = st.dictionaries(st.sampled_from(["党", "建", "党建", "a", "𠮷"]), st.integers(1, 70_000), max_size=5)


def indexed(folder: Path, passages: list[dict[str, int]]):
    writer = _segment_writer(FileStorage(str(folder)).create_index(passages_schema(), PASSAGES))
    for number, words in enumerate(passages):
        writer.add_document(
            words=words, grams={}, headings={}, squeezed=b"", document=number, number=1, length=1, label=0
        )
    writer.commit()
    return _MappedStorage(str(folder), readonly=True).open_index(PASSAGES, passages_schema())


@given(passages=st.lists(TERMS, min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_every_posting_that_went_in_comes_out(tmp_path_factory, passages):
    reader = indexed(tmp_path_factory.mktemp("codec"), passages).reader()
    expected = {
        term: [
            (number, float(min(terms[term], HIGHEST_COUNT))) for number, terms in enumerate(passages) if term in terms
        ]
        for term in {term for terms in passages for term in terms}
    }
    assert {term.decode() for term in reader.lexicon("words")} == set(expected)
    for term, postings in expected.items():
        found = reader.postings("words", term).postings
        assert list(zip(found.ids.tolist(), found.counts.tolist(), strict=True)) == postings
        assert reader.doc_frequency("words", term) == len(postings)


def test_gaps_of_every_width_are_kept(tmp_path):
    having = [0, 1, 255, 256, 600, 70_000]
    passages = [{"党": 1} if number in having else {"建": number % 300 + 1} for number in range(70_001)]
    reader = indexed(tmp_path, passages).reader()
    assert reader.postings("words", "党").postings.ids.tolist() == having
    others = np.setdiff1d(np.arange(70_001), having)
    found = reader.postings("words", "建").postings
    assert np.array_equal(found.ids, others)
    assert np.array_equal(found.counts, others % 300 + 1)


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
    with ours.searcher() as searcher:
        assert set(searcher.docs_for_query(query)) == expected


def test_a_term_that_stands_nowhere_has_no_postings(sample_index):
    folder = next((sample_index / "generations").iterdir())
    postings = Postings(folder)
    assert postings.passages("words", "没有这个词").ids.tolist() == []
    assert postings.documents("title", "没有这个词").ids.tolist() == []
    postings.close()


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
