"""Is every string that stands in a document found, and is the total right? (law 2)

    python benchmarks/literal.py --corpus FILE.jsonl.xz [--documents N] [--index DIR] [--count 2000] [--seed 1]
                                 [--form traditional|taiwan|hong-kong|full-width]

Takes random substrings of 1–12 significant characters from inside sentences, searches them quoted, and compares the set of found
passages with a scan of all passages. The scan knows nothing of the index. With --form each string is searched in that form and
must find the passages of the string as it stands. Exit code 1 if a single one differs.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

import opencc
from measure.corpus import generation
from measure.options import index_of, sampling

from kb.engines.base import Request, Searcher
from kb.engines.whoosh import WhooshEngine
from kb.fold import SEPARATOR, fold, squeeze
from kb.literal import literal, pattern
from kb.query import Phrase

LONGEST = 12
_SENTENCE = re.compile(r"[^。！？；!?;\n]+")


@dataclass(frozen=True)
class Passages:
    """All passages of an index in one squeezed text, to be scanned."""

    places: list[tuple[str, int]]
    starts: list[int]
    text: str

    def containing(self, sought: str) -> set[tuple[str, int]]:
        """Scan for a string in all its written forms."""
        wanted = literal(sought)
        if wanted is None:
            return set()
        test = pattern(wanted)
        found = set()
        at = 0
        while match := test.search(self.text, at):
            number = bisect_right(self.starts, match.start()) - 1
            found.add(self.places[number])
            at = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return found


def main() -> int:
    """Run the comparison and print its figures."""
    options = _options()
    with index_of(options.corpus, options.index, options.documents) as index_dir:
        searcher = WhooshEngine().searcher(generation(index_dir))
        strings = list(_strings(searcher, random.Random(options.seed), options.count))
        return _compare(searcher, strings, options.seed, FORMS[options.form])


@cache
def _opencc(script: str) -> opencc.OpenCC:
    return opencc.OpenCC(script)


def _written_in(script: str, text: str) -> str:
    converted: str = _opencc(script).convert(text)
    return converted


def _full_width(text: str) -> str:
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


FORMS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "traditional": partial(_written_in, "s2t"),
    "taiwan": partial(_written_in, "s2tw"),
    "hong-kong": partial(_written_in, "s2hk"),
    "full-width": _full_width,
}


def _compare(searcher: Searcher, strings: list[str], seed: int, form: Callable[[str], str]) -> int:
    passages = _passages(searcher)
    wrong: list[str] = []
    taken: list[float] = []
    for sought in strings:
        wanted = literal(form(sought))
        if wanted is None:
            continue
        began = time.perf_counter()
        found = searcher.search(Request(Phrase(wanted), group="passage", limit=len(passages.places)))
        taken.append(time.perf_counter() - began)
        expected = passages.containing(sought)
        plain = squeeze(fold(sought)).replace(SEPARATOR, "")
        if (
            found.total != len(expected)
            or {(hit.document_id, hit.number) for hit in found.hits} != expected
            or not expected
        ):
            wrong.append(f"{sought!r} ({plain}): found {found.total}, standing {len(expected)}")
    taken.sort()
    print(f"seed {seed}: {len(taken)} strings in {len(passages.places)} passages, {len(taken) - len(wrong)} right")
    print(
        f"p50 {taken[len(taken) // 2] * 1000:.1f} ms, p95 {taken[len(taken) * 95 // 100] * 1000:.1f} ms, all hits fetched"
    )
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


def _passages(searcher: Searcher) -> Passages:
    places: list[tuple[str, int]] = []
    starts: list[int] = []
    pieces: list[str] = []
    length = 0
    for listed in searcher.documents():
        document = searcher.document(listed.id)
        for passage in document.passages if document else ():
            places.append((listed.id, passage.number))
            starts.append(length)
            pieces.append(squeeze(fold(document.text[passage.start : passage.end])) + "\n" if document else "")
            length += len(pieces[-1])
    return Passages(places, starts, "".join(pieces))


def _strings(searcher: Searcher, chance: random.Random, count: int) -> Iterator[str]:
    """Give substrings from inside sentences, adverts left out, with the punctuation and spaces that stand in them."""
    ids = [listed.id for listed in searcher.documents()]
    given = 0
    while given < count:
        document = searcher.document(chance.choice(ids))
        if document is None:
            continue
        sentences = [match.span() for match in _SENTENCE.finditer(document.text)]
        start, end = chance.choice(sentences)
        adverts = any(span.start < end and start < span.end for span in document.boilerplate)
        significant = [at for at in range(start, end) if fold(document.text[at]).isalnum()]
        if adverts or not significant:
            continue
        first = chance.randrange(len(significant))
        last = min(first + chance.randint(1, LONGEST), len(significant)) - 1
        given += 1
        yield document.text[significant[first] : significant[last] + 1]


def _options() -> argparse.Namespace:
    parser = sampling(__doc__, count=2000)
    parser.add_argument("--documents", type=int, help="only the first N records")
    parser.add_argument("--form", choices=FORMS, default="as it stands")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
