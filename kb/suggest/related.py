"""Words that the hits of a query have unusually often: 党建 -> 党支部, 党员, …

Taken from the passages that are shown anyway, so it costs a few milliseconds: every word of the index in them is counted once a
passage and compared with the whole index by the log-likelihood ratio (Dunning 1993, "Accurate Methods for the Statistics of
Surprise and Coincidence").

Trap: what stands in one passage only says something about that passage; a word must be in several.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kb.fold import fold, squeeze

FEWEST_TEXTS = 5
FEWEST_WITH_WORD = 3
LEAST_LIFT = 4.0
"""How many times as often as elsewhere."""
LEAST_SURPRISE = 10.83
"""The log-likelihood ratio that chance reaches once in a thousand."""


def related_terms(
    texts: Sequence[Iterable[str]], query: str, vocabulary: Mapping[str, int], passages: int, limit: int
) -> list[str]:
    """Return the most surprising words of texts that are given as words, without those that the query has.

    Of words that contain one another only the most surprising is returned.
    """
    if len(texts) < FEWEST_TEXTS:
        return []
    having = Counter(word for words in texts for word in vocabulary.keys() & words)
    asked = squeeze(fold(query))
    surprise = {
        word: _surprise(count, len(texts), vocabulary[word], passages)
        for word, count in having.items()
        if count >= FEWEST_WITH_WORD
        and not (word in asked or asked in word)
        and count / len(texts) >= LEAST_LIFT * vocabulary[word] / passages
    }
    chosen: list[str] = []
    for word in sorted(surprise, key=lambda word: (-surprise[word], word)):
        if surprise[word] < LEAST_SURPRISE or len(chosen) == limit:
            break
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return chosen


def _surprise(here: int, texts: int, everywhere: int, passages: int) -> float:
    """Compare how often a word is here with how often it is elsewhere."""
    elsewhere, others = max(0, everywhere - here), max(1, passages - texts)
    share = (here + elsewhere) / (texts + others)
    expected_here, expected_elsewhere = texts * share, others * share
    ratio = here * math.log(here / expected_here)
    if elsewhere:
        ratio += elsewhere * math.log(elsewhere / expected_elsewhere)
    return 2 * ratio
