"""Posting lists as arrays: a Whoosh codec, so that a search adds up whole lists at once instead of calling for each posting.

    count of passages (u32), bytes a gap (u8), bytes a count (u8, 0: every count is 1), gaps, counts

A gap is the distance to the passage before (the first one counts from 0), in as few bytes as the list's widest gap needs.
Everything else of the index is Whoosh's own: schema, term dictionary, columns, segments; `ArrayMatcher` is an ordinary matcher,
so every query of Whoosh works on it.

Traps:
- The files are mapped and never sought in, so lists may be read by many threads; Whoosh's term dictionary may not.
- Whoosh keeps a posting list of one passage inside the term dictionary unless the codec writes the lists itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.fields import Schema
from whoosh.formats import Format
from whoosh.matching import LeafMatcher
from whoosh.matching.mcore import ReadTooFar
from whoosh.system import pack_ushort

Ids = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]

_HEAD = struct.Struct("<IBB")
_WIDTHS: dict[int, np.dtype[np.unsignedinteger[Any]]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}
HIGHEST_COUNT = 0xFFFF


@dataclass(frozen=True, slots=True)
class PostingList:
    """The passages that have a term, ascending, and how often each has it."""

    ids: Ids
    counts: Floats


NO_POSTINGS = PostingList(np.empty(0, np.uint32), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Inverted:
    """A field's postings sorted by term, then passage: the lists of all terms one after another."""

    terms: list[bytes]
    starts: npt.NDArray[np.int64]
    """Where each term's list begins; one more for the end."""
    ids: Ids
    counts: npt.NDArray[np.uint16]


class ArrayCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec but for the posting lists. Lengths are not kept: the engine has its own."""

    length_stats = False

    def field_writer(self, storage: object, segment: object) -> _FieldWriter:
        """Make what writes a segment's postings."""
        return _FieldWriter(self, storage, segment)

    def postings_reader(
        self, dbfile: object, terminfo: W3TermInfo, format_: Format, term: object = None, scorer: object = None
    ) -> ArrayMatcher:
        """Read a list where the term dictionary says it lies."""
        offset, _ = terminfo.extent()
        return ArrayMatcher(decode(dbfile._buf, offset), format_, term, terminfo, scorer)  # type: ignore[attr-defined]  # noqa: SLF001 - the mapped file


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """A cursor over a posting list, as Whoosh's queries want it; the engine itself takes `postings` whole."""

    def __init__(
        self, postings: PostingList, format_: Format, term: object, terminfo: W3TermInfo, scorer: object, at: int = 0
    ) -> None:
        self.postings = postings
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._terminfo = terminfo
        self._at = at

    def is_active(self) -> bool:
        """Tell whether the cursor stands on a posting."""
        return self._at < len(self.postings.ids)

    def copy(self) -> ArrayMatcher:
        """Return a cursor at the same place."""
        return ArrayMatcher(self.postings, self.format, self._term, self._terminfo, self.scorer, self._at)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def id(self) -> int:
        """Return the passage."""
        return int(self.postings.ids[self._at])

    def all_ids(self) -> Iterator[int]:
        """Give the passages from here on."""
        return iter(self.postings.ids[self._at :].tolist())

    def next(self) -> None:
        """Go to the next posting."""
        self._at += 1

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        """Go to the first posting at or after a passage."""
        if not self.is_active():
            raise ReadTooFar
        self._at += int(np.searchsorted(self.postings.ids[self._at :], id))

    def weight(self) -> float:
        """Return how often the passage has the term."""
        return float(self.postings.counts[self._at])

    def value(self) -> bytes:
        """Return the posting's value: there is none."""
        return b""

    def block_min_length(self) -> int:
        """Return the shortest length: lengths are not kept."""
        return 0

    def block_max_length(self) -> int:
        """Return the greatest length: lengths are not kept."""
        return 0

    def block_max_weight(self) -> float:
        """Return the greatest count of the list."""
        return float(self._terminfo.max_weight())

    def skip_to_quality(self, minquality: float) -> int:
        """Skip the list if it is not good enough; it is one block."""
        if self.block_quality() > minquality:
            return 0
        self._at = len(self.postings.ids)
        return 1


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Schema, _lengths: object, items: Iterable[tuple[str, Inverted]]) -> None:
        """Write whole fields, in the order of their names."""
        for field, inverted in items:
            self.start_field(field, schema[field])
            for term, info, written in _encoded(inverted):
                info.set_extent(self._postfile.tell(), len(written))
                self._postfile.write(written)
                self._tindex.add(pack_ushort(self._fieldid) + term, info.to_bytes())
            self.finish_field()


def decode(buffer: bytes, offset: int) -> PostingList:
    """Read a posting list."""
    size, gap_width, count_width = _HEAD.unpack_from(buffer, offset)
    offset += _HEAD.size
    gaps = np.frombuffer(buffer, _WIDTHS[gap_width], size, offset)
    if not count_width:
        return PostingList(np.cumsum(gaps, dtype=np.uint32), np.ones(size, np.float32))
    counts = np.frombuffer(buffer, _WIDTHS[count_width], size, offset + size * gap_width)
    return PostingList(np.cumsum(gaps, dtype=np.uint32), counts.astype(np.float32))


def _encoded(inverted: Inverted) -> Iterator[tuple[bytes, W3TermInfo, bytes]]:
    """Give each term with what the dictionary says of it and its list as bytes."""
    starts, ids, counts = inverted.starts, inverted.ids, inverted.counts
    if not len(ids):
        return
    gaps = np.diff(ids, prepend=np.uint32(0))
    gaps[starts[:-1]] = ids[starts[:-1]]
    widest = np.maximum.reduceat(gaps, starts[:-1]).tolist()
    highest = np.maximum.reduceat(counts, starts[:-1]).tolist()
    total = np.add.reduceat(counts, starts[:-1], dtype=np.int64).tolist()
    borders = starts.tolist()
    for number, term in enumerate(inverted.terms):
        begin, end = borders[number], borders[number + 1]
        gap_width = _width(widest[number])
        count_width = _width(highest[number]) if highest[number] > 1 else 0
        written = _HEAD.pack(end - begin, gap_width, count_width) + gaps[begin:end].astype(_WIDTHS[gap_width]).tobytes()
        if count_width:
            written += counts[begin:end].astype(_WIDTHS[count_width]).tobytes()
        yield (
            term,
            W3TermInfo(
                weight=total[number],
                df=end - begin,
                maxweight=highest[number],
                minid=int(ids[begin]),
                maxid=int(ids[end - 1]),
            ),
            written,
        )


def _width(highest: int) -> int:
    return 1 if highest < 1 << 8 else 2 if highest < 1 << 16 else 4
