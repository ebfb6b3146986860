"""What `canonical` removes, what it keeps, and that marks go on pointing at the same characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Mark, Reading
from kb.readers.canonical import canonical, canonical_text

MIXED = st.text(alphabet=st.sampled_from("党课讲话ab 　\t\n\r\v\u200b\ufeff\u00ad\0\x07\u2028\ud800\u2060"))


@pytest.mark.parametrize(
    "invisible", ["\ufeff", "\u200b", "\u200f", "\u202a", "\u2060", "\u00ad", "\0", "\x1f", "\x7f"]
)
def test_invisible_characters_inside_a_word_go(invisible):
    assert canonical_text(f"党{invisible}课") == "党课"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_line_end_becomes_a_newline(line_end):
    assert canonical_text(f"一{line_end}二") == "一\n二"


def test_what_an_author_sees_stays():
    text = "　　同志们：\n\n\n  ＡＢＣ１２３\t①　“引号”…—— 😀 末尾  \n"
    assert canonical_text(text) == text


def test_a_lone_surrogate_becomes_the_replacement_character():
    assert canonical_text("坏\ud83d字") == "坏\ufffd字"


def test_fields_become_one_line_or_none():
    reading = canonical(Reading("a.txt", "文", title=" 第一行\r\n第二行\u200b ", speaker="\ufeff"))
    assert (reading.title, reading.speaker) == ("第一行 第二行", None)


@given(st.text())
def test_doing_it_twice_changes_nothing(text):
    assert canonical_text(canonical_text(text)) == canonical_text(text)


@given(MIXED, st.data())
def test_marks_and_pages_move_with_their_characters(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    # A range that cuts a CRLF in two has no characters of its own to point at.
    before, inside = (canonical_text(part.replace("\r", "\n")) for part in (text[:start], text[start:end]))
    text = text.replace("\r", "\n")
    reading = canonical(Reading("a", text, marks=(Mark(start, end, 1),), pages=(start,)))
    assert reading.pages == (len(before),)
    assert [reading.text[mark.start : mark.end] for mark in reading.marks] == ([inside] if inside else [])
