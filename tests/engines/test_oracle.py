"""Stock Whoosh as the judge: the same collection in its own codec and in ours must give the same hits, totals and scores.

A generated collection is indexed twice, once by Whoosh's own writer and once by `write_index`; then both are asked the same:
queries of every kind, nested, before and after documents are deleted, and every method of a reader and of a cursor.

What is not compared, and why:
- Field lengths: our fields say that they cannot be scored by length and the codec keeps none. Weightings that need lengths
  (BM25F, DFree, PL2) then fall back on counts, here as on any such field of stock Whoosh; on a field of stock Whoosh that has
  lengths only hits and totals can be the same.
- `Or` with a scale: stock Whoosh divides by zero where only one term is left.
- `FuzzyTerm`: it walks a cursor over the dictionary, which the codec refuses.
- Span queries inside others: stock Whoosh cannot estimate how much they find, so they stand alone.
- The best hits of a query whose best stock Whoosh does not put first itself: `AndNot` sometimes, `DisjunctionMax` with boosts.
- Blocks: a list of ours is one block, so how far `skip_to_quality` goes differs; it may not skip anything good enough.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from whoosh import fields, query, scoring
from whoosh.analysis import Token
from whoosh.filedb.filestore import RamStorage
from whoosh.query import spans
from whoosh.reading import TermNotFound

from kb.engines.whoosh.inversion import GramInversion, WordInversion
from kb.engines.whoosh.postings import MappedStorage
from kb.engines.whoosh.schema import PASSAGES, passages_schema
from kb.engines.whoosh.segment import write_index
from kb.fold import NUMERALS, SEPARATOR, squeeze

FIELDS = ("characters", "pairs", "words")
WORDS = ("党", "党建", "党员", "党建工作", "a", "ab", "abc", "b", "𠮷", "中国特色社会主义", "中国特色", "中国人")
LETTERS = "党建工二十5a"
PAIRS = [*map("".join, product(LETTERS, LETTERS)), *(SEPARATOR + numeral for numeral in "二十5")]
KNOWN = {"words": [*WORDS, "没有"], "characters": [*LETTERS, "无"], "pairs": [*PAIRS, "没有"]}

Passage = tuple[list[str], str]
"""Its words, and its squeezed text."""


class Pairs:
    """Cuts a squeezed text into pairs of neighbours, and notes where numbers begin; written anew, character by character."""

    def __call__(self, squeezed: str, **_: object) -> Iterator[Token]:
        place, before = -1, ""
        for at, character in enumerate(squeezed):
            if character == SEPARATOR:
                continue
            place += 1
            if before:
                yield Token(positions=True, text=before + character, pos=place - 1)
            if character in NUMERALS and (at == 0 or squeezed[at - 1] not in NUMERALS):
                yield Token(positions=True, text=SEPARATOR + character, pos=place)
            before = character


def stock_schema(*, scorable: bool) -> fields.Schema:
    pairs = fields.TEXT(analyzer=Pairs())
    pairs.scorable = scorable
    return fields.Schema(
        words=fields.KEYWORD(scorable=scorable), characters=fields.KEYWORD(scorable=scorable), pairs=pairs
    )


class InMemory(RamStorage):
    """Whoosh's own puts what is temporary into one folder for the whole machine, where two test runs would meet."""

    def temp_storage(self, name=None):  # noqa: ARG002 - Whoosh's signature
        return RamStorage()


def stock(passages: list[Passage], *, scorable: bool = False):
    """Index by Whoosh's own writer."""
    index = InMemory().create_index(stock_schema(scorable=scorable))
    writer = index.writer()
    for words, squeezed in passages:
        writer.add_document(words=" ".join(words), characters=" ".join(squeezed.replace(SEPARATOR, "")), pairs=squeezed)
    writer.commit()
    return index


def ours(folder, passages: list[Passage]):
    """Index in arrays."""
    words, grams = WordInversion(), GramInversion(folder)
    for have, _ in passages:
        words.add(have)
    grams.add([squeezed for _, squeezed in passages])
    characters, pairs = grams.inverted()
    postings = {"words": words.inverted(), "characters": characters, "pairs": pairs}
    write_index(folder, PASSAGES, passages_schema(), {"length": range(len(passages))}, postings)
    return MappedStorage(str(folder)).open_index(PASSAGES, passages_schema())


