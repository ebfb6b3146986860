"""What was asked: small frozen values that every engine understands. `kb.query_language` reads them from what a person types.

Trap: a string with operators in it may stand in a text (A|B, 培训（一）). `Whole` therefore keeps the entire string beside the
parsed tree: passages that contain it come first, whatever the operators meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.analysis import Unit
from kb.literal import Literal


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words: a passage matches when it covers enough of the units."""

    units: tuple[Unit, ...]
    required: int
    """How many of the units a passage must cover."""
    runs: tuple[str, ...]
    """What was typed, squeezed, cut at its spaces: its characters rank beside the words."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted string: a passage matches when it contains it."""

    sought: Literal


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, folded."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A string that a field of the document must contain: title, speaker, org or genre."""

    name: str
    sought: Literal


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years of the document, ends included; None is open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class And:
    """All of the children."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the children."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not the child."""

    child: Query


@dataclass(frozen=True, slots=True)
class Whole:
    """The child, and every passage that contains the entire string, those first."""

    sought: Literal
    child: Query


Query = Words | Phrase | Prefix | Field | Years | And | Or | Not | Whole


def sought_in(query: Query) -> Iterator[Literal]:
    """Give the strings that a hit of this query may show as found, the longest first where they nest."""
    match query:
        case Whole(sought, child):
            yield sought
            yield from sought_in(child)
        case Words(units):
            yield from (unit.sought for unit in units)
        case Phrase(sought):
            yield sought
        case Prefix(text):
            yield Literal(((text,),))
        case And(children) | Or(children):
            for child in children:
                yield from sought_in(child)
        case _:
            return
