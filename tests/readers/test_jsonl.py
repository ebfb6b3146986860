"""Each line of a .jsonl file is a document of its own; a bad line costs nothing but itself."""

import json
import lzma
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Failure, Reading
from kb.errors import UnreadableFile
from kb.readers import jsonl, read

RECORD: dict[str, Any] = {
    "id": "r-1",
    "title": "在培训班上的讲话",
    "text": "　　同志们：\n\n今天讲三点。",
    "date": "2021-03-05",
    "speaker": "张三",
    "org": "某单位",
    "genre": "讲话",
    "source": "某报",
    "other": [1, 2],
}


@pytest.fixture
def items(tmp_path):
    def make(*lines, name="a.jsonl"):
        data = b"\n".join(
            line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines
        )
        path = tmp_path / name
        path.write_bytes(lzma.compress(data) if name.endswith(".xz") else data)
        return list(read(path, name))

    return make


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.xz", "packed.xz"])
def test_a_record_keeps_its_fields_and_its_text(items, name):
    assert items(RECORD, name=name) == [
        Reading(
            f"{name}#r-1",
            RECORD["text"],
            record_id="r-1",
            title="在培训班上的讲话",
            speaker="张三",
            org="某单位",
            date="2021-03-05",
            genre="讲话",
            source="某报",
        )
    ]


def test_a_record_without_id_is_named_by_its_line(items):
    assert [item.path for item in items({"text": "一"}, b"", {"text": "二", "id": " "})] == [
        "a.jsonl#第1行",
        "a.jsonl#第3行",
    ]


def test_numbers_are_taken_as_written(items):
    (item,) = items(b'{"id": 007.50, "text": "x"}'.replace(b"007.50", b"7.50"), {"id": 8, "text": "y", "date": 2021})[
        1:
    ]
    assert (item.path, item.record_id, item.date) == ("a.jsonl#8", "8", "2021")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "x", "text": "', "不是完整的 JSON"),
        (b"[1, 2]", "不是 JSON 对象"),
        (b'{"id": "x"}', "没有 text 字段"),
        (b'{"text": 5.0e3}', None),
        (b'{"text": ["a"]}', "不是文字"),
        (b'{"text": " \\n "}', "没有文字"),
        (b'{"text": "\\u200b\\ufeff"}', "没有文字"),
        (b'{"text": ' + b"[" * 100_000, "嵌套太深"),
        (b"\x00\x01\x02\x03" * 50, "不是文本文件"),
    ],
)
def test_a_bad_record_is_named_and_the_file_goes_on(items, line, reason):
    before, item, after = items(RECORD, line, RECORD)
    assert (before.record_id, after.record_id) == ("r-1", "r-1")
    if reason is not None:
        assert isinstance(item, Failure)
        assert item.path == "a.jsonl#第2行"
        assert reason in item.reason


def test_a_line_that_is_too_long_is_named_and_the_file_goes_on(items, monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE", 100)
    long = {"text": "长" * 500}
    one, two, three, four = items({"text": "短"}, long, {"text": "短"}, long)
    assert (one.path, three.path) == ("a.jsonl#第1行", "a.jsonl#第3行")
    assert ("超过" in two.reason, four.path) == (True, "a.jsonl#第4行")


def test_a_lone_surrogate_does_not_stop_the_file(items):
    assert items(b'{"text": "\\ud83d\\u515a"}')[0].text == "\ufffd党"


def test_streams_of_xz_may_follow_each_other(tmp_path):
    path = tmp_path / "a.jsonl.xz"
    first, second = (json.dumps({"text": text}).encode() for text in ("一", "二"))
    path.write_bytes(lzma.compress(first + b"\n") + b"\0" * 8 + lzma.compress(second))
    assert [item.text for item in read(path, "a.jsonl.xz") if isinstance(item, Reading)] == ["一", "二"]


def test_a_torn_xz_file_gives_what_it_has_and_says_so(tmp_path):
    path = tmp_path / "a.jsonl.xz"
    lines = "\n".join(json.dumps({"text": f"第{n}条{n**3}"}) for n in range(20_000))
    path.write_bytes(lzma.compress(lines.encode())[:-1000])
    found = read(path, "a.jsonl.xz")
    assert next(found) == Reading("a.jsonl.xz#第1行", "第0条0")
    with pytest.raises(UnreadableFile, match="不完整"):
        list(found)


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_a_file_without_records_has_no_text(tmp_path, content):
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="没有文字"):
        list(read(path, "a.jsonl"))


def test_only_records_are_looked_for_in_xz(tmp_path):
    path = tmp_path / "a.xz"
    path.write_bytes(lzma.compress("一篇文章".encode()))
    with pytest.raises(UnreadableFile, match="解压"):
        list(read(path, "a.xz"))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1).filter(str.strip))
def test_clean_text_keeps_every_offset(text):
    record = jsonl._record(json.dumps({"text": text}).encode())
    assert jsonl._text(record) == text
