from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import BadRequest
from kb.fold import visible
from kb.literal import literal
from kb.query import And, Field, Not, Or, Phrase, Prefix, Query, Whole, Words, Years, sought_in
from kb.query_language import parse, understand
from kb.query_text import told


def phrase(text: str) -> Phrase:
    found = literal(text)
    assert found is not None
    return Phrase(found)


def field(name: str, text: str) -> Field:
    return Field(name, phrase(text).sought)


@pytest.fixture
def read(analyzer):
    def parsed(text: str) -> Query:
        query = parse(text, analyzer)
        return query.child if isinstance(query, Whole) else query

    return parsed


@pytest.fixture
def words(analyzer):
    def read_words(text: str) -> Words:
        query = parse(text, analyzer)
        child = query.child if isinstance(query, Whole) else query
        assert isinstance(child, Words)
        return child

    return read_words


def test_plain_words_are_one_question_and_the_whole_string_is_kept(analyzer, words):
    assert parse("党建 载体", analyzer) == Whole(phrase("党建 载体").sought, words("党建 载体"))


@pytest.mark.parametrize("text", ['"党建工作的载体"', "“党建工作的载体”", "「党建工作的载体」", "＂党建工作的载体＂"])
def test_a_quoted_string_is_searched_as_it_stands_in_any_quotes(analyzer, text):
    assert parse(text, analyzer) == phrase("党建工作的载体")


def test_operators_and_fields(read, words):
    assert read("党建 -形式主义") == And((words("党建"), Not(phrase("形式主义"))))
    assert read("党建 -“形式主义”") == And((words("党建"), Not(phrase("形式主义"))))
    assert read("党建 OR 团建") == Or((words("党建"), words("团建")))
    assert read("党建｜团建") == Or((words("党建"), words("团建")))
    assert read("标题:培训 载体") == And((words("载体"), field("title", "培训")))
    assert read("讲话人：王 单位：市委 体裁：党课") == And(
        (field("speaker", "王"), field("org", "市委"), field("genre", "党课"))
    )
    assert read("(党建 OR 团建) 载体") == And((words("载体"), Or((words("党建"), words("团建")))))
    assert read("kpi*") == Prefix("kpi")


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("年份:2019..2021", Years(2019, 2021)),
        ("年份：2019-2021", Years(2019, 2021)),
        ("year:2019..", Years(2019, None)),
        ("year:..2021", Years(None, 2021)),
        ("年份:2021年", Years(2021, 2021)),
    ],
)
def test_years(read, text, years):
    assert read(text) == years


@pytest.mark.parametrize(
    "text",
    [
        '"党建工作',
        "（党建 工作",
        "党建)",
        "党建 OR",
        "OR 党建",
        "| 党建 |",
        "标题:",
        "--党建",
        "年份:去年",
        "党建 -",
        "()党建",
        "*党建",
        "a:b:c",
    ],
)
def test_what_cannot_be_parsed_is_searched_as_words(analyzer, text):
    query = parse(text, analyzer)
    assert list(sought_in(query))


def test_too_many_operators_are_searched_as_words(read, words):
    text = "甲 OR " * 15 + "乙"
    assert read(text) == words(text)


def test_brackets_inside_a_pasted_string_do_not_lose_the_string(analyzer):
    query = parse("培训（第一期）的意义", analyzer)
    assert isinstance(query, Whole)
    assert query.sought == literal("培训（第一期）的意义")


@pytest.mark.parametrize("text", ["", "   ", "。。。", '""', "“”（）"])
def test_a_query_without_anything_to_look_for_is_refused_with_an_example(analyzer, text):
    with pytest.raises(BadRequest, match="请输入要查找的字词"):
        parse(text, analyzer)


def test_an_overlong_query_is_refused_with_the_limit(analyzer):
    with pytest.raises(BadRequest, match="200 个字（现有 10000 个）"):
        parse("党" * 10_000, analyzer)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("“党建”工作", "党建工作"),
        ("落实“三会一课”制度", "落实三会一课制度"),
        ("“党建” 工作", '工作 "党建"'),
        ("培训（一）", "培训,一"),
        ("培训（第一期）的（（意义））", "培训,第一期,的,意义"),
        ("(党建 OR 团建", "党建 OR 团建"),
        ("党建) OR 团建", "党建 OR 团建"),
        ("党建 -", "党建"),
        ("党建 -) 载体", "党建 载体"),
        ("党建 -“载体", "党建 -载体"),
        ("党建 −载体", "党建 -载体"),
        ("党建 –载体", "党建 -载体"),
        ("“党建”OR“团建”", '"党建" OR "团建"'),
        ("党建 ＯＲ 团建", "党建 OR 团建"),
        ("(党建)OR(团建)", "党建 OR 团建"),
        ("党建 || 团建 |", "党建 OR 团建"),
        ("TITLE:培训", "标题:培训"),
        ("标题： 培训", "标题:培训"),
        ("題名：培訓", "标题:培训"),
        ("标\u200b题:培\u200b训", "标题:培训"),
        ("党\u200b建\x00工\u202e作", "党建工作"),
        ("*党建*", "党建"),
        ("党 *", "党"),
        ("党建 NOT 载体", "党建 not 载体"),
        ("新年：寄语", "新年,寄语"),
        ("甲-乙", "甲,乙"),
        ("http://x.cn", "http,x,cn"),
        ("比例1:2", "比例1,2"),
    ],
)
def test_a_typing_person_is_understood(read, typed, meant):
    assert read(typed) == read(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "2019–2021",
        "２０１９～２０２１",
        "2019——2021",
        "2019……2021",
        "2021..2019",
        "2019年至2021年",
        "二〇一九到二〇二一",
    ],
)
def test_years_are_understood_as_they_are_typed(read, typed):
    assert read(f"年份：{typed}") == Years(2019, 2021)


