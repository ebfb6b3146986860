from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Boilerplate, Section
from kb.fold import fold, squeeze
from kb.structure.passages import LONGEST, LONGEST_SENTENCE, OVERLAP, cut_passages

SENTENCE = st.text("党建工作培训，；：“”1a 　", min_size=1, max_size=120)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=12).map(lambda sentences: "。".join(sentences) + "。")
TEXT = st.lists(PARAGRAPH, max_size=6).map("\n".join)


def texts_of(text: str, **known: object) -> list[str]:
    return [text[passage.start : passage.end] for passage in cut_passages("d", text, **known)]  # type: ignore[arg-type]


@given(TEXT)
def test_passages_cover_everything_that_counts_and_do_not_overlap(text):
    passages = cut_passages("d", text)
    covered = {place for passage in passages for place in range(passage.start, passage.end)}
    assert {place for place, character in enumerate(text) if character.isalnum()} <= covered
    assert all(before.end <= after.start for before, after in pairwise(passages))
    assert [passage.number for passage in passages] == list(range(1, len(passages) + 1))


@given(TEXT)
def test_a_passage_lies_in_one_paragraph_and_ends_with_a_sentence(text):
    for passage in texts_of(text):
        assert "\n" not in passage
        assert passage == passage.strip()
        assert len(passage) <= LONGEST or passage.count("。") <= 1


@given(TEXT)
def test_every_sentence_stands_whole_in_a_passage(text):
    squeezed = [squeeze(fold(passage)) for passage in texts_of(text)]
    for sentence in map(squeeze, map(fold, re.findall(r"[^。\n]+", text))):
        assert not sentence or any(sentence in passage for passage in squeezed)


def test_a_long_paragraph_is_cut_at_its_points():
    first, second = "一是" + "学" * 150 + "。", "二是" + "干" * 300 + "。"
    text = first + second
    points = [Section("point", 1, "一是", 0, len(first)), Section("point", 1, "二是", len(first), len(text))]
    assert texts_of(text, sections=points) == [first, second]


def test_a_short_paragraph_stays_whole_though_it_has_points():
    text = "一是学。二是干。"
    assert texts_of(text, sections=[Section("point", 1, "一是学", 0, 4), Section("point", 1, "二是干", 4, 8)]) == [text]


def test_an_endless_sentence_is_cut_with_an_overlap_so_that_no_query_falls_between():
    text = "".join(chr(0x4E00 + number) for number in range(LONGEST_SENTENCE * 3))
    passages = texts_of(text)
    assert len(passages) > 1
    longest_query = OVERLAP // 2
    for start in range(len(text) - longest_query):
        assert any(text[start : start + longest_query] in passage for passage in passages)


def test_adverts_are_no_passages():
    text = "加入会员群\n正文在此。"
    assert texts_of(text, boilerplate=[Boilerplate(0, 5, "cue")]) == ["正文在此。"]


def test_a_line_of_mere_punctuation_is_no_passage():
    assert texts_of("正文。\n——————\n……") == ["正文。"]


def test_a_passage_knows_its_headings_and_its_page():
    text = "一、学习\n要学。\n二、工作\n要干。"
    sections = [Section("heading", 1, "一、学习", 0, 9), Section("heading", 1, "二、工作", 9, len(text))]
    passages = cut_passages("d", text, sections, pages=(0, 9))
    assert [passage.headings for passage in passages] == [("一、学习",), ("一、学习",), ("二、工作",), ("二、工作",)]
    assert [passage.page_number for passage in passages] == [1, 1, 2, 2]


def test_an_id_depends_on_the_text_alone_and_equal_passages_are_told_apart():
    before = cut_passages("d", "甲。\n乙。\n乙。")
    after = cut_passages("d", "新加的一段。\n甲。\n乙。\n乙。")
    assert [passage.id for passage in before] == [passage.id for passage in after][1:]
    assert len({passage.id for passage in after}) == 4
