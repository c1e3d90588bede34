from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from rag.domain import Entity, Filters, Kind, Label, RevisionDates, Span
from rag.errors import ArticleNotFound, StorageError
from rag.library import inventory
from rag.library.kept import Narrow
from rag.library.library import Library
from rag.library.projections import Entry
from rag.library.snapshot import Scope, Snapshot
from rag.library.tables import revisions
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()
OTTER_1 = make_article("otter", "Otters plan.", published="2024-03-10", source="River Times", author="Jun Hara")
OTTER_2 = make_article(
    "otter",
    "Otters build.",
    "Wood.",
    published="2024-03-10",
    updated="2024-04-20T09:00:00+09:00",
    source="River Times",
    author="Jun Hara",
    language="en",
    url="https://river.example/otter",
    entities=(Entity("Kotogawa", "River", "A river."), Entity("ÖTTER Guild")),
)
KAPPA = make_article(
    "kappa/1",
    (Kind.ANALYSIS, "Why It Matters", "Kappa matter."),
    (Kind.PREDICTION, "Next", "Kappa will trade."),
    (Kind.FAQ, "Who sells cucumbers?", "Kappa do."),
    title="Kappa 100% économie",
    published="2024-06-01",
    source="Pond Gazette",
    author="Rin Mori",
    language="ja",
    entities=(Entity("Kotogawa"),),
)
UNDATED = make_article("undated", (Kind.BACKGROUND, "Context", "Ponds are old."), (Kind.ENTITIES, "Pond", "Wet."))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with closing(open_for(EMBEDDER, tmp_path_factory.mktemp("snapshot"))) as library:
        shelve(library, EMBEDDER, OTTER_1)
        shelve(library, EMBEDDER, OTTER_2, KAPPA, UNDATED)
        yield library


@pytest.fixture
def snapshot(library: Library) -> Iterator[Snapshot]:
    with library.snapshot() as snapshot:
        yield snapshot


def all_ids(library: Library) -> set[str]:
    assert library.live
    with library._catalog.reading() as connection:
        return set().union(*inventory.passage_ids(connection, library.live.key).values())


def entries_of(library: Library, ids: list[str]) -> list[Entry]:
    assert library.live
    with library._catalog.reading() as connection:
        return [entry for part in inventory.entries(connection, ids, library.live.key) for entry in part]


def ids_of(narrow: Narrow | None) -> set[str]:
    assert narrow
    return set(narrow.places)


def texts(library: Library, snapshot: Snapshot, scope: Scope) -> list[str]:
    """The words of every passage that the scope shows, in the order of the catalog."""
    places = snapshot.places(sorted(all_ids(library)), scope)
    assert snapshot.count(scope) == len(places)
    ids, matrix = snapshot.scoped_vectors(scope)
    assert (sorted(ids), len(matrix)) == (sorted(place.passage_id for place in places), len(places))
    narrow = snapshot.narrow(scope, len(places))
    assert narrow
    assert sorted(narrow.places.values(), key=lambda place: place.passage_id) == places
    assert narrow.places.keys() == set(ids)
    held = dict(zip(ids, matrix, strict=True))
    assert all(np.array_equal(row, held[id_]) for id_, row in zip(narrow.places, narrow.vectors, strict=True))
    return [
        hit.text for hit in snapshot.hits([(place, 1.0) for place in sorted(places, key=lambda each: each.passage)])
    ]


LIVE = ["Otters build.", "Wood.", "Kappa matter.", "Kappa will trade.", "Kappa do.", "Ponds are old.", "Wet."]


@pytest.mark.parametrize(
    ("as_of", "seen"),
    [
        (None, LIVE),
        ("2024-03-09", []),
        ("2024-03-10", ["Otters plan."]),
        ("2024-04-19", ["Otters plan."]),
        ("2024-04-20", ["Otters build.", "Wood."]),
        ("2024-06-01", LIVE[:5]),
        ("2999-01-01", LIVE),  # an article without a date exists from the day it was seen
    ],
)
def test_visible_is_the_newest_revision_of_the_day(
    library: Library, snapshot: Snapshot, as_of: str | None, seen: list[str]
) -> None:
    assert texts(library, snapshot, Scope(as_of=as_of)) == seen


