"""Fuses rankings: each is scaled to 0..1 for the question at hand, then they are mixed by weight.

The convex combination of Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval"
(ACM TOIS 42(1), 2023), section 4. The weight was measured: docs/decisions.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Scores = Mapping[str, float]


def scale(scores: Scores) -> dict[str, float]:
    """The scores moved to 0..1: the least is 0, the greatest 1. Where all are equal, all are 1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {id_: (score - low) / (high - low) for id_, score in scores.items()}


def fuse(rankings: Sequence[tuple[Scores, float]]) -> dict[str, float]:
    """The weighted sum of scaled rankings, each given with its weight; what a ranking lacks counts 0 in it."""
    fused: dict[str, float] = {}
    for scores, weight in rankings:
        for id_, score in scale(scores).items():
            fused[id_] = fused.get(id_, 0.0) + weight * score
    return fused
