"""Find adverts: lines that a site put into a document and that are not the document's own.

Three thoughts: adverts stand at the edges, so the cues weigh more before the first and after the last long paragraph; an
advert shouts (仅供学习, 免费QQ群), so single cue phrases decide and not their topic; and what stands between two shouting
lines, or above the first of them as a name in the trade (某某文库), is advert as well.

Traps:
- Speeches do talk about members, platforms, downloads and official accounts. Such words alone never mark a line, a line
  longer than 80 characters is body text whatever it says, and a whole sentence needs the higher score even at the edges.
- Short lines at the edges are mostly title, salutation, byline, signature and date; these are kept whatever stands around.
- Repeated lines were tried as a sign and gave precision 0.23: salutations repeat more than adverts do.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from kb.documents import Boilerplate
from kb.fold import fold
from kb.structure.lines import Line, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONG = 80
"""A line with more characters is body text."""
SHORT = 40
"""A line with more characters is not flagged for its neighbours' sake."""
EDGE_SCORE = 2
SURE_SCORE = 4
_EDGE_LINES = 20
"""In a text of short lines only, no more than this many at each end are its edges."""
_WIDEST_GAP = 8
_MOST_TOPICS = 2
_MOST_NAME_LINES = 3

# All patterns see the folded line: half width, lower case, simplified; 〇 is 零.
_LOUD = (
    r"仅供[^,。]{0,8}(?:学习|参考|内部|会员|研究|个人)[^,。]{0,4}(?=$|[\s,;]|禁|严|请|不得|切勿|勿)",
    r"(?:禁止|严禁|请勿|切勿)(?:外传|转载|转售|商用|外泄|二次[售转]卖|上传)|(?:只限|仅限|付费)会员|会员专享",
    r"(?:qq|微信|会员|交流|读者|粉丝|资料|素材|写作|vip)群(?:$|[\s::号,(]|\d)|开通(?:年卡|会员|vip)",
    r"(?:免费|限时)(?:赠送|领取|获取|加群|入群|送|分享群)|会员(?:资料|材料)|立(?:享|减|省|送)",
    r"(?:扫码|扫一扫|扫描|识别),?[^,。]{0,8}(?:关注|加[入群我好]|进群|入群|领取|获取|添加)",
    r"(?:长按|扫描|识别|扫一扫)[^,。]{0,6}(?:二维码|下图|图片)",
    r"更多(?:精彩|优质|海量)?(?:资料|材料|范文|文稿|公文|素材|资源|课件|讲话稿?)[^。]{0,8}(?:请|加|关注|访问|下载|扫|见|尽在|欢迎|搜索|登录|$)",
    r"(?:请|欢迎|点击|长按)[^,。]{0,6}(?:关注我们|关注公众号|加微信|添加微信|加群|访问[^,。]{0,8}(?:网站|www))",
    r"(?:加|添加)(?:小编|客服|站长|管理员|老师)?(?:微信|vx?|qq)(?:$|[\s::号,]|[a-z0-9])",
    r"(?:海量|万篇|千篇)(?:优质|精品|原创)?(?:资料|材料|范文|文稿|公文|素材)",
)
_CLEAR = (
    r"(?:^|[\s(:])(?:https?://|www\.)(?!\S*gov\.cn)\S+",
    r"侵权(?:必究|请联系|联系|删除|删)|版权(?:所有|归)|翻版必究|盗版必究",
    r"(?:打击|举报|严禁|禁止)倒卖(?:会员|资料|材料|活动|行为|者|有奖|,|$)",
    r"实时分享|[每今]日更新|每周上新|持续更新|关注我们|(?:欢迎|现在|点击)订阅",
    r"[本该](?:资料|文档|材料|文稿)(?:由|来自|来源于|源自|为|仅)[^,。]{0,16}(?:整理|收集|网络|网站|分享|上传|提供|会员|$)",
    r"(?:联系|添加|咨询)(?:在线)?客服|客服(?:微信|qq|电话)|(?:淘宝|微店)(?:店|搜索)|公众号\s?[::]|搜索公众号",
)
_TOPICS = 2

_TOPIC = re.compile(r"会员|微信|公众号|qq|订阅|下载|资料|材料|范文|权益|免费|平台|二维码|vip|优惠|举报|网址")
_SHOUTS = tuple((weight, re.compile("|".join(patterns))) for weight, patterns in ((3, _LOUD), (2, _CLEAR)))

