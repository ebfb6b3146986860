"""The evaluation against a plain reference: the same matches and scores, counted one passage after the other.

`Reference` knows no index. It reads what was prepared for indexing and works out for each passage whether it matches and what it
scores, by the words of `kb.engines.base` and `kb.engines.whoosh.ranking`; only the constants are taken from there. So what
the engine leaves out to be fast (characters are looked up only for contenders) may not show in a hit.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.analysis import Analyzer, Unit
from kb.documents import Reading
from kb.engines.base import Analysed, Filters, Found, Group, Hit, PassageTerms, Request, Sort
from kb.engines.whoosh import WhooshEngine
from kb.engines.whoosh.listing import Listing
from kb.engines.whoosh.ranking import CHARACTER, DOCUMENT, HEADING, K1, LABEL, MOST_COMMON, PAIR, SCALE, TITLE, WORD, B
from kb.fold import NUMERALS, SEPARATOR, fold, grams, squeeze
from kb.literal import Literal, literal, pattern, spelled_out
from kb.preparation import prepare
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years
from kb.query_language import parse
from kb.terms import Terms

TOLERANCE = 1e-4
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


class Judged:
    """A library in the engine and in the reference."""

    def __init__(self, folder, analyzer: Analyzer, readings: Sequence[Reading]) -> None:
        library = [prepare(reading, analyzer) for reading in readings]
        self.reference = Reference(library)
        self.ids = [analysed.document.id for analysed in library]
        self.family = {at: at - at % 3 for at in range(len(library) // 2)}
        folder.mkdir(exist_ok=True)
        writer = WhooshEngine().writer(folder)
        for analysed in library:
            writer.add(analysed)
        writer.finish({self.ids[member]: self.ids[first] for member, first in self.family.items()})
        self.searcher = WhooshEngine().searcher(folder)

    def check(self, request: Request) -> Found:
        """Compare the page, the totals and the facets with the reference."""
        reference = self.reference
        matching = reference.matches(request.query)
        matched = {reference.place[number][0] for number in matching}
        allowed = {ordinal for ordinal in matched if reference.passes(request.filters, ordinal)}
        scores = {number: score for number, score in matching.items() if reference.place[number][0] in allowed}
        found = self.searcher.search(request)
        assert found.total == len(scores) == self.searcher.count(request)
        assert found.total_documents == len(allowed)
        assert {field: dict(values) for field, values in found.facets.items()} == reference.facets(
            matched, request.filters
        )
        groups = self.groups(scores, request)
        assert found.total_hits == len(groups)
        best = sorted(min(self.rank(number, scores, request.sort) for number in group) for group in groups.values())
        wanted = best[request.offset : request.offset + request.limit]
        numbers = [reference.place.index((self.ids.index(hit.document_id), hit.number)) for hit in found.hits]
        ranks = [self.rank(number, scores, request.sort) for number in numbers]
        assert [date for date, _ in ranks] == [date for date, _ in wanted]
        assert [score for _, score in ranks] == pytest.approx([score for _, score in wanted], abs=TOLERANCE)
        for number, hit in zip(numbers, found.hits, strict=True):
            assert hit.score == pytest.approx(scores[number], abs=TOLERANCE)
            self.check_what_it_stands_for(number, hit, scores, request)
        assert len({self.group(number, request) for number in numbers}) == len(numbers)
        return found

    def check_what_it_stands_for(self, number: int, hit: Hit, scores: Scores, request: Request) -> None:
        document, _ = self.reference.place[number]
        in_document = [other for other in scores if self.reference.place[other][0] == document]
        alike = [other for other in scores if self.group(other, request) == self.group(number, request)]
        assert hit.more_in_document == len(in_document) - 1
        documents = {self.reference.place[other][0] for other in alike}
        by_document = request.group == "document"
        assert hit.copies == (len(documents) - 1 if by_document else 0)
        assert hit.same_passages == (0 if by_document else len(alike) - 1)

    def groups(self, scores: Scores, request: Request) -> dict[Hashable, list[int]]:
        """Gather the matches of which one stands for the others."""
        groups = defaultdict(list)
        for number in scores:
            groups[self.group(number, request)].append(number)
        return groups

    def group(self, number: int, request: Request) -> Hashable:
        document, _ = self.reference.place[number]
        if request.group == "document":
            return self.family.get(document, document) if request.fold else document
        return self.reference.passages[number].squeezed if request.fold else number

    def rank(self, number: int, scores: Scores, sort: Sort) -> tuple[tuple[bool, int], float]:
        """Return what a match is ordered by: the lowest stands first."""
        date = self.reference.library[self.reference.place[number][0]].document.metadata.date
        if sort == "relevance":
            return (False, 0), -scores[number]
        dates = sorted({analysed.document.metadata.date or "" for analysed in self.reference.library})
        return (not date, dates.index(date or "") * (-1 if sort == "-date" else 1)), -scores[number]


VOCABULARY = (
    "党建 工作 载体 建设 党员 工程 作风 设施 员工 风险 会议 议程 程度 人大 代表会 大力 二十大 20大 第三 3年 三十年 安全 生产 "
    "学习 教育 基层 治理 初心 使命 群众 路线 改革 开放 农村 城市 服务 KPI 考核 黨建 統計 数据 平台 监督 干部 纪律 检查 责任 制度"
).split()
OWN = Terms(("人大", "代表会"), (("人大", "代表会"), ("党建", "党的建设")))
SOUGHT = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map("".join)
TYPED = st.lists(st.one_of(SOUGHT, st.sampled_from(["建", "大", "党", "会", "没有", "的"])), min_size=1, max_size=4)
SENTENCES = st.lists(st.sampled_from([*VOCABULARY, "，", "、", "的"]), min_size=1, max_size=12).map("".join)
TEXTS = st.lists(
    st.one_of(SENTENCES.map("{}。".format), SENTENCES, SENTENCES.map("一、{}".format)), min_size=1, max_size=4
).map("\n".join)
DATES = st.sampled_from([None, "2019", "2020-05", "2021", "2021-03-05"])
KNOWN = {
    "genre": st.sampled_from([None, "讲话", "党课"]),
    "speaker": st.sampled_from([None, "王大同", "李远"]),
    "org": st.sampled_from([None, "青禾市委"]),
}
LIBRARIES = st.lists(
    st.builds(Reading, st.just(""), TEXTS, title=SENTENCES, date=DATES, **KNOWN), min_size=1, max_size=8
).map(lambda readings: [replace(reading, path=str(number)) for number, reading in enumerate(readings)])
FILTERS = st.builds(
    Filters,
    genre=st.sampled_from([(), (), ("讲话",), ("讲话", "党课")]),
    speaker=st.sampled_from([(), (), ("王大同",)]),
    first_year=st.sampled_from([None, None, 2020]),
    last_year=st.sampled_from([None, None, 2020]),
)


@pytest.fixture(scope="module")
def own():
    return Analyzer(OWN)


@contextmanager
def adding_up(few: int) -> Iterator[None]:
    """Let lists be spread out over all texts where more than so many match, as where thousands do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kb.engines.whoosh.scoring._FEW", few)
        yield


