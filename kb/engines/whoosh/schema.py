"""What the two Whoosh indexes of a generation hold.

passages   one Whoosh document a passage: characters, words and heading words with the passages that have them, pairs of
           neighbouring characters with their places (literal search, ranking); its length, which others say
           the same and whether it is a label as columns; passages stand in the order of their documents, then of their numbers
documents  one Whoosh document a document, in the order of adding: title words and grams; its id, what filters, facets and
           dates need, how many passages it has, the whole record and a short one as columns; in front of the records stands the
           dictionary that they are compressed with

Traps:
- The schema is pickled into the index with the module path of its classes; it is always passed when opening.
- The text of a passage is not stored: it is a slice of its document's.
"""

from __future__ import annotations

from whoosh import fields, formats

from kb.engines.whoosh.columns import BytesColumn, ChoiceColumn, JsonColumn, NumberColumn
from kb.engines.whoosh.dictionary import decoded, encoded

PASSAGES = "passages"
DOCUMENTS = "documents"


class Counted(fields.FieldType):  # type: ignore[misc]
    """A field of terms that are known already, and how often each passage has them."""

    indexed = True
    stored = False
    scorable = False
    unique = False
    vector = None
    column_type = None
    analyzer = None

    def __init__(self) -> None:
        self.format = formats.Frequency()

    def to_bytes(self, value: str | bytes) -> bytes:
        """Encode a term for the dictionary."""
        return value if isinstance(value, bytes) else encoded(value)

    def from_bytes(self, value: bytes) -> str:
        """Decode a term of the dictionary."""
        return decoded(value)


class Placed(Counted):
    """A field of which the positions in each passage are known, too."""

    def __init__(self) -> None:
        self.format = formats.Positions()


def passages_schema() -> fields.Schema:
    """Return the schema of the passages."""
    return fields.Schema(
        characters=Counted(),
        pairs=Placed(),
        words=Counted(),
        headings=Counted(),
        length=fields.COLUMN(NumberColumn()),
        label=fields.COLUMN(NumberColumn("?")),
        alike=fields.COLUMN(NumberColumn()),
    )


def documents_schema() -> fields.Schema:
    """Return the schema of the documents."""
    return fields.Schema(
        title=Counted(),
        title_grams=Counted(),
        id=fields.COLUMN(BytesColumn()),
        passages=fields.COLUMN(NumberColumn()),
        characters=fields.COLUMN(NumberColumn()),
        title_length=fields.COLUMN(NumberColumn()),
        genre=fields.COLUMN(ChoiceColumn()),
        speaker=fields.COLUMN(ChoiceColumn()),
        org=fields.COLUMN(ChoiceColumn()),
        date=fields.COLUMN(ChoiceColumn()),
        listed=fields.COLUMN(JsonColumn()),
        record=fields.COLUMN(BytesColumn()),
    )
