"""A plain reference of the engine: what matches and how well, counted one passage after the other.

`Reference` knows no index. It reads what was prepared for indexing and works out for each passage whether it matches and what it
scores, by the words of `kb.engines.base` and `kb.engines.whoosh.ranking`; only the constants are taken from there.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.analysis import Unit
from kb.engines.base import Analysed, Filters, PassageTerms
from kb.engines.whoosh.ranking import CHARACTER, DOCUMENT, HEADING, K1, LABEL, MOST_COMMON, PAIR, SCALE, TITLE, WORD, B
from kb.fold import NUMERALS, SEPARATOR, fold, grams, squeeze
from kb.literal import Literal, pattern, spelled_out
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years

Scores = dict[int, float]
"""The matching passages, each with its score."""


class Bm25:
    """Some texts by their lengths, and what a term adds to each that has it so often."""

    def __init__(self, lengths: list[float]) -> None:
        self.lengths = lengths
        self.average = max(sum(lengths) / len(lengths), 1.0)

    def rarity(self, having: int) -> float:
        return math.log(1 + (len(self.lengths) - having + 0.5) / (having + 0.5))

    def saturation(self, count: float, text: int) -> float:
        return count * (K1 + 1) / (count + K1 * (1 - B + B * self.lengths[text] / self.average))


@dataclass
class Weighed:
    """A term of a query: its weight, and how often each passage's text and headings, and each title, have it."""

    weight: float
    passages: dict[int, float]
    titles: dict[int, float]


