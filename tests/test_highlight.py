from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kb.fold import fold, squeeze
from kb.highlight import find_spans, merge, render
from kb.literal import Literal, literal, pattern

TEXT = st.text(st.sampled_from("党建工作的載体二十大20年第三１2、，。“” \n"), max_size=40)
SOUGHT = st.text(st.sampled_from("党建工作的载体二十大20年第三１"), min_size=1, max_size=4)


def found(*texts: str) -> list[Literal]:
    return [sought for text in texts if (sought := literal(text))]


@given(TEXT, st.lists(SOUGHT, min_size=1, max_size=3))
def test_highlights_are_sorted_disjoint_and_inside_the_text(text, soughts):
    spans = find_spans(text, found(*soughts))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@given(TEXT, SOUGHT)
def test_highlights_cover_every_occurrence_and_nothing_else(text, sought):
    (wanted,) = found(sought)
    spans = find_spans(text, [wanted])
    highlighted = {place for start, end in spans for place in range(start, end)}
    assert bool(spans) == bool(pattern(wanted).search(squeeze(fold(text))))
    for start, end in spans:
        assert text[start].isalnum() or fold(text[start]).isalnum()
        assert fold(text[end - 1]).isalnum()
        assert pattern(wanted).search(squeeze(fold(text[max(0, start - 1) : end])))
    rest = "".join(" " if place in highlighted else character for place, character in enumerate(text))
    plain = sought in text
    assert not plain or all(sought not in piece for piece in rest.split())


def test_a_highlight_covers_the_original_characters():
    text = "深入學習黨的二十大 精神，共同學習"
    assert [text[start:end] for start, end in find_spans(text, found("20大精神", "学习"))] == [
        "學習",
        "二十大 精神",
        "學習",
    ]


def test_a_highlight_begins_and_ends_with_what_was_sought():
    text = "见第1版，第30--31版。"
    assert [text[start:end] for start, end in find_spans(text, found("30--31"))] == ["30--31"]
    assert find_spans("二、三年", found("三年")) == [(2, 4)]


def test_touching_spans_become_one():
    assert merge([(3, 5), (0, 2), (2, 3), (7, 8), (4, 5)]) == [(0, 5), (7, 8)]


def test_rendering_escapes_everything_but_its_own_marks():
    text = '<script>alert("党&建")</script>'
    assert render(text, find_spans(text, found("党建"))) == (
        "&lt;script&gt;alert(&quot;<mark>党&amp;建</mark>&quot;)&lt;/script&gt;"
    )


def test_a_mark_can_be_named():
    assert render("甲乙", [(0, 1), (1, 2)], ["h1", ""]) == '<mark id="h1">甲</mark><mark>乙</mark>'
