"""Where a string stands (law 2): intersections of the places of its pairs of characters. No text is read.

A string of pairs 党建|工作 stands where 党建 has a place and 工作 one two further on; of an odd number of characters the last
pair overlaps. Where another form of a number is meant, a number must begin at its place.
"""

from __future__ import annotations

import numpy as np

from kb.engines.whoosh.lists import NO_IDS, NO_POSTINGS, Numbers, PostingList, added, counted, is_in
from kb.engines.whoosh.postings import Postings
from kb.fold import SEPARATOR
from kb.literal import Literal, Spelling, spelled_out


def occurrences(postings: Postings, sought: Literal) -> PostingList:
    """Return the passages that contain a string in any of its forms, and how often."""
    found = NO_POSTINGS
    for spelling in spelled_out(sought):
        found = added(found, _having(postings, spelling), 1.0)
    return found


def _having(postings: Postings, spelling: Spelling) -> PostingList:
    if len(spelling.text) <= 2 and not spelling.numbers:  # noqa: PLR2004 - a gram
        return postings.gram(spelling.text)
    return counted(postings.pairs.passages(_places(postings, spelling)))


def _places(postings: Postings, spelling: Spelling) -> Numbers:
    """Intersect the lists, the shortest first; a place is that of the first character."""
    pairs = postings.pairs
    wanted = list(_covering(spelling))
    numbers = [pairs.number(pair) for _, pair in wanted]
    if min(numbers) < 0:
        return NO_IDS
    shortest = sorted(
        (int(pairs.lists.sizes[number]), number, at) for number, (at, _) in zip(numbers, wanted, strict=True)
    )
    _, number, at = shortest[0]
    found = pairs.lists.numbers(number) - np.uint32(at)
    for _, number, at in shortest[1:]:
        if not len(found):
            break
        found = found[is_in(found + np.uint32(at), pairs.lists.numbers(number))]
    return found


def _covering(spelling: Spelling) -> list[tuple[int, str]]:
    """Return pairs that cover a string, each with its offset in it."""
    text = spelling.text
    last = len(text) - 2
    offsets = [*range(0, last, 2), *([last] if last >= 0 else [])]
    return [
        *((at, text[at : at + 2]) for at in offsets),
        *((at, SEPARATOR + text[at]) for at in spelling.numbers),
    ]
