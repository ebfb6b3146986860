"""Write a generation: everything is gathered first, then both Whoosh indexes are written in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kb.engines.base import Analysed, PassageTerms
from kb.engines.whoosh.families import write_families
from kb.engines.whoosh.inversion import GramInversion, WordInversion
from kb.engines.whoosh.records import Records, listed
from kb.engines.whoosh.schema import DOCUMENTS, PASSAGES, documents_schema, passages_schema
from kb.engines.whoosh.segment import write_index
from kb.fold import grams


class WhooshWriter:
    """Implements `kb.engines.base.Writer`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._grams = GramInversion(folder)
        self._words, self._headings = WordInversion(), WordInversion()
        self._title, self._title_grams = WordInversion(), WordInversion()
        self._passages: dict[str, list[Any]] = defaultdict(list)
        self._documents: dict[str, list[Any]] = defaultdict(list)
        self._records = Records()

    def add(self, analysed: Analysed) -> None:
        """Add a document and its passages."""
        document, metadata = analysed.document, analysed.document.metadata
        self._records.add(document)
        columns = self._documents
        columns["id"].append(document.id.encode())
        columns["passages"].append(len(document.passages))
        columns["characters"].append(len(document.text))
        columns["title_length"].append(len(metadata.title))
        for field in ("genre", "speaker", "org", "date"):
            columns[field].append(getattr(metadata, field))
        columns["listed"].append(listed(document))
        self._title.add(analysed.title.words)
        self._title_grams.add(grams(analysed.title.squeezed))
        self._grams.add([terms.squeezed for terms in analysed.passages])
        for terms in analysed.passages:
            self._add_passage(terms)

    def _add_passage(self, terms: PassageTerms) -> None:
        self._words.add(terms.words)
        self._headings.add(terms.headings)
        self._passages["length"].append(len(terms.squeezed))
        self._passages["label"].append(terms.is_label)
        self._passages["fingerprint"].append(terms.fingerprint)

    def finish(self, families: Mapping[str, str]) -> None:
        """Write the families and the indexes."""
        ordinal_of = {document.decode(): ordinal for ordinal, document in enumerate(self._documents["id"])}
        write_families(self._folder, {ordinal_of[member]: ordinal_of[first] for member, first in families.items()})
        titles = {"title": self._title.inverted(), "title_grams": self._title_grams.inverted()}
        self._documents["record"] = self._records.packed()
        write_index(self._folder, DOCUMENTS, documents_schema(), self._documents, titles)
        characters, pairs = self._grams.inverted()
        words, headings = self._words.inverted(), self._headings.inverted()
        self._passages["alike"] = _alike(self._passages.pop("fingerprint"))
        postings = {"characters": characters, "pairs": pairs, "words": words, "headings": headings}
        write_index(self._folder, PASSAGES, passages_schema(), self._passages, postings)

    def discard(self) -> None:
        """Let go of everything; the folder is the caller's to remove."""
        self._grams.discard()


def _alike(fingerprints: list[int]) -> list[int]:
    """Number what recurs: the passages that say the same have the same number, those that stand alone 0."""
    _, places, counts = np.unique(np.array(fingerprints, np.int64), return_inverse=True, return_counts=True)
    recurring = counts > 1
    numbers: list[int] = np.where(recurring, np.cumsum(recurring), 0)[places].tolist()
    return numbers
