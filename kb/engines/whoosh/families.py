"""Which documents of a generation are near-copies of each other: a small file beside the indexes.

The families are known only when all documents have been added, and Whoosh adds no column afterwards.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

_FILE = "families.json"


def write_families(folder: Path, families: Mapping[str, str]) -> None:
    """Write id -> id of the first document of its family."""
    (folder / _FILE).write_text(json.dumps(families, ensure_ascii=False), encoding="utf-8")


class Families:
    """Families by ordinal; a document without copies is a family of its own."""

    def __init__(self, folder: Path, ordinal_of: Mapping[str, int]) -> None:
        named = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        first_of = {ordinal_of[member]: ordinal_of[first] for member, first in named.items()}
        self.firsts = np.arange(len(ordinal_of))
        """The first document of each one's family."""
        self.firsts[list(first_of)] = list(first_of.values())
        self.has_copies = np.zeros(len(ordinal_of), np.bool_)
        self.has_copies[list(first_of)] = True
        self._members: dict[int, list[int]] = defaultdict(list)
        for member, first in sorted(first_of.items()):
            self._members[first].append(member)

    def members_with(self, document: int) -> Sequence[int]:
        """Return the family of a document, itself included, in order."""
        return self._members.get(int(self.firsts[document]), [document])
