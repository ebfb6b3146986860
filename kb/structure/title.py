"""Find a document's title and the lines of the text where it stands.

What the format or record says wins if it can be a title at all. Otherwise the title is among the first own lines of the text:
one that reads like a title (在…上的讲话, 关于…的通知) before one that is merely short. The file name comes last.

Traps:
- Above a title stand adverts, 机密, a document number, the letterhead; right below it salutation, byline and date. All are short.
- Titles of records are often the first characters of the text or a salutation (各位代表：); word processors offer 文档1.
- A title may run over two lines: broken in the middle, or with a subtitle (——在…上的讲话).
"""

from __future__ import annotations

import re
from itertools import islice, takewhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kb.fold import fold
from kb.structure.lines import Line, own_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.documents import Boilerplate, Reading

LONGEST = 60
"""A line of the text with more characters is no title."""
_LONGEST_GIVEN = 120
_LOOK_AT = 12
"""So many lines at the start may be or precede the title."""
_MOST_LINES = 3


# Patterns for lines see folded text: half width, simplified, lower case; 〇 is 零.
_KIND = (
    "讲话|发言|致辞|致词|贺词|贺信|报告|党课|讲稿|讲座|演讲|谈话|通知|通报|公告|意见|方案|办法|规定|条例|细则|制度|总结|计划|要点|规划|纲要|"
    "体会|主持词|感言|倡议书|公报|决定|决议|批复|函|信|资料|材料|提纲|汇报|辅导|纪要|讲义|祝词|开幕[词辞]|闭幕[词辞]"
)
_ENDS_LIKE_TITLE = re.compile(rf"[^。;]{{3,}}(?:{_KIND})(?:提纲|稿|材料|摘要|节选|全文|要点)?(?:\([^()]{{1,30}}\))?$")
_BROKEN = re.compile(r"[^—]{0,20}(?:在|关于)|.*(?:委|部|局|厅|政府|办公室|党组|公司|学校|学院|大学|会|中心)$")
_DASH = re.compile(r"[—–―-]{1,4}\s*\S")
_BODY = re.compile(
    r".*[。;,:、]$|.*[。]|[一二三四五六七八九十]{1,3}[、,.]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.]\D|"
    r".{0,12}(?:同志们|朋友们|女士们|先生们|代表|委员|各位.{0,8})[!:,]|(?:尊敬的|敬爱的|各位|同志们|主席先生).{0,40}[:!]"
)
_HEADER = re.compile(
    r"(?:机密|秘密|绝密|内部|特急|加急|平急|急件|签发|主送|抄送|目录|附件|编号|来源|作者|时间|日期|地点|文号|发布|浏览|字号|转自|责编|编辑)"
    r"(?:$|[\s★*:\d(资文材].*)|.*文件$|.*[(\[〔]\d{4}[)\]〕]\s?第?\d*号?$|"
    r"[(\s]*[\d〇零一二三四五六七八九十]{2,4}\s?[年./-][\d〇零一二三四五六七八九十\s年月日号、./至—-]*[)\s]*$|\(.*\)$|>"
)
_HAN_WORD = re.compile(r"[\u3400-\u9fff]{2}")
_WORD = re.compile(r"[\u3400-\u9fff]{2}|[a-z]{3}")
_NO_TITLE = re.compile(
    r"(?:无标题|未命名|untitled|新建|microsoft word|powerpoint).*|(?:文档|document|幻灯片|演示文稿)\s?\d*|title|"
    r"首页|正文|第[一1]\s?[章节].*|总\s*则"
)
_HASHES = re.compile(r"#{1,6}\s+|\s+#+$")

_FILE_NAME = re.compile(r"(?:.*\.jsonl(?:\.\w+)?#)?(?P<name>.+?)(?:\.[A-Za-z][A-Za-z0-9]{0,5})?", re.DOTALL)
_FILE_PREFIX = re.compile(
    r"^(?:[(（【\[]?(?:19|20)\d{2}(?:年\d{1,2}月(?:\d{1,2}[日号])?|[-._]?(?:0?[1-9]|1[0-2])[-._]?(?:0?[1-9]|[12]\d|3[01])|"
    r"[-._](?:0?[1-9]|1[0-2])(?!\d)|(?=[-_ 　]))[)）】\]]?[-_. 　]*|\d{1,3}[-_.、 　]+|[(（]\d{1,3}[)）][-_. 　]*)+"
)
_FILE_SUFFIX = re.compile(
    r"(?:[-_ 　]*(?:[(（【\[](?:[^()（）【】\[\]]{0,8}(?:稿|版|改|修订|副本|打印|定)\s?\d{0,8}|\d{1,3})[)）】\]]|"
    r"(?:最终|修改|修订|终|定|送审|初|完整|打印|上传|最新)[稿版]\d{0,3}|[-_ 　](?:副本|copy|final|v\d[\d.]*|\d{1,3})|"
    r"[-_ 　]?v\d[\d.]*|[-_ 　]?(?:19|20)\d{2}[-.]?\d{1,2}[-.]?\d{1,2}))+$",
    re.IGNORECASE,
)