@pytest.mark.parametrize(
    ("filters", "seen"),
    [
        (Filters(), LIVE),
        (Filters(source=("River Times",)), LIVE[:2]),
        (Filters(source=("river times", "POND GAZETTE")), LIVE[:5]),
        (Filters(source=("River",)), []),
        (Filters(author=("rin mori",)), LIVE[2:5]),
        (Filters(language=("JA",)), LIVE[2:5]),
        (Filters(language=("en", "ja")), LIVE[:5]),
        (Filters(entity=("kotogawa",)), LIVE[:5]),
        (Filters(entity=("Ötter guild",)), LIVE[:2]),
        (Filters(entity=("Koto",)), []),
        (Filters(article_id=("kappa/1", "undated")), LIVE[2:]),
        (Filters(article_id=("KAPPA/1",)), []),
        (Filters(label=(Label.ANALYSIS,)), ["Kappa matter.", "Kappa do."]),
        (Filters(label=(Label.PREDICTION,)), ["Kappa will trade."]),
        (Filters(label=(Label.BACKGROUND,)), ["Ponds are old.", "Wet."]),
        (Filters(label=(Label.REPORTED, Label.PREDICTION)), ["Otters build.", "Wood.", "Kappa will trade."]),
        (Filters(label=(Label.ATTRIBUTED,)), LIVE[:2]),
        (Filters(published_from="2024-03-11"), LIVE[2:5]),
        (Filters(published_from="2024-03-10"), LIVE[:5]),
        (Filters(published_to="2024-03-10"), LIVE[:2]),
        (Filters(published_to="2024-03-09"), []),
        (Filters(published_from="2024-03-10", published_to="2024-05-31"), LIVE[:2]),
        (Filters(source=("Pond Gazette",), label=(Label.ANALYSIS,), entity=("kotogawa",)), LIVE[2:3] + LIVE[4:5]),
        (Filters(source=("Pond Gazette",), author=("Jun Hara",)), []),
    ],
)
def test_each_filter_narrows_what_is_visible(
    library: Library, snapshot: Snapshot, filters: Filters, seen: list[str]
) -> None:
    assert texts(library, snapshot, Scope(filters)) == seen


def test_filters_read_the_revision_of_the_day(library: Library, snapshot: Snapshot) -> None:
    assert texts(library, snapshot, Scope(Filters(entity=("kotogawa",)), as_of="2024-04-19")) == []
    assert texts(library, snapshot, Scope(Filters(language=("en",)), as_of="2024-04-20")) == LIVE[:2]


def test_places_come_in_the_order_asked_for_and_leave_out_the_rest(library: Library, snapshot: Snapshot) -> None:
    visible = sorted(place.passage_id for place in snapshot.places(sorted(all_ids(library)), Scope()))
    asked = ["00000000000000ff", *reversed(visible)]
    assert [place.passage_id for place in snapshot.places(asked, Scope())] == asked[1:]
    assert snapshot.places([], Scope()) == []


def test_hits_carry_words_facts_and_sentences(library: Library, snapshot: Snapshot) -> None:
    (id_,), _ = snapshot.scoped_vectors(Scope(Filters(label=(Label.PREDICTION,))))
    (place,) = snapshot.places([id_], Scope())
    (hit,) = snapshot.hits([(place, 0.5)])
    assert (hit.article_id, hit.passage_id, hit.revision, hit.score) == ("kappa/1", id_, 1, 0.5)
    assert (hit.title, hit.label, hit.text, hit.thin) == (KAPPA.title, Label.PREDICTION, "Kappa will trade.", True)
    assert (hit.source, hit.author, hit.url, hit.published) == ("Pond Gazette", "Rin Mori", None, "2024-06-01")
    assert (hit.start, hit.end) == (15, 32)
    assert KAPPA.text[hit.start : hit.end] == hit.text
    assert hit.sentences == (Span(15, 32),)


def test_scoped_vectors_of_nothing_are_empty(snapshot: Snapshot) -> None:
    ids, matrix = snapshot.scoped_vectors(Scope(Filters(source=("Nobody",))))
    assert (ids, matrix.size) == ([], 0)


