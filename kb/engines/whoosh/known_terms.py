"""What the terms of one generation are worth and where they stand, remembered between searches."""

from __future__ import annotations

from kb.engines.whoosh.lists import NO_IDS, NO_POSTINGS, Ids, PostingList, added, union
from kb.engines.whoosh.memory import Memory
from kb.engines.whoosh.occurrences import occurrences
from kb.engines.whoosh.postings import Postings
from kb.engines.whoosh.ranking import HEADING, MOST_COMMON
from kb.engines.whoosh.scoring import Generation, Worth
from kb.literal import Literal


class KnownTerms:
    """Safe for threads."""

    def __init__(self, postings: Postings, known: Generation, most_bytes: int) -> None:
        self.postings = postings
        self.known = known
        self._most_bytes = most_bytes
        self._worth = Memory[Worth](3 * most_bytes // 4, lambda worth: worth.bytes)
        self._ids = Memory[Ids](most_bytes // 4, lambda ids: ids.nbytes)

    def having(self, sought: Literal) -> Ids:
        """Return the passages that contain a string."""
        if len(sought.segments) == 1 and len(sought.segments[0]) == 1 and len(sought.typed) <= 2:  # noqa: PLR2004 - a gram
            return self.gram(sought.typed).passages.ids
        return self._ids.get(sought, lambda: occurrences(self.postings, sought).ids)

    def titled(self, words: tuple[str, ...]) -> Ids:
        """Return the documents that have a word or a synonym in the title."""
        return self._ids.get(("title", words), lambda: self._with_any("title", words))

    def under(self, words: tuple[str, ...]) -> Ids:
        """Return the passages that have a word or a synonym in their heading path."""
        return self._ids.get(("headings", words), lambda: self._with_any("headings", words))

    def _with_any(self, field: str, words: tuple[str, ...]) -> Ids:
        ids = NO_IDS
        for word in words:
            ids = union(ids, self.postings.passages(field, word).ids)
        return ids

    def prepare(self) -> None:
        """Remember the most frequent characters, as far as there is room beside other terms."""
        having = self.postings.characters()
        most = MOST_COMMON * len(self.known.catalogue.every)
        room = self._most_bytes // 2
        for character in sorted(having, key=having.__getitem__, reverse=True):
            if having[character] <= most:
                room -= self.gram(character).bytes
            if room < 0:
                break

    def gram(self, gram: str) -> Worth:
        """Return what a character or a pair is worth."""
        return self._worth.get(
            gram, lambda: self.known.worth(self.postings.gram(gram), self.postings.passages("title_grams", gram))
        )

    def word(self, words: tuple[str, ...]) -> Worth:
        """Return what a word with its synonyms is worth."""
        return self._worth.get(words, lambda: self.known.worth(*self._word(words)))

    def _word(self, words: tuple[str, ...]) -> tuple[PostingList, PostingList]:
        body, title = NO_POSTINGS, NO_POSTINGS
        for word in words:
            body = added(body, self.postings.passages("words", word), 1.0)
            body = added(body, self.postings.passages("headings", word), HEADING)
            title = added(title, self.postings.passages("title", word), 1.0)
        return body, title