_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}[、,.]|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[部章讲课节编、,]"
)
_SALUTATION = re.compile(
    r"(?:尊敬的|敬爱的|各位|同志们|同学们|朋友们|女士们)[^。]{0,40}[::!,]?$|同志们|我的话(?:讲|说)?完|谢谢"
)
_TITLE = re.compile(
    r"[^。]{0,30}(?:在|关于)[^。]{2,60}(?:讲话|发言|致辞|报告|党课|讲稿|演讲|通知|意见|方案|办法|规定|条例|总结|计划|体会)"
    r"(?:提纲|稿)?(?:\([^)]*\))?$|[^。]{2,40}(?:讲话|讲稿|党课|主持词|心得体会)(?:提纲|稿)?$"
)
_SIGNATURE = re.compile(r"[^。,:]{2,24}(?:委员会|办公室|党组|党委|党支部|人民政府|党总支|组织部|宣传部|领导小组)$")
_DATE = re.compile(
    r"\(?[12〇零一二三四五六七八九十]?[\d〇零一二三四五六七八九十]{1,3}年[\d〇零一二三四五六七八九十月日号\s]{0,10}\)?$"
)
_TRADE = re.compile(r"文库|文档|文秘|公文|材料|范文|资料|写作|笔杆|模板|下载|驿站|家园|星球")
_CONTACT = re.compile(r"附件|附:|联系|电话|传真|地址|网址|邮箱|报名|来源|责编|编辑")
_KEPT = (_HEADING, _SALUTATION, _TITLE, _SIGNATURE, _DATE, _CONTACT)
_SENTENCE_ENDS = ("。", ";")


def find_boilerplate(text: str) -> tuple[Boilerplate, ...]:
    """Return the spans of advert lines, sorted and disjoint.

    A span is a line without its line break and without the white space around it. Its rule is `cue` (the line itself shouts)
    or `between` (it is short and stands beside shouting lines on the way to others).
    """
    found = list(lines(text))
    inner = _body(found)
    cues = [number for number, line in enumerate(found) if _shouts(line.text, number in inner)]
    near = [*_between(found, cues), *_above(found, cues)]
    flagged = dict.fromkeys(near, "between") | dict.fromkeys(cues, "cue")
    return tuple(Boilerplate(found[number].start, found[number].end, flagged[number]) for number in sorted(flagged))


def _body(found: Sequence[Line]) -> range:
    """Return the numbers of the lines that are not at the edges."""
    long = [number for number, line in enumerate(found) if len(line.text) > LONG]
    if long:
        return range(long[0], long[-1] + 1)
    return range(_EDGE_LINES, len(found) - _EDGE_LINES)


def _shouts(line: str, inside: bool) -> bool:
    if len(line) > LONG:
        return False
    folded = fold(line)
    score = _score(folded)
    if not score or _is_kept(folded):
        return False
    return score >= (SURE_SCORE if inside or folded.endswith(_SENTENCE_ENDS) else EDGE_SCORE)


def _score(folded: str) -> int:
    """Add up the cues of a line; the topics count only beside a shout."""
    shouts = sum(weight * len(set(cue.findall(folded))) for weight, cue in _SHOUTS)
    return shouts + min(_MOST_TOPICS, len(set(_TOPIC.findall(folded)))) if shouts else 0


def _is_kept(folded: str) -> bool:
    return any(pattern.match(folded) for pattern in _KEPT)


def _between(found: Sequence[Line], cues: Sequence[int]) -> Iterator[int]:
    """Yield the lines that reach from one shouting line towards the next, up to the first that must be kept."""
    for before, after in pairwise(cues):
        if after - before <= _WIDEST_GAP:
            yield from _reach(found, range(before + 1, after))
            yield from _reach(found, range(after - 1, before, -1))


def _above(found: Sequence[Line], cues: Sequence[int]) -> Iterator[int]:
    """Yield the lines of a site's name that head two shouting lines at the very start."""
    if len(cues) > 1 and cues[1] - cues[0] <= _WIDEST_GAP and cues[0] <= _MOST_NAME_LINES:
        yield from (
            number for number in _reach(found, range(cues[0] - 1, -1, -1)) if _TRADE.search(fold(found[number].text))
        )


def _reach(found: Sequence[Line], numbers: range) -> Iterator[int]:
    for number in numbers:
        folded = fold(found[number].text)
        if len(folded) > SHORT or folded.endswith(_SENTENCE_ENDS) or _is_kept(folded):
            return
        yield number
