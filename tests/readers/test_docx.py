"""A Word document comes out as its reader sees it: numbers, boxes and notes included, deletions and hidden text not."""

import pytest
from make_docx import (
    Xml,
    abstract_list,
    content_control,
    deleted,
    document_xml,
    field,
    footnote,
    hidden,
    inserted,
    line_break,
    make_docx,
    paragraph,
    ruby,
    run,
    table,
    text_box,
)

from kb.documents import Reading
from kb.errors import UnreadableFile
from kb.readers import read
from kb.readers.docx_numerals import numeral

CHINESE = [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]


@pytest.fixture
def reading(tmp_path):
    def make(*blocks, name="讲话.docx", **options):
        return next(read(make_docx(tmp_path / name, *blocks, **options), name))

    return make


def headings(reading):
    return [(reading.text[mark.start : mark.end], mark.level) for mark in reading.marks]


def use(number, overrides=""):
    """Give a list that uses scheme 1."""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/>{overrides}</w:num>'


def numbered(numbering, *numbers):
    """Give a document with one paragraph for each (list, level); their text is 文."""
    return [paragraph("文", number=number) for number in numbers], {"numbering": numbering}


# Text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["认识要", run("更", "<w:b/>"), "深。"], "认识要更深。"),
        (["要", deleted("大概"), inserted("一定"), "做到"], "要一定做到"),
        (["看得见", hidden("看不见")], "看得见"),
        (["看得见", run("也看得见", '<w:vanish w:val="0"/>')], "看得见也看得见"),
        (["第一行", line_break(), "第二行"], "第一行\n第二行"),
        ([ruby("党", "dǎng"), "课"], "党课"),
        (["第", field("PAGE", "3"), "页"], "第3页"),
        (["甲", Xml("<w:r><w:tab/></w:r>"), "乙"], "甲\t乙"),
        (["十", Xml("<w:r><w:noBreakHyphen/></w:r>"), "五"], "十-五"),
        ([Xml('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'), "同意"], "☑同意"),
        (
            [Xml(f"<w:hyperlink>{run('链接')}</w:hyperlink>"), Xml(f"<w:smartTag>{run('标签')}</w:smartTag>")],
            "链接标签",
        ),
        ([Xml(f"<w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>")], "控件"),
        ([Xml(f"<w:moveFrom>{run('旧处')}</w:moveFrom><w:moveTo>{run('新处')}</w:moveTo>")], "新处"),
        (["　　段首缩进"], "　　段首缩进"),
        (["a < b & c"], "a < b & c"),
    ],
)
def test_a_paragraph_reads_as_it_is_seen(reading, parts, text):
    assert reading(paragraph(*parts)).text == text


def test_notes_and_boxes_follow_their_paragraph(reading):
    blocks = [paragraph("正文", footnote(1), "继续", text_box("框一", "框二"), "。"), "下一段"]
    assert reading(*blocks, footnotes=["出自某书。"]).text == "正文继续。\n出自某书。\n框一\n框二\n下一段"


def test_content_controls_and_nested_boxes_are_opened(reading):
    assert (
        reading(content_control("一", content_control(paragraph(text_box(paragraph(text_box("二"))))))).text == "一\n二"
    )


def test_a_deleted_paragraph_mark_joins_two_paragraphs(reading):
    assert (
        reading(paragraph("合在", is_mark_deleted=True), paragraph("一起", number=(1, 0)), lists=[CHINESE]).text
        == "一、合在一起"
    )


def test_a_table_of_contents_is_left_out(reading):
    assert reading(paragraph("一、认识\t1", style="TOC1"), paragraph("正文")).text == "正文"


def test_a_table_becomes_rows_with_tabs(reading):
    inner = table([["甲", "乙"], ["丙", "丁"]])
    blocks = Xml(paragraph("第一段") + paragraph("第二段"))
    assert reading(table([["姓名", "职务"], ["", "书记"], ["说明", blocks], ["表中表", inner]])).text == (
        "姓名\t职务\n\t书记\n说明\t第一段\n第二段\n表中表\t甲\t乙\n丙\t丁"
    )


def test_a_frame_around_text_is_no_table(reading):
    found = reading(table([[Xml(paragraph("标题", style="Heading1") + paragraph("正文"))]]))
    assert (found.text, headings(found)) == ("标题\n正文", [("标题", 1)])


