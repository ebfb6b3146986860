"""Titles that files carry in their properties are often a program's, not the author's."""

from __future__ import annotations

import re

MAX_TITLE = 100
"""Characters; longer ones are sentences that slipped into the field."""

_GENERIC = re.compile(
    r"""(新建\s*)?((microsoft\s*)?(word|office|wps|docx?)\s*)?(文档|文件|document|doc)?\s*\(?\d*\)?
      | (microsoft\ (office\ )?word|word|powerpoint|wps)\b.*
      | .*\.(docx?|wps|html?|txt|rtf|pdf)
      | (无|未命名|空白|默认)?(标题|文档|网页|页面){1,2}\d* | untitled.* | title | normal | index | home | 首页 | 主页""",
    re.IGNORECASE | re.VERBOSE,
)


def sensible(title: str | None) -> str | None:
    """Return the title in one line, or None if it says nothing: 新建 Microsoft Word 文档, Untitled, 报告.doc."""
    line = " ".join((title or "").split())
    return None if len(line) > MAX_TITLE or _GENERIC.fullmatch(line) else line
