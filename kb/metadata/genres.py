"""What kind of document it is, and on what occasion it was spoken, as far as its title says so.

Traps: 讲话 also occurs in 学习讲话精神, 总结 in 总结经验, 报告 in 报告会: common words count only at the end of the title or of
its subtitle. The last one decides: 关于印发《实施方案》的通知 is a 通知.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

# All patterns see folded text: half width, simplified, lower case.
_RULES = (
    ("党课", r"党课", r"党课(?:讲稿|报告|提纲|课件)?"),
    ("主持词", r"主持词|主持稿|主持讲话", r"主持词|主持稿|主持讲话"),
    ("心得体会", r"心得|体会|感悟|感想|观后感|读后感", r"心得体会"),
    ("致辞", r"致[辞词]|贺[词辞信电]|祝[词辞]|开幕[词辞]|闭幕[词辞]|欢迎[词辞]|答谢[词辞]", r"致辞|开幕[词辞]|贺信"),
    ("发言", r"发言", r"(?:交流|表态|大会|研讨)发言"),
    ("讲话", r"讲话|演讲|谈话|主旨演讲", r"上的?(?:[^,。]{0,8})讲话(?!精神)"),
    ("讲稿", r"讲稿|讲义|宣讲|讲座|辅导|授课|演讲稿", r"宣讲稿|辅导稿"),
    ("通知", r"通知|通报|通告", r"通知\("),
    ("意见", r"意见|建议", r"实施意见|指导意见"),
    ("方案", r"方案|预案", r"实施方案|行动方案"),
    ("计划", r"计划|要点|规划|纲要|安排", r"行动计划|工作要点"),
    ("总结", r"总结|小结|综述|述职总结", r"工作总结"),
    ("报告", r"报告|汇报|述职|述廉|情况说明", r"工作报告|述职报告"),
    (
        "法规",
        r"条例|(?<![的新])规定|(?<![的新])办法|细则|准则|章程|规则|(?:管理|工作|实施|考核|议事)制度|(?:共和国|自治区|省|市).{1,20}(?<![方做看想])法",
        r"(?:条例|办法|规定)\((?:试行|暂行|修订|草案)",
    ),
    ("决定", r"决定|决议|公报|命令|批复", r"的决[定议]"),
    (
        "学习资料",
        r"资料|材料|应知应会|题库|知识点|问答|手册|读本|学习要点",
        r"应知应会|学习(?:资料|材料|读本|手册)|知识竞赛|题库",
    ),
)
GENRES = (*(genre for genre, _, _ in _RULES), "新闻")
"""Every genre that is recognised; one that is given may be another."""

_AFTER = r"(?:提纲|稿|讲稿|材料|摘要|节选|全文|选编|汇编|范文)?(?:\([^()]*\))*[\s》」!]*$"
_AT_END = tuple((genre, re.compile(rf"(?:{ending}){_AFTER}")) for genre, ending, _ in _RULES)
_ANYWHERE = tuple((genre, re.compile(anywhere)) for genre, _, anywhere in _RULES)
_CLAUSES = re.compile(r"[—–]+|\s-\s|:")
_NEWS = re.compile(
    r"[(\[【]?(?:本报|新华社|人民网|中新社|新华网|中新网|央视网)[^。]{0,20}(?:讯|电)|[^。]{0,12}讯[\s(]?[^。]{0,6}(?:记者|通讯员)"
)
_ARTICLE = re.compile(r"^\s*第[一二三四五六七八九十百]+条[\s\u3000]", re.MULTILINE)
_ENOUGH_ARTICLES = 5
_SALUTATION = re.compile(r".{0,20}(?:同志们|朋友们|各位代表|各位委员|各位.{1,8}|女士们.{0,4}先生们)[!:,]?$")

_KINDS = "讲话|演讲|发言|致辞|致词|贺词|祝词|报告|主持词|党课|讲稿|授课|辅导|谈话|宣讲|说明|总结|开幕[词辞]|闭幕[词辞]"
_OCCASION = re.compile(
    rf"在(?P<occasion>[^。;]{{2,60}})(?:(?:上|时|中|期间)(?:的?[^上。,]{{0,10}}(?:{_KINDS})|$)|(?<![上时中])的[^上。,的]{{0,4}}(?:{_KINDS}))"
)
_NOTE = re.compile(
    r"[*(>\s]*这是[^,。;在]{2,20}(?P<what>[在为同给对关][^,。;]{2,60}?(?:讲话|演讲|发言|报告|谈话|致辞))(?=的|要点|[,。;)]|$)"
)


def genre_of_title(title: str) -> str | None:
    """Return the genre that a title names: "在全市大会上的动员讲话" -> "讲话"; None if it names none."""
    clauses = [clause for clause in _CLAUSES.split(fold(title)) if clause.strip()]
    for clause in reversed(clauses):
        for genre, pattern in _AT_END:
            if pattern.search(clause):
                return genre
    folded = fold(title)
    return next((genre for genre, pattern in _ANYWHERE if pattern.search(folded)), None)


def genre_of_text(first_lines: Sequence[str], text: str) -> str | None:
    """Return the genre that the form shows: a salutation opens a speech, a dateline a news item, 第一条… a regulation."""
    folded = [fold(line[:80]) for line in first_lines]
    if any(_NEWS.match(line) for line in folded):
        return "新闻"
    if any(_SALUTATION.match(line) for line in folded):
        return "讲话"
    return "法规" if len(_ARTICLE.findall(text[:20_000])) >= _ENOUGH_ARTICLES else None


def occasion_of(title: str) -> str | None:
    """Return the occasion that a title or subtitle names: "在全市党建工作会议上的讲话" -> "全市党建工作会议"."""
    match = _OCCASION.search(fold(title))
    return title[match.start("occasion") : match.end("occasion")] if match else None


def genre_of_note(line: str) -> str | None:
    """Return the genre that an edition's note names: "（这是张三同志在大会上的讲话。）" -> "讲话"."""
    note = _NOTE.match(fold(line))
    return genre_of_title(note["what"]) if note else None


def occasion_in_note(line: str) -> str | None:
    """Return the occasion that an edition's note names."""
    note = _NOTE.match(fold(line))
    return occasion_of(line[note.start("what") : note.end("what")]) if note else None
