"""What a user sees of near-copies: the list of a document's family, and what two documents differ in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from kb.answers import DocumentSummary, document_url, summary
from kb.comparison import Comparison, compare
from kb.copies import share, shingles
from kb.documents import Document
from kb.engines.base import Listed
from kb.errors import NotFound
from kb.fold import fold, squeeze
from kb.search import Search

MOST_LISTED = 100
"""Copies that are read and compared with the document for their list."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A near-copy of a document."""

    document: DocumentSummary
    path: str
    source: str | None
    resemblance: float
    """The share of five-character strings that both have, 1 where the texts say the same."""
    compare_url: str


@dataclass(frozen=True, slots=True)
class Family:
    """A document with its near-copies, the first `MOST_LISTED` of them."""

    document: Document
    copies: tuple[Copy, ...]
    total: int
    generation: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two documents and what they differ in; what the first alone has is `left`."""

    left: Document
    right: Document
    comparison: Comparison


def family(search: Search, document_id: str) -> Family:
    """List the near-copies of a document.

    Raises:
        NotFound: there is no such document.
    """
    opened = search.read(document_id)
    own = shingles(_squeezed(opened.document))
    copies = []
    for listed in opened.copies[:MOST_LISTED]:
        other = search.read(listed.id).document
        copies.append(_copy(document_id, listed, share(own, shingles(_squeezed(other)))))
    return Family(opened.document, tuple(copies), len(opened.copies), opened.generation)


def compare_documents(search: Search, left_id: str, right_id: str) -> Compared:
    """Compare two documents, without the adverts that their sites put in.

    Raises:
        NotFound: one of them does not exist, or both are the same.
    """
    if left_id == right_id:
        raise NotFound("这是同一篇文档，没有可以对照的内容；请从它的同稿列表中选另一篇。")
    left, right = search.read(left_id).document, search.read(right_id).document
    return Compared(left, right, compare(_own_text(left), _own_text(right)))


def _copy(document_id: str, listed: Listed, resemblance: float) -> Copy:
    return Copy(
        document=summary(listed.id, listed.metadata),
        path=listed.path,
        source=listed.metadata.source,
        resemblance=round(resemblance, 4),
        compare_url=f"{document_url(document_id)}/compare/{quote(listed.id)}",
    )


def _squeezed(document: Document) -> str:
    """Return what the signature was made of."""
    return "".join(squeeze(fold(document.text[passage.start : passage.end])) for passage in document.passages)


def _own_text(document: Document) -> str:
    kept, end = [], 0
    for advert in document.boilerplate:
        kept.append(document.text[end : advert.start])
        end = advert.end
    return "".join([*kept, document.text[end:]])
