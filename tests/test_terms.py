from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadSettings, NoIndex
from kb.fold import fold
from kb.terms import MOST_BYTES, MOST_LINES, SHIPPED_TERMS, Terms, keep, kept, parse_terms, read_terms, shipped_terms

WORD = st.text(st.sampled_from("党支部建设甲乙丙丁戊己黨Ａb1"), min_size=1, max_size=5)


def problems(text: str) -> list[tuple[int, str]]:
    return parse_terms(text.encode())[1]


@pytest.fixture
def write(tmp_path):
    def written(content: str | bytes):
        path = tmp_path / "词表.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def test_a_line_is_a_word_or_synonyms_and_may_carry_a_comment(write):
    path = write("\ufeff# 本单位的提法\r\n\r\n走讀地圖  # 2024\r\n党支部 = 支部＝基层支部 # 同一件事\r\nKPI\r\n")
    assert read_terms(path) == Terms(
        ("走读地图", "kpi", "党支部", "支部", "基层支部"), (("党支部", "支部", "基层支部"),)
    )


def test_no_file_is_no_terms():
    assert read_terms(None) == Terms()


def test_characters_that_nobody_sees_are_not_part_of_a_word():
    assert parse_terms("党\u200b建\n".encode())[0].words == ("党建",)


@pytest.mark.parametrize("term", ["C++", "R&D", "5.0", "互联网+", "X-光", "㛃"])
def test_a_word_may_hold_what_stands_in_names(term):
    assert problems(term) == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("甲=", "等号的一边是空的"),
        ("=甲", "等号的一边是空的"),
        ("=", "等号的一边是空的"),
        ("甲==乙", "等号的一边是空的"),
        ("党建 100 n", "“党建 100 n”中有空格"),
        ("党　建=乙", "“党 建”中有空格"),
        ("。。。", "没有字"),
        ("甲=……", "没有字"),
        ("甲，乙", "标点或符号“,”"),
        ("“四风”", "标点或符号"),
        ("甲_乙", "标点或符号“_”"),
        ("甲=甲", "出现了两次"),
        ("黨建=党建", "出现了两次"),
        ("党" * 31, "有 31 个字，一个词最多 30 个字"),
        ("=".join(map(chr, range(0x4E00, 0x4E11))), "同义词有 17 个，一行最多 16 个"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_number_and_the_reason(line, sentence):
    ((number, problem),) = problems(f"# 说明\n初心\n{line}\n使命\n")
    assert number == 3
    assert sentence in problem


def test_a_word_belongs_to_one_line_of_synonyms():
    assert problems("甲=乙\n丙=乙\n") == [(2, "“乙”已在第 1 行的同义词里，一个词只能在一行，请把两行合并")]
    assert problems("甲\n甲=乙\n乙\n甲\n") == []


def test_all_problems_are_told_at_once_but_not_endlessly(write):
    with pytest.raises(BadSettings, match=r"词表\.txt 有误：第 1 行：.*；第 2 行：.*；另有 30 处。$"):
        read_terms(write("甲 乙\n" * 50))


@pytest.mark.parametrize("content", ["初心\n党建".encode("gb18030"), "初心\n党建".encode("utf-16")])
def test_a_file_in_another_encoding_is_refused_with_the_cure(write, content):
    with pytest.raises(BadSettings, match=r"第 1 行：不是 UTF-8 文字.*另存为 UTF-8"):
        read_terms(write(content))


def test_the_line_that_is_not_utf_8_is_named(write):
    with pytest.raises(BadSettings, match="第 3 行：不是 UTF-8"):
        read_terms(write("初心\n使命\n".encode() + b"\xff\n"))


def test_what_is_too_large_for_a_terms_file_is_refused(write):
    assert problems("甲\n" * MOST_LINES) == []
    with pytest.raises(BadSettings, match="100,001 行，最多 100,000 行"):
        read_terms(write("甲\n" * (MOST_LINES + 1)))
    with pytest.raises(BadSettings, match="超过 4 MB"):
        read_terms(write(b"a" * (MOST_BYTES + 1)))


def test_a_file_that_cannot_be_read_is_refused_with_the_setting(tmp_path):
    for path in (tmp_path / "nothing.txt", tmp_path):
        with pytest.raises(BadSettings, match="KB_TERMS"):
            read_terms(path)


def test_a_line_of_the_user_takes_the_place_of_what_the_program_says_about_the_same_word():
    shipped = Terms(("初心", "甲", "乙", "丙", "丁"), (("甲", "乙"), ("丙", "丁")))
    own = Terms(("戊", "甲", "己"), (("甲", "己"),))
    assert shipped.with_own(own) == Terms(("初心", "乙", "戊", "丙", "丁", "甲", "己"), (("丙", "丁"), ("甲", "己")))
    assert shipped.with_own(Terms()) == shipped


@given(lines=st.lists(st.lists(WORD, min_size=1, max_size=3).map("=".join), max_size=8))
def test_terms_are_written_as_they_are_read(lines):
    terms, _ = parse_terms("\n".join(lines).encode())
    assert parse_terms(terms.to_text().encode()) == (terms, [])
    assert all(fold(word) == word for word in terms.words)
    assert {word for group in terms.groups for word in group} <= set(terms.words)


@given(
    content=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
)
def test_any_file_is_terms_or_a_list_of_problems_each_with_a_sentence(content):
    terms, found = parse_terms(content)
    assert all(problem and line >= 0 for line, problem in found)
    assert parse_terms(terms.to_text().encode()) == (terms, [])


def test_a_generation_keeps_the_terms_that_it_was_built_with(tmp_path):
    terms = Terms(("初心", "甲", "乙"), (("甲", "乙"),))
    keep(terms, tmp_path)
    assert kept(tmp_path) == terms


def test_terms_that_are_missing_from_a_generation_make_it_incomplete(tmp_path):
    with pytest.raises(NoIndex, match="kb rebuild"):
        kept(tmp_path)


def test_the_programs_own_terms_are_valid_and_no_abbreviation_stands_twice():
    terms = shipped_terms()
    assert len(terms.groups) >= 30
    lines = [line for line in SHIPPED_TERMS.read_text(encoding="utf-8").splitlines() if "=" in line and line[0] != "#"]
    assert len(lines) == len(terms.groups)
