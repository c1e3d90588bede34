"""A plot of nDCG@10 as SVG: a row a system, a panel for all questions together and one for each set."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.tables import SYSTEMS, set_name, share
from rag.evaluation.measures import mean

LABELS, PANEL, ABREAST, INSET = 316, 124, 4, 14
"""The widths of the systems' names and of a panel in pixels, panels side by side, the room left at edges in pixels."""
TOP, HEAD, ROW, FOOT = 36, 48, 24, 32
"""Pixels: the heights of the title, of what stands above a panel's rows, of a row, and of what stands below them."""
STYLE = """
.back { fill: #ffffff; stroke: #d1d9e0 } .strong { font-weight: 600 } .dim { fill: #59636e }
text { font: 12px system-ui, sans-serif; fill: #1f2328 } .title { font-size: 15px; font-weight: 600 }
.grid { stroke: #d1d9e0 } .peer { fill: #818b98 } .byline { fill: #0969da }
@media (prefers-color-scheme: dark) {
.back { fill: #0d1117; stroke: #3d444d } .dim { fill: #9198a1 } text { fill: #f0f6fc }
.grid { stroke: #3d444d } .peer { fill: #9198a1 } .byline { fill: #4493f8 } }
"""
"""The plot has a ground of its own, so it can be read whatever page it stands on."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn of some questions: a value for each system that was asked them."""

    name: str
    questions: int
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from ``low``, a tenth, to 1, between two places on the page."""

    low: float
    left: float
    right: float

    def place(self, value: float) -> float:
        """Where a value stands."""
        return round(self.left + (value - self.low) / (1 - self.low) * (self.right - self.left), 1)


def draw(sets: Sequence[dict[str, Any]]) -> str:
    """The plot of the systems that rank all the sets, as the text of an SVG file."""
    panels = [*([_pooled(sets)] if len(sets) > 1 else []), *map(_panel, sets)]
    systems = sorted(panels[0].values, key=lambda name: -panels[0].values[name])
    low = min(0.9, *(math.floor(10 * value) / 10 for panel in panels for value in panel.values.values()))
    block = HEAD + ROW * len(systems) + FOOT
    width = LABELS + PANEL * min(len(panels), ABREAST) + INSET
    height = TOP + block * math.ceil(len(panels) / ABREAST) + FOOT
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>nDCG@10 by system</title><style>{STYLE}</style>",
        f'<rect class="back" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
        put_text(INSET, 28, "Ranking of articles: nDCG@10 by system", "title"),
        put_text(width - INSET, height - INSET, "nDCG@10, higher is better", "dim", "end"),
    ]
    for number, panel in enumerate(panels):
        top, column = TOP + number // ABREAST * block + HEAD, number % ABREAST
        if column == 0:
            lines += (
                put_text(INSET, _baseline(top, row), SYSTEMS[each], _kind(each)) for row, each in enumerate(systems)
            )
        left = LABELS + column * PANEL
        lines += _draw_panel(panel, systems, Axis(low, left + INSET, left + PANEL - INSET), top)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _pooled(sets: Sequence[dict[str, Any]]) -> Panel:
    """All questions together."""
    common = [name for name in sets[0]["systems"] if all(name in each["systems"] for each in sets)]
    gains = {name: [gain for each in sets for gain in each["systems"][name]["ndcg10_each"]] for name in common}
    return Panel("all questions", len(gains["byline"]), {name: mean(each) or 0 for name, each in gains.items()})


def _panel(found: dict[str, Any]) -> Panel:
    return Panel(
        set_name(found["set"]), found["questions"], {name: each["ndcg10"] for name, each in found["systems"].items()}
    )


def _draw_panel(panel: Panel, systems: Sequence[str], axis: Axis, top: int) -> Iterator[str]:
    centre, foot = (axis.left + axis.right) / 2, top + ROW * len(systems)
    yield put_text(centre, top - 26, panel.name, "strong", "middle")
    yield put_text(centre, top - 10, f"{panel.questions:,} questions", "dim", "middle")
    for tenth in range(round(10 * axis.low), 11):
        x = axis.place(tenth / 10)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{top}" y2="{foot}"/>'
    for end in (axis.low, 1):
        yield put_text(axis.place(end), foot + 16, f"{end:.1f}", "dim", "middle")
    for row, name in enumerate(systems):
        yield from _draw_value(panel.values[name], name, _baseline(top, row), axis)


def _draw_value(value: float, name: str, y: float, axis: Axis) -> Iterator[str]:
    """A dot with its figure on the side where there is more room."""
    x, middle = axis.place(value), (axis.left + axis.right) / 2
    aside, anchor = (-8, "end") if x > middle else (8, "start")
    yield f'<circle class="{"byline" if name == "byline" else "peer"}" cx="{x}" cy="{y - 4:g}" r="5"/>'
    yield put_text(x + aside, y, share(value), _kind(name), anchor)


def _baseline(top: int, row: int) -> float:
    """The line on which a row's text stands."""
    return top + ROW * (row + 0.5) + 4


def _kind(name: str) -> str:
    return "strong" if name == "byline" else "dim"


def put_text(x: float, y: float, text: str, kind: str, anchor: str = "start") -> str:
    """A text element at a place, in a class of ``STYLE``."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'
