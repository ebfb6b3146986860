"""Write a generation: everything is gathered first, then both Whoosh indexes are written in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb.engines.base import Analysed
from kb.engines.whoosh.families import write_families
from kb.engines.whoosh.inversion import GramInversion, WordInversion
from kb.engines.whoosh.records import pack, pack_listed
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
        self._documents: dict[str, list[bytes]] = defaultdict(list)

    def add(self, analysed: Analysed) -> None:
        """Add a document and its passages."""
        document = analysed.document
        ordinal = len(self._documents["record"])
        self._documents["record"].append(pack(document))
        self._documents["listed"].append(pack_listed(document))
        self._title.add(analysed.title.words)
        self._title_grams.add(grams(analysed.title.squeezed))
        for passage, terms in zip(document.passages, analysed.passages, strict=True):
            self._grams.add(terms.squeezed)
            self._words.add(terms.words)
            self._headings.add(terms.headings)
            columns = self._passages
            columns["document"].append(ordinal)
            columns["number"].append(passage.number)
            columns["length"].append(len(terms.squeezed))
            columns["label"].append(terms.is_label)
            columns["fingerprint"].append(terms.fingerprint)

    def finish(self, families: Mapping[str, str]) -> None:
        """Write the families and the indexes."""
        write_families(self._folder, families)
        titles = {"title": self._title.inverted(), "title_grams": self._title_grams.inverted()}
        write_index(self._folder, DOCUMENTS, documents_schema(), self._documents, titles)
        characters, pairs = self._grams.inverted()
        words, headings = self._words.inverted(), self._headings.inverted()
        postings = {"characters": characters, "pairs": pairs, "words": words, "headings": headings}
        write_index(self._folder, PASSAGES, passages_schema(), self._passages, postings)

    def discard(self) -> None:
        """Let go of everything; the folder is the caller's to remove."""
        self._grams.discard()