PASSAGE = st.tuples(
    st.lists(st.sampled_from(WORDS), max_size=8),
    st.text(f"{LETTERS}，", min_size=1, max_size=20).map(squeeze).filter(bool),
)
COLLECTIONS = st.lists(PASSAGE, min_size=1, max_size=25).filter(
    lambda passages: any(words for words, _ in passages) and any(len(squeezed) > 1 for _, squeezed in passages)
)


def one_of_field(make):
    """Make queries of a field and one of its terms."""
    return st.sampled_from(FIELDS).flatmap(lambda field: make(st.just(field), st.sampled_from(KNOWN[field])))


BOOSTS = st.sampled_from([1.0, 1.0, 1.0, 0.5, 2.5])
FLAGS = st.booleans()
TERMS = one_of_field(lambda field, terms: st.builds(query.Term, field, terms, boost=BOOSTS))
PLACED = st.sampled_from(PAIRS)
PLACED_TERMS = st.builds(query.Term, st.just("pairs"), PLACED)
BEGINNINGS = st.sampled_from(["", "党", "党建", "a", "ab", "中国特色", "中国特色社", "5", "无"])
PATTERNS = st.sampled_from(["党*", "*建", "?", "a?", "*", "中国*人", "中国特色*", "[ab]*", "没有*"])
EXPRESSIONS = st.sampled_from(["党.*", ".*建", "a|b", ".", "中国特?色?", "没有.+"])
SIMPLE = st.one_of(
    TERMS,
    TERMS,
    one_of_field(lambda field, _: st.builds(query.Prefix, field, BEGINNINGS, boost=BOOSTS, constantscore=FLAGS)),
    one_of_field(lambda field, _: st.builds(query.Wildcard, field, PATTERNS, boost=BOOSTS, constantscore=FLAGS)),
    one_of_field(lambda field, _: st.builds(query.Regex, field, EXPRESSIONS, boost=BOOSTS, constantscore=FLAGS)),
    one_of_field(
        lambda field, terms: st.builds(
            query.TermRange, field, terms, terms, FLAGS, FLAGS, boost=BOOSTS, constantscore=FLAGS
        )
    ),
    st.builds(query.Every, st.sampled_from([None, *FIELDS]), boost=BOOSTS),
    st.builds(query.Phrase, st.just("pairs"), st.lists(PLACED, min_size=1, max_size=3), st.integers(1, 3), BOOSTS),
    st.builds(query.Sequence, st.lists(PLACED_TERMS, min_size=2, max_size=3), st.integers(1, 3), FLAGS, BOOSTS),
    st.builds(query.Ordered, st.lists(PLACED_TERMS, min_size=2, max_size=3)),
)
SPANS = st.one_of(
    st.builds(spans.SpanFirst, PLACED_TERMS, st.integers(0, 4)),
    st.builds(spans.SpanNear, PLACED_TERMS, PLACED_TERMS, st.integers(1, 3), FLAGS),
    st.builds(spans.SpanOr, st.lists(PLACED_TERMS, min_size=2, max_size=3)),
    st.builds(spans.SpanNot, PLACED_TERMS, PLACED_TERMS),
    st.builds(spans.SpanBefore, PLACED_TERMS, PLACED_TERMS),
    st.builds(spans.SpanContains, PLACED_TERMS, PLACED_TERMS),
    st.builds(spans.SpanCondition, PLACED_TERMS, TERMS),
)


def nested(children):
    """Make queries of queries."""
    several = st.lists(children, min_size=1, max_size=4)
    return st.one_of(
        st.builds(query.And, several, boost=BOOSTS),
        st.builds(lambda wanted, other: query.And([*wanted, query.Not(other)]), several, children),
        st.builds(query.Or, several, boost=BOOSTS),
        st.builds(query.Not, children),
        st.builds(query.DisjunctionMax, several, boost=BOOSTS),
        st.builds(query.AndNot, children, children),
        st.builds(query.AndMaybe, children, children),
        st.builds(query.Require, children, children),
        st.builds(query.Otherwise, children, children),
        st.builds(query.ConstantScoreQuery, children, st.sampled_from([1.0, 2.0])),
    )


SHALLOW = nested(SIMPLE)
SEVERAL = st.lists(st.one_of(SIMPLE, SPANS, SHALLOW, nested(st.one_of(SIMPLE, SHALLOW))), min_size=25, max_size=25)
WEIGHTINGS = st.sampled_from([scoring.Frequency(), scoring.TF_IDF(), scoring.BM25F(), scoring.DFree(), scoring.PL2()])
BEST = st.integers(1, 5)

Ranked = list[tuple[int, float]]
"""Documents with their scores, as they are listed."""


