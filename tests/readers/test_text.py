"""Plain text comes out as it was written, whatever its encoding."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Reading
from kb.errors import UnreadableFile
from kb.readers import SUFFIXES, read
from kb.readers.text import decode

SIMPLIFIED = "同志们，今天我们一起学习讨论，把这次会议的精神落实到每一项工作中去。"
TRADITIONAL = "各位同事，今天我們一起學習討論，把這次會議的精神落實到每一項工作中去。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("length", [9, 20, 35, 3500])
def test_simplified_text_is_read_in_any_encoding(encoding, length):
    text = (SIMPLIFIED * 100)[:length]
    assert decode(text.encode(encoding)).removeprefix("\ufeff") == text


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "gb18030", "utf-8", "utf-16-le"])
@pytest.mark.parametrize("length", [9, 20, 35, 3500])
def test_traditional_text_is_read_in_any_encoding(encoding, length):
    text = (TRADITIONAL * 100)[:length]
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_disappears(mark, encoding):
    assert decode(mark + "abc 党课".encode(encoding)) == "abc 党课"


@given(
    st.lists(
        st.sampled_from(["要把学习当作责任，", "工作要实。", "我们的会议，", "２０２１年", "1. ", "\r\n"]), min_size=2
    ),
    st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_sentences_come_back_from_any_encoding(sentences, encoding):
    text = SIMPLIFIED[:10] + "".join(sentences)
    assert decode(text.encode(encoding)) == text


def test_one_bad_byte_does_not_change_the_encoding():
    data = bytearray(SIMPLIFIED.encode() * 3)
    data[30] = 0xFF
    assert decode(bytes(data)).count("\ufffd") <= 3
    assert "落实到每一项工作中去" in decode(bytes(data))


def test_a_text_cut_inside_a_character_stays_utf_8():
    assert decode(SIMPLIFIED.encode()[:-1]).startswith(SIMPLIFIED[:-2])


def test_the_encoding_shows_even_after_much_plain_ascii():
    text = "x" * 100_001 + SIMPLIFIED
    assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    "data",
    [b"\x7fELF\x02\x01\x01" + b"\0" * 500, bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + bytes(range(64)) * 9],
    ids=["program", "every byte", "picture"],
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(UnreadableFile, match="不是文本文件"):
        decode(data)


@pytest.mark.parametrize("name", ["讲话.txt", "讲话", "讲话.TXT", "讲话.docx"])
def test_a_text_file_is_read_under_any_name(tmp_path, name):
    path = tmp_path / name
    path.write_bytes("　　同志们：\r\n今天讲三点。".encode("gb18030"))
    assert list(read(path, f"文件夹/{name}")) == [Reading(f"文件夹/{name}", "　　同志们：\n今天讲三点。")]


def test_clean_text_comes_back_unchanged(tmp_path):
    text = "  标题\n\n　　正文，缩进和空行都在。\n\n\n完\n"
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    assert list(read(path, "a.txt")) == [Reading("a.txt", text)]


def test_the_suffixes_of_documents_are_known():
    assert {".txt", ".md", ".html", ".docx", ".jsonl", ".jsonl.xz"} < SUFFIXES