def test_scoped_vectors_stand_beside_their_ids(library: Library, snapshot: Snapshot) -> None:
    ids, matrix = snapshot.scoped_vectors(Scope())
    texts_of = {entry.passage_id: f"{entry.prefix}\n{entry.text}" for entry in entries_of(library, ids)}
    assert np.allclose(matrix, EMBEDDER.embed([texts_of[id_] for id_ in ids]), atol=1e-3)


def test_a_scope_of_more_passages_than_allowed_is_not_narrow(snapshot: Snapshot) -> None:
    count = snapshot.count(Scope())
    assert snapshot.narrow(Scope(), count)
    assert snapshot.narrow(Scope(), count - 1) is None
    assert snapshot.holds_any(Scope())
    assert not snapshot.holds_any(Scope(Filters(source=("Nobody",))))


def test_a_narrow_scope_is_that_of_the_snapshots_state(tmp_path: Path) -> None:
    scope = Scope(Filters(source=("River Times",)))
    one, other = (make_article(id_, f"Otters {id_}.", source="River Times") for id_ in ("plan", "build"))
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        first = {passage.id for passage in shelve(library, EMBEDDER, one)}
        with library.snapshot() as before:
            second = {passage.id for passage in shelve(library, EMBEDDER, other)}
            assert ids_of(before.narrow(scope, 10)) == first
        with library.snapshot() as after:
            assert ids_of(after.narrow(scope, 10)) == first | second
        library.remove(["plan"])
        with library.snapshot() as last:
            assert ids_of(last.narrow(scope, 10)) == second


def test_census(snapshot: Snapshot) -> None:
    census = snapshot.census
    assert census.days == ("2024-03-10", "2024-06-01")
    assert census.outlets == ("Pond Gazette", "River Times")


def test_questions_that_articles_ask(snapshot: Snapshot) -> None:
    assert snapshot.asked_in_articles(10) == ["Who sells cucumbers?"]
    assert snapshot.asked_in_articles(1) == ["Who sells cucumbers?"]


def test_a_record_holds_a_revision_and_the_dates_of_all(snapshot: Snapshot) -> None:
    live = snapshot.record("otter")
    assert (live.revision, live.live, live.article.text) == (2, True, "Otters build.\n\nWood.")
    assert live.article.entities == OTTER_2.entities
    first = snapshot.record("otter", 1)
    assert (first.revision, first.live, first.article.text) == (1, False, "Otters plan.")
    assert first.revisions == live.revisions
    seen = live.revisions[1].seen
    assert live.revisions == (
        RevisionDates(1, "2024-03-10", live.revisions[0].seen, seen),
        RevisionDates(2, "2024-04-20T09:00:00+09:00", seen, None),
    )


@pytest.mark.parametrize(("article_id", "revision"), [("nobody", None), ("otter", 3), ("otter", 0), ("OTTER", None)])
def test_what_is_not_there_is_not_found(snapshot: Snapshot, article_id: str, revision: int | None) -> None:
    with pytest.raises(ArticleNotFound) as failure:
        snapshot.record(article_id, revision)
    assert (failure.value.article_id, failure.value.revision) == (article_id, revision)


def test_the_text_of_a_revision(snapshot: Snapshot) -> None:
    assert snapshot.text("otter", 1) == "Otters plan."
    assert snapshot.text("otter", 2) == "Otters build.\n\nWood."
    with pytest.raises(ArticleNotFound):
        snapshot.text("otter", 3)


def test_listings_come_newest_first_and_go_on_from_a_key(snapshot: Snapshot) -> None:
    listed = snapshot.listings(Scope())
    assert [each.id for each in listed] == ["kappa/1", "otter", "undated"]
    assert [each.id for each in snapshot.listings(Scope(), limit=2)] == ["kappa/1", "otter"]
    assert [each.id for each in snapshot.listings(Scope(), after=listed[1].key)] == ["undated"]
    assert (listed[0].revision, listed[0].thin, listed[0].title, listed[0].language) == (1, True, KAPPA.title, "ja")
    assert (listed[1].revision, listed[1].thin, listed[1].url) == (2, False, "https://river.example/otter")


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("news POND", ["otter", "undated"]),
        ("kappa", ["kappa/1"]),
        ("100%", ["kappa/1"]),
        ("%", ["kappa/1"]),
        ("p_nd", []),
        ("économie", ["kappa/1"]),
        ("  ", ["kappa/1", "otter", "undated"]),
    ],
)
def test_listings_are_searched_by_words_of_the_title(snapshot: Snapshot, words: str, ids: list[str]) -> None:
    assert [each.id for each in snapshot.listings(Scope(), words=words)] == ids


