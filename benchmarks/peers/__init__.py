"""The engines that `benchmarks/speed.py` compares: ours and its peers, behind one face (`peers.base`).

Each is programmed as somebody who knows it would: its own best index for the task, no needless work a query.
"""

from __future__ import annotations

from peers.base import Indexer, Peer

OURS = "wenyuan"
NAMES = ("tantivy", "tantivy-characters", "fts5", "fts5-trigram", "whoosh")
SLOW = ("whoosh",)
"""Fewer of their queries are timed."""


def engine(name: str) -> Peer:
    """Make ours or a peer.

    Raises:
        ImportError: its library is not installed.
    """
    from peers.wenyuan import Wenyuan

    return Wenyuan() if name == OURS else peer(name)


def peer(name: str) -> Indexer:
    """Make a peer; its library is imported here and nowhere else.

    Raises:
        ImportError: its library is not installed.
    """
    match name:
        case "tantivy":
            from peers.tantivy_py import TantivyWords

            return TantivyWords()
        case "tantivy-characters":
            from peers.tantivy_py import TantivyCharacters

            return TantivyCharacters()
        case "fts5":
            from peers.fts5 import FullText

            return FullText()
        case "fts5-trigram":
            from peers.fts5 import Trigrams

            return Trigrams()
        case "whoosh":
            from peers.stock_whoosh import StockWhoosh

            return StockWhoosh()
    raise ValueError(name)
