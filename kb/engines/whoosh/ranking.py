"""How well passages fit the words of a query: BM25 over words and characters, of the passage and of its whole document.

    score = 10 · (P + DOCUMENT · D) / (the most that the query could reach)      P, D: BM25 of passage and document

A term of the query (a word, a character, a pair of neighbouring characters) adds weight · rarity · saturation. All constants
stand here. They were chosen on the judged sets that `benchmarks/relevance.py` runs, a handful of round numbers; nothing was
trained. What is said of them is its nDCG@10 with `--set`. BM25: Robertson and Zaragoza 2009, "The Probabilistic Relevance
Framework: BM25 and Beyond", 3.4; fields are added before they saturate (3.6).

Traps:
- Words alone lose to characters on every judged set, both together are best: what the dictionary cuts differently in query and
  text still meets in its characters.
- The passage alone loses to passage and document together: what a speech is about stands in its other passages.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from kb.engines.whoosh.lists import Floats

SCALE: Final = 10.0
K1: Final = 1.2
"""How soon more occurrences stop to count; the usual value."""
B: Final = 0.75
"""How much a long text must pay for its length; the usual value (0.9 gains 0.001 on `stard`)."""
PAIR: Final = 1.0
"""The measure of the other two."""
CHARACTER: Final = 0.7
"""0.5 loses 0.003 on `stard`."""
WORD: Final = 1.5
"""1 loses 0.0002 on `stard`."""
DOCUMENT: Final = 2.0
"""1 loses 0.002 on `stard`, 3 loses 0.001."""
HEADING: Final = 0.2
"""A word in the heading path counts as so many in the text: it should cover what the text leaves unsaid, not decide."""
TITLE: Final = 1.0
"""A term in the title counts as so many in the document, and so does its length: without that `stard` loses 0.003."""
MOST_COMMON: Final = 0.4
"""A character in more than this share of the passages tells nothing (all of them gain 0.0003 on `stard`) but costs most of the
time; 0.2 loses 0.0003 on `stard`, `cmrc` and `drcd`."""
LABEL: Final = 0.5
"""What a line that is no sentence (title, heading, byline) keeps of its score, so that the paragraph comes first."""


def rarity(total: int, having: int) -> float:
    """Weigh a term by how few have it (BM25's idf, never negative)."""
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def saturated(counts: Floats, demands: Floats) -> Floats:
    """Return for each text its count against what its length demands: more and more, but never `K1` + 1."""
    return (counts * (K1 + 1) / (counts + K1 * demands)).astype(np.float32, copy=False)


def norms(lengths: Floats) -> Floats:
    """Return for each text what its length demands: 1 for the average."""
    average = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    return np.float32(1 - B) + np.float32(B / average) * lengths
