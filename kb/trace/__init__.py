"""Where a pasted text comes from, sentence by sentence: found as it stands, found altered, or not found.

A sentence is first looked up whole, as a phrase: that gives every document that has it, and the earliest. Of a sentence that
stands nowhere, a few short strings are looked up; each names documents, and a rare one counts for more. The documents that were
named most are then compared with every sentence, whole texts and not only passages, so a sentence that lies across two passages
is found too; only what is still unexplained has more of its strings looked up. The best source is the document that explains the
most characters.

Traps:
- How many documents have a sentence is exact when it was found as it stands inside one passage; otherwise only the documents
  that were compared are counted.
- Time is shared between the steps, the longest sentences first; what could not be looked at is `unchecked`, never `missing`.
- Sentences of a few characters stand everywhere: they are found as they stand or not at all.
"""

from __future__ import annotations

from kb.engines.base import Searcher
from kb.errors import BadRequest
from kb.fold import fold, squeeze
from kb.trace.results import Difference, Extract, Place, Sentence, Source, Trace
from kb.trace.tracer import Tracer

__all__ = ["LONGEST", "Difference", "Extract", "Place", "Sentence", "Source", "Trace", "trace"]

LONGEST = 20_000
"""Characters of a text."""
SECONDS = 5.0
"""That one text may take."""


def trace(text: str, searcher: Searcher, seconds: float = SECONDS) -> Trace:
    """Find out where a text comes from.

    Raises:
        BadRequest: there is nothing to look for, or more than `LONGEST` characters.
    """
    if len(text) > LONGEST:
        raise BadRequest(
            f"一次最多查 {LONGEST:,} 个字（现有 {len(text):,} 个），请分几次查。", (("text", f"最多 {LONGEST:,} 个字"),)
        )
    if not squeeze(fold(text)):
        raise BadRequest("请粘贴要查出处的文字，例如讲话中的一段。", (("text", "不能为空，也不能只有标点"),))
    return Tracer(text, searcher, seconds).answer()
