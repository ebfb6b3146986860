"""What every engine must do. A test class for an engine inherits `EngineContract` and says how to make the engine."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.analysis import Analyzer
from kb.documents import Reading
from kb.engines.base import Engine, Filters, Found, Group, Request, Searcher, Sort
from kb.fold import SEPARATOR, fold, squeeze
from kb.literal import literal, pattern
from kb.preparation import prepare
from kb.query_language import parse
from kb.terms import Terms

LIBRARY = (
    Reading(
        "a",
        "一、培训的目的\n我们要提高党建工作水平。三是党建工作的载体要搞清楚。",
        title="培训动员讲话",
        genre="讲话",
        speaker="王大同",
        date="2021-03-05",
    ),
    Reading(
        "b",
        "不忘初心，牢记使命。培训班要学习黨的二十大精神。\n个人大力支持。",
        title="党课：初心",
        genre="党课",
        speaker="李远",
        date="2022",
    ),
    Reading(
        "c",
        "党建工作要有载体，载体要有人抓。\n党建引领基层治理。",
        title="工作报告",
        genre="报告",
        org="青禾市委",
        date="2023-01",
    ),
    Reading("d", "二〇二一年三月五日，全市安全生产会议召开，KPI 考核随后开展。", title="会议纪要"),
    Reading(
        "e", "党建工作是一切工作的载体吗？", title="党建工作的载体", genre="讲话", speaker="王大同", date="2021-12"
    ),
)
SENTENCE = st.text(st.sampled_from("党建工作培训班初心黨設Ａb甲乙 ，、“”"), min_size=1, max_size=30)
NUMBERED = st.text(st.sampled_from("党二十大20年月日第三一、 ，"), min_size=1, max_size=20)


class EngineContract:
    def make_engine(self) -> Engine:
        raise AssertionError("the inheriting class makes the engine")

    @pytest.fixture
    def index(self, tmp_path: Path, analyzer: Analyzer) -> Searcher:
        return self.build(tmp_path, analyzer, LIBRARY)

    @pytest.fixture
    def ask(self, index: Searcher, analyzer: Analyzer):
        def found(text: str, **choices) -> Found:
            request = Request(parse(text, analyzer), **choices)
            found = index.search(request)
            if request.deadline is None:
                assert index.count(request) == found.total
            return found

        return found

    def build(self, folder: Path, analyzer: Analyzer, readings, families: dict[str, str] | None = None) -> Searcher:
        folder.mkdir(exist_ok=True)
        engine = self.make_engine()
        writer = engine.writer(folder)
        for reading in readings:
            writer.add(prepare(reading, analyzer))
        writer.finish(families or {})
        return engine.searcher(folder)

    @pytest.fixture
    def many(self, tmp_path, analyzer: Analyzer) -> Searcher:
        """A library in which characters are common and words are not, half of it dated, some of it near-copies."""
        chance = random.Random(7)
        words = "党建 工作 载体 建设 党员 工程 作风 建党 设施 员工 风险 会议 议程 程度".split()
        readings = [
            Reading(
                str(number),
                "\n".join(
                    "".join(chance.choices(words, k=chance.randint(4, 30))) + "。" for _ in range(number % 5 + 1)
                ),
                title="".join(chance.choices(words, k=3)),
                date=f"20{number % 20:02}" if number % 2 else None,
            )
            for number in range(300)
        ]
        ids = [prepare(reading, analyzer).document.id for reading in readings]
        families = {ids[number]: ids[number - number % 3] for number in range(60)}
        return self.build(tmp_path / "many", analyzer, readings, families)

    @pytest.mark.parametrize(
        "text", ["党建工作载体", "党建 载体", "作风建设 员工", "风", "会议程度", "工作 -党建", "党建 OR 会议"]
    )
    def test_a_page_is_what_stands_there_in_the_whole_list(self, many, analyzer, text):
        for sort, group, folded in product(get_args(Sort), get_args(Group), (True, False)):
            self.check_pages(many, Request(parse(text, analyzer), sort=sort, group=group, fold=folded))

    @staticmethod
    def check_pages(many: Searcher, request: Request) -> None:
        whole = many.search(replace(request, limit=10_000))
        assert len(whole.hits) == whole.total_hits > 20
        for offset, limit in ((0, 1), (0, 5), (3, 7), (15, 3)):
            page = many.search(replace(request, offset=offset, limit=limit))
            assert page.hits == whole.hits[offset : offset + limit]
            assert (page.total, page.total_hits, page.facets) == (whole.total, whole.total_hits, whole.facets)

    @staticmethod
    def texts(index: Searcher, found: Found) -> list[str]:
        shown = []
        for hit in found.hits:
            document = index.document(hit.document_id)
            assert document is not None
            passage = document.passages[hit.number - 1]
            shown.append(document.text[passage.start : passage.end])
        return shown

    # What matches

    @pytest.mark.parametrize(
        ("text", "total"),
        [
            ('"党建工作的载体"', 1),
            ('"培训的目的"', 1),
            ('"班"', 1),
            ("初心", 1),
            ('"20大精神"', 1),
            ('"2021年3月5日"', 1),
            ('"黨建"', 4),
            ('"人大力"', 1),
            ('"kp"', 1),
            ('"没有的话"', 0),
            ("党建 -载体", 1),
            ("初心 OR kpi", 2),
            ("kpi*", 1),
            ("标题:培训", 2),
            ("党建工作 年份:2022..2023", 1),
            ("党建工作 讲话人:王", 2),
            ("单位:青禾 党建", 2),
            ("-党建", 4),
        ],
    )
    def test_totals_are_exact(self, ask, text, total):
        assert ask(text).total == total

    def test_passages_with_the_whole_string_come_first_then_those_with_its_words(self, index, ask):
        texts = self.texts(index, ask("党建工作的载体", group="passage"))
        assert "党建工作的载体" in texts[0]
        assert all("党建工作的载体" not in text for text in texts[1:])
        assert any("党建工作要有载体" in text for text in texts[1:])

    def test_a_real_word_counts_more_than_the_same_characters_across_words(self, tmp_path, analyzer):
        searcher = self.build(
            tmp_path / "words",
            analyzer,
            [Reading("x", "个人大力支持这项活动。"), Reading("y", "人大代表视察这项活动。")],
        )
        texts = self.texts(searcher, searcher.search(Request(parse("人大 活动", analyzer))))
        assert texts == ["人大代表视察这项活动。", "个人大力支持这项活动。"]

    def test_a_word_is_found_by_its_synonyms_and_they_count_as_words(self, tmp_path):
        own = Analyzer(Terms(("人大", "代表会"), (("人大", "代表会"),)))
        readings = [Reading("x", "个人大力支持这项活动。"), Reading("y", "代表会视察这项活动。")]
        searcher = self.build(tmp_path / "synonyms", own, readings)
        for typed in ("人大 活动", "代表会 活动"):
            texts = self.texts(searcher, searcher.search(Request(parse(typed, own))))
            assert texts == ["代表会视察这项活动。", "个人大力支持这项活动。"]
        assert searcher.search(Request(parse("“代表会”", own))).total == 1

    def test_headings_and_titles_cover_words_that_the_passage_lacks(self, index, ask):
        assert "三是党建工作的载体" in self.texts(index, ask("培训的目的 载体"))[0]
        assert ask("会议纪要").hits[0].document_id == ask("KPI").hits[0].document_id

    def test_a_long_question_is_not_anded_to_death(self, index, ask):
        assert "党建工作要有载体" in " ".join(
            self.texts(index, ask("请问党建工作为什么一定要有载体而且要有人抓才行呢"))
        )

    # Lists

    def test_by_document_each_gives_its_best_passage_and_counts_the_others(self, ask):
        found = ask("党建")
        assert found.total == sum(1 + hit.more_in_document for hit in found.hits)
        assert found.total_documents == len(found.hits) == len({hit.document_id for hit in found.hits})

    def test_by_passage_each_is_a_hit(self, ask):
        found = ask("党建", group="passage")
        assert len(found.hits) == found.total > found.total_documents

    def test_pages_together_are_the_whole_list(self, ask):
        whole = ask("党建", group="passage").hits
        pages = [
            hit for offset in range(len(whole)) for hit in ask("党建", group="passage", offset=offset, limit=1).hits
        ]
        assert tuple(pages) == whole

    def test_by_date_undated_documents_come_last_either_way(self, index, ask):
        def dates(sort: str) -> list[str | None]:
            documents = [index.document(hit.document_id) for hit in ask("工作 OR 会议", sort=sort).hits]
            return [document.metadata.date for document in documents if document]

        assert dates("date") == ["2021-03-05", "2021-12", "2023-01", None]
        assert dates("-date") == ["2023-01", "2021-12", "2021-03-05", None]

    def test_filters_restrict_and_facets_count_as_if_their_own_filter_were_not_set(self, ask):
        found = ask("党建", filters=Filters(genre=("讲话",)))
        assert found.total_documents == 2
        assert dict(found.facets["genre"]) == {"讲话": 2, "报告": 1}
        assert dict(found.facets["speaker"]) == {"王大同": 2}
        assert list(found.facets["year"]) == [("2021", 2)]

    def test_several_values_of_a_filter_are_alternatives_and_several_filters_conditions(self, ask):
        assert ask("党建", filters=Filters(genre=("讲话", "报告"))).total_documents == 3
        assert ask("党建", filters=Filters(genre=("讲话", "报告"), first_year=2023)).total_documents == 1
        assert ask("党建", filters=Filters(speaker=("没有此人",))).total == 0

    # Near-copies and passages that recur

    COPIES = (
        Reading("1", "党建工作的载体要搞清楚。\n党建要抓实。", title="动员讲话", genre="讲话", date="2021"),
        Reading("2", "谈谈党建工作。\n党建要抓实！", title="另一篇", genre="讲话", date="2022"),
        Reading("3", "党建工作的载体要弄清楚。\n黨建，要抓实", title="动员讲话", genre="党课", date="2023"),
        Reading("4", "党建 工作的载体要搞清楚。", title="动员讲话", genre="讲话"),
    )

    @pytest.fixture
    def copies(self, tmp_path: Path, analyzer: Analyzer) -> Searcher:
        ids = [prepare(reading, analyzer).document.id for reading in self.COPIES]
        return self.build(tmp_path / "copies", analyzer, self.COPIES, {ids[at]: ids[0] for at in (0, 2, 3)})

    @pytest.fixture
    def ask_folded(self, copies: Searcher, analyzer: Analyzer):
        def found(text: str, **choices) -> Found:
            return copies.search(Request(parse(text, analyzer), fold=True, **choices))

        return found

    @staticmethod
    def paths(index: Searcher, found: Found) -> list[tuple[str, int]]:
        path = {listed.id: listed.path for listed in index.documents()}
        return [(path[hit.document_id], hit.copies) for hit in found.hits]

    def test_the_family_of_a_document_is_known_to_each_of_its_members(self, copies):
        ids = [listed.id for listed in copies.documents()]
        assert [[copy.path for copy in copies.copies(document_id)] for document_id in ids] == [
            ["3", "4"],
            [],
            ["1", "4"],
            ["1", "3"],
        ]
        assert list(copies.copies("nothing")) == []

    def test_by_document_the_first_of_a_family_stands_for_those_that_match(self, copies, ask_folded):
        found = ask_folded('"载体"')
        assert self.paths(copies, found) == [("1", 2)]
        assert (found.total, found.total_documents, found.total_hits) == (3, 3, 1)
        assert self.paths(copies, ask_folded('"弄清楚"')) == [("3", 0)]

    def test_filters_and_order_come_before_folding(self, copies, ask_folded):
        assert self.paths(copies, ask_folded('"载体"', filters=Filters(genre=("党课",)))) == [("3", 0)]
        assert self.paths(copies, ask_folded("党建", sort="date")) == [("1", 2), ("2", 0)]
        assert self.paths(copies, ask_folded("党建", sort="-date")) == [("3", 2), ("2", 0)]

    def test_by_passage_the_first_of_those_that_say_the_same_stands_for_the_others(self, copies, ask_folded):
        found = ask_folded('"党建"', group="passage")
        same = {text: hit.same_passages for text, hit in zip(self.texts(copies, found), found.hits, strict=True)}
        assert sorted(same.values()) == [0, 0, 1, 2]
        assert same["党建要抓实。"] == 2
        assert found.total == 7 == sum(1 + hit.same_passages for hit in found.hits)
        assert found.total_hits == 4
        assert all(hit.copies == 0 for hit in found.hits)

    @pytest.mark.parametrize("group", ["document", "passage"])
    def test_pages_of_folded_hits_together_are_the_whole_list(self, ask_folded, group):
        whole = ask_folded("党建", group=group)
        pages = [ask_folded("党建", group=group, offset=at, limit=1).hits for at in range(whole.total_hits + 1)]
        assert tuple(hit for page in pages for hit in page) == whole.hits
        assert len(whole.hits) == whole.total_hits

    def test_without_folding_every_match_is_a_hit(self, copies, analyzer):
        query = parse("党建", analyzer)
        founds = [copies.search(Request(query)), copies.search(Request(query, group="passage"))]
        assert [(len(found.hits), found.total_hits) for found in founds] == [(4, 4), (7, 7)]
        assert {(hit.copies, hit.same_passages) for found in founds for hit in found.hits} == {(0, 0)}

    # Documents

    def test_a_document_comes_back_as_it_was(self, index, analyzer):
        for reading in LIBRARY:
            document = prepare(reading, analyzer).document
            assert index.document(document.id) == document
        assert index.document("nothing") is None

    def test_documents_are_listed_and_counted_in_the_order_of_adding(self, index):
        assert [listed.path for listed in index.documents()] == [reading.path for reading in LIBRARY]
        assert index.counts().documents == len(LIBRARY)
        assert index.counts().characters == sum(len(reading.text) for reading in LIBRARY)
        assert index.counts().passages == sum(listed.passages for listed in index.documents())

    # The vocabulary

    def test_the_vocabulary_counts_for_each_word_the_passages_that_have_it(self, index, analyzer):
        passages = [terms.words for reading in LIBRARY for terms in prepare(reading, analyzer).passages]
        expected = Counter(word for words in passages for word in set(words) if len(word) > 1)
        assert dict(index.vocabulary()) == expected
        assert expected["党建"] == 4

    def test_frequencies_count_the_passages_that_have_a_character_or_a_pair(self, index):
        assert list(index.frequencies(["党", "党建", "人大", "建党", "k", "kp"])) == [5, 4, 1, 0, 1, 1]

    def test_headings_are_the_titles_of_the_sections(self, index, analyzer):
        documents = [prepare(reading, analyzer).document for reading in LIBRARY]
        assert list(index.headings()) == [section.title for document in documents for section in document.sections]

    @pytest.mark.parametrize("text", ['"党建工作的载体"', "党建 工作 载体 培训", "党建 OR 培训", "党*"])
    def test_a_search_past_its_deadline_says_that_it_is_partial(self, index, analyzer, text):
        found = index.search(Request(parse(text, analyzer), deadline=0.0))
        assert found.partial

    def test_many_threads_get_the_same_answers(self, index, analyzer):
        queries = [parse(text, analyzer) for text in ("党建", '"二十大精神"', "培训的目的", "年份:2021 工作")]
        expected = [index.search(Request(query)) for query in queries]
        wrong: list[object] = []

        def work(seed: int) -> None:
            order = random.Random(seed)
            for _ in range(50):
                number = order.randrange(len(queries))
                try:
                    if index.search(Request(queries[number])) != expected[number]:
                        wrong.append(number)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                    wrong.append(error)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []

    # Law 2

    @given(
        data=st.data(),
        texts=st.lists(st.lists(SENTENCE, min_size=1, max_size=3).map("。\n".join), min_size=1, max_size=4),
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_every_string_in_a_document_is_found_and_the_total_is_exact(self, tmp_path_factory, analyzer, data, texts):
        self.check_literal_recall(tmp_path_factory.mktemp("law2"), analyzer, data, texts)

    @given(data=st.data(), texts=st.lists(NUMBERED, min_size=1, max_size=4))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_every_number_in_a_document_is_found_in_all_its_forms(self, tmp_path_factory, analyzer, data, texts):
        self.check_literal_recall(tmp_path_factory.mktemp("law2"), analyzer, data, texts)

    def check_literal_recall(self, folder: Path, analyzer: Analyzer, data, texts: list[str]) -> None:
        readings = [Reading(str(number), text) for number, text in enumerate(texts) if squeeze(fold(text))]
        if not readings:
            return
        searcher = self.build(folder, analyzer, readings)
        passages = [
            document.text[passage.start : passage.end]
            for listed in searcher.documents()
            if (document := searcher.document(listed.id))
            for passage in document.passages
        ]
        source = data.draw(st.sampled_from([passage for passage in passages if squeeze(fold(passage))]))
        start = data.draw(st.integers(0, len(source) - 1))
        sought = source[start : start + data.draw(st.integers(1, 12))]
        wanted = literal(sought)
        if wanted is None:
            return
        plain = squeeze(fold(sought)).replace(SEPARATOR, "")
        expected = [text for text in passages if pattern(wanted).search(squeeze(fold(text)))]
        assert {text for text in passages if plain in squeeze(fold(text)).replace(SEPARATOR, "")} <= set(expected)
        quoted = sought.translate(dict.fromkeys(map(ord, "“”")))
        found = searcher.search(Request(parse(f'"{quoted}"', analyzer), group="passage", limit=100))
        assert sorted(self.texts(searcher, found)) == sorted(expected)
        unquoted = searcher.search(Request(parse(quoted, analyzer), group="passage", limit=100))
        assert sorted(self.texts(searcher, unquoted)[: len(expected)]) == sorted(expected)
