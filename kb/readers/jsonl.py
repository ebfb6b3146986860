"""A .jsonl or .jsonl.xz file is a library in one file: one JSON object a line, streamed, so it may be larger than memory.

Keys: `text` (needed), `id`, `title`, `date`, `speaker`, `org`, `genre`, `source`; others are left alone. A record is named
`name#id`, without an id `name#第17行`. A record that cannot be used becomes a `Failure`, and the file goes on.

Traps: one line may be as large as the file. An .xz header can ask for gigabytes of memory, and a file can hold several .xz
streams.
"""

from __future__ import annotations

import io
import json
import lzma
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from kb.documents import Failure, Reading
from kb.errors import UnreadableFile
from kb.readers.canonical import one_line
from kb.readers.limits import MAX_LINE, MAX_XZ_MEMORY, MEGABYTE
from kb.readers.reasons import NO_TEXT, TOO_DEEP
from kb.readers.sniff import XZ
from kb.readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _typeshed import WriteableBuffer


def read(path: Path, name: str) -> Iterator[Reading | Failure]:
    """Read record after record; only one is in memory."""
    with _opened(path) as file:
        for number, line in _lines(file):
            try:
                yield _reading(_record(line), name, number)
            except UnreadableFile as error:
                yield Failure(f"{name}#第{number}行", str(error))


def _reading(record: dict[str, object], name: str, number: int) -> Reading:
    record_id = _field(record, "id")
    return Reading(
        path=f"{name}#{record_id or f'第{number}行'}",
        text=_text(record),
        record_id=record_id,
        title=_field(record, "title"),
        speaker=_field(record, "speaker"),
        org=_field(record, "org"),
        date=_field(record, "date"),
        genre=_field(record, "genre"),
        source=_field(record, "source"),
    )


def _record(line: bytes) -> dict[str, object]:
    if len(line) > MAX_LINE:
        raise UnreadableFile("这一行超过 64 MB，请拆成几条记录。")
    try:
        # Numbers stay as written: 20210305 is a date here, and converting a million digits takes minutes.
        record = json.loads(decode(line), parse_int=str, parse_float=str)
    except RecursionError:
        raise UnreadableFile(TOO_DEEP) from None
    except ValueError as error:
        raise UnreadableFile("这一行不是完整的 JSON，请检查引号和括号。") from error
    if not isinstance(record, dict):
        raise UnreadableFile("这一行不是 JSON 对象，请写成 {…} 的形式。")
    return record


def _text(record: dict[str, object]) -> str:
    text = record.get("text")
    if not isinstance(text, str):
        raise UnreadableFile("记录里没有 text 字段，或者它不是文字，请补上正文。")
    if not text.strip():
        raise UnreadableFile(NO_TEXT)
    return text


def _field(record: dict[str, object], key: str) -> str | None:
    value = record.get(key)
    return one_line(value) if isinstance(value, str) else None


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Number the lines that are not blank; a line that is too long comes cut, but longer than `MAX_LINE`."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if line.strip():
            yield number, line
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE + 1)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        is_packed = file.read(len(XZ)) == XZ
        file.seek(0)
        yield io.BufferedReader(_Unpacked(file), MEGABYTE) if is_packed else file


def _unpacker() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_XZ_MEMORY)


class _Unpacked(io.RawIOBase):
    """What an .xz file holds; unlike `lzma.open` it never takes more than `MAX_XZ_MEMORY`."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._unpacker = _unpacker()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._unpacked(len(view))
        view[: len(data)] = data
        return len(data)

    def _unpacked(self, size: int) -> bytes:
        data = b""
        while not data:
            packed = self._next_stream() if self._unpacker.eof else self._more()
            if self._unpacker.eof:
                break
            data = self._unpacker.decompress(packed, size)
        return data

    def _next_stream(self) -> bytes:
        rest = self._unpacker.unused_data.lstrip(b"\0") or self._packed.read(MEGABYTE).lstrip(b"\0")
        if rest:
            self._unpacker = _unpacker()
        return rest

    def _more(self) -> bytes:
        if not self._unpacker.needs_input:
            return b""
        packed = self._packed.read(MEGABYTE)
        if not packed:
            raise UnreadableFile("压缩文件不完整，请重新复制或下载。")
        return packed