def test_a_deleted_row_is_gone(reading):
    row = '<w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>旧</w:t></w:r></w:p></w:tc></w:tr>'
    assert reading(Xml(table([["甲", "乙"]]).replace("</w:tbl>", f"{row}</w:tbl>"))).text == "甲\t乙"


# Headings and title


def test_styles_and_outline_levels_become_marks_with_their_numbers(reading):
    found = reading(
        paragraph("在培训班上的讲话", style="Title"),
        paragraph("提高认识", style="Heading1", number=(1, 0)),
        paragraph("学深悟透", outline=1, number=(1, 1)),
        paragraph("正文", outline=9),
        paragraph("抓好落实", style="Heading1", number=(1, 0)),
        lists=[CHINESE],
    )
    assert headings(found) == [("一、提高认识", 1), ("（一）学深悟透", 2), ("二、抓好落实", 1)]


def test_a_style_inherits_from_the_one_that_it_is_based_on(reading):
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="单位标题"/><w:basedOn w:val="Heading2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="绕圈"/><w:basedOn w:val="c"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="绕圈二"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="character" w:styleId="h"><w:name w:val="hint"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    blocks = [
        paragraph("标题", run("提示", '<w:rStyle w:val="h"/>'), style="a"),
        paragraph("正文", style="b"),
        paragraph("无名", style="z"),
    ]
    assert headings(reading(*blocks, extra_styles=styles)) == [("标题", 2)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("学习材料", "学习材料"), ("Word 文档", None), ("新建 Microsoft Word 文档", None), (None, None)],
)
def test_the_title_of_the_properties_is_taken_if_it_says_something(reading, given, expected):
    assert reading("正文", title=given).title == expected


def test_a_title_on_the_page_is_better_than_one_in_the_properties(reading):
    blocks = [paragraph("在培训班上的", style="Title"), paragraph("讲话", style="Title"), "正文"]
    assert reading(*blocks, title="旧材料").title == "在培训班上的讲话"


# Automatic numbers


@pytest.mark.parametrize(
    ("style", "number", "text"),
    [
        ("decimal", 3, "3"),
        ("chineseCounting", 10, "十"),
        ("chineseCountingThousand", 21, "二十一"),
        ("chineseCountingThousand", 105, "一百〇五"),
        ("japaneseCounting", 110, "一百一十"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographDigital", 2021, "二〇二一"),
        ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircleChinese", 21, "㉑"),
        ("decimalEnclosedCircle", 51, "51"),
        ("decimalEnclosedParen", 3, "⑶"),
        ("decimalEnclosedFullstop", 21, "21."),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerRoman", 4, "iv"),
        ("upperLetter", 27, "AA"),
        ("lowerLetter", 2, "b"),
        ("ideographTraditional", 11, "甲"),
        ("ideographZodiac", 12, "亥"),
        ("bullet", 1, ""),
        ("none", 1, ""),
        ("unheardOf", 5, "5"),
    ],
)
def test_numbers_are_written_as_word_writes_them(style, number, text):
    assert numeral(number, style) == text


@pytest.mark.parametrize(
    "style", ["lowerLetter", "upperRoman", "decimalEnclosedParen", "chineseLegalSimplified", "ideographZodiac"]
)
def test_any_count_can_be_written(style):
    assert all(isinstance(numeral(number, style), str) for number in (0, 1, 999, 1_000_000))


def test_levels_count_on_and_start_anew(reading):
    numbers = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1)]
    found = reading(*(paragraph("文", number=number) for number in numbers), lists=[CHINESE])
    assert found.text.split("\n") == ["一、文", "（一）文", "（二）文", "1. 文", "二、文", "（一）文"]


def test_a_number_is_set_off_unless_its_sign_does_so(reading):
    lists = [[("chineseCounting", "第%1章")], [("bullet", "●")]]
    assert (
        reading(paragraph("总则", number=(1, 0)), paragraph("项目", number=(2, 0)), lists=lists).text
        == "第一章 总则\n项目"
    )


def test_empty_numbered_paragraphs_count_but_are_no_text(reading):
    assert (
        reading(*(paragraph(text, number=(1, 0)) for text in ("文", "", "文")), lists=[CHINESE]).text
        == "一、文\n三、文"
    )


