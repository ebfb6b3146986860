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


def write_families(folder: Path, families: Mapping[int, int]) -> None:
    """Write for each document that has copies the first one of its family, both by ordinal."""
    (folder / _FILE).write_text(json.dumps(sorted(families.items())), encoding="utf-8")


class Families:
    """Families by ordinal; a document without copies is a family of its own."""

    def __init__(self, folder: Path, documents: int) -> None:
        first_of: dict[int, int] = dict(json.loads((folder / _FILE).read_text(encoding="utf-8")))
        self.firsts = np.arange(documents)
        """The first document of each one's family."""
        self.firsts[list(first_of)] = list(first_of.values())
        self.has_copies = np.zeros(documents, np.bool_)
        self.has_copies[list(first_of)] = True
        self._members: dict[int, list[int]] = defaultdict(list)
        for member, first in sorted(first_of.items()):
            self._members[first].append(member)

    def members_with(self, document: int) -> Sequence[int]:
        """Return the family of a document, itself included, in order."""
        return self._members.get(int(self.firsts[document]), [document])
