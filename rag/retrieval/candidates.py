"""The passages that may answer a query: by words and by meaning, side by side, fused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from rag.library.snapshot import Scope
from rag.retrieval.authors import names_author
from rag.retrieval.fusion import fuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.library.kept import Narrow
    from rag.library.projections import Scored
    from rag.library.snapshot import Place, Snapshot
    from rag.retrieval.query import Query

DEPTH = 100
"""Candidates taken from each index."""
DEEPER = 5
"""How many times as many are asked for when too few of them may be used."""
NARROW = 10_000
"""In scopes of at most so many passages all are compared with the question, which is exact."""
OUTLET_BOOST = 0.3
"""What an outlet that the question names adds to the score of its passages."""
AUTHOR_BOOST = 0.5
"""What being by an author that the question names adds."""
PERIOD_BOOST = 0.4
"""What being published in the period that the question names adds, or being newer where the newest is asked for."""
LAG = timedelta(days=2)
"""So long after a period its news are still being reported."""
KEYWORD_WEIGHT = 0.6
"""The optimum is flat between .5 and .7; the rest is meaning. See docs/decisions.md."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages by their ids: where they stand, and how well they match, 0 to 1."""

    places: dict[str, Place]
    scores: dict[str, float]

    def best_first(self) -> list[str]:
        """The passages' ids; equal ones in the order of their ids."""
        return sorted(self.scores, key=lambda id_: (-self.scores[id_], id_))

    def mixed(self, places: dict[str, Place], more: dict[str, float], weight: float) -> Candidates:
        """With what ``more`` says of them, 0 to 1, added by weight; it says 0 of those it lacks."""
        ids = {**self.scores, **more}
        scores = {id_: (self.scores.get(id_, 0.0) + weight * more.get(id_, 0.0)) / (1 + weight) for id_ in ids}
        return Candidates(self.places | places, scores)


def find_candidates(snapshot: Snapshot, query: Query) -> Candidates:
    """The passages in the query's scope that match it best as a whole."""
    by_words, by_meaning = _found(snapshot, query)
    fused = fuse(
        [
            ({place.passage_id: score for place, score in by_words}, KEYWORD_WEIGHT),
            ({place.passage_id: score for place, score in by_meaning}, 1 - KEYWORD_WEIGHT),
        ]
    )
    found = Candidates({place.passage_id: place for place, _ in (*by_words, *by_meaning)}, fused)
    for boosts, weight in _boosts(query, list(found.places.values())):
        found = found.mixed({}, boosts, weight)
    return found


def _boosts(query: Query, places: Sequence[Place]) -> Iterator[tuple[dict[str, float], float]]:
    """What of the question speaks for the passages beside their words, each 0 to 1, and how much it weighs."""
    if query.outlets:
        yield {place.passage_id: float(place.source in query.outlets) for place in places}, OUTLET_BOOST
    authored = {place.passage_id: float(names_author(query.text, place.author)) for place in places if place.author}
    if any(authored.values()):
        yield authored, AUTHOR_BOOST
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


def _found(snapshot: Snapshot, query: Query) -> tuple[list[tuple[Place, float]], list[tuple[Place, float]]]:
    """The best by words and the best by meaning."""
    scope, past = query.scope, query.scope.as_of is not None
    narrow = snapshot.narrow(scope, NARROW) if scope != Scope() else None
    if narrow:
        matching = snapshot.matching(query.text, DEPTH, past=past, within=narrow.places)
        return [(narrow.places[id_], score) for id_, score in matching], _nearest(narrow, query.vector)
    searches: tuple[Callable[[int], Scored], ...] = (
        lambda depth: snapshot.matching(query.text, depth, past=past),
        lambda depth: snapshot.near(query.vector, depth, past=past),
    )
    found = snapshot.search(query.text, query.vector, DEPTH, past=past)
    places = _placed(snapshot, scope, dict.fromkeys(id_ for scored in found for id_, _ in scored))
    by_words, by_meaning = (
        _visible(snapshot, scope, search, scored, places) for search, scored in zip(searches, found, strict=True)
    )
    return by_words, by_meaning


def _nearest(narrow: Narrow, vector: NDArray[np.float32]) -> list[tuple[Place, float]]:
    """Those of a scope that are nearest to a vector; all are compared with it."""
    if not narrow.places:
        return []
    places, cosines = list(narrow.places.values()), narrow.vectors @ vector
    return [(places[index], float(cosines[index])) for index in np.argsort(-cosines, kind="stable")[:DEPTH]]


def _visible(
    snapshot: Snapshot, scope: Scope, search: Callable[[int], Scored], found: Scored, places: Mapping[str, Place]
) -> list[tuple[Place, float]]:
    """The best of what was ``found`` that may be used, asking deeper while most of it may not."""
    depth, usable = DEPTH, [(places[id_], score) for id_, score in found if id_ in places]
    while len(usable) < DEPTH // 2 and len(found) >= depth:
        depth *= DEEPER
        found = search(depth)
        inside = snapshot.within(found, scope)[:DEPTH]
        places = _placed(snapshot, scope, [id_ for id_, _ in inside])
        usable = [(places[id_], score) for id_, score in inside if id_ in places]
    return usable[:DEPTH]


def _placed(snapshot: Snapshot, scope: Scope, ids: Iterable[str]) -> dict[str, Place]:
    return {place.passage_id: place for place in snapshot.places(list(ids), scope)}
