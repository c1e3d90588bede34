"""Finds the passages that may answer a question: of the whole question, of its parts, and of what those name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.retrieval.candidates import Candidates, find_candidates
from rag.retrieval.hops import hop

if TYPE_CHECKING:
    from rag.domain import Hit
    from rag.library.snapshot import Place, Snapshot
    from rag.retrieval.query import Query

PARTS_WEIGHT = 0.6
"""How much matching a part of the question weighs beside matching all of it."""


def retrieve(snapshot: Snapshot, query: Query, limit: int) -> list[Hit]:
    """The passages in the scope that match the query best, best first; scores are 0 to 1."""
    found = hop(snapshot, query, _with_parts(snapshot, query, find_candidates(snapshot, query)))
    return snapshot.hits([(found.places[id_], found.scores[id_]) for id_ in found.best_first()[:limit]])


def _with_parts(snapshot: Snapshot, query: Query, found: Candidates) -> Candidates:
    if not query.parts:
        return found
    places: dict[str, Place] = {}
    best: dict[str, float] = {}
    for part in query.parts:
        of_part = find_candidates(snapshot, part)
        places |= of_part.places
        for id_, score in of_part.scores.items():
            best[id_] = max(score, best.get(id_, 0.0))
    return found.mixed(places, best, PARTS_WEIGHT)


def best_of_each_article(hits: list[Hit], limit: int) -> list[Hit]:
    """The first hit of each article, at most ``limit``."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.article_id, hit)
    return list(first.values())[:limit]
