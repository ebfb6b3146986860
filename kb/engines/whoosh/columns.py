"""Columns as arrays: Whoosh column types that are written in one piece and read where they lie."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import columns
from whoosh.filedb.structfile import StructFile

from kb.engines.whoosh.arrays import Array, read_arrays, write_arrays


class NumberColumn(columns.Column):  # type: ignore[misc]
    """One number a passage or document; without a kind the smallest unsigned one that holds all."""

    def __init__(self, kind: str | None = None) -> None:
        self._kind = kind

    def write(self, file: StructFile, values: Sequence[int] | Array) -> None:
        """Write all values."""
        kind = self._kind or np.min_scalar_type(max(map(int, values), default=0))
        write_arrays(file, {"values": np.asarray(values, kind)})

    def reader(self, file: StructFile, _offset: int, _length: int, _count: int) -> Array:
        """Return all values."""
        return read_arrays(file._buf)["values"]  # noqa: SLF001 - the mapped file


class BytesColumn(columns.Column):  # type: ignore[misc]
    """A string of bytes for each."""

    def write(self, file: StructFile, values: Sequence[bytes]) -> None:
        """Write all values."""
        ends = np.cumsum([len(value) for value in values], dtype=np.uint64)
        ends = ends.astype(np.min_scalar_type(ends.max(initial=0)))
        write_arrays(file, {"ends": ends, "bytes": np.frombuffer(b"".join(values), np.uint8)})

    def reader(self, file: StructFile, _offset: int, _length: int, _count: int) -> BytesReader:
        """Return access to the values."""
        return BytesReader(**read_arrays(file._buf))  # noqa: SLF001 - the mapped file


class BytesReader(Sequence[bytes]):
    """The values by number."""

    def __init__(self, ends: Array, bytes: npt.NDArray[np.uint8]) -> None:  # noqa: A002 - the array's name
        self._ends = ends
        self._bytes = bytes

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: Any) -> Any:  # noqa: ANN401 - one number only; a sequence promises slices
        start = int(self._ends[number - 1]) if number else 0
        return self._bytes[start : int(self._ends[number])].tobytes()


@dataclass(frozen=True, slots=True)
class Choices:
    """For each one of a few values."""

    values: list[str]
    """Sorted; the empty one, which is always there, means none."""
    codes: Array
    """Which value each has."""


class ChoiceColumn(columns.Column):  # type: ignore[misc]
    """One of a few strings for each, or none."""

    def write(self, file: StructFile, values: Sequence[str | None]) -> None:
        """Write all values."""
        known = sorted({"", *filter(None, values)})
        number_of = {value: number for number, value in enumerate(known)}
        codes = np.array([number_of[value or ""] for value in values], np.min_scalar_type(len(known)))
        write_arrays(file, {"values": _text(known), "codes": codes})

    def reader(self, file: StructFile, _offset: int, _length: int, _count: int) -> Choices:
        """Return all values."""
        arrays = read_arrays(file._buf)  # noqa: SLF001 - the mapped file
        return Choices(_loaded(arrays["values"]), arrays["codes"])


class JsonColumn(columns.Column):  # type: ignore[misc]
    """Whatever JSON can say, compressed together and read together: for what is seldom needed."""

    def write(self, file: StructFile, values: Sequence[object]) -> None:
        """Write all values."""
        write_arrays(file, {"values": _text(values)})

    def reader(self, file: StructFile, _offset: int, _length: int, _count: int) -> list[Any]:
        """Return all values."""
        return _loaded(read_arrays(file._buf)["values"])  # noqa: SLF001 - the mapped file


def _text(values: Sequence[object]) -> Array:
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return np.frombuffer(zlib.compress(written, level=6), np.uint8)


def _loaded(compressed: Array) -> list[Any]:
    values: list[Any] = json.loads(zlib.decompress(compressed.tobytes()))
    return values