def test_listings_obey_filters_and_day(snapshot: Snapshot) -> None:
    assert [each.id for each in snapshot.listings(Scope(Filters(author=("jun hara",))))] == ["otter"]
    assert [(each.id, each.revision) for each in snapshot.listings(Scope(as_of="2024-04-01"))] == [("otter", 1)]


STORY = " ".join(f"Tanuki number {number} sold {number * 7} leaves on the market." for number in range(30))
LEAD, REST = STORY[:400], STORY[400:]
WIRE = make_article("wire", STORY, published="2024-05-04", source="Pond Wire")
WHOLE = make_article("a/whole", STORY, published="2024-05-05", source="River Times")
AGAIN = replace(WHOLE, id="b/whole")
PART = make_article("a/part", f"{LEAD} {REST[:300]}", published="2024-05-05", source="River Times")
OTHER = make_article("other", "Otters rest. " * 20)


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Library]:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        shelve(library, EMBEDDER, PART, AGAIN, WHOLE, OTHER, WIRE)
        yield library


def alike(library: Library, scope: Scope | None = None, limit: int = 9) -> list[str]:
    with library.snapshot() as snapshot:
        return [article.id for article in snapshot.lookalikes("wire", 1, scope or Scope(), limit)]


def test_lookalikes_are_those_that_share_a_key_and_the_most_alike_come_first(copied: Library) -> None:
    assert alike(copied) == ["a/whole", "b/whole", "a/part"]
    assert alike(copied, limit=1) == ["a/whole"]
    with copied.snapshot() as snapshot:
        first = snapshot.lookalikes("wire", 1, Scope(), 1)[0]
        assert first == WHOLE
        assert snapshot.lookalikes("other", 1, Scope(), 9) == []
        assert snapshot.lookalikes("nobody", 1, Scope(), 9) == snapshot.lookalikes("wire", 2, Scope(), 9) == []


def test_lookalikes_are_visible_in_the_scope_as_they_stood_then(copied: Library) -> None:
    shelve(copied, EMBEDDER, replace(WHOLE, title="Corrected", updated="2024-06-01"))
    assert alike(copied, Scope(as_of="2024-05-04")) == []
    assert alike(copied, Scope(Filters(source=("Pond Wire",)))) == []
    assert alike(copied, Scope(Filters(article_id=("a/part", "wire")))) == ["a/part"]
    with copied.snapshot() as snapshot:
        titles = [
            snapshot.lookalikes("wire", 1, Scope(as_of=day), 1)[0].title for day in ("2024-05-31", "2024-06-01", None)
        ]
    assert titles == ["Pond news", "Corrected", "Corrected"]


def test_a_superseded_revision_has_the_lookalikes_of_its_own_text(copied: Library) -> None:
    shelve(copied, EMBEDDER, replace(OTHER, id="wire"))
    assert alike(copied) == ["a/whole", "b/whole", "a/part"]
    with copied.snapshot() as snapshot:
        assert [article.id for article in snapshot.lookalikes("wire", 2, Scope(), 9)] == ["other"]


def test_a_lookalike_whose_text_was_altered_is_not_quietly_compared(copied: Library) -> None:
    with copied._catalog.writing() as connection:
        connection.execute(update(revisions).values(text=revisions.c.text + ".").where(revisions.c.pk == 3))
    with copied.snapshot() as snapshot, pytest.raises(StorageError) as failure:
        snapshot.lookalikes("wire", 1, Scope(), 9)
    assert failure.value.problem == "the text of revision 1 of 'a/whole' is not the one that was committed"
