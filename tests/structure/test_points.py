"""Points are counted off by the speaker; what only looks like counting is left alone."""

import pytest

from kb.structure import find_sections


def points(text, **given):
    return [section.title for section in find_sections(text, **given) if section.kind == "point"]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("抓好两件事：一是选好人。二是用好人。", ["一是选好人", "二是用好人"]),
        ("一要勤学，要天天学；二要善思；三要笃行。", ["一要勤学，要天天学", "二要善思", "三要笃行"]),
        ("有两个办法：一个是请进来，二个是走出去。", ["一个是请进来", "二个是走出去"]),
        ("三要坚持：一要学；二要干。", ["一要学", "二要干"]),
        ("第一要熟悉图纸；第二要检查工具。", ["第一要熟悉图纸", "第二要检查工具"]),
        ("第一，图纸看不懂。要学。第二，工具不会用。", ["第一，图纸看不懂", "第二，工具不会用"]),
        ("第一个问题是人手少；第二个问题是路太远。", ["第一个问题是人手少", "第二个问题是路太远"]),
        ("第一个問題是人手少；第二個問題是路太遠。", ["第一个問題是人手少", "第二個問題是路太遠"]),
        ("首先，要看。其次，要听。最后，要想。", ["首先，要看", "其次，要听", "最后，要想"]),
        ("其一，思想；其二，行动。", ["其一，思想", "其二，行动"]),
        ("主要有：①看书；②种地；③唱歌。", ["①看书", "②种地", "③唱歌"]),
        ("要做到：（1）早起；（2）早睡。", ["（1）早起", "（2）早睡"]),
        ("包括，（一）早起，（二）早睡。", ["（一）早起", "（二）早睡"]),
        ("一是早起。三是早睡。", ["一是早起", "三是早睡"]),
    ],
)
def test_recognises_every_way_of_counting(text, titles):
    assert points(text) == titles


@pytest.mark.parametrize(
    "text",
    [
        "办事要“一是一、二是二”，不能含糊。",
        "一是一，二是二，清清楚楚。",
        "他嘱咐说：“一是要看书，二是要种地。”大家都记住了。",
        "读《论修渠：一是选线，二是备料》一书。",
        "他说：“一是看书，二是种地，后面没有引号。",
        "要当好第一书记，第一时间到场，做第一责任人。",
        "第一、第二产业一起发展，第三产业加快。",
        "第一季度，产量上升；第二季度，产量下降。",
        "第一届，在村里；第二次，在镇上；第三条，是家规。",
        "万一是雨天怎么办，唯一是道路难走，统一是前提，二是时间。",
        "四是增强本领。",
        "一是增强本领。",
        "二是看书，三是种地。",
        "一个是哥哥，一个是弟弟。",
        "首先，感谢大家。最后，祝大家健康。",
        "开好三会一课，一把手要带头，十四五开局，增强四个意识。",
        "一是否认，二是否定。",
        "一要素齐全，二要素缺失。",
        "见图①，又见图②。",
        "他是第一，她是第二。",
        "2021年3月5日开会，有1.5万人，3.5亿元。",
    ],
)
def test_leaves_look_alikes_alone(text):
    assert points(text) == []


def test_a_point_lasts_until_its_sibling_and_the_last_one_until_the_paragraph_ends():
    text = "先说：一是看。看得细。二是听。听得真。\n下一段。"
    found = [text[section.start : section.end] for section in find_sections(text)]
    assert found == ["一是看。看得细。", "二是听。听得真。"]


def test_a_list_may_stand_inside_a_point_of_another_list():
    text = "一是备料。有三样：第一，石头；第二，木头；第三，沙子。二是动工。"
    assert [(section.level, section.title) for section in find_sections(text)] == [
        (1, "一是备料"),
        (2, "第一，石头"),
        (2, "第二，木头"),
        (2, "第三，沙子"),
        (1, "二是动工"),
    ]


def test_a_list_of_the_same_kind_is_nested_only_if_the_outer_one_goes_on():
    nested = "第一，选线。第二，备料：第一，石头；第二，木头；第三，沙子。第三，动工。"
    assert [section.level for section in find_sections(nested)] == [1, 1, 2, 2, 2, 1]
    again = "过去：第一，修路；第二，种树。今后：第一，通水；第二，通电。"
    assert [section.level for section in find_sections(again)] == [1, 1, 1, 1]
    assert again[find_sections(again)[1].end :].startswith("第一，通水")


def test_a_list_may_run_across_paragraphs():
    text = "讲三点：一是看。看得细。\n要天天看。\n二是听。\n三是想。想透。\n结束了。"
    found = [text[section.start : section.end] for section in find_sections(text)]
    assert found == ["一是看。看得细。\n要天天看。\n", "二是听。\n", "三是想。想透。"]


def test_a_list_does_not_reach_back_from_inside_a_later_paragraph():
    assert points("他说，一是看。\n后来有人，二是听。") == []


def test_an_inner_list_that_runs_on_takes_the_last_point_along():
    text = "一是看。二是听：第一，听老人。\n第二，听孩子。\n完。"
    found = [(section.level, text[section.start : section.end]) for section in find_sections(text)]
    assert found == [
        (1, "一是看。"),
        (1, "二是听：第一，听老人。\n第二，听孩子。"),
        (2, "第一，听老人。\n"),
        (2, "第二，听孩子。"),
    ]


def test_points_stay_inside_their_heading():
    text = "一、春耕\n一是选种。\n二、秋收\n二是晒谷。"
    assert points(text) == []


def test_an_unbalanced_quotation_mark_lasts_to_the_end_of_its_paragraph():
    assert points("他说：“一是看，二是听。\n一是学，二是干。") == ["一是学", "二是干"]


def test_a_long_clause_is_cut_at_its_first_comma_and_never_grows_without_end():
    long = "一是把全村所有的水渠都从头到尾认真地检查一遍，" + "不留死角" * 10 + "。二是" + "修" * 200 + "。"
    assert points(long) == ["一是把全村所有的水渠都从头到尾认真地检查一遍", "二是" + "修" * 78]
