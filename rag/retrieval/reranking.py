"""Puts those passages first that a reader, or a cross-encoder that takes its place, believes to answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.domain import Hit, Opinion
    from rag.reading.cross_encoder import Scorer
    from rag.reading.reader import Reader

READ_WEIGHT = 0.4
"""How much what was read weighs beside what the passage scored before."""
STEEPNESS = 0.3
"""How fast log odds become certain: read passages differ among themselves, not only from those that say nothing."""


def rerank(question: str, hits: Sequence[Hit], reader: Reader, depth: int) -> list[Hit]:
    """The hits, best first, with the reader's opinions of the best ``depth`` of them; scores are 0 to 1."""
    read = consult(question, hits, reader, depth)
    return _reordered(read, [_trust(hit.opinion) for hit in read if hit.opinion])


def rescore(question: str, hits: Sequence[Hit], scorer: Scorer, depth: int) -> list[Hit]:
    """The hits, best first, with the best ``depth`` of them scored by a cross-encoder; scores are 0 to 1."""
    return _reordered(hits, scorer.score(question, hits[:depth]))


def consult(question: str, hits: Sequence[Hit], reader: Reader, depth: int) -> list[Hit]:
    """The hits in their order, the best ``depth`` of them with the reader's opinions."""
    opinions = reader.read(question, hits[:depth])
    return [*(replace(hit, opinion=each) for hit, each in zip(hits, opinions, strict=False)), *hits[depth:]]


def _reordered(hits: Sequence[Hit], trusts: Sequence[float]) -> list[Hit]:
    """Best first; ``trusts`` are those of the first hits, and 0 for the others."""
    padded = [*trusts, *[0.0] * (len(hits) - len(trusts))]
    mixed = [(hit.score + READ_WEIGHT * trust) / (1 + READ_WEIGHT) for hit, trust in zip(hits, padded, strict=True)]
    scored = [replace(hit, score=score) for hit, score in zip(hits, mixed, strict=True)]
    return sorted(scored, key=lambda hit: (-hit.score, hit.passage_id))


def _trust(opinion: Opinion) -> float:
    return 1 / (1 + math.exp(-STEEPNESS * opinion.best))