def queries(own: Analyzer):
    """Make queries of every kind, nested."""
    typed = TYPED.map(" ".join)
    literals = typed.map(literal).filter(bool)
    words = typed.map(lambda text: parse(text, own)).map(
        lambda asked: asked.child if isinstance(asked, Whole) else asked
    )
    leaves = st.one_of(
        words,
        words,
        st.builds(Phrase, literals),
        st.builds(Prefix, st.sampled_from(["党", "工", "k", "二", "没"])),
        st.builds(
            Field, st.sampled_from(["title", "speaker", "org", "genre"]), st.sampled_from("王党大讲").map(literal)
        ),
        st.builds(Years, st.sampled_from([None, 2019, 2021]), st.sampled_from([None, 2020, 2021])),
    )

    def nested(children):
        several = st.lists(children, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(And, several),
            st.builds(lambda wanted, other: And((*wanted, Not(other))), several, children),
            st.builds(Or, several),
            st.builds(Not, children),
        )

    asked = typed.map(lambda text: parse(text, own))
    several = nested(st.one_of(leaves, nested(leaves)))
    wholes = st.builds(Whole, literals, st.one_of(leaves, nested(leaves)))  # it stands for what was typed: never inside
    return st.one_of(asked, asked, leaves, nested(leaves), several, wholes)


def requests(own: Analyzer):
    """Make requests."""
    return st.builds(
        Request,
        queries(own),
        filters=st.one_of(st.just(Filters()), FILTERS),
        sort=st.sampled_from(get_args(Sort)),
        group=st.sampled_from(get_args(Group)),
        fold=st.booleans(),
        offset=st.sampled_from([0, 0, 1, 4]),
        limit=st.sampled_from([1, 3, 10, 1000]),
    )


@pytest.mark.parametrize("few", [3, 1000])
@given(data=st.data(), readings=LIBRARIES)
@settings(max_examples=50, deadline=None)
def test_small_libraries_answer_as_the_reference(tmp_path_factory, own, few, data, readings):
    readings = [reading for reading in readings if squeeze(fold(reading.text))]
    if readings:
        judged = Judged(tmp_path_factory.mktemp("small"), own, readings)
        with adding_up(few):
            for request in data.draw(st.lists(requests(own), min_size=10, max_size=10)):
                judged.check(request)


@pytest.fixture(scope="module")
def large(tmp_path_factory, own):
    """Several hundred passages, so that most of them cannot be among the best."""
    chance = random.Random(11)

    def sentence(most: int) -> str:
        return "".join(chance.choices(VOCABULARY, k=chance.randint(1, most)))

    readings = [
        Reading(
            str(number),
            "\n".join(f"{sentence(14)}。" for _ in range(chance.randint(1, 5))),
            title=sentence(3),
            date=chance.choice([None, "2019", "2020-05", "2021"]),
            genre=chance.choice([None, "讲话", "党课"]),
        )
        for number in range(120)
    ]
    return Judged(tmp_path_factory.mktemp("large"), own, readings)


@pytest.mark.parametrize("few", [3, 1000])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_large_library_answers_as_the_reference(large, own, few, data):
    with adding_up(few):
        for request in data.draw(st.lists(requests(own), min_size=5, max_size=5)):
            large.check(request)


def test_characters_are_looked_up_only_for_those_that_could_be_shown_and_it_does_not_show(large, own, monkeypatch):
    looked_up: list[tuple[int, int]] = []
    contenders = Listing.contenders

    def noted(listing, request, least, most):
        flags = contenders(listing, request, least, most)
        looked_up.append((int(flags.sum()), len(flags)))
        return flags

    monkeypatch.setattr(Listing, "contenders", noted)
    for word, other, group in zip(VOCABULARY, VOCABULARY[7:], cycle(get_args(Group)), strict=False):
        large.check(Request(parse(word, own), group=group, limit=1))
        large.check(Request(parse(f"{word}{other}", own), group=group, limit=1))
    assert sum(some for some, _ in looked_up) < sum(every for _, every in looked_up) / 2
