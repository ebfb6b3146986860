"""Who, when, where and what: what is given wins; the rest is read around the body, never in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Metadata, Reading
from kb.metadata import GENRES, describe
from kb.structure import find_boilerplate

TITLE = "在全市修渠工作会议上的讲话"
BODY = "同志们：\n今年2020年5月6日我同王五局长去看水渠，" + "水渠修得不错，" * 10 + "。\n谢谢大家！"


def described(text, path="001.txt", **known):
    return describe(Reading(path, text, **known), find_boilerplate(text))


@pytest.mark.parametrize(
    ("byline", "speaker", "org"),
    [
        ("张三", "张三", None),
        ("（张三）", "张三", None),
        ("张　三", "张三", None),
        ("市委书记　李四", "李四", "市委"),
        ("中共XX市委书记 李四同志", "李四", "中共XX市委"),
        ("（2021年3月5日 市委书记 张三）", "张三", "市委"),
        ("县委常委、组织部部长 王五", "王五", "县委"),
        ("市水利局局长 欧阳明", "欧阳明", "市水利局"),
        ("国务院总理\n李 强", "李强", "国务院"),
        ("主讲人：赵六", "赵六", None),
        ("张某某", "张某某", None),
        ("张XX", "张XX", None),
        ("（2021年3月5日）", None, None),
        ("全文", None, None),
        ("方案", None, None),
        ("安全生产", None, None),
    ],
)
def test_a_byline_names_speaker_and_organisation(byline, speaker, org):
    found = described(f"{TITLE}\n{byline}\n{BODY}")
    assert (found.title, found.speaker, found.org) == (TITLE, speaker, org)


@pytest.mark.parametrize(
    ("title", "speaker", "org", "occasion", "genre"),
    [
        ("市委书记张三在全市修渠工作会议上的讲话", "张三", "市委", "全市修渠工作会议", "讲话"),
        ("张三同志在村民大会上的发言", "张三", None, "村民大会", "发言"),
        ("张三：在村民大会上的致辞", "张三", None, "村民大会", "致辞"),
        ("在市X系统骨干训练班开班式上的动员讲话", None, None, "市X系统骨干训练班开班式", "讲话"),
        ("在庆祝水渠通水100周年大会上的讲话", None, None, "庆祝水渠通水100周年大会", "讲话"),
        ("在2021年全县修渠会议上的总结讲话提纲", None, None, "2021年全县修渠会议", "讲话"),
        ("在读书班交流研讨时的发言", None, None, "读书班交流研讨", "发言"),
        ("修好水渠——在全村大会上的讲话", None, None, "全村大会", "讲话"),
        ("党课讲稿：水从哪里来", None, None, None, "党课"),
        ("关于印发《修渠方案》的通知", None, None, None, "通知"),
        ("修渠工作实施方案（试行）", None, None, None, "方案"),
        ("学习讲话精神的心得体会", None, None, None, "心得体会"),
        ("2021年修渠工作总结", None, None, None, "总结"),
        ("政府工作报告", None, None, None, "报告"),
        ("开工仪式主持词", None, None, None, "主持词"),
        ("水渠管理办法", None, None, None, "法规"),
        ("总结经验，再修新渠", None, None, None, None),
        ("修渠的新办法", None, None, None, None),
        ("任务在肩上", None, None, None, None),
    ],
)
def test_a_title_names_speaker_occasion_and_genre(title, speaker, org, occasion, genre):
    found = described(f"{title}\n修渠的事。\n")
    assert found == Metadata(title, speaker, org, None, genre, occasion)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021年3月5日", "2021-03-05"),
        ("（二〇二一年三月五日）", "2021-03-05"),
        ("二○二一年十二月三十一日", "2021-12-31"),
        ("２０２１年３月", "2021-03"),
        ("2021年3月份", "2021-03"),
        ("2021.3.5", "2021-03-05"),
        ("2021-03-05", "2021-03-05"),
        ("2021/3/5", "2021-03-05"),
        ("2021 年 3 月 5 日", "2021-03-05"),
        ("一九八八年九月五日、十二日", "1988-09-05"),
        ("2021年", "2021"),
        ("2021年2月30日", None),
        ("2021.13.5", None),
        ("3021年3月5日", None),
        ("3月5日", None),
        ("1.5", None),
    ],
)
def test_a_date_is_read_in_every_form(written, iso):
    assert described(f"{TITLE}\n{written}\n{BODY}").date == iso
    assert described(f"关于修渠的通知\n各队：\n{BODY}\n某某村委员会\n{written}\n").date == iso
    assert described(BODY, date=written).date == iso


@pytest.mark.parametrize(
    ("path", "iso"),
    [
        ("a/20210305党课.docx", "2021-03-05"),
        ("a/2021-03-05 党课.docx", "2021-03-05"),
        ("a/党课_2021.3.docx", "2021-03"),
        ("a/2021年党课.docx", "2021"),
        ("a/2021-党课.docx", "2021"),
        ("a/2021-02-30 党课.docx", None),
        ("a/20211345.docx", None),
        ("2021-03-05/党课.docx", None),
        ("a/000_79d520210305e.txt", None),
        ("2021-03-05.jsonl#7", None),
    ],
)
def test_a_file_name_dates_a_document_last(path, iso):
    assert described(BODY, path).date == iso
    assert described(f"{TITLE}\n（2019年1月2日）\n{BODY}", path).date == "2019-01-02"


def test_the_byline_comes_before_the_signature():
    text = f"{TITLE}\n（2021年3月5日）\n{BODY}\n某某村委员会\n2021年4月1日\n"
    assert described(text).date == "2021-03-05"


def test_a_date_in_the_titles_brackets_or_subtitle_counts():
    assert described(f"{TITLE}（2021年3月5日）\n{BODY}").date == "2021-03-05"
    assert described(f"工作报告\n——2021年3月5日在全村大会上\n{BODY}").date == "2021-03-05"
    assert described(f"工作报告\n——2021年3月5日在全村大会上\n{BODY}").occasion == "全村大会"


def test_the_running_body_says_nothing_about_the_document():
    found = described(f"{TITLE}\n{BODY}")
    assert (found.speaker, found.org, found.date) == (None, None, None)


def test_a_signature_names_organisation_or_person():
    assert described(f"关于修渠的通知\n各队：\n{BODY}\n某某村委员会\n2021年4月1日").org == "某某村委员会"
    assert described(f"给乡亲们的信\n乡亲们：\n{BODY}\n张三\n2021年4月1日").speaker == "张三"


def test_an_editions_note_names_speaker_occasion_and_genre():
    found = described(f"修好水渠\n（一九五〇年三月五日）\n{BODY}\n（这是张三同志在全县水利会议上的讲话。）")
    assert (found.speaker, found.occasion, found.genre) == ("张三", "全县水利会议", "讲话")


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("各位代表：\n水渠修好了。", "讲话"),
        ("新华社某地7月1日电 水渠修好了。", "新闻"),
        ("水渠守则\n" + "".join(f"第{n}条　爱护水渠。\n" for n in "一二三四五"), "法规"),
        ("水渠修好了。", None),
    ],
)
def test_the_form_of_the_text_shows_the_genre(text, genre):
    assert described(text).genre == genre


def test_what_is_given_wins():
    given_values = {"speaker": " 王 五 ", "org": "水利站", "genre": "随笔", "source": "村报"}
    found = described(
        f"{TITLE}\n市委书记 李四\n（2021年3月5日）\n{BODY}", title="修渠记", date="二〇一九年", **given_values
    )
    assert found == Metadata("修渠记", "王 五", "水利站", "2019", "随笔", found.occasion, "村报")


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_value_is_not_given(blank):
    found = described(
        f"{TITLE}\n市委书记 李四\n{BODY}", speaker=blank, genre=blank, date=blank, org=blank, source=blank
    )
    assert (found.speaker, found.org, found.genre, found.date, found.source) == ("李四", "市委", "讲话", None, None)


@given(st.text(), st.text(min_size=1), st.none() | st.text(), st.none() | st.text())
def test_any_reading_can_be_described(text, path, title, date):
    found = describe(Reading(path, text, title=title, date=date), find_boilerplate(text))
    assert found.title
    assert found.genre is None or found.genre in GENRES
