"""Puts those passages first that a reader believes to answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.domain import Hit, Opinion
    from rag.reading.reader import Reader

READ_WEIGHT = 0.4
"""How much the reader's opinion weighs beside what the passage scored before."""
STEEPNESS = 0.3
"""How fast log odds become certain: read passages differ among themselves, not only from those that say nothing."""


def rerank(question: str, hits: Sequence[Hit], reader: Reader, depth: int) -> list[Hit]:
    """The hits, best first, with the reader's opinions of the best ``depth`` of them; scores are 0 to 1."""
    opinions = reader.read(question, hits[:depth])
    read = [
        replace(hit, opinion=opinion, score=(hit.score + READ_WEIGHT * _trust(opinion)) / (1 + READ_WEIGHT))
        for hit, opinion in zip(hits, opinions, strict=False)
    ]
    unread = [replace(hit, score=hit.score / (1 + READ_WEIGHT)) for hit in hits[depth:]]
    return sorted([*read, *unread], key=lambda hit: (-hit.score, hit.passage_id))


def _trust(opinion: Opinion) -> float:
    return 1 / (1 + math.exp(-STEEPNESS * opinion.best))