class Reference:
    """Works out what matches and how well."""

    def __init__(self, library: Sequence[Analysed]) -> None:
        self.library = library
        self.passages: list[PassageTerms] = []
        self.place: list[tuple[int, int]] = []
        """For each passage its document and its number there."""
        for ordinal, analysed in enumerate(library):
            self.passages += analysed.passages
            self.place += [(ordinal, number) for number in range(1, len(analysed.passages) + 1)]
        lengths = [float(len(terms.squeezed)) for terms in self.passages]
        whole = [TITLE * len(analysed.document.metadata.title) for analysed in library]
        for (ordinal, _), length in zip(self.place, lengths, strict=True):
            whole[ordinal] += length
        self.texts, self.documents = Bm25(lengths), Bm25(whole)
        self.grams = [Counter(grams(terms.squeezed)) for terms in self.passages]
        self.words = [Counter(terms.words) for terms in self.passages]
        self.headings = [Counter(terms.headings) for terms in self.passages]
        self.titles = [Counter(analysed.title.words) for analysed in library]
        self.title_grams = [Counter(grams(analysed.title.squeezed)) for analysed in library]
        self.squeezed = [terms.squeezed.replace(SEPARATOR, "") for terms in self.passages]
        self.remembered: dict[Words, list[Weighed]] = {}
        self.begins = [list(number_begins(terms.squeezed)) for terms in self.passages]

    def matches(self, query: Query) -> Scores:
        every = range(len(self.passages))
        match query:
            case Words():
                return {number: self.worth(query, number) for number in every if self.covers(query, number)}
            case Phrase(sought):
                return {number: self.phrase(sought, number) for number in every if self.contains(sought, number)}
            case Prefix(text):
                having = [number for number in every if any(word.startswith(text) for word in self.words[number])]
                return {number: SCALE / (K1 + 1) * self.texts.saturation(1, number) for number in having}
            case Field(name, sought):
                return {number: 0.0 for number in every if pattern(sought).search(self.field(name, number))}
            case Years(first, last):
                return {number: 0.0 for number in every if is_between(self.year(self.place[number][0]), first, last)}
            case And(children):
                return self.all(children, every)
            case Or(children):
                founds = [self.matches(child) for child in children]
                return {
                    number: sum(found.get(number, 0.0) for found in founds) / len(founds)
                    for number in every
                    if any(number in found for found in founds)
                }
            case Not(child):
                excluded = self.matches(child)
                return {number: 0.0 for number in every if number not in excluded}
            case Whole(sought, child):
                return self.whole(sought, child, every)

    def all(self, children: tuple[Query, ...], every: Iterable[int]) -> Scores:
        """Score by the mean of what is wanted; what is not wanted only excludes."""
        wanted = [self.matches(child) for child in children if not isinstance(child, Not)]
        excluded = [self.matches(child.child) for child in children if isinstance(child, Not)]
        return {
            number: sum(found[number] for found in wanted) / max(len(wanted), 1)
            for number in every
            if all(number in found for found in wanted) and not any(number in found for found in excluded)
        }

    def whole(self, sought: Literal, child: Query, every: Iterable[int]) -> Scores:
        """Put what contains the entire string first; by its words where it has words, else as a phrase."""
        found = self.matches(child)
        for number in every:
            if self.contains(sought, number):
                alone = self.worth(child, number) if isinstance(child, Words) else self.phrase(sought, number)
                found[number] = SCALE + found.get(number, alone)
        return found

    # What matches

    def contains(self, sought: Literal, number: int) -> bool:
        return bool(pattern(sought).search(self.passages[number].squeezed))

    def covers(self, words: Words, number: int) -> bool:
        document, in_document = self.place[number]
        covered = own = 0
        for unit in words.units:
            here = self.contains(unit.sought, number)
            titled = any(word in self.titles[document] for word in unit.words)
            covered += here or titled or any(word in self.headings[number] for word in unit.words)
            own += here or (titled and in_document == 1)
        return own > 0 and covered >= words.required

    def field(self, name: str, number: int) -> str:
        metadata = self.library[self.place[number][0]].document.metadata
        return squeeze(fold(getattr(metadata, name) or ""))

    def year(self, ordinal: int) -> int | None:
        date = self.library[ordinal].document.metadata.date
        return int(date[:4]) if date else None

    # What it scores

    def share(self, number: int) -> float:
        return LABEL if self.passages[number].is_label else 1.0

    def occurrences(self, sought: Literal, number: int) -> int:
        """Count where each form stands, overlapping ones too; where a number is another form, it must begin there."""
        text, begins = self.squeezed[number], self.begins[number]
        return sum(
            text.startswith(spelling.text, at) and all(begins[at + offset] for offset in spelling.numbers)
            for spelling in spelled_out(sought)
            for at in range(len(text))
        )

    def phrase(self, sought: Literal, number: int) -> float:
        often = self.texts.saturation(self.occurrences(sought, number), number)
        return SCALE * often / (K1 + 1) * self.share(number)

    def worth(self, words: Words, number: int) -> float:
        document, _ = self.place[number]
        reached = reachable = 0.0
        for term in self.terms(words):
            by_document: dict[int, float] = defaultdict(float, {at: TITLE * n for at, n in term.titles.items()})
            for passage, count in term.passages.items():
                by_document[self.place[passage][0]] += count
            rare, rare_document = self.texts.rarity(len(term.passages)), self.documents.rarity(len(by_document))
            reachable += term.weight * (K1 + 1) * (rare + DOCUMENT * rare_document)
            if number in term.passages:
                reached += term.weight * rare * self.texts.saturation(term.passages[number], number)
            if document in by_document:
                often = self.documents.saturation(by_document[document], document)
                reached += term.weight * DOCUMENT * rare_document * often
        return SCALE * reached / reachable * self.share(number) if reachable else 0.0

    def terms(self, words: Words) -> list[Weighed]:
        """Return the words, the pairs of neighbours, and the characters unless they stand nearly everywhere."""
        if words not in self.remembered:
            self.remembered[words] = [*map(self.word, words.units), *self.characters(words)]
        return self.remembered[words]

    def word(self, unit: Unit) -> Weighed:
        every = range(len(self.passages))
        if not unit.words:
            return Weighed(WORD, positive({number: self.occurrences(unit.sought, number) for number in every}), {})
        body = {
            number: sum(self.words[number][word] + HEADING * self.headings[number][word] for word in unit.words)
            for number in every
        }
        titles = {at: sum(title[word] for word in unit.words) for at, title in enumerate(self.titles)}
        return Weighed(WORD, positive(body), positive(titles))

    def characters(self, words: Words) -> list[Weighed]:
        terms = []
        for gram, times in Counter(gram for run in words.runs for gram in grams(run)).items():
            having = positive({number: counts[gram] for number, counts in enumerate(self.grams)})
            titles = positive({at: counts[gram] for at, counts in enumerate(self.title_grams)})
            is_all = sum(map(len, words.runs)) == 1
            if len(gram) == 2 or is_all or len(having) <= MOST_COMMON * len(self.passages):
                terms.append(Weighed(times * (PAIR if len(gram) == 2 else CHARACTER), having, titles))
        return terms

    # Lists

    def passes(self, filters: Filters, ordinal: int, without: str = "") -> bool:
        metadata, year = self.library[ordinal].document.metadata, self.year(ordinal)
        chosen = {field: getattr(filters, field) for field in ("genre", "speaker", "org")}
        of_years = filters.first_year is None and filters.last_year is None
        return all(
            not values or field == without or (getattr(metadata, field) or "") in values
            for field, values in chosen.items()
        ) and (of_years or without == "year" or is_between(year, filters.first_year, filters.last_year))

    def facets(self, documents: Iterable[int], filters: Filters) -> dict[str, dict[str, int]]:
        counted: dict[str, Counter[str]] = {field: Counter() for field in ("genre", "speaker", "org", "year")}
        for ordinal in documents:
            for field, counts in counted.items():
                value = (
                    self.year(ordinal) if field == "year" else getattr(self.library[ordinal].document.metadata, field)
                )
                if value and self.passes(filters, ordinal, without=field):
                    counts[str(value)] += 1
        return {field: dict(counts) for field, counts in counted.items()}


def positive(counts: Mapping[int, float]) -> dict[int, float]:
    return {number: count for number, count in counts.items() if count}


def is_between(year: int | None, first: int | None, last: int | None) -> bool:
    return year is not None and (first is None or year >= first) and (last is None or year <= last)


def number_begins(squeezed: str) -> Iterable[bool]:
    """Tell for each character, separators left out, whether a number begins there."""
    before = ""
    for character in squeezed:
        if character != SEPARATOR:
            yield character in NUMERALS and before not in NUMERALS if before else character in NUMERALS
        before = character
