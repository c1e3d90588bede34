from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.domain import Filters
from rag.library.library import Library
from rag.library.snapshot import Scope
from rag.retrieval.candidates import find_candidates
from rag.retrieval.hops import AMBIGUOUS, HOP_WEIGHT, hop
from rag.retrieval.query import read_query
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()
BRIDGE = make_article("bridge", "The bridge of wood was built by Ponpoko Works.", title="A bridge of wood is built")
FIRM = make_article("firm", "Jun Hara began it.", "It sells leaves.", title="Ponpoko Works (firm)")
NAMESAKES = [make_article(f"firm-{number}", "It sells.", title="Ponpoko Works") for number in range(AMBIGUOUS + 1)]
NOISE = [make_article(f"noise-{number}", f"A bridge of wood number {number}.") for number in range(5)]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        yield library


def ranked(library: Library, text: str, scope: Scope | None = None) -> tuple[dict[str, float], dict[str, float]]:
    """Texts with their scores, best first, without the hop and with it."""
    with library.snapshot() as snapshot:
        query = read_query(text, scope or Scope(), snapshot, EMBEDDER)
        before = find_candidates(snapshot, query)
        after = hop(snapshot, query, before)
        return tuple(  # type: ignore[return-value]
            {
                hit.text: hit.score
                for hit in snapshot.hits([(each.places[id_], each.scores[id_]) for id_ in each.best_first()])
            }
            for each in (before, after)
        )


def test_an_article_that_the_best_passage_names_is_preferred(library: Library) -> None:
    shelve(library, EMBEDDER, BRIDGE, FIRM, *NOISE)
    before, after = ranked(library, "Who founded what built the bridge of wood?")
    assert before["Jun Hara began it."] < before["A bridge of wood number 0."]
    best = before["The bridge of wood was built by Ponpoko Works."]
    for text in ("Jun Hara began it.", "It sells leaves."):
        assert after[text] == pytest.approx((before[text] + HOP_WEIGHT * best) / (1 + HOP_WEIGHT))
    assert after["A bridge of wood number 0."] == pytest.approx(before["A bridge of wood number 0."] / (1 + HOP_WEIGHT))


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("Who founded Ponpoko Works, which built the bridge of wood?", [BRIDGE, FIRM]),  # it is asked about already
        ("Who built the bridge of wood?", [BRIDGE]),
        ("Who built the bridge of wood?", [BRIDGE, *NAMESAKES]),
    ],
)  # fmt: skip
def test_where_nothing_new_is_named_nothing_changes(library: Library, question: str, articles: list) -> None:  # type: ignore[type-arg]
    shelve(library, EMBEDDER, *articles, *NOISE)
    before, after = ranked(library, question)
    assert after == before


def test_what_the_filters_leave_out_is_not_reached(library: Library) -> None:
    shelve(library, EMBEDDER, BRIDGE, FIRM, *NOISE)
    scope = Scope(Filters(article_id=("bridge", "noise-0")))
    before, after = ranked(library, "Who founded what built the bridge of wood?", scope)
    assert after == before
