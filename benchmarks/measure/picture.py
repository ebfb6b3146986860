"""The p50 of each class and engine as a picture: grouped bars on a logarithmic scale, as plain SVG.

Traps:
- A picture in a README does not see the page's colours: it brings its own ground, light or dark as the reader's system is.
- On a logarithmic scale a bar has no natural beginning: it begins at the power of ten below everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from measure.figures import Figures
from measure.table import milliseconds

_WIDTH, _LEFT, _RIGHT = 900, 96, 60
_BAR, _GAP, _TOP, _LEGEND = 9, 11, 62, 20
_COLUMNS = 3
_LIGHT = ("#c2410c", "#2563eb", "#93b4f5", "#4b5563", "#a8b0bb", "#a16207")
_DARK = ("#fb923c", "#60a5fa", "#2f5ea8", "#b6bec9", "#6b7480", "#eab308")
_FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


def svg(figures: Figures) -> str:
    """Draw it."""
    labels = list(figures.timed)
    values = [times.p50 for timed in figures.timed.values() for times in timed.times.values()]
    scale = _Scale(min(values), max(values))
    top = _TOP + _LEGEND * math.ceil(len(labels) / _COLUMNS)
    bars, bottom = _bars(figures, labels, scale, top)
    height = bottom + 52
    body = [*_legend(labels), *_grid(scale, top, bottom), *bars, *_foot(figures, bottom)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="检索用时">',
            f"<style>{_style()}</style>",
            f'<rect class="ground" width="{_WIDTH}" height="{height}"/>',
            '<text class="title" x="16" y="28">检索用时（p50，毫秒，越短越好，对数刻度）</text>',
            *body,
            "</svg>\n",
        ]
    )


class _Scale:
    """Places milliseconds between the powers of ten around all values."""

    def __init__(self, least: float, most: float) -> None:
        self.first = math.floor(math.log10(least))
        self.last = max(math.ceil(math.log10(most)), self.first + 1)

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.first) / (self.last - self.first)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _bars(figures: Figures, labels: Sequence[str], scale: _Scale, top: int) -> tuple[list[str], int]:
    """Draw all groups; return them and where they end."""
    drawn = []
    at = top + _GAP
    for name in figures.classes:
        present = [place for place, label in enumerate(labels) if name in figures.timed[label].times]
        middle = at + len(present) * _BAR / 2 + 4
        drawn.append(f'<text class="name" x="{_LEFT - 10}" y="{middle:.0f}">{escape(name)}</text>')
        for place in present:
            drawn += _bar(figures.timed[labels[place]].times[name].p50, place, scale, at)
            at += _BAR
        at += _GAP
    return drawn, at


def _bar(value: float, place: int, scale: _Scale, at: int) -> Iterator[str]:
    end = scale(value)
    yield f'<rect class="e{place}" x="{_LEFT}" y="{at}" width="{max(end - _LEFT, 1):.1f}" height="{_BAR - 1}"/>'
    yield f'<text class="value" x="{end + 4:.1f}" y="{at + _BAR - 1.5}">{milliseconds(value)}</text>'


def _grid(scale: _Scale, top: int, bottom: int) -> Iterator[str]:
    for power in range(scale.first, scale.last + 1):
        x = scale(10.0**power)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>'
        yield f'<text class="tick" x="{x:.1f}" y="{bottom + 15}">{10.0**power:g}</text>'


def _legend(labels: Sequence[str]) -> Iterator[str]:
    for place, label in enumerate(labels):
        x = _LEFT + (place % _COLUMNS) * 250
        y = 48 + _LEGEND * (place // _COLUMNS)
        yield f'<rect class="e{place}" x="{x}" y="{y}" width="12" height="12"/>'
        yield f'<text x="{x + 18}" y="{y + 10}">{escape(label)}</text>'


def _foot(figures: Figures, bottom: int) -> Iterator[str]:
    built = figures.built
    line = f"{built.passages:,} 段，{built.characters:,} 字。{figures.machine}"
    yield f'<text class="foot" x="16" y="{bottom + 38}">{escape(line)}</text>'


def _style() -> str:
    return (
        f"text{{font:12px {_FONT};fill:#1f2328}} .title{{font-size:15px;font-weight:600}} .name{{text-anchor:end}} "
        ".tick{text-anchor:middle} .value{font-size:8.5px} .foot,.tick{font-size:11px} "
        f".ground{{fill:#fff}} .grid{{stroke:#d0d7de}} {_colours(_LIGHT)} "
        f"@media (prefers-color-scheme: dark){{text{{fill:#e6edf3}} .ground{{fill:#0d1117}} .grid{{stroke:#30363d}} "
        f"{_colours(_DARK)}}}"
    )


def _colours(colours: Sequence[str]) -> str:
    return " ".join(f".e{place}{{fill:{colour}}}" for place, colour in enumerate(colours))
