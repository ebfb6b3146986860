"""Plain text in whatever encoding: a mark at its start, else strict UTF-8, else the candidate that reads most like Chinese.

Traps: the UTF-32 mark starts with the UTF-16 one. UTF-16 without a mark can be valid UTF-8 full of NULs. One bad byte makes
strict UTF-8 fail, so UTF-8 stays a candidate. GB18030 and Big5 accept almost each other's every byte: only how common the
characters are tells them apart. What is full of control characters afterwards was not text.
"""

from __future__ import annotations

import codecs
import math
import re
from typing import TYPE_CHECKING

from kb.documents import Reading
from kb.errors import UnreadableFile
from kb.readers.files import contents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
_WRONG = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe\uffff]")
_COMMON = re.compile(
    "[，。、；：？！“”《》（）　 A-Za-z0-9"
    "的一是不了在有人我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心前开但因只从想实日者意无力它长把机十民第公此已工使"
    "情明性知全三又关点正业外将两高间由问很最重并物手应向头文体政美相见被利什二等产或新制加西代内信化老给世位次度门任常先海"
    "通教原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
    "计管期市直德资命指许统区保至队形社便空决治展科司五基则却界达放强即且权思象完设式色路记南品住告类求据程带导争运共领党干"
    "革改群众组织级会议讲话精神贯彻落工作习培训局府委县村"
    "這個們來為國說時會對過發後經學現當動還進開從實長機無關點業將兩間問應頭體見產與內門東聲論處條題爾變總電數報結場計許區"
    "隊決達強權設記類據帶導爭運領黨幹眾組織級議講話徹習訓縣種樣裡嗎務際養辦號單積極廣質極專]"
)

_SAMPLE = 1 << 14
"""Bytes that are enough to know an encoding."""

_PLAUSIBLE = 0.1
"""The score that UTF-16 needs: it makes rare Han characters of any bytes. Running text scores 0.3 and more."""

_TOLERABLE = 0.1
"""The share of characters that may be wrong in a text; bytes that are no text have twice as many."""


def read(path: Path, name: str) -> Iterator[Reading]:
    """Read a plain text file as it stands."""
    yield Reading(name, decode(contents(path)))


def decode(data: bytes) -> str:
    """Decode text of unknown encoding, bad bytes becoming U+FFFD; data that are no text raise `UnreadableFile`."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"))
    return _checked(_utf8(data) or data.decode(max(_CANDIDATES, key=_Score(data)), "replace"))


def _utf8(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


class _Score:
    """How much a sample of the data reads like Chinese in an encoding."""

    def __init__(self, data: bytes) -> None:
        first = re.search(b"[\x80-\xff]", data)
        # An even start keeps UTF-16 in step; a long run of ASCII tells nothing.
        start = first.start() // 2 * 2 if first and len(data) > _SAMPLE else 0
        self._sample = data[start : start + _SAMPLE]

    def __call__(self, encoding: str) -> float:
        text = self._sample.decode(encoding, "replace")
        score = (len(_COMMON.findall(text)) - 5 * len(_WRONG.findall(text))) / max(1, len(text))
        return -math.inf if score < _PLAUSIBLE and encoding.startswith("utf-16") else score


def _checked(text: str) -> str:
    wrong = sum(1 for _ in _CONTROLS.finditer(text))
    if wrong > _TOLERABLE * len(text):
        raise UnreadableFile("不是文本文件，或者编码已损坏，请确认后另存为 UTF-8 编码的文本或 .docx。")
    return text