def find_title(reading: Reading, boilerplate: Sequence[Boilerplate]) -> tuple[str, tuple[int, int] | None]:
    """Return the title, and where its lines start and end in the text if it stands there."""
    first = list(islice(own_lines(reading.text, boilerplate), _LOOK_AT))
    given = " ".join((reading.title or "").split())
    if given and len(given) <= _LONGEST_GIVEN and _may_be_title(given):
        found: Sequence[Line] = _standing(given, first)
        title = given
    else:
        found = _declared(reading, first) or _among(first)
        title = _join(found) or file_title(reading.path) or given[:LONGEST] or reading.path
    return title, (found[0].start, found[-1].end) if found else None


def file_title(path: str) -> str:
    """Return what a file name says.

    "a/2021-03-05 在全市大会上的讲话(定稿2).docx" -> "在全市大会上的讲话"; "" for the id of a record if it holds no words.
    """
    match = _FILE_NAME.fullmatch(path if ".jsonl" in path else PurePosixPath(path).name)
    stem = match["name"].strip() if match else path
    bare = _FILE_SUFFIX.sub("", _FILE_PREFIX.sub("", stem, count=1)).strip(" _-　")
    if ".jsonl" in path and not _HAN_WORD.search(bare):
        return ""
    return bare or stem


def _may_be_title(text: str) -> bool:
    folded = fold(text)
    refused = _BODY.match(folded) or _HEADER.match(folded) or _NO_TITLE.fullmatch(folded)
    return _WORD.search(folded) is not None and refused is None


def _standing(title: str, first: Sequence[Line]) -> Sequence[Line]:
    """Return the lines that together are the title, or none."""
    wanted = _squeeze(title)
    for begin in range(len(first)):
        for end in range(begin + 1, min(begin + _MOST_LINES, len(first)) + 1):
            if _squeeze("".join(_bare(line) for line in first[begin:end])) == wanted:
                return first[begin:end]
    return ()


def _squeeze(text: str) -> str:
    return "".join(text[: 2 * _LONGEST_GIVEN].split())


def _bare(line: Line) -> str:
    return _HASHES.sub("", line.text[: 2 * _LONGEST_GIVEN])


def _declared(reading: Reading, first: Sequence[Line]) -> Sequence[Line]:
    """Return the line of the outermost declared heading if there is one such heading only and it stands at the start."""
    outermost = min((mark.level for mark in reading.marks), default=0)
    marks = [mark for mark in reading.marks if mark.level == outermost]
    if len(marks) != 1:
        return ()
    mark = marks[0]
    return [line for line in first if line.start < mark.end and mark.start < line.end and _is_candidate(line)][:1]


def _is_candidate(line: Line) -> bool:
    return len(line.text) <= LONGEST and _may_be_title(_bare(line))


def _among(first: Sequence[Line]) -> Sequence[Line]:
    """Return the title's lines among those before the body: around the first that ends like a title, else the first of all."""
    before_body = list(takewhile(lambda line: len(line.text) <= LONGEST and not _BODY.match(fold(line.text)), first))
    candidates = [number for number, line in enumerate(before_body) if _is_candidate(line)]
    if not candidates:
        return ()
    speaking = [number for number in candidates if _ENDS_LIKE_TITLE.match(fold(before_body[number].text))]
    begin = end = speaking[0] if speaking else candidates[0]
    if begin - 1 == candidates[0] and _belongs(before_body[begin - 1], before_body[begin]):
        begin -= 1
    if end + 1 < len(before_body) and _DASH.match(before_body[end + 1].text):
        end += 1
    return before_body[begin : end + 1]


def _belongs(line: Line, following: Line) -> bool:
    """Tell whether a line that ends like a title needs the line before it: as its first half or its main title."""
    return bool(_DASH.match(following.text) or _BROKEN.match(fold(line.text)) or following.text.startswith("在"))


def _join(found: Sequence[Line]) -> str:
    """Join the lines of a title: directly where it was broken or a dash follows, with a space after a main title."""
    title = ""
    for line in found:
        direct = not title or _DASH.match(line.text) or _BROKEN.match(fold(title))
        title += _bare(line) if direct else f" {_bare(line)}"
    return title
