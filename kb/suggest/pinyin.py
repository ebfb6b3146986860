"""How a character sounds, without tones: what a person types when an input method offers the wrong character.

The table is pypinyin's; its file is read directly, because importing the package loads phrases, styles and a segmenter that
nothing here uses.

Traps:
- The table gives a character up to a dozen readings, most of them dead (青 as jing). Only those that are really read in several
  ways have more than the first.
- A word of several such characters has the product of their readings; `sounds` stops at `MOST_SOUNDS`.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path

MOST_READINGS = 3
MOST_SOUNDS = 12
_SEVERAL = frozenset(
    "差劲了模刹朝长属宿藏度被弹扎还省折降系脉传觉角的都重著恶率校调塞乐埋便什曾着称否蔓辟露阿泊盛薄参臭没剥给畜谁纤仔圈卡陆削呢"
    "堡吓屏拓似佛勒会地得单强说数血车熟择色落壳秘石行"
)
_OF_VARIANTS = {"着": "zhu", "么": "yao"}
"""How what folding takes for the same character is read: 著 in 显著, 幺 in 老幺."""
_TONES = "\u0300\u0301\u0304\u030c"


def readings(character: str) -> tuple[str, ...]:
    """Return a character's readings, the usual first; a character without any sounds like itself.

    Example:
        >>> readings("行")
        ('xing', 'hang', 'heng')
    """
    return _readings().get(character) or (character,)


def sounds(word: str) -> list[str]:
    """Return the ways to say a word.

    Example:
        >>> sounds("党建")
        ['dangjian']
    """
    return ["".join(said) for said in islice(product(*map(readings, word)), MOST_SOUNDS)]


def homophones(characters: Iterable[str]) -> dict[str, list[str]]:
    """Gather characters by reading."""
    alike: dict[str, list[str]] = defaultdict(list)
    for character in sorted(characters):
        for reading in readings(character):
            alike[reading].append(character)
    return dict(alike)


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    package = find_spec("pypinyin")
    if package is None or not package.submodule_search_locations:
        return {}
    table = Path(package.submodule_search_locations[0]) / "pinyin_dict.json"
    plain: dict[str, str] = {}
    spoken = {
        chr(int(code)): tuple(dict.fromkeys(_toneless(said, plain) for said in spelled.split(",")))[
            : MOST_READINGS if chr(int(code)) in _SEVERAL else 1
        ]
        for code, spelled in json.loads(table.read_text(encoding="utf-8")).items()
    }
    return spoken | {character: (*spoken[character], said) for character, said in _OF_VARIANTS.items()}


def _toneless(said: str, known: dict[str, str]) -> str:
    """Take the tone off; ü is v, as it is typed."""
    if said not in known:
        letters = "".join(letter for letter in unicodedata.normalize("NFD", said) if letter not in _TONES)
        known[said] = unicodedata.normalize("NFC", letters).replace("ü", "v").replace("ê", "e")
    return known[said]
