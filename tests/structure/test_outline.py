"""Whatever the text: sections are sorted, nested or disjoint, inside the text, and found in time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Mark, Section
from kb.structure import find_boilerplate, find_sections, heading_path

PIECES = [
    *(
        "一、选线\n",
        "二、备料\n",
        "（一）石头\n",
        "（二）木头。要直。\n",
        "1.沙子\n",
        "2、水泥\n",
        "（1）细沙\n",
        "①粗沙\n",
        "第一部分 水\n",
    ),
    *(
        "一是看。",
        "二是听。",
        "三是想。",
        "一要学；",
        "二要干；",
        "第一，早。",
        "第二，晚。",
        "第三，睡。",
        "首先，醒。",
        "其次，起。",
        "最后，走。",
    ),
    *(
        "其一，甲。",
        "其二，乙。",
        "第一个问题是远；",
        "第二个问题是高；",
        "“一是假。",
        "”",
        "\n",
        "\n　　",
        "修渠要紧。",
        "修" * 90,
        "注释\n",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200)
MARKS = st.lists(st.builds(Mark, st.integers(-5, 300), st.integers(-5, 300), st.integers(1, 4)), max_size=8)


@given(TEXTS, MARKS)
def test_sections_are_sorted_and_nested_or_disjoint(text, marks):
    sections = find_sections(text, marks, find_boilerplate(text), "选线")
    open_sections: list[Section] = []
    for before, section in zip((None, *sections), sections, strict=False):
        assert before is None or before.start < section.start
        assert 0 <= section.start < section.end <= len(text)
        assert section.title
        assert "\n" not in section.title
        while open_sections and open_sections[-1].end <= section.start:
            open_sections.pop()
        assert all(section.end <= outer.end for outer in open_sections)
        assert section.level == len(open_sections) + 1
        open_sections.append(section)


@given(TEXTS, st.data())
def test_a_heading_path_names_every_section_that_holds_the_offset(text, data):
    sections = find_sections(text)
    offset = data.draw(st.integers(0, len(text)))
    assert heading_path(sections, offset) == tuple(
        section.title for section in sections if section.start <= offset < section.end
    )


def test_a_heading_path_runs_from_the_outside_in():
    text = "一、目的\n开头。\n一是学。二是干。"
    sections = find_sections(text)
    assert heading_path(sections, text.index("二是")) == ("一、目的", "二是干")
    assert heading_path(sections, text.index("开头")) == ("一、目的",)
    assert heading_path((), 0) == ()


def test_a_text_without_structure_has_no_sections():
    assert find_sections("") == ()
    assert find_sections("修渠要紧。\n大家出力。") == ()


@pytest.mark.parametrize(
    "text",
    [
        "一、\n" * 100_000,
        "一、选\n" * 100_000,
        "（" * 100_000,
        "一是" * 500_000,
        "，一是" * 100_000,
        "。一是。二是" * 50_000,
        "一是，第一，" * 50_000,
        "“" * 1_000_000,
        " " * 1_000_000 + "x",
        "一是看。\n二是听。\n" * 20_000,
        "修渠是全村的大事，一是要快，二是要好。" * 50_000,
    ],
    ids=lambda text: f"{text[:8]!r} x {len(text)}",
)
def test_hostile_texts_take_linear_time(text):
    began = time.process_time()
    find_sections(text, boilerplate=find_boilerplate(text))
    assert time.process_time() - began < 10  # measured: under 2 s