def ranked(searcher, asked, limit: int | None) -> tuple[Ranked, int]:
    """Return the hits, and how many there are without a limit."""
    results = searcher.search(asked, limit=limit)
    return [(hit.docnum, hit.score) for hit in results], len(results)


def same(found: Ranked, expected: Ranked) -> bool:
    return [number for number, _ in found] == [number for number, _ in expected] and all(
        math.isclose(one, other) for (_, one), (_, other) in zip(found, expected, strict=True)
    )


def check(judge, searcher, asked, limit: int) -> None:
    """Ask both for all hits and for the best ones."""
    try:
        expected, total = ranked(judge, asked, None)
        judged, judged_total = ranked(judge, asked, limit)
        documents = set(judge.docs_for_query(asked))
    except (NotImplementedError, IndexError):
        event("stock Whoosh fails")  # `SpanNot`, which asks cursors that have run out
        return
    found, found_total = ranked(searcher, asked, None)
    assert found_total == total
    assert same(found, expected), (found, expected)
    assert set(searcher.docs_for_query(asked)) == documents
    best, best_total = ranked(searcher, asked, limit)
    if same(judged, expected[:limit]):
        assert same(best, expected[:limit]), (best, expected)
        assert best_total == judged_total
    else:
        event("stock Whoosh does not put the best first")


def delete(index, numbers: list[int]) -> None:
    writer = index.writer()
    for number in numbers:
        writer.delete_document(number)
    writer.commit(merge=False)


@given(
    passages=COLLECTIONS, several=SEVERAL, weighting=WEIGHTINGS, limit=BEST, chance=st.randoms(use_true_random=False)
)
@settings(max_examples=40, deadline=None)
def test_queries_find_the_same_with_the_same_scores_also_after_deletions(
    tmp_path_factory, passages, several, weighting, limit, chance
):
    arrays, expected = ours(tmp_path_factory.mktemp("arrays"), passages), stock(passages)
    deleted = chance.sample(range(len(passages)), chance.randint(1, len(passages)))
    nothing: list[int] = []
    for numbers in (nothing, deleted):
        for index in (arrays, expected):
            delete(index, numbers)
        with expected.searcher(weighting=weighting) as judge, arrays.searcher(weighting=weighting) as searcher:
            assert searcher.doc_count() == judge.doc_count() == len(passages) - len(numbers)
            assert searcher.doc_count_all() == judge.doc_count_all() == len(passages)
            for asked in several:
                check(judge, searcher, asked, limit)


@pytest.fixture(scope="module", params=["none deleted", "some deleted"])
def large(request, tmp_path_factory):
    """Lists of several blocks: Whoosh writes 128 postings a block, and leaves out those that cannot reach the best."""
    chance = random.Random(3)
    weights = [1 / number for number in range(1, len(WORDS) + 1)]
    passages = [
        (
            chance.choices(WORDS, weights, k=chance.randint(0, 12)),
            squeeze("".join(chance.choices(LETTERS, k=chance.randint(1, 25)))),
        )
        for _ in range(600)
    ]
    arrays, expected = ours(tmp_path_factory.mktemp("large"), passages), stock(passages)
    deleted = chance.sample(range(600), 150) if request.param == "some deleted" else []
    for index in (arrays, expected):
        delete(index, deleted)
    return expected, arrays


@given(several=SEVERAL, weighting=WEIGHTINGS, limit=st.integers(1, 30))
@settings(max_examples=6, deadline=None)
def test_queries_find_the_same_where_lists_are_long(large, several, weighting, limit):
    expected, arrays = large
    with expected.searcher(weighting=weighting) as judge, arrays.searcher(weighting=weighting) as searcher:
        for asked in several:
            check(judge, searcher, asked, limit)


@given(passages=COLLECTIONS, several=SEVERAL)
@settings(max_examples=10, deadline=None)
def test_hits_and_totals_are_those_of_a_field_that_has_lengths(tmp_path_factory, passages, several):
    arrays = ours(tmp_path_factory.mktemp("arrays"), passages)
    with stock(passages, scorable=True).searcher() as judge, arrays.searcher() as searcher:
        for asked in several:
            if not isinstance(asked, spans.SpanNot):
                assert set(searcher.docs_for_query(asked)) == set(judge.docs_for_query(asked))
                assert len(searcher.search(asked, limit=None)) == len(judge.search(asked, limit=None))


