"""The text that started the project comes out right; it stays outside the repository, so only marks of it stand here."""

from pathlib import Path

import pytest

from kb.documents import Reading
from kb.metadata import describe
from kb.structure import find_boilerplate, find_sections, find_title

SEED = Path(__file__).parents[3] / "shared" / "seed"
FILES = sorted(SEED.glob("*.txt")) if SEED.is_dir() else []
pytestmark = pytest.mark.skipif(not FILES, reason="the seed text does not lie beside the repository")

ADVERTS = ["仅供学习", "酷乐文行", "自建平台", "根据实际", "现在订阅", "【打击倒", "举报倒卖", "会员群："]
OUTLINE = """
1第一个问 1第二个问
1一、培训
 2一是提高 2二是促进 2三是切实 3第一，城 3第二，工 3第三，工 3第四，执 2四是增强 3第一要熟 3第二要明 3第三要举 3第四要确
1二、培训
 2一是党的 3第一是党 3第二是党 3第三是党 3第四是党 3第五是党 3第六是党 3第七是党 3第八是党 3第九是习 2二是单位 2三是党建 2四是制度
1三、培训
 2一要坚持 3第一要把 3第二要把 3第三要把 3第四要把 2二要坚持 2三要坚持
"""


@pytest.fixture(scope="module")
def seed():
    return FILES[0].read_text(encoding="utf-8")


def test_exactly_the_eight_advert_lines_are_marked(seed):
    found = find_boilerplate(seed)
    assert [seed[span.start : span.end][:4] for span in found] == ADVERTS


def test_exactly_its_headings_and_points_are_found(seed):
    adverts = find_boilerplate(seed)
    title, place = find_title(Reading("seed.txt", seed), adverts)
    assert place is not None
    sections = find_sections(seed, (), adverts, title)
    assert [f"{section.level}{section.title[:4]}" for section in sections] == OUTLINE.split()
    assert [section.title[:2] for section in sections if section.kind == "heading"] == ["一、", "二、", "三、"]
    assert all(len(section.title) <= 40 for section in sections)


def test_genre_and_occasion_are_read_from_its_title(seed):
    metadata = describe(Reading("seed.txt", seed), find_boilerplate(seed))
    assert metadata.genre == "讲话"
    assert metadata.occasion is not None
    assert metadata.occasion.endswith("培训班开班仪式")
    assert metadata.occasion[:2] == metadata.title[1:3]
    assert (metadata.speaker, metadata.org, metadata.date, metadata.source) == (None, None, None, None)
