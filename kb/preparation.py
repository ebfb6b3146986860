"""From what a reader found to what an engine indexes: structure, metadata, passages, terms."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from kb.analysis import Analyzer
from kb.copies import fingerprint, sign
from kb.documents import Document, Passage, Reading
from kb.engines.base import Analysed, PassageTerms, TitleTerms
from kb.errors import UnreadableFile
from kb.fold import fold, squeeze
from kb.metadata import describe
from kb.structure import find_sections
from kb.structure.boilerplate import find_boilerplate
from kb.structure.passages import cut_passages

_SENTENCE_ENDS = tuple("。；！？…：，、;!?.,:")
_CLOSING = " 　”’）)】」』》"
_LINE = 40
"""Characters that a line has at most."""
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def prepare(reading: Reading, analyzer: Analyzer) -> Analysed:
    """Turn a reading into a document with its terms.

    Raises:
        UnreadableFile: nothing but adverts stands in it.
    """
    document = structured(reading)
    if not document.passages:
        raise UnreadableFile("除了网站广告之外没有正文，未收入索引；如属误判，请把正文另存为新文件。")
    folded = fold(document.text)
    heading_words: dict[tuple[str, ...], list[str]] = {}
    passages = tuple(_terms(document, folded, passage, analyzer, heading_words) for passage in document.passages)
    return Analysed(
        document=document,
        passages=passages,
        title=_title_terms(document.metadata.title, analyzer),
        signature=sign("".join(terms.squeezed for terms in passages)),
    )


def structured(reading: Reading) -> Document:
    """Find structure and metadata, and cut the passages."""
    document_id = identify(reading)
    boilerplate = find_boilerplate(reading.text)
    metadata = describe(reading, boilerplate)
    sections = find_sections(reading.text, reading.marks, boilerplate, metadata.title)
    return Document(
        id=document_id,
        path=reading.path,
        metadata=metadata,
        text=reading.text,
        sections=sections,
        boilerplate=boilerplate,
        passages=cut_passages(document_id, reading.text, sections, boilerplate, reading.pages),
    )


def identify(reading: Reading) -> str:
    """Name a document by its own record id where that is fit for an address, by its path otherwise."""
    if reading.record_id and _SAFE_ID.fullmatch(reading.record_id):
        return reading.record_id
    return digest(reading.path)


def digest(name: str) -> str:
    """Make an id of a name."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def renamed(analysed: Analysed, document_id: str) -> Analysed:
    """Give a document another id: two records may bring the same one."""
    document = analysed.document
    passages = tuple(replace(passage, id=document_id + passage.id[len(document.id) :]) for passage in document.passages)
    return replace(analysed, document=replace(document, id=document_id, passages=passages))


def _title_terms(title: str, analyzer: Analyzer) -> TitleTerms:
    return TitleTerms(analyzer.words(fold(title)), squeeze(fold(title)))


def _terms(
    document: Document,
    folded: str,
    passage: Passage,
    analyzer: Analyzer,
    heading_words: dict[tuple[str, ...], list[str]],
) -> PassageTerms:
    text = folded[passage.start : passage.end]
    squeezed = squeeze(text)
    if passage.headings not in heading_words:
        heading_words[passage.headings] = analyzer.words(fold(" ".join(passage.headings)))
    return PassageTerms(
        squeezed=squeezed,
        fingerprint=fingerprint(squeezed),
        words=analyzer.words(text),
        headings=heading_words[passage.headings],
        is_label=_is_label(squeezed, passage, document),
    )


def _is_label(squeezed: str, passage: Passage, document: Document) -> bool:
    """Tell whether a passage is a line that is no sentence: a title, heading, byline, note, row of a table."""
    line = document.text[passage.start : passage.end].rstrip(_CLOSING)
    return len(document.passages) > 1 and len(squeezed) <= _LINE and not line.endswith(_SENTENCE_ENDS)
