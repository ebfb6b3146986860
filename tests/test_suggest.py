from __future__ import annotations

import time
from dataclasses import replace

import pytest

from kb.answers import Question
from kb.documents import Metadata
from kb.engines.base import Filters, Listed
from kb.search import Search
from kb.suggest.completion import Completer
from kb.suggest.lookalikes import Lookalikes
from kb.suggest.pinyin import homophones, readings, sounds
from kb.suggest.related import related_terms
from kb.suggest.relaxing import unknown_values
from kb.suggest.spelling import Speller
from kb.terminal import told

WORKING = "党建工作要有载体，载体要有人抓。\n基层治理离不开群众路线，management 也是。\n"
SUBJECTS = {
    "meeting": "培训的目的\n各单位要重视党建工作，选好载体。\n社会主义现代化建设需要人才。\n管理学习资料的办法。",
    "lecture": "党建工作的意义\n不忘初心，党建工作才有方向。\n社会主义现代化建设任重道远。\n领导干部带头。",
    "report": "工作报告\n党建工作与领导干部培训。\n社会主义现代化建设开局良好。\n领导干部下基层，KPI 考核。",
}


@pytest.fixture
def search(library) -> Search:
    made: Search = library(**{name: text + "\n" + WORKING for name, text in SUBJECTS.items()})
    return made


@pytest.fixture
def speller(search, analyzer) -> Speller:
    searcher = search.open().searcher
    return Speller(searcher, analyzer, searcher.vocabulary())


def first_suggestion(search: Search, text: str, **choices) -> str | None:
    suggestions = search.ask(Question(text, **choices)).suggestions
    return suggestions[0].text if suggestions else None


# How characters sound


def test_readings_have_no_tones_and_a_letter_sounds_like_itself():
    assert readings("党") == ("dang",)
    assert readings("女") == ("nv",)
    assert readings("a") == ("a",)


def test_only_what_is_really_read_in_several_ways_has_several_readings():
    assert set(readings("行")) >= {"xing", "hang"}
    assert set(readings("长")) == {"chang", "zhang"}
    assert readings("青") == ("qing",)
    assert set(readings("着")) >= {"zhe", "zhu"}  # 著 is folded to it


def test_a_word_has_the_sounds_of_all_its_readings():
    assert {"yinhang", "yinxing"} <= set(sounds("银行"))
    assert homophones("建件人")["jian"] == ["件", "建"]


# Words like a string


def test_words_that_sound_alike_are_found_by_characters_and_by_pinyin():
    words = Lookalikes({"党建": 3, "当前": 2, "党委": 1})
    assert words.sounding_like("党件") == {"党建"}
    assert words.sounding_like("dangjian") == {"党建"}
    assert words.sounding_like("党建") == set()


@pytest.mark.parametrize("typed", ["不忘初新", "不忘初", "不忘了初心", "不忘心初"])
def test_words_one_edit_away_are_found(typed):
    words = Lookalikes({"不忘初心": 3, "党委": 1})
    assert words.one_edit_from(typed) == {"不忘初心"}


@pytest.mark.parametrize("typed", ["不望初新", "于建国", "初心", "不忘初心"])
def test_words_two_edits_away_and_other_names_are_not(typed):
    words = Lookalikes({"不忘初心": 3, "王建国": 2})
    assert words.one_edit_from(typed) == set()


# Did you mean


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("党件工作", "党建工作"),
        ("党件", "党建"),
        ("当健工作", "党建工作"),
        ("在体", "载体"),
        ("社会主意现代化", "社会主义现代化"),
        ("社会义主现代化", "社会主义现代化"),
        ("dangjian", "党建"),
        ("managment", "management"),
        ("怎么重视党件工作的意义", "怎么重视党建工作的意义"),
    ],
)
def test_a_misspelt_query_is_corrected(speller, typed, meant):
    assert speller.correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "党建工作",
        "载体",
        "党建载体",
        "怎么做好党建工作",
        "量子纠缠",
        "王建国",
        "不忘初心，牢记使命",
        "kpi",
        "abcdefgh",
        "12345",
        "的",
        "-党件",
        "讲话人:党件",
        "党件*",
    ],
)
def test_a_right_or_strange_query_and_what_restricts_it_is_left_alone(speller, typed):
    assert speller.correct(typed) is None


def test_what_is_not_corrected_stays_as_it_was_typed(speller):
    assert speller.correct("KPI “黨件工作” -党件") == "KPI “党建工作” -党件"


def test_a_long_query_is_corrected_within_its_time(speller):
    began = time.monotonic()
    speller.correct("件" * 200, began - 1)
    assert speller.correct("党件工作", began - 1) is None


def test_what_was_meant_is_suggested_first_with_its_total(search):
    answer = search.ask(Question("党件工作"))
    assert answer.suggestions[0].text == "党建工作"
    total = search.ask(Question("党建工作")).total
    assert answer.suggestions[0].reason == f"可能是想找这个，有 {total} 段"
    assert answer.total > 0  # 工作 is found, and still the correction is offered
    assert first_suggestion(search, '"党件工作"') == '"党建工作"'


def test_a_right_query_gets_no_suggestion(search):
    for text in ("党建工作", "载体", '"社会主义现代化建设"', "党建 载体", "基层治理", "领导干部带头"):
        assert search.ask(Question(text)).suggestions == []


def test_a_correction_that_finds_nothing_with_the_filters_is_not_offered(search):
    assert first_suggestion(search, "党件工作", filters=Filters(genre=("没有",))) != "党建工作"


def test_only_the_first_page_is_corrected(search):
    assert search.ask(Question("党件工作", page=2, per_page=1)).suggestions == []


# Nothing found


