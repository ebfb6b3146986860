"""What the two Whoosh indexes of a generation hold.

passages   one Whoosh document a passage: postings of grams (literal search, ranking), words and heading words (ranking); its
           squeezed text, fingerprint, length, document, number and whether it is a label as columns
documents  one Whoosh document a document, in the order of adding: title words and grams; the whole record and a short one as
           columns

Traps:
- The schema is pickled into the index with the module path of its classes; it is always passed when opening.
- The text of a passage is not stored: it is a slice of its document's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whoosh import columns, fields, formats

PASSAGES = "passages"
DOCUMENTS = "documents"
SQUEEZED_ENCODING = "utf-16-le"


class Counted(fields.FieldType):  # type: ignore[misc]
    """A field whose value is already analysed: term -> how often it occurs. It is handed to `Inversion` in one piece."""

    indexed = True
    stored = False
    scorable = False
    unique = False
    vector = None
    column_type = None
    analyzer = None

    def __init__(self) -> None:
        self.format = formats.Frequency()

    def index(self, value: Mapping[str, int], **_: object) -> Iterator[tuple[bytes, int, float, Mapping[str, int]]]:
        """Give Whoosh one item for all terms."""
        yield b"", 0, 1.0, value

    def separate_spelling(self) -> bool:
        """Say that no spelling field belongs to this one."""
        return False

    def to_bytes(self, value: str | bytes) -> bytes:
        """Encode a term for the dictionary."""
        return value if isinstance(value, bytes) else value.encode()

    def from_bytes(self, encoded: bytes) -> str:
        """Decode a term of the dictionary."""
        return encoded.decode()


def passages_schema() -> fields.Schema:
    """Return the schema of the passages."""
    return fields.Schema(
        grams=Counted(),
        words=Counted(),
        headings=Counted(),
        squeezed=fields.COLUMN(columns.VarBytesColumn()),
        document=fields.COLUMN(columns.NumericColumn("i")),
        number=fields.COLUMN(columns.NumericColumn("i")),
        length=fields.COLUMN(columns.NumericColumn("i")),
        label=fields.COLUMN(columns.NumericColumn("i")),
        fingerprint=fields.COLUMN(columns.NumericColumn("q")),
    )


def documents_schema() -> fields.Schema:
    """Return the schema of the documents."""
    return fields.Schema(
        title=Counted(),
        title_grams=Counted(),
        record=fields.COLUMN(columns.VarBytesColumn()),
        listed=fields.COLUMN(columns.VarBytesColumn()),
    )
