"""Draws how far confidence can be believed: of answers that were so sure, how many were right.

After DeGroot and Fienberg, "The Comparison and Evaluation of Forecasters" (The Statistician 32, 1983); the error is
that of Guo et al., "On Calibration of Modern Neural Networks" (ICML 2017), section 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.plot import STYLE, put_text

BINS = 10
SIDE, LEFT, TOP, FOOT, BESIDE = 280, 52, 40, 48, 190
"""Pixels: a side of the square, and the room around it."""
SMALLEST, LARGEST = 2.5, 11.0
"""The radius of a dot of one answer, and of all of them."""
KINDS = ("byline", "peer")

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence: its mean, the share of them that is right, and their number."""

    confidence: float
    right: float
    answers: int


def bins(chances: Numbers, right: NDArray[np.bool_]) -> list[Bin]:
    """The answers in equally wide bins; those that are empty are left out."""
    which = np.minimum((chances * BINS).astype(int), BINS - 1)
    return [
        Bin(float(chances[which == each].mean()), float(right[which == each].mean()), int((which == each).sum()))
        for each in np.unique(which)
    ]


def calibration_error(chances: Numbers, right: NDArray[np.bool_]) -> float:
    """The mean gap between confidence and the share that is right, bin by bin."""
    return sum(abs(each.confidence - each.right) * each.answers for each in bins(chances, right)) / len(chances)


def draw(parts: Mapping[str, tuple[Numbers, NDArray[np.bool_]]]) -> str:
    """The plot of up to two kinds of questions, by name, as the text of an SVG file."""
    width, height, foot = LEFT + SIDE + BESIDE, TOP + SIDE + FOOT, TOP + SIDE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>Reliability of confidence</title><style>{STYLE}</style>",
        f'<rect class="back" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
        put_text(LEFT, 26, "Reliability of confidence", "title"),
        f'<line class="grid" x1="{LEFT}" y1="{foot}" x2="{LEFT + SIDE}" y2="{TOP}"/>',
        put_text(LEFT + SIDE / 2, height - 10, "confidence", "dim", "middle"),
        put_text(LEFT + SIDE + 14, TOP + 12, "share of answers that are right,", "dim"),
        put_text(LEFT + SIDE + 14, TOP + 28, "upwards; on the line is as it says", "dim"),
    ]
    for tenth in range(0, 11, 2):
        at = SIDE * tenth / 10
        lines.append(f'<line class="grid" x1="{LEFT + at:g}" x2="{LEFT + at:g}" y1="{TOP}" y2="{foot}"/>')
        lines.append(f'<line class="grid" x1="{LEFT}" x2="{LEFT + SIDE}" y1="{foot - at:g}" y2="{foot - at:g}"/>')
        lines.append(put_text(LEFT + at, foot + 18, f"{tenth / 10:.1f}", "dim", "middle"))
        lines.append(put_text(LEFT - 8, foot - at + 4, f"{tenth / 10:.1f}", "dim", "end"))
    for place, (kind, (name, (chances, right))) in enumerate(zip(KINDS, parts.items(), strict=False)):
        lines += _dots(chances, right, kind)
        y = TOP + 60 + 44 * place
        lines.append(f'<circle class="{kind}" cx="{LEFT + SIDE + 20}" cy="{y - 4}" r="5"/>')
        lines.append(put_text(LEFT + SIDE + 32, y, f"{name}, {len(chances):,}", "strong"))
        error = f"calibration error {calibration_error(chances, right):.3f}"
        lines.append(put_text(LEFT + SIDE + 32, y + 16, error, "dim"))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _dots(chances: Numbers, right: NDArray[np.bool_], kind: str) -> Iterator[str]:
    """A dot a bin, of an area that grows with its answers."""
    for each in bins(chances, right):
        x, y = LEFT + SIDE * each.confidence, TOP + SIDE * (1 - each.right)
        radius = max(SMALLEST, LARGEST * (each.answers / len(chances)) ** 0.5)
        yield f'<circle class="{kind}" fill-opacity="0.75" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