def test_the_parts_of_a_query_that_finds_nothing_are_counted(search):
    answer = search.ask(Question('"党建工作" 量子 -通知 标题:诗歌 年份:1900..1901 kpi*'))
    assert answer.total == 0
    parts = {part.text: part.passages for part in answer.parts}
    assert parts["量子"] == 0
    assert parts["“党建工作”"] == search.ask(Question('"党建工作"')).total
    assert parts["标题:诗歌"] == parts["年份:1900..1901"] == 0
    assert parts["kpi*"] == 1
    assert "通知" not in "".join(parts)


def test_a_part_is_shown_as_it_was_typed(search):
    parts = [part.text for part in search.ask(Question("“显著饕餮，ＫＰＩ”")).parts]
    assert parts == ["“显著饕餮，ＫＰＩ”", "显著", "饕餮", "ＫＰＩ"]


def test_what_finds_something_has_no_parts(search):
    assert search.ask(Question("党建工作")).parts == []


def test_what_occurs_nowhere_is_dropped_first_then_each_word_stands_alone(search):
    answer = search.ask(Question('"党建载体饕餮"'))
    offers = {offer.text: offer.reason for offer in answer.suggestions}
    assert offers["党建 载体"].startswith("去掉没有的")
    assert any(reason.startswith("只检索“载体”") for reason in offers.values())
    assert len(offers) == len(answer.suggestions)


def test_every_offer_finds_as_much_as_it_says(search):
    for text in ('"党建载体饕餮"', "“党件工作饕餮”", "饕餮 量子"):
        for offer in search.ask(Question(text)).suggestions:
            assert offer.reason.endswith(f"有 {search.ask(Question(offer.text)).total} 段")


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (Filters(genre=("讲话", "诗歌")), "没有“诗歌”这种体裁，"),
        (Filters(speaker=("李白",), org=("翰林院",)), "没有“李白”这位讲话人，没有“翰林院”这个单位，"),
        (Filters(first_year=2030), "没有这些年份的文档，"),
        (Filters(last_year=2021), ""),
        (Filters(genre=("讲话",)), ""),
    ],
)
def test_a_filter_value_that_no_document_has_is_named(filters, said):
    listed = Listed("a", "a.txt", Metadata("题", genre="讲话", date="2021-03"), 1, 1)
    undated = replace(listed, metadata=Metadata("题"))
    assert unknown_values(filters, [listed, undated]) == said


def test_the_terminal_tells_how_the_query_was_cut_and_what_to_try(search):
    assert "试试：党建工作（可能是想找这个，有" in told(search.ask(Question("党件工作")))
    nothing = told(search.ask(Question('"党建饕餮"')))
    assert "切分：“党建饕餮” 0 段，党建 " in nothing
    assert "试试：党建（只检索“党建”，有" in nothing


# Completions


def test_completions_are_words_headings_and_titles_that_begin_so(library):
    search = library(
        a="党建工作培训讲话\n\n一、党建工作的目的\n\n党建工作要有载体。\n\n二、党建工作的方法\n\n党建工作要有办法，载体要有人抓。"
    )
    completed = search.complete("党建")
    kinds = {completion.text: completion.kind for completion in completed.completions}
    assert kinds["党建工作"] == "term"
    assert kinds["党建工作的目的"] == kinds["党建工作的方法"] == "heading"
    assert kinds["党建工作培训讲话"] == "title"
    assert completed.generation == search.ask(Question("党建")).generation


def test_the_last_word_is_completed_and_titles_are_found_from_inside(search):
    assert "党建 载体" in [completion.text for completion in search.complete("党建 载").completions]
    assert "工作报告" in [completion.text for completion in search.complete("报告").completions]


def test_pinyin_completes_to_words_that_sound_so(search):
    assert "党建" in [completion.text for completion in search.complete("dangj").completions]


@pytest.mark.parametrize("typed", ["党建工作", "黨建", "ｋ", "量子纠缠", "，。"])
def test_a_completion_is_never_what_is_typed_and_never_comes_twice(search, typed):
    searcher = search.open().searcher
    texts = [completion.text for completion in Completer(searcher, searcher.vocabulary(), str).complete(typed, 8)]
    assert typed not in texts
    assert len(texts) == len(set(texts)) <= 8


def test_what_is_suggested_is_written_as_people_write_it(library):
    search = library(**{f"d{at}": f"第{at}次取得显著成效。\n成效显著。\n" for at in range(9)})
    assert "显著" in [completion.text for completion in search.complete("显").completions]
    assert first_suggestion(search, "显住成效") == "显著成效"


# Related terms


def test_related_terms_are_words_that_the_hits_have_unusually_often():
    vocabulary = {"党建": 10, "支部": 12, "建设": 900, "支部书记": 9, "书记": 30}
    texts = [
        {"党建", "靠", "支部", "建设"},
        {"党建", "看", "支部书记"},
        {"党建", "进", "支部", "建设"},
        {"支部书记", "抓", "党建"},
        {"党建", "与", "支部书记"},
    ]
    assert related_terms(texts, "党建", vocabulary, 1000, 5) == ["支部书记"]
    assert related_terms(texts[:3], "党建", vocabulary, 1000, 5) == []


# Getting ready


def test_a_new_generation_is_made_ready_aside_where_the_old_one_was(search, analyzer, tmp_path):
    from kb.engines.whoosh import WhooshEngine
    from kb.generations import Generations
    from kb.library import rebuild

    search.prepare()
    assert search.open().suggester.is_prepared
    rebuild([tmp_path / "library"], Generations(tmp_path / "index"), WhooshEngine(), analyzer)
    assert first_suggestion(search, "党件工作") == "党建工作"
    patience = time.monotonic() + 30
    while not search.open().suggester.is_prepared and time.monotonic() < patience:
        time.sleep(0.01)
    assert search.open().suggester.is_prepared
