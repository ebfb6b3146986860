"""What the codec packs comes out as it went in: lists as gaps of every width, terms of every length; and what is remembered."""

from __future__ import annotations

import io
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.engines.whoosh.arrays import read_arrays, write_arrays
from kb.engines.whoosh.dictionary import decoded, encoded, words
from kb.engines.whoosh.gaps import from_arrays, joined, pack
from kb.engines.whoosh.memory import Memory

NUMBER = st.one_of(st.integers(0, 300), st.integers(0, 70_000), st.integers(0, 1 << 25), st.integers(0, (1 << 32) - 1))
LISTS = st.lists(st.lists(NUMBER, min_size=1, max_size=40).map(sorted), max_size=12)
WORDS = st.lists(st.text(st.sampled_from("党建工作ab𠮷\ud800"), min_size=1, max_size=7), unique=True, max_size=40).map(
    sorted
)


def packed(lists: list[list[int]]):
    borders = np.cumsum([0, *map(len, lists)])
    return pack(np.array([number for numbers in lists for number in numbers], np.uint32), borders)


def filed(arrays):
    """Write arrays to a file and read it."""
    file = io.BytesIO()
    write_arrays(file, arrays)
    return read_arrays(file.getvalue())


@given(LISTS)
def test_every_list_comes_out_as_it_went_in(lists):
    read = from_arrays(filed(packed(lists).to_arrays()))
    assert [read.numbers(at).tolist() for at in range(len(lists))] == lists


@given(LISTS, LISTS)
def test_lists_that_are_packed_apart_are_the_same_behind_one_another(first, second):
    whole = joined([packed(first), packed(second)])
    assert [whole.numbers(at).tolist() for at in range(len(first) + len(second))] == first + second


@pytest.mark.parametrize("widest", [254, 255, 256, 255 * 63, 255 * 64, 65_534, 65_535, 1 << 24, (1 << 24) - 1, 1 << 31])
def test_one_wide_gap_among_narrow_ones_is_kept(widest):
    numbers = [*range(300), 299 + widest, 300 + widest]
    assert packed([numbers, [7]]).numbers(0).tolist() == numbers


def test_a_wide_gap_costs_an_item_and_not_the_width_of_its_list():
    narrow, wide = packed([[*range(300)]]), packed([[*range(300), 700]])
    assert sum(map(len, wide.items)) == sum(map(len, narrow.items)) + 2


@given(WORDS, st.text(st.sampled_from("党建工作ab𠮷"), min_size=1, max_size=8))
def test_every_word_is_found_by_its_number_and_no_other_is(terms, other):
    known = words(map(encoded, sorted(terms, key=encoded)))
    ordered = [decoded(term) for term in known]
    assert ordered == sorted(terms, key=encoded)
    assert [known.find(encoded(term)) for term in ordered] == [*range(len(terms))]
    assert (known.find(encoded(other)) >= 0) == (other in terms)
    assert [ordered[number] for number in known.starting_with(encoded(other))] == [
        term for term in ordered if term.startswith(other)
    ]


def test_what_was_used_longest_ago_is_forgotten_when_there_is_no_room():
    made: list[str] = []
    memory = Memory[str](10, len)

    def make(key: str) -> str:
        made.append(key)
        return key * 4

    for key in "abacab":
        assert memory.get(key, partial(make, key)) == key * 4
    assert made == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_memory_is_made_but_not_kept():
    memory = Memory[str](3, len)
    assert memory.get("x", lambda: "xxxx") == "xxxx"
    assert memory.get("x", lambda: "anew") == "anew"
