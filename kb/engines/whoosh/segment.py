"""Write a whole Whoosh index at once: one segment, its columns and its postings, then the table of contents.

Whoosh's own writer takes one document after the other, 50 microseconds and more each; a rebuild has all of them in hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from kb.engines.whoosh.arrays import Array
from kb.engines.whoosh.codec import POSTINGS_FILE, ArrayCodec, FieldPostings, write_fields

Values = Array | Sequence[int] | Sequence[bytes]


def write_index(
    folder: Path,
    name: str,
    schema: Schema,
    columns: Mapping[str, Values],
    postings: Mapping[str, FieldPostings],
) -> None:
    """Write an index of one segment.

    Args:
        folder: where its files go; another index may lie there under another name.
        name: the index.
        schema: says of which kind each column and field is.
        columns: one value for each of Whoosh's documents; all have the same length.
        postings: the inverted fields.
    """
    storage = FileStorage(str(folder))
    segment = ArrayCodec().new_segment(storage, name)
    segment.set_doc_count(len(next(iter(columns.values()))))
    for column, values in columns.items():
        with closing(storage.create_file(ArrayCodec.column_filename(segment, column))) as file:
            schema[column].column_type.write(file, values)
    with closing(segment.create_file(storage, POSTINGS_FILE)) as file:
        write_fields(file, postings)
    TOC(schema, [segment], 1).write(storage, name)
