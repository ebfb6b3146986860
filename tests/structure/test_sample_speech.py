"""One whole speech with an advert on top comes out right, from the first line to the last."""

import pytest

from kb.documents import Reading
from kb.structure import find_boilerplate, find_sections, find_title

ADVERT = """内部资料 仅供学习参考
禾苗文库
天天上新、实时分享
按大家的需要慢慢添砖加瓦
现在订阅立减一半，再送三年资料

【严禁倒卖资料】
举报倒卖会员资料的人，查实后免费赠送一年会员！
会员群：　　　　　　　　免费QQ群：
"""
SPEECH = """
在全村修渠骨干训练班开班式上的动员讲话
训练班一共三天，请了两位老师傅。去年动工以来，我看有两个毛病：第一个问题是等水、等人、等料，各队的队长都要想一想；第二个问题是“各修各的渠”，上游修得好，下游接不上，力气花了，水还是流不到田里。
三会一课照常开，一把手要到场，第一责任人要签字。下面我讲三件事：
一、为什么要办班
理由有四条：一是修好水渠的需要。图纸要看懂。二是省工省料的需要。有人说“一是一，二是二”，账要算清。三是补上短板的需要。短板有四块：第一，图纸看不懂。看过的人举手，有几个？第二，工具不会用。第三，干活怕吃苦。第四，收尾不认真。补上这四块，渠才修得成。四是带出队伍的需要。骨干要做到四条:第一要熟悉图纸；第二要爱惜工具；第三要带头下沟；第四要验收签字。这就是办班的道理。
二、要学会什么
学会两样：一是看图。有三个数要记牢，第一是坡度，第二是宽度，第三是深度，差一点都不行。二是用料。石头、沙子、水泥，都有讲究。
学会了就回去教别人，一个教三个，三个教九个，全村就都会了。
三、几点要求
提三条：一要守时。早上七点集合。二要动手。记住四句话：第一要看得清；第二要拿得稳，拿不稳的先练；第三要砌得直；第四要收得净。三要互助。先会的帮后会的。
我的话讲完了。谢谢大家！
"""
TITLE = "在全村修渠骨干训练班开班式上的动员讲话"
OUTLINE = """
point 1 第一个问题是等水、等人、等料，各队的队长都要想一想
point 1 第二个问题是“各修各的渠”，上游修得好，下游接不上，力气花了，水还是流不到田里
heading 1 一、为什么要办班
point 2 一是修好水渠的需要
point 2 二是省工省料的需要
point 2 三是补上短板的需要
point 3 第一，图纸看不懂
point 3 第二，工具不会用
point 3 第三，干活怕吃苦
point 3 第四，收尾不认真
point 2 四是带出队伍的需要
point 3 第一要熟悉图纸
point 3 第二要爱惜工具
point 3 第三要带头下沟
point 3 第四要验收签字
heading 1 二、要学会什么
point 2 一是看图
point 3 第一是坡度
point 3 第二是宽度
point 3 第三是深度，差一点都不行
point 2 二是用料
heading 1 三、几点要求
point 2 一要守时
point 2 二要动手
point 3 第一要看得清
point 3 第二要拿得稳，拿不稳的先练
point 3 第三要砌得直
point 3 第四要收得净
point 2 三要互助
"""


@pytest.fixture(scope="module")
def text():
    return ADVERT + SPEECH


@pytest.fixture(scope="module")
def adverts(text):
    return find_boilerplate(text)


def test_the_advert_is_marked_line_by_line_and_nothing_else_is(text, adverts):
    assert [text[span.start : span.end] for span in adverts] == [line.strip() for line in ADVERT.splitlines() if line]


def test_the_title_is_found_behind_the_advert(text, adverts):
    title, place = find_title(Reading("000.txt", text), adverts)
    assert place is not None
    assert title == TITLE == text[slice(*place)]


def test_the_outline_is_complete(text, adverts):
    sections = find_sections(text, (), adverts, TITLE)
    found = [f"{section.kind} {section.level} {section.title}" for section in sections]
    assert found == OUTLINE.split("\n")[1:-1]
