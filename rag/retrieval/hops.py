"""The second hop of a question: what the best passages name may be what it asks about.

"Who founded the firm that built the bridge?" finds the bridge's article, which names the firm; the firm's own article
answers. After Das et al., "Multi-step Entity-centric Information Retrieval for Multi-Hop Question Answering"
(MRQA 2019), with headlines in place of a trained linker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.names import names_in
from rag.retrieval.candidates import Candidates

if TYPE_CHECKING:
    from rag.library.snapshot import Place, Snapshot
    from rag.retrieval.query import Query

SOURCES = 3
"""Articles whose best passages are looked through for names."""
HOP_WEIGHT = 0.3
"""How much of the score of the passage that names an article goes to that article."""
AMBIGUOUS = 3
"""A name that is the headline of more articles than this tells none of them apart."""


def hop(snapshot: Snapshot, query: Query, found: Candidates) -> Candidates:
    """The candidates, with articles preferred whose headline is a name that the best passages bring in."""
    sources = _best_of_articles(found)
    hits = snapshot.hits([(place, found.scores[place.passage_id]) for place in sources])
    asked = names_in(query.text)
    named = {place.article: names_in(hit.text) - asked for place, hit in zip(sources, hits, strict=True)}
    about = snapshot.about(set().union(*named.values()), query.scope)
    plain = {name: targets for name, targets in about.items() if len(targets) <= AMBIGUOUS}
    reached: dict[int, float] = {}
    places: dict[str, Place] = {}
    for hit, place in zip(hits, sources, strict=True):
        for name in named[place.article] & plain.keys():
            for target in plain[name]:
                if target.article != place.article:
                    reached[target.article] = max(hit.score, reached.get(target.article, 0.0))
                    places[target.passage_id] = target
    if not reached:
        return found
    more = {id_: reached[place.article] for id_, place in (places | found.places).items() if place.article in reached}
    return found.mixed(places, more, HOP_WEIGHT)


def _best_of_articles(found: Candidates) -> list[Place]:
    best: dict[int, Place] = {}
    for id_ in found.best_first():
        best.setdefault(found.places[id_].article, found.places[id_])
        if len(best) == SOURCES:
            break
    return list(best.values())
