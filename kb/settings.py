"""Every setting in one table: name, default, what it is for. Read from the environment once, at the edge (CLI, wsgi)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.errors import BadSettings

ENGINES = ("whoosh",)


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table; an empty default means: not set."""

    name: str
    default: str
    help: str


TABLE = (
    Setting("KB_LIBRARY", "", "文档所在的文件夹；kb rebuild 不带参数时索引它。多个文件夹用冒号隔开。"),
    Setting("KB_INDEX_DIR", "index", "存放索引的文件夹。"),
    Setting("KB_ENGINE", "whoosh", "检索引擎；目前只有 whoosh（单机）。"),
    Setting("KB_TERMS", "", "自己的词表（UTF-8 文本，每行一个词，同义词写成 甲=乙）；下次 kb rebuild 时生效。"),
    Setting("KB_DEADLINE_MS", "1000", "一次检索最多用多少毫秒；到时先返回已找到的部分，并注明不完整。"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The table's values, checked."""

    library: tuple[Path, ...]
    index_dir: Path
    engine: str
    terms: Path | None
    deadline: float
    """Seconds."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Check the environment's values.

    Raises:
        BadSettings: a value cannot be used; the sentence names the variable.
    """
    values = {setting.name: environment.get(setting.name, "").strip() or setting.default for setting in TABLE}
    if values["KB_ENGINE"] not in ENGINES:
        raise BadSettings(f"KB_ENGINE 不能是“{values['KB_ENGINE']}”，可选：{'、'.join(ENGINES)}。")
    return Settings(
        library=tuple(Path(folder) for folder in values["KB_LIBRARY"].split(":") if folder),
        index_dir=Path(values["KB_INDEX_DIR"]),
        engine=values["KB_ENGINE"],
        terms=Path(values["KB_TERMS"]) if values["KB_TERMS"] else None,
        deadline=_milliseconds("KB_DEADLINE_MS", values["KB_DEADLINE_MS"]) / 1000,
    )


def _milliseconds(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= 60_000:  # noqa: PLR2004 - a minute
        raise BadSettings(f"{name} 不能是“{value}”，请填 1 到 60000 之间的整数（毫秒）。")
    return int(value)
