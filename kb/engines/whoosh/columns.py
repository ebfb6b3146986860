"""Columns as arrays: Whoosh column types that are written in one piece and read where they lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from whoosh import columns
from whoosh.filedb.structfile import StructFile

from kb.engines.whoosh.arrays import Array, read_arrays, write_arrays


class NumberColumn(columns.Column):  # type: ignore[misc]
    """One number a passage or document."""

    def __init__(self, kind: str) -> None:
        self._kind = np.dtype(kind)

    def write(self, file: StructFile, values: Sequence[int] | Array) -> None:
        """Write all values."""
        write_arrays(file, {"values": np.asarray(values, self._kind)})

    def reader(self, file: StructFile, _offset: int, _length: int, _count: int) -> Array:
        """Return all values."""
        return read_arrays(file._buf)["values"]  # noqa: SLF001 - the mapped file


class BytesColumn(columns.Column):  # type: ignore[misc]
    """A string of bytes for each."""

    def write(self, file: StructFile, values: Sequence[bytes]) -> None:
        """Write all values."""
        ends = np.cumsum([len(value) for value in values], dtype=np.uint64)
        write_arrays(file, {"ends": ends, "bytes": np.frombuffer(b"".join(values), np.uint8)})

    def reader(self, file: StructFile, _offset: int, _length: int, _count: int) -> BytesReader:
        """Return access to the values."""
        return BytesReader(**read_arrays(file._buf))  # noqa: SLF001 - the mapped file


class BytesReader:
    """The values by number."""

    def __init__(self, ends: npt.NDArray[np.uint64], bytes: npt.NDArray[np.uint8]) -> None:  # noqa: A002 - the array's name
        self._ends = ends
        self._bytes = bytes

    def __getitem__(self, number: int) -> bytes:
        start = int(self._ends[number - 1]) if number else 0
        return self._bytes[start : int(self._ends[number])].tobytes()
