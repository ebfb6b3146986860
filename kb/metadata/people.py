"""Who speaks, and for which organisation, from bylines, titles and signatures.

Traps: 方案, 任务 and 安全 begin with surnames, so a name counts only alone on its line, behind an office, or before 在…上的; a
byline mixes office, name, date and brackets in any order; anonymised names (张XX, 李某某) are names.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kb.fold import fold
from kb.metadata.dates import without_dates

# All patterns see folded text: half width, simplified, lower case.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝"
    "孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿"
    "牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋甘景薄单包司柏宁柯阮桂闵解柴华车冉房边习栗"
)
_NAME = (
    rf"(?:(?:欧阳|司马|上官|诸葛|尉迟|皇甫|司徒)[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}]\s{{0,3}}[\u4e00-\u9fff](?:\s{{0,3}}[\u4e00-\u9fff])?"
    rf"|[{_SURNAMES}](?:[x×*]{{1,2}}|某某?)|[\u4e00-\u9fff]{{1,6}}[·•][\u4e00-\u9fff]{{1,6}})"
)
_OFFICE = (
    "(?:书记|总理|主席|委员长|主任|部长|局长|厅长|处长|科长|省长|市长|州长|县长|区长|镇长|乡长|校长|院长|董事长|总经理|经理|总裁|行长|会长|"
    "理事长|秘书长|常委|委员|组长|司长|署长|所长|站长|台长|社长|总编辑|司令员|政委|政治委员|检察长|教授|政协主席|村长|支书|队长|负责人)"
)
_ORG_END = (
    "(?:委员会|中央|国务院|党组|党委|党总支|党支部|支部|纪委|团委|工委|市委|省委|县委|区委|委|人民政府|政府|局|厅|部|院|办公室|办|中心|集团|公司|"
    "大学|学院|学校|中学|小学|党校|总队|支队|街道|联合会|协会|工会|银行|法院|检察院)"
)
_LABEL = r"(?:(?:作者|讲话人|主讲人?|报告人|发言人|授课人|演讲人|讲述人|宣讲人|致辞人|讲课人)\s*[::]\s*)"
_BYLINE = re.compile(rf"(?P<label>{_LABEL})?(?P<role>[^。:;]{{0,50}}?{_OFFICE}\s*)?(?P<name>{_NAME})\s*(?:同志)?")
_ROLE = re.compile(rf"[^。:;]{{0,50}}{_OFFICE}")
_ORG = re.compile(rf"(?P<org>[^\s、,。:;]{{1,24}}{_ORG_END})(?=(?:常务|第一|副|总)*{_OFFICE}|\s)")
_IN_TITLE = re.compile(
    rf"(?P<role>[^。:;在]{{0,40}}?{_OFFICE})?(?P<name>{_NAME})(?:同志|主席|总书记|总理)?\s*"
    r"(?=[::]|在.+(?:上|时|中|会|的)|致|同.+(?:时|的)|给|会见|访问|主持|出席|写给)"
)
_SIGNING_ORG = re.compile(rf"[^\s、,。:;()给在的向对]{{1,28}}{_ORG_END}")
_NOTE = re.compile(rf"[*(>\s]*这是(?P<name>{_NAME})(?:同志)?(?=在|为|同|给|写|起草|对|关于|会)")
_NO_NAME = re.compile(
    "任务|方[向法案式针面]|文[化明艺件献]|安[全排置]|高[校中度举]|金[融属]|程[序度]|马[上克列]|万[众里]|华[夏北南东]|江[山河南]|田间|强国|成[立果绩功]|常[态委]|"
    "于是|明|计划|温暖|平|路[线径]|施[工政行]|曾经|龙头|康养|严[格肃明]|章[程节]|习[惯俗]|管[理党]|包[括含]|石[油化]|史|武[装器]|项目|车辆|贺[信词电]|"
    "关[于键注心爱]|左右|祝[词贺愿]|辛[亥勤苦]|解[放决答读]|时[代间事]|向|游|向前|单[位元]|何[以为谓]|应|夏[季天]|白[天色]|范[围文例]|周[年期]|黄[河海]|"
    "易地|余[下额]|雷锋精|余|林[业草]|纪[念律检委]|盛[会世]|童[年话]|阳[光台]|卫[生星]|查|边[境疆]|甘[肃于]|宁[夏波]|景[区点]|位|谷|项|曲|欧[洲盟]"
)


class Speaker(NamedTuple):
    """Who speaks, and for whom, as far as it is said."""

    name: str | None
    org: str | None


def speaker_in_title(title: str) -> Speaker:
    """Read "市委书记张三在全市大会上的讲话" -> ("张三", "市委")."""
    match = _IN_TITLE.match(fold(title))
    return _speaker(title, match) if match else Speaker(None, None)


def speaker_in_byline(line: str) -> Speaker:
    """Read a line under the title: "（2021年3月5日 市委书记 张三）" -> ("张三", "市委"); without a name the latter."""
    folded = without_dates(line)
    bare = folded.translate(_BRACKETS)
    start = len(bare) - len(bare.lstrip())
    match = _BYLINE.fullmatch(bare.rstrip(), start)
    if match:
        return _speaker(line, match)
    role = _ROLE.fullmatch(bare.rstrip(), start)
    return Speaker(None, _org(line, role.start(), role.end()) if role else None)


def speaker_in_note(line: str) -> str | None:
    """Read the note of an edition: "这是张三同志在……上的讲话。" -> "张三"."""
    match = _NOTE.match(fold(line))
    return _speaker(line, match).name if match else None


def signing_org(line: str) -> str | None:
    """Return a line that is the name of an organisation, as above the date at the end."""
    return line if _SIGNING_ORG.fullmatch(fold(line)) else None


_BRACKETS = str.maketrans("()[]{}【】〔〕|", " " * 11)


def _speaker(text: str, match: re.Match[str]) -> Speaker:
    name = "".join(text[match.start("name") : match.end("name")].split())
    if _NO_NAME.match(fold(name)):
        return Speaker(None, None)
    role = match.groupdict().get("role")
    return Speaker(name, _org(text, match.start("role"), match.end("role")) if role else None)


def _org(text: str, start: int, end: int) -> str | None:
    match = _ORG.match(fold(text[start:end]))
    return text[start + match.start("org") : start + match.end("org")] if match else None