@given(passages=COLLECTIONS)
@settings(max_examples=40, deadline=None)
def test_a_reader_tells_the_same(tmp_path_factory, passages):
    with stock(passages).reader() as judge, ours(tmp_path_factory.mktemp("arrays"), passages).reader() as reader:
        assert list(reader.iter_postings()) == list(judge.iter_postings())
        assert list(reader.all_terms()) == list(judge.all_terms())
        assert told(iter(reader)) == told(iter(judge))
        assert set(reader.indexed_field_names()) == set(judge.indexed_field_names()) == set(FIELDS)
        for field, beginning in product(
            FIELDS, ["", "党", "党建", "a", "ab", "中国特色", "中国特色社会", "二", "\U0003ffff"]
        ):
            for ask in ("terms_from", "expand_prefix"):
                assert list(getattr(reader, ask)(field, beginning)) == list(getattr(judge, ask)(field, beginning))
            for ask in ("iter_from", "iter_field", "iter_prefix"):
                assert told(getattr(reader, ask)(field, beginning)) == told(getattr(judge, ask)(field, beginning))
            for ask in ("most_frequent_terms", "most_distinctive_terms"):
                expected = getattr(judge, ask)(field, 3, beginning)
                assert getattr(reader, ask)(field, 3, beginning) == expected
        for field in FIELDS:
            assert list(reader.lexicon(field)) == list(judge.lexicon(field))
            assert list(reader.field_terms(field)) == list(judge.field_terms(field))
            for term in [*KNOWN[field], "", "党" * 9]:
                assert ((field, term) in reader) == ((field, term) in judge)
                assert reader.frequency(field, term) == judge.frequency(field, term)
                assert reader.doc_frequency(field, term) == judge.doc_frequency(field, term)
                for ask in ("term_info", "postings", "first_id"):
                    answers = [answer(which, ask, field, term) for which in (reader, judge)]
                    assert answers[0] == answers[1]


def told(items) -> list[tuple[Any, ...]]:
    """Return terms with what is known of them."""
    return [(term, *known(info)) for term, info in items]


def known(info) -> tuple[float, ...]:
    return info.weight(), info.doc_frequency(), info.max_weight(), info.min_id(), info.max_id()


def answer(reader, ask: str, field: str, term: str) -> object:
    """Ask for a term that may not be there."""
    try:
        found = getattr(reader, ask)(field, term)
    except TermNotFound:
        return "not there"
    return known(found) if ask == "term_info" else list(found.all_ids()) if ask == "postings" else found


MOVES = st.lists(
    st.one_of(
        st.just(("next", None)),
        st.tuples(st.just("skip_to"), st.integers(0, 610)),
        st.tuples(st.just("skip_to_quality"), st.floats(0, 6)),
        st.just(("copy", None)),
        st.just(("reset", None)),
    ),
    max_size=25,
)


@given(moves=MOVES, field=st.sampled_from(FIELDS), chance=st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_cursor_moves_as_whooshs_own(large, moves, field, chance):
    judges, arrays = (index.searcher(weighting=scoring.TF_IDF()) for index in large)
    term = chance.choice(list(judges.reader().lexicon(field)))
    for ask in ("all_ids", "all_items"):
        assert [*getattr(arrays.postings(field, term), ask)()] == [*getattr(judges.postings(field, term), ask)()]
    judge, cursor = judges.postings(field, term), arrays.postings(field, term)
    for move, target in moves:
        assert state(cursor) == state(judge)
        if move == "copy":
            left, cursor = cursor, cursor.copy()
            if cursor.is_active():
                left.next()  # a copy stays where it is
        elif move == "reset":
            cursor.reset()
            judge.reset()
        elif not judge.is_active():
            continue
        elif move == "next":
            cursor.next()
            judge.next()
        elif move == "skip_to":
            cursor.skip_to(target)
            judge.skip_to(target)
        else:
            left = cursor.copy()
            cursor.skip_to_quality(target)
            while left.is_active() and (not cursor.is_active() or left.id() < cursor.id()):
                assert left.score() <= target
                left.next()
            judge.skip_to(cursor.id() if cursor.is_active() else 610)
    assert state(cursor) == state(judge)


def state(cursor) -> tuple[Any, ...] | None:
    """Tell where a cursor stands, and what stands there."""
    if not cursor.is_active():
        return None
    kinds = [kind for kind in ("frequency", "weight", "positions") if cursor.supports(kind)]
    assert cursor.score() <= cursor.block_quality() <= cursor.max_quality()
    return cursor.id(), cursor.weight(), cursor.score(), *(cursor.value_as(kind) for kind in kinds)
