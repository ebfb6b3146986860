"""The evaluation against a plain reference: the same matches and scores, counted one passage after the other.

What the engine leaves out to be fast (characters are looked up only for contenders) may not show in a hit.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import Reference, Scores

from kb.analysis import Analyzer
from kb.documents import Reading
from kb.engines.base import Filters, Found, Group, Hit, Request, Sort
from kb.engines.whoosh import WhooshEngine
from kb.engines.whoosh.listing import Listing
from kb.fold import fold, squeeze
from kb.literal import literal
from kb.preparation import prepare
from kb.query import And, Field, Not, Or, Phrase, Prefix, Whole, Years
from kb.query_language import parse
from kb.terms import Terms

TOLERANCE = 1e-4


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
        document: int = self.reference.place[number][0]
        if request.group == "document":
            return self.family.get(document, document) if request.fold else document
        squeezed: str = self.reference.passages[number].squeezed
        return squeezed if request.fold else number

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