def test_lists_with_one_scheme_count_on_unless_told_to_start(reading):
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    lists = abstract_list(1, [("decimal", "%1、")]) + use(1) + use(2) + use(3, start)
    blocks, options = numbered(lists, (1, 0), (2, 0), (3, 0), (3, 0))
    assert reading(*blocks, **options).text.split("\n") == ["1、文", "2、文", "5、文", "6、文"]


@pytest.mark.parametrize(("extra", "last"), [("", "2.1 文"), ('<w:lvlRestart w:val="0"/>', "2.2 文")])
def test_a_level_may_count_on_through_the_level_above(reading, extra, last):
    scheme = abstract_list(1, [("decimal", "%1"), ("decimal", "%1.%2")], level_extra=extra)
    blocks, options = numbered(scheme + use(1), (1, 0), (1, 1), (1, 0), (1, 1))
    assert reading(*blocks, **options).text.split("\n")[-1] == last


def test_a_level_may_ask_for_plain_digits(reading):
    scheme = abstract_list(1, [("chineseCounting", "第%1章"), ("decimal", "%1.%2")], level_extra="<w:isLgl/>")
    blocks, options = numbered(scheme + use(1), (1, 0), (1, 1))
    assert reading(*blocks, **options).text == "第1章 文\n1.1 文"


def test_a_scheme_may_be_a_link_to_another(reading):
    schemes = abstract_list(1, [], '<w:numStyleLink w:val="s"/>') + abstract_list(
        2, CHINESE, '<w:styleLink w:val="s"/>'
    )
    blocks, options = numbered(schemes + use(1), (1, 0))
    assert reading(*blocks, **options).text == "一、文"


def test_a_list_may_replace_a_level_of_its_scheme(reading):
    level = '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1)"/></w:lvl>'
    blocks, options = numbered(
        abstract_list(1, CHINESE) + use(1, f'<w:lvlOverride w:ilvl="0">{level}</w:lvlOverride>'), (1, 0)
    )
    assert reading(*blocks, **options).text == "C)文"


def test_a_style_may_bring_the_number(reading):
    styles = levels = ""
    for depth, pattern in enumerate(["%1、", "（%2）"]):
        styles += (
            f'<w:style w:type="paragraph" w:styleId="n{depth}"><w:name w:val="编号{depth}"/><w:pPr>'
            f'<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="{depth}"/></w:pPr></w:style>'
        )
        levels += (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
            f'<w:pStyle w:val="n{depth}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        )
    blocks = [paragraph("甲", style="n0"), paragraph("乙", style="n1"), paragraph("丙", style="n0", number=(0, 0))]
    scheme = f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
    found = reading(*blocks, extra_styles=styles, numbering=scheme + use(1))
    assert headings(found) == [("一、甲", 1), ("（一）乙", 2), ("丙", 1)]


@pytest.mark.parametrize("number", [(9, 0), (1, 8), (0, 0)])
def test_a_number_from_nowhere_is_no_number(reading, number):
    assert reading(paragraph("文", number=number), lists=[CHINESE]).text == "文"


# The package


@pytest.mark.parametrize("name", ["讲话.docx", "讲话.doc", "讲话.txt", "讲话"])
def test_a_document_is_known_by_its_content(reading, name):
    assert reading("正文", name=name).path == name


def test_the_main_part_may_have_any_name(tmp_path):
    relations = '<Relationship Id="r" Type="http://x/officeDocument" Target="/WORD/document2.xml"/>'
    path = make_docx(
        tmp_path / "a.docx",
        parts={
            "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
            "word\\document2.xml": document_xml("另一个名字"),
        },
    )
    assert list(read(path, "a.docx")) == [Reading("a.docx", "另一个名字")]


def test_strict_documents_are_read_too(tmp_path):
    usual, strict = (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    parts = {"word/document.xml": document_xml(paragraph("严格", outline=0)).replace(usual, strict)}
    assert headings(next(read(make_docx(tmp_path / "a.docx", parts=parts), "a.docx"))) == [("严格", 1)]


def test_a_document_without_text_says_so(reading):
    with pytest.raises(UnreadableFile, match="没有文字"):
        reading(paragraph(), paragraph(hidden("看不见")))
