"""One spelling for the same string, without moving a character.

`fold` maps every character to one character (full width to half width, upper to lower case, Traditional to Simplified), so an
offset into the folded text is an offset into the text itself. `squeeze` then leaves out what does not count when strings are
compared: spaces, punctuation, symbols.

Traps:
- The mapping knows no context: it must give the same result for a string and for that string inside a text, or a literal
  search would lose it. OpenCC's phrase rules (乾隆 keeps its 乾, 乾 alone becomes 干) are therefore not used; characters that
  are the same in some words are the same in all (`_BY_WORD`).
- Plain NFKC is unsafe: 1,237 characters change length (… ⑩ Ⅲ). Only its one-to-one mappings are taken.
- Between two numerals a squeezed text keeps a separator, so 一、二级 and 十二级 stay different numbers.
"""

from __future__ import annotations

import operator
import re
import sys
import unicodedata
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

NUMERALS = "0123456789零一二三四五六七八九十百千万亿两"
SEPARATOR = "\x1f"
"""Stands in a squeezed text between two numerals that something insignificant divides."""
INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters; U+0085 is a line end
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)
"""Characters, as the inside of a pattern's brackets, that nobody sees and that may stand inside a word."""

_HIGHEST = 0x323B0  # the last CJK extension ends here
_BY_HAND = {
    "〇": "零",
    "○": "零",  # typed for 〇 in 二○二一年
    "Ｏ": "o",
    **{chr(0x3220 + i): "一二三四五六七八九十"[i] for i in range(10)},  # ㈠
    **{chr(0x2474 + i): "123456789"[i] for i in range(9)},  # ⑴
    **{chr(0x2488 + i): "123456789"[i] for i in range(9)},  # ⒈
}
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BY_WORD = (
    "瞭了 锺钟 迳径 缐线 伕夫 暱昵 侭尽 濬浚 讬托 谘咨 钜巨 甦苏 蘗檗 甯宁 渖沈 馀余 拏拿 鎗枪 鏚戚 麹曲 燄焰 澂澄 揹背 唚吣 "
    "斲斫 镟旋 睪睾 簷檐 痺痹 潀潨 衞卫 敍叙 枱台 "
    "像象 坐座 覆复 藉借 俱具 炼链 著着 薰熏 彷仿 幺么 颚腭 哩里 鲶鲇"
).split()
"""Pairs that OpenCC takes for the same in some words only (瞭解 = 了解, but 瞭望), written so in Taiwan or Hong Kong. Of those in
the last line both stand in Simplified text: 想像 is 想象 and 隨著 is 随着, and so 显著 is 显着; `Analyzer.written` undoes it."""
_RUNS = re.compile(r"[^\W_]+")
_DIVIDED = re.compile(rf"(?<=[{NUMERALS}]) (?=[{NUMERALS}])")
_CODES = ("utf-32-le", "surrogatepass")
_GAP = re.compile(rf"(?P<divides>(?<=[{NUMERALS}])[\W_]+(?=[{NUMERALS}]))|[\W_]+")


def fold(text: str) -> str:
    """Return the text in the one spelling that is compared: same length, character by character.

    Example:
        >>> fold("黨的二十大，２０２１年 KPI")
        '党的二十大,2021年 kpi'
    """
    return _table()[_codes(text)].tobytes().decode(*_CODES)


def visible(text: str) -> str:
    """Remove what nobody sees and replace lone surrogates: what was typed or pasted, as documents are read."""
    return without_surrogates(_INVISIBLE.sub("", text))


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which can be neither stored nor sent, by U+FFFD, one for one, so that offsets stay."""
    return _SURROGATES.sub("\ufffd", text)


def squeeze(folded: str) -> str:
    r"""Return a folded text without spaces, punctuation and symbols; `SEPARATOR` divides numerals that they divided.

    Example:
        >>> squeeze("一、二级 巡视员")
        '一\x1f二级巡视员'
    """
    apart = " ".join(_RUNS.findall(folded))
    if _DIVIDED.search(apart):
        apart = _DIVIDED.sub(SEPARATOR, apart)
    return apart.replace(" ", "")


def squeeze_with_offsets(folded: str) -> tuple[str, list[int]]:
    """Squeeze, and say for each remaining character where it stood; a separator stands where its gap began."""
    kept: list[str] = []
    offsets: list[int] = []
    end = 0
    for gap in _GAP.finditer(folded):
        kept.append(folded[end : gap.start()])
        offsets.extend(range(end, gap.start()))
        end = gap.end()
        if gap["divides"]:
            kept.append(SEPARATOR)
            offsets.append(gap.start())
    kept.append(folded[end:])
    offsets.extend(range(end, len(folded)))
    return "".join(kept), offsets


def grams(squeezed: str) -> list[str]:
    """Return every character and pair of neighbours of a squeezed text, separators left out: what ranks beside the words."""
    characters = list(squeezed.replace(SEPARATOR, ""))
    return [*characters, *map(operator.add, characters, islice(characters, 1, None))]


@cache
def _table() -> NDArray[np.uint32]:
    """Build the mapping, code -> code, once per process: about 0.15 s."""
    table = np.arange(sys.maxunicode + 1, dtype="<u4")
    forms = _forms()
    table[list(forms)] = _codes("".join(forms.values()))
    return table


def _forms() -> dict[int, str]:
    """Give for each code that changes the character that it becomes."""
    forms = {ord(character): mapped for character, mapped in _BY_HAND.items()}
    for code in range(_HIGHEST):
        mapped = _one_to_one(chr(code))
        if mapped:
            forms.setdefault(code, mapped)
    simplified = _simplified_forms()
    for code, mapped in forms.items():
        forms[code] = simplified.get(mapped, mapped)
    for traditional, simple in simplified.items():
        forms.setdefault(ord(traditional), simple)
    return forms


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode(*_CODES), "<u4")


def _one_to_one(character: str) -> str | None:
    """Normalise width and compatibility forms and lower the case, where that is one character and changes something."""
    normal = unicodedata.normalize("NFKC", character)
    if len(normal) != 1:
        normal = character
    lower = normal.lower()
    if len(lower) != 1:
        lower = normal
    lower = _BY_HAND.get(lower, lower)
    return lower if lower != character else None


def _simplified_forms() -> dict[str, str]:
    """Ask OpenCC for each Han character alone; a mapping that is not one to one is left out."""
    import opencc

    blocks = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, _HIGHEST))
    characters = [chr(code) for block in blocks for code in block]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    forms = {old: new for old, new in zip(characters, converted, strict=True) if old != new and len(new) == 1}
    forms.update((pair[0], pair[1]) for pair in _BY_WORD)
    while any(new in forms for new in forms.values()):
        forms = {old: forms.get(new, new) for old, new in forms.items()}
    return forms
