"""What filters cost beside an unfiltered question, and whether what is found under them is what comparing all finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.copies import BY_AUTHOR, ON_MATTER
from rag.domain import Filters, Label
from rag.evaluation.measures import quantile
from rag.library.snapshot import Scope
from rag.retrieval.candidates import DEPTH, KEYWORD_WEIGHT, find_candidates
from rag.retrieval.fusion import fuse
from rag.retrieval.query import Query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.domain import Statistics
    from rag.library.library import Library
    from rag.library.projections import Scored

Cost = Callable[[str, Filters], dict[str, float]]
"""Asks a question under filters; what it cost, in milliseconds."""
COMPARED = 10
"""The best passages that must be those which comparing all finds."""


@dataclass(frozen=True, slots=True)
class Everything:
    """All visible passages' ids and vectors."""

    ids: list[str]
    vectors: NDArray[np.float32]

    def nearest(self, vector: NDArray[np.float32], count: int, within: NDArray[np.bool_] | None = None) -> list[int]:
        """The places of the nearest, nearest first."""
        cosines = self.vectors @ vector
        if within is not None:
            cosines[~within] = -np.inf
        best = np.argpartition(-cosines, min(count, len(cosines) - 1))[:count]
        ordered = best[np.argsort(-cosines[best], kind="stable")]
        return [int(place) for place in ordered if np.isfinite(cosines[place])]


def filters_of(held: Statistics, copied: int) -> dict[str, Filters]:
    """Filters from one article to all; ``copied`` is a number of passages at which copies stand."""
    return {
        "one article": Filters(article_id=(f"copy-{held.articles - 2}",)),
        "entity, some 10 passages": Filters(entity=(f"Matter {copied // ON_MATTER}",)),
        "author, some 1,000 passages": Filters(author=(f"Author {copied // BY_AUTHOR}",)),
        "published on one day": Filters(published_from="2020-06-01", published_to="2020-06-01"),
        "published in a month": Filters(published_from="2020-06-01", published_to="2020-06-30"),
        "published in 3 months": Filters(published_from="2020-06-01", published_to="2020-08-31"),
        "published in a year": Filters(published_from="2020-01-01", published_to="2020-12-31"),
        "published in 5 years": Filters(published_from="2018-01-01", published_to="2022-12-31"),
        "entity, a third": Filters(entity=("Theme 1",)),
        "the first source": Filters(source=held.sources[:1]),
        "all sources": Filters(source=held.sources),
        "label, all": Filters(label=(Label.REPORTED,)),
    }


def measure_filters(
    library: Library, filters: dict[str, Filters], queries: Sequence[Query], cost: Cost, everything: Everything
) -> list[dict[str, Any]]:
    """A line a filter: how many passages it lets through, its cost, times that without filters, and what was missed."""
    lines: list[dict[str, Any]] = []
    with library.snapshot() as snapshot:
        words = [snapshot.matching(query.text, len(everything.ids), past=False) for query in queries]
    for name, each in ({"none": Filters()} | filters).items():
        costs = [cost(query.text, each) for query in queries]
        line: dict[str, Any] = {"filter": name}
        for unit in costs[0]:
            middle = quantile([found[unit] for found in costs], 0.5) or 0.0
            line[unit] = round(middle, 2)
            line[f"{unit}_ratio"] = round(middle / lines[0][unit], 2) if lines else 1.0
        lines.append(line | _compare(library, each, list(zip(queries, words, strict=True)), everything))
    return lines


def _compare(
    library: Library, filters: Filters, matched: Sequence[tuple[Query, Scored]], everything: Everything
) -> dict[str, Any]:
    """How many of the best passages are those that comparing all finds; a query comes with all that match its words."""
    scope = Scope(filters)
    with library.snapshot() as snapshot:
        visible = {place.passage_id for place in snapshot.places(everything.ids, scope)}
        within = np.array([id_ in visible for id_ in everything.ids])
        right = wanted = 0
        for query, all_words in matched:
            words = [pair for pair in all_words if pair[0] in visible]
            near = everything.nearest(query.vector, DEPTH, within)
            cosines = everything.vectors[near] @ query.vector
            meaning = {everything.ids[place]: float(cosine) for place, cosine in zip(near, cosines, strict=True)}
            fused = fuse([(dict(words[:DEPTH]), KEYWORD_WEIGHT), (meaning, 1 - KEYWORD_WEIGHT)])
            best = sorted(fused, key=lambda id_: (-fused[id_], id_))[:COMPARED]
            found = find_candidates(snapshot, Query(query.text, query.vector, scope)).best_first()[:COMPARED]
            right, wanted = right + len(set(best) & set(found)), wanted + len(best)
    return {"passages": int(within.sum()), "wanted": wanted, "found": right}