@pytest.mark.parametrize("typed", ["党建工作的载*", "1-2*", "2021年*"])
def test_the_beginning_of_more_than_one_word_stands_for_itself(read, typed):
    assert read(typed) == phrase(typed)


@pytest.mark.parametrize(
    "typed", ["a* " * 11, "标题:年份:2021", "年份:去年", "标题:(培训 OR 讲话)", "((a b" + " OR a" * 11]
)
def test_operators_that_cannot_be_used_are_told_as_words(analyzer, typed):
    parsed = understand(typed, analyzer)
    assert parsed.as_words
    assert isinstance(parsed.query, Whole)
    assert isinstance(parsed.query.child, Words)


def test_brackets_that_only_surround_words_are_no_operators(analyzer):
    assert not understand("（一）" * 12, analyzer).as_words
    assert not understand("（" * 30 + "党建" + "）" * 30, analyzer).as_words


SIGNS = '党建工作甲乙1２aOR "“”（）()|-−*:：标题年份..2021\u200b\x00\ud800\u202e😀 \n'


@given(text=st.one_of(st.text(st.sampled_from(SIGNS), max_size=60), st.text(max_size=210)))
@settings(deadline=None, max_examples=600)
def test_any_string_is_a_query_or_is_refused_with_a_sentence(analyzer, text):
    if len(visible(text)) > 200 or literal(visible(text)) is None:
        with pytest.raises(BadRequest, match=r"。$"):
            understand(text, analyzer)
        return
    parsed = understand(text, analyzer)
    assert understand(text, analyzer) == parsed
    assert understand(parsed.text, analyzer) == parsed
    sentence = told(parsed, analyzer)
    sentence.encode()
    assert sentence.endswith("。")


@given(text=st.text(st.characters(categories=["Lo", "Lu", "Ll", "Nd"]), min_size=1, max_size=60))
@settings(deadline=None, max_examples=300)
def test_a_string_of_letters_is_kept_whole_beside_its_words(analyzer, text):
    query = parse(text, analyzer)
    assert isinstance(query, Whole)
    assert query.sought == phrase(text).sought
    assert isinstance(query.child, Words)
    assert query.child.units == analyzer.units(text)


@pytest.mark.parametrize(
    ("typed", "required"),
    [
        ("党建", 1),
        ("党建工作 载体", 2),
        ("党建 载体 创新 培训", 2),
        ("党建 载体 创新 培训 制度", 3),
        ("基层治理的载体是什么", 1),
        ("培训（第一期）的意义", 1),
    ],
)
def test_keywords_typed_apart_are_all_meant_but_a_question_may_share_one_word(words, typed, required):
    assert words(typed).required == required


WRITTEN_WORDS = st.lists(st.sampled_from(["党建", "载体", "2021年", "kpi", "培训"]), min_size=1, max_size=3).map(
    " ".join
)
FACTORS = st.one_of(
    st.sampled_from(["党建", "载体 2021年"]).map(lambda text: f'"{text}"'),
    st.sampled_from(
        ["标题:培训", 'org:"市委 组织部"', "年份:2019..2021", "year:..2020", "kpi*", "-通知", '-"会议 纪要"']
    ),
)


@st.composite
def written(draw, depth: int = 2) -> str:
    """Write a query as the language has it: words first, then the rest; brackets only where they mean something."""
    words: str = draw(WRITTEN_WORDS)
    if depth == 0:
        return words
    factors = draw(st.lists(FACTORS, max_size=2))
    if draw(st.booleans()):
        factors.append(f"({draw(written(depth - 1))} OR {draw(written(depth - 1))})")
    return " ".join([words, *factors])


def unparsed(query: Query) -> str:
    """Write a parsed query in the query language."""
    match bare(query):
        case Words(runs=runs):
            return " ".join(runs)
        case Phrase(sought):
            return f'"{sought.typed}"'
        case Prefix(text):
            return f"{text}*"
        case Field(name, sought):
            return f'{name}:"{sought.typed}"'
        case Years(first, last):
            return f"year:{first or ''}..{last or ''}"
        case And(children):
            return " ".join(f"({unparsed(child)})" if isinstance(child, Or) else unparsed(child) for child in children)
        case Or(children):
            return " OR ".join(map(unparsed, children))
        case Not(child):
            return f"-{unparsed(child)}"
    raise AssertionError(query)


@given(text=written())
@settings(deadline=None)
def test_a_query_that_is_written_again_is_the_same_query(analyzer, text):
    parsed = understand(text, analyzer)
    again = understand(unparsed(parsed.query), analyzer)
    if parsed.as_words:  # more operators than are allowed
        assert unparsed(again.query) == unparsed(parsed.query)
    else:
        assert not again.as_words
        assert bare(again.query) == bare(parsed.query)


def bare(query: Query) -> Query:
    return query.child if isinstance(query, Whole) else query
