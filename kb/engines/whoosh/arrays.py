"""Named arrays in one file, read where they lie: nothing is copied or parsed when the file is opened.

    length of the header (u32) | header: JSON, name -> [type, items] | the arrays, each at a multiple of eight bytes

Trap: types are written with their byte order (`<u4`), so the file means the same on every machine.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Buffer = bytes | memoryview

_LENGTH = struct.Struct("<I")
_ALIGNED = 8


def write_arrays(file: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """Write arrays of one dimension; the file is at its beginning."""
    ordered = {name: np.ascontiguousarray(array, array.dtype.newbyteorder("<")) for name, array in arrays.items()}
    header = json.dumps({name: [array.dtype.str, len(array)] for name, array in ordered.items()}).encode()
    header += b" " * (-(_LENGTH.size + len(header)) % _ALIGNED)
    file.write(_LENGTH.pack(len(header)) + header)
    for array in ordered.values():
        file.write(array.tobytes())
        file.write(bytes(-array.nbytes % _ALIGNED))


def read_arrays(buffer: Buffer) -> dict[str, Array]:
    """Return views of the arrays that a mapped file holds.

    Raises:
        ValueError: the file is damaged.
    """
    (length,) = _LENGTH.unpack_from(buffer)
    offset = _LENGTH.size + length
    arrays = {}
    for name, (kind, items) in json.loads(bytes(buffer[_LENGTH.size : offset])).items():
        array = np.frombuffer(buffer, np.dtype(kind), items, offset)
        arrays[name] = array
        offset += array.nbytes + -array.nbytes % _ALIGNED
    return arrays
