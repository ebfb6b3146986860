"""On what was measured, and when: no names, no paths."""

from __future__ import annotations

import os
import platform
import re
import time
from pathlib import Path

_MODEL = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)
_TOTAL = re.compile(r"^MemTotal:\s*(\d+) kB", re.MULTILINE)


def described() -> str:
    """Write the machine and the date in one line."""
    model = _MODEL.search(_read("/proc/cpuinfo"))
    total = _TOTAL.search(_read("/proc/meminfo"))
    gigabytes = round(int(total[1]) / 1024**2) if total else 0
    return (
        f"{model[1].strip() if model else platform.machine()}，{os.cpu_count()} 核，内存 {gigabytes} GB，"
        f"Python {platform.python_version()}，{time.strftime('%Y-%m-%d')}"
    )


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
