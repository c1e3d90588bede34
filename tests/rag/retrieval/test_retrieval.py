from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.domain import Filters, Hit, Kind, Label
from rag.library.library import Library
from rag.library.projections import Era
from rag.library.snapshot import Scope
from rag.retrieval.candidates import DEPTH, NARROW, OUTLET_BOOST
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import best_of_each_article, retrieve
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        yield library


def find(library: Library, text: str, scope: Scope | None = None, limit: int = 10) -> list[Hit]:
    with library.snapshot() as snapshot:
        return retrieve(snapshot, read_query(text, scope or Scope(), snapshot, EMBEDDER), limit)


def ids(hits: list[Hit]) -> list[str]:
    return [hit.article_id for hit in hits]


def test_the_best_come_first_with_scores_from_1_to_0(library: Library) -> None:
    shelve(
        library, EMBEDDER,
        make_article("bridge", "Otters built a bridge over the river."), make_article("shop", "A shop sells leaves."),
        make_article("otter", "Otters sleep in the river."),
    )  # fmt: skip
    hits = find(library, "Which otters built a bridge over the river?")
    assert ids(hits) == ["bridge", "otter", "shop"]
    assert hits[0].score == pytest.approx(1.0)
    assert 0 < hits[1].score < 1
    assert hits[2].score == pytest.approx(0.0)
    assert ids(find(library, "Which otters built a bridge over the river?", limit=2)) == ["bridge", "otter"]


def find_on(library: Library, text: str, asked: str) -> list[str]:
    with library.snapshot() as snapshot:
        query = read_query(text, Scope(), snapshot, EMBEDDER, asked=date.fromisoformat(asked))
        return ids(retrieve(snapshot, query, 10))


def test_what_was_published_in_the_period_that_is_named_is_preferred(library: Library) -> None:
    shelve(
        library, EMBEDDER,
        make_article("old", "Otters voted on the bridge.", published="2024-03-10"),
        make_article("new", "The otters of the river voted on the bridge.", published="2024-05-06"),
        make_article("undated", "Otters of the pond voted."),
    )  # fmt: skip
    assert find_on(library, "How did otters vote on the bridge?", "2024-05-08")[0] == "old"
    assert find_on(library, "How did otters vote on the bridge this week?", "2024-05-08")[0] == "new"
    assert find_on(library, "How did otters vote on the bridge in March 2024?", "2024-05-08")[0] == "old"
    assert find_on(library, "How did otters vote on the bridge this week?", "2024-09-01")[0] == "old"
    assert find_on(library, "How did otters vote on the bridge on 6 May?", "2026-01-01")[0] == "new"


def test_the_newest_comes_first_only_where_it_is_asked_for(library: Library) -> None:
    words = ("Otters voted.",) * 3
    shelve(
        library, EMBEDDER,
        *(make_article(f"vote-{number}", text, published=f"2024-05-0{number}") for number, text in enumerate(words, 1)),
    )  # fmt: skip
    assert find_on(library, "the latest on otters", "2024-06-01") == ["vote-3", "vote-2", "vote-1"]
    assert find_on(library, "otters", "2024-06-01") != ["vote-3", "vote-2", "vote-1"]


def test_an_empty_library_gives_no_hits(library: Library) -> None:
    assert find(library, "otters") == []


def test_equal_passages_come_in_the_order_of_their_ids(library: Library) -> None:
    passages = shelve(library, EMBEDDER, *(make_article(f"a{number}", "Otters rest.") for number in range(8)))
    assert [hit.passage_id for hit in find(library, "otters")] == sorted(passage.id for passage in passages)


def test_superseded_passages_do_not_hide_the_live_ones(library: Library) -> None:
    for number in range(3):
        crowd = [f"Otters otters otters number {number * 100 + place}." for place in range(100)]
        shelve(library, EMBEDDER, make_article("crowd", *crowd))
    shelve(library, EMBEDDER, make_article("crowd", "Kappa trade cucumbers."))
    shelve(library, EMBEDDER, make_article("quiet", "In the old pond some otters live."))
    with library.snapshot() as snapshot:
        assert snapshot.passage_count() == 2
        assert len(snapshot.matching("otters", DEPTH, past=True)) == DEPTH
    assert ids(find(library, "otters")) == ["quiet", "crowd"]


def test_deepening_goes_on_until_the_few_visible_are_found(library: Library) -> None:
    """1,100 superseded passages: the index is asked for 200, then 1,000, then for more than it has."""
    shelve(library, EMBEDDER, make_article("crowd", *(f"Otters otters otters {place}." for place in range(1100))))
    shelve(library, EMBEDDER, make_article("crowd", "Kappa trade."))
    shelve(library, EMBEDDER, make_article("quiet", "In the old pond some otters live."))
    assert ids(find(library, "otters"))[0] == "quiet"


def test_filtered_passages_do_not_hide_the_wanted_ones(library: Library) -> None:
    crowd = [f"Otters otters otters number {place}." for place in range(300)]
    shelve(
        library, EMBEDDER, make_article("crowd", *crowd, source="River Times"),
        make_article("wanted", "In the old pond some otters live.", "Leaves.", source="Pond Gazette"),
    )  # fmt: skip
    hits = find(library, "otters", Scope(Filters(source=("Pond Gazette",))))
    assert [hit.text for hit in hits] == ["In the old pond some otters live.", "Leaves."]


def test_questions_of_a_day_find_the_revision_of_that_day(library: Library) -> None:
    article = make_article("otter", "Otters plan a bridge.", published="2024-01-01")
    shelve(library, EMBEDDER, article)
    shelve(
        library, EMBEDDER, make_article("otter", "Otters built a bridge.", published="2024-01-01", updated="2024-02-01")
    )
    assert [(hit.revision, hit.text) for hit in find(library, "bridge")] == [(2, "Otters built a bridge.")]
    on_the_day = find(library, "bridge", Scope(as_of="2024-01-31"))
    assert [(hit.revision, hit.text) for hit in on_the_day] == [(1, "Otters plan a bridge.")]
    assert find(library, "bridge", Scope(as_of="2023-12-31")) == []


