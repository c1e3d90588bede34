"""Finds the passages that may answer a question: by words and by meaning, side by side, fused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rag.library.snapshot import Scope
from rag.retrieval.fusion import fuse
from rag.retrieval.outlets import find_outlets, without_outlets
from rag.retrieval.times import NO_TIMES, Anchor, Times, read_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.domain import Hit
    from rag.embedding import Embedder
    from rag.library.projections import Scored
    from rag.library.snapshot import Place, Snapshot

DEPTH = 200
"""Candidates taken from each index."""
DEEPER = 5
"""How many times as many are asked for when too few of them may be used."""
NARROW = 5000
"""In scopes of at most so many passages all are compared with the question, which is exact."""
OUTLET_BOOST = 0.3
"""What an outlet that the question names adds to the score of its passages."""
PERIOD_BOOST = 0.4
"""What being published in the period that the question names adds, or being newer where the newest is asked for."""
LAG = timedelta(days=2)
"""So long after a period its news are still being reported."""
KEYWORD_WEIGHT = 0.6
"""The optimum is flat between .5 and .7; the rest is meaning. See docs/decisions.md."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: words and their vector, where, and the outlets and times that the question names."""

    text: str
    vector: NDArray[np.float32]
    scope: Scope
    outlets: tuple[str, ...] = ()
    times: Times = NO_TIMES


def read_query(text: str, scope: Scope, snapshot: Snapshot, embedder: Embedder, *, asked: date | None = None) -> Query:
    """The question's text as a query: outlets that the library knows are taken out of it and preferred.

    So are the times it names, seen from the day it is ``asked``; without that day no times are read.
    """
    outlets = find_outlets(text, snapshot.census.outlets)
    words = without_outlets(text, outlets) or text
    (vector,) = embedder.embed([words])
    return Query(
        words,
        vector,
        scope,
        outlets,
        read_times(words, Anchor(asked, partial(_newest, snapshot))) if asked else NO_TIMES,
    )


def _newest(snapshot: Snapshot) -> date | None:
    days = snapshot.census.days
    return date.fromisoformat(days[1]) if days else None


def retrieve(snapshot: Snapshot, query: Query, limit: int) -> list[Hit]:
    """The passages in the scope that match the query best, best first; scores are 0 to 1."""
    past = query.scope.as_of is not None
    by_words = _visible(snapshot, query.scope, lambda depth: snapshot.matching(query.text, depth, past=past))
    by_meaning = _near(snapshot, query)
    fused = fuse(
        [
            ({place.passage_id: score for place, score in by_words}, KEYWORD_WEIGHT),
            ({place.passage_id: score for place, score in by_meaning}, 1 - KEYWORD_WEIGHT),
        ]
    )
    places = {place.passage_id: place for place, _ in (*by_words, *by_meaning)}
    for boosts, weight in _boosts(query, list(places.values())):
        for id_, boost in boosts.items():
            fused[id_] = (fused[id_] + weight * boost) / (1 + weight)
    ranked = sorted(fused, key=lambda id_: (-fused[id_], id_))[:limit]
    return snapshot.hits([(places[id_], fused[id_]) for id_ in ranked])


def _boosts(query: Query, places: Sequence[Place]) -> Iterator[tuple[dict[str, float], float]]:
    """What of the question speaks for the passages beside their words, each 0 to 1, and how much it weighs."""
    if query.outlets:
        yield {place.passage_id: float(place.source in query.outlets) for place in places}, OUTLET_BOOST
    if not query.times:
        return
    days = {place.passage_id: date.fromisoformat(place.published[:10]) for place in places if place.published}
    period = query.times.period
    if period:
        held = {id_ for id_, day in days.items() if period.holds(day) or period.holds(day - LAG)}
        if held:
            yield {place.passage_id: float(place.passage_id in held) for place in places}, PERIOD_BOOST
    if query.times.is_latest and days:
        ranks = {day: rank for rank, day in enumerate(sorted(set(days.values())), start=1)}
        newest = {id_: ranks[day] / len(ranks) for id_, day in days.items()}
        yield {place.passage_id: newest.get(place.passage_id, 0.0) for place in places}, PERIOD_BOOST


def best_of_each_article(hits: list[Hit], limit: int) -> list[Hit]:
    """The first hit of each article, at most ``limit``."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.article_id, hit)
    return list(first.values())[:limit]


def _near(snapshot: Snapshot, query: Query) -> list[tuple[Place, float]]:
    scope, vector = query.scope, query.vector
    if scope != Scope() and snapshot.count(scope) <= NARROW:
        ids, matrix = snapshot.scoped_vectors(scope)
        cosines = matrix @ vector if ids else np.empty(0)
        best = np.argsort(-cosines, kind="stable")[:DEPTH]
        return _placed(snapshot, scope, [(ids[index], float(cosines[index])) for index in best])
    past = scope.as_of is not None
    return _visible(snapshot, scope, lambda depth: snapshot.near(vector, depth, past=past))


def _visible(snapshot: Snapshot, scope: Scope, search: Callable[[int], Scored]) -> list[tuple[Place, float]]:
    """The best that may be used, asking deeper while most of what is found may not."""
    depth = DEPTH
    while True:
        found = search(depth)
        usable = _placed(snapshot, scope, found)
        if len(usable) >= DEPTH // 2 or len(found) < depth:
            return usable[:DEPTH]
        depth *= DEEPER


def _placed(snapshot: Snapshot, scope: Scope, found: Scored) -> list[tuple[Place, float]]:
    scores = dict(found)
    return [(place, scores[place.passage_id]) for place in snapshot.places(list(scores), scope)]