def test_in_a_narrow_scope_every_passage_is_compared_without_the_index(library: Library) -> None:
    """Exact, whatever the vector index knows: here it has lost everything."""
    crowd = make_article("crowd", *(f"Otters {place}." for place in range(20)), source="River Times")
    far = make_article("far", (Kind.ANALYSIS, "", "Cucumbers cost more."), (Kind.ANALYSIS, "", "Kappa trade."))
    shelved = [passage.id for passage in shelve(library, EMBEDDER, crowd, far)]
    assert len(shelved) < NARROW
    assert library.live
    library._shelves.of(library.live).vectors.remove(shelved, Era.LIVE)
    hits = find(library, "otters", Scope(Filters(label=(Label.ANALYSIS,))))
    assert {hit.text for hit in hits} == {"Cucumbers cost more.", "Kappa trade."}


def test_an_outlet_that_is_named_is_preferred_and_not_searched_for(library: Library) -> None:
    shelve(
        library, EMBEDDER,
        make_article("a", "Otters built a bridge of wood.", source="River Times"),
        make_article("b", "Otters built a bridge of stone.", source="Pond Gazette"),
        make_article("c", "Pond life and gazette printing.", source="Reed Review"),
    )  # fmt: skip
    for outlet, best in (("River Times", "a"), ("Pond Gazette", "b")):
        hits = find(library, f"According to {outlet}, what did otters build a bridge of?")
        assert hits[0].article_id == best
        assert ids(hits)[2] == "c"
        assert all(0 <= hit.score <= 1 for hit in hits)


def test_what_an_author_wrote_is_preferred_where_the_author_is_named(library: Library) -> None:
    shelve(
        library, EMBEDDER,
        make_article("a", "Otters built a bridge of wood.", author="Rin Mori"),
        make_article("b", "Otters built the bridge of stone.", author="Jun Hara and Ken Ueda"),
        make_article("c", "Otters built a bridge."),
        make_article("d", "Kappa sell cucumbers, and have crossed a bridge."),
    )  # fmt: skip
    assert ids(find(library, "What is written about a bridge that otters built?"))[0] == "c"
    for author, best in (("Rin Mori", "a"), ("Ken Ueda", "b")):
        hits = find(library, f"What does {author} write about a bridge that otters built?")
        assert hits[0].article_id == best
        assert all(0 <= hit.score <= 1 for hit in hits)


def test_the_boost_of_an_outlet_does_not_outweigh_the_words(library: Library) -> None:
    shelve(
        library, EMBEDDER,
        make_article("right", "Otters built a bridge of wood.", source="Reed Review"),
        make_article("other", "Kappa sell cucumbers.", source="Pond Gazette"),
    )  # fmt: skip
    hits = find(library, "Pond Gazette on otters and a bridge of wood")
    assert [(hit.article_id, round(hit.score, 6)) for hit in hits] == [
        ("right", round(1 / (1 + OUTLET_BOOST), 6)),
        ("other", round(OUTLET_BOOST / (1 + OUTLET_BOOST), 6)),
    ]


def test_a_question_that_is_only_an_outlet_is_searched_for_as_it_is(library: Library) -> None:
    shelve(library, EMBEDDER, make_article("a", "The Pond Gazette is a newspaper.", source="Pond Gazette"))
    with library.snapshot() as snapshot:
        query = read_query("Pond Gazette", Scope(), snapshot, EMBEDDER)
    assert (query.text, query.outlets) == ("Pond Gazette", ("Pond Gazette",))
    assert ids(find(library, "Pond Gazette")) == ["a"]


def test_the_best_of_each_article_is_its_first_hit(library: Library) -> None:
    shelve(
        library, EMBEDDER,
        make_article("a", "Otters rest.", "Otters built a bridge."), make_article("b", "A bridge."),
        make_article("c", "Leaves."),
    )  # fmt: skip
    hits = find(library, "otters built a bridge")
    best = best_of_each_article(hits, 2)
    assert [(hit.article_id, hit.text) for hit in best] == [("a", "Otters built a bridge."), ("b", "A bridge.")]
    assert best_of_each_article(hits, 9)[2].article_id == "c"
    assert best_of_each_article([replace(hits[0], score=0.1), *hits], 9)[0].score == 0.1
    assert best_of_each_article([], 5) == []


def test_each_part_of_a_question_finds_its_outlets_article(library: Library) -> None:
    crowd = [make_article(f"c{n}", "Otters sold the bridge and the leaves.", source="Reed Review") for n in range(8)]
    shelve(
        library, EMBEDDER, *crowd,
        make_article("a", "The price of cucumbers rose.", source="River Times"),
        make_article("b", "Kappa left the pond for the sea.", source="Pond Gazette"),
    )  # fmt: skip
    question = "Does River Times say that otters sold the bridge and cucumbers, while Pond Gazette says kappa left?"
    with library.snapshot() as snapshot:
        query = read_query(question, Scope(), snapshot, EMBEDDER)
        alone = retrieve(snapshot, replace(query, parts=()), 10)
    assert [part.outlets for part in query.parts] == [("River Times",), ("Pond Gazette",)]
    assert query.parts[1].text == "says kappa left?"
    hits = find(library, question)
    assert ids(hits)[:2] == ["b", "a"]
    assert {hit.article_id: hit.score for hit in alone}["a"] < hits[1].score
    assert all(0 <= hit.score <= 1 for hit in hits)
