from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from ingest.chunking import Chunker
from rag.domain import Article, Encoding, Kind, Passage, RevisionDates
from rag.library import encodings, filing, holdings, inventory
from rag.library.catalog import Catalog
from rag.library.filing import Revised
from rag.library.holdings import Known
from rag.library.projections import Era
from rag.library.shelf import Shelf
from rag.library.sighting import Sighting, note_sightings, sighted
from rag.library.snapshot import Snapshot
from rag.library.stored_vectors import file_vectors, unembedded
from rag.library.tables import chunkings, mentions, passages, revisions, vectors
from tests.shelving import make_article

CHUNKER = Chunker(lambda text: len(text.split()), max_tokens=64, passage_tokens=40)
OTTER = make_article("otter", "Otters build.", "Otters rest.", published="2024-05-01", source="River Times", root="/a")
KAPPA = make_article("kappa/1", (Kind.ANALYSIS, "", "Kappa matter."), published="2024-07-01", root="/b")
VECTOR = np.array([0.6, -0.8], dtype=np.float32)
KEY = 1


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "catalog.sqlite")) as made:
        with made.writing() as connection:
            encodings.make_live(connection, encodings.register(connection, Encoding("m", "m@1", 40)).key)
        yield made


def commit(catalog: Catalog, *articles: Article | Revised) -> list[Passage]:
    revised = [each if isinstance(each, Revised) else Revised(each, CHUNKER.chunk_article(each)) for each in articles]
    chunked = [passage for each in revised for passage in each.passages]
    with catalog.writing() as connection:
        vectors = {passage.id: VECTOR for passage in chunked}
        keys = file_vectors(connection, vectors.keys(), vectors, KEY)
        for each in revised:
            filing.make_live(connection, each, KEY, keys, ())
    return chunked


def ids(catalog: Catalog) -> dict[Era, set[str]]:
    with catalog.reading() as connection:
        return inventory.passage_ids(connection, KEY)


def known(catalog: Catalog, *names: str) -> dict[str, Known]:
    with catalog.reading() as connection:
        return holdings.known(connection, names)


def live_ids(catalog: Catalog, root: str) -> set[str]:
    with catalog.reading() as connection:
        return holdings.live_ids(connection, root)


def no_shelf(_encoding: object) -> Shelf:
    raise AssertionError("no projection is needed")


def test_a_fresh_catalog_holds_nothing(catalog: Catalog) -> None:
    assert (ids(catalog), live_ids(catalog, "/a")) == ({Era.LIVE: set(), Era.PAST: set()}, set())
    assert known(catalog, "otter") == {}


def test_known_gives_root_and_digests_with_the_live_one_last(catalog: Catalog) -> None:
    later = replace(OTTER, title="Otters again")
    commit(catalog, OTTER, KAPPA)
    commit(catalog, later)
    commit(catalog, OTTER)
    assert known(catalog, "otter", "kappa/1", "nobody") == {
        "otter": Known("/a", (OTTER.digest, later.digest, OTTER.digest)),
        "kappa/1": Known("/b", (KAPPA.digest,)),
    }


def test_live_ids_are_those_of_the_root(catalog: Catalog) -> None:
    commit(catalog, OTTER, KAPPA)
    assert (live_ids(catalog, "/a"), live_ids(catalog, "/b"), live_ids(catalog, "/")) == ({"otter"}, {"kappa/1"}, set())


def test_a_new_revision_supersedes_the_live_one(catalog: Catalog) -> None:
    commit(catalog, OTTER)
    commit(catalog, replace(OTTER, title="Otters again", updated="2024-05-03", root="/c"))
    with catalog.reading() as connection:
        record = Snapshot(connection, no_shelf).record("otter")
    first, second = record.revisions
    assert (record.revision, record.live, record.article.title) == (2, True, "Otters again")
    assert (first.number, first.published, second.number, second.published) == (1, "2024-05-01", 2, "2024-05-03")
    assert first.superseded == second.seen == record.seen
    assert second.superseded is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", record.seen)
    assert live_ids(catalog, "/a") == set()
    assert live_ids(catalog, "/c") == {"otter"}


def test_a_revision_of_an_export_keeps_its_number_and_moments(catalog: Catalog) -> None:
    moments = ("2024-05-01T00:00:00+00:00", "2024-05-02T00:00:00+00:00")
    commit(catalog, Revised(OTTER, (), number=3, seen=moments[0], superseded=moments[1]))
    commit(catalog, Revised(replace(OTTER, title="Again"), (), number=7, seen=moments[1]))
    with catalog.reading() as connection:
        record = Snapshot(connection, no_shelf).record("otter")
    assert record.revisions == (
        RevisionDates(3, "2024-05-01", moments[0], moments[1]),
        RevisionDates(7, "2024-05-01", moments[1], None),
    )


def test_a_revision_filed_beside_the_live_one_leaves_it_live(catalog: Catalog) -> None:
    first, second, third = (f"2024-05-0{day}T00:00:00+00:00" for day in (1, 2, 3))
    commit(catalog, Revised(OTTER, (), number=1, seen=first))
    commit(catalog, Revised(replace(OTTER, title="Between", root="/z"), (), number=2, seen=second, is_live=False))
    with catalog.reading() as connection:
        record = Snapshot(connection, no_shelf).record("otter")
    assert (record.revision, record.live) == (1, True)
    assert [each.superseded for each in record.revisions] == [None, None]
    assert live_ids(catalog, "/a") == {"otter"}
    commit(catalog, Revised(replace(OTTER, title="Again"), (), number=3, seen=third))
    with catalog.reading() as connection:
        record = Snapshot(connection, no_shelf).record("otter")
    assert record.revision == 3
    assert record.revisions[0].superseded == second  # not when number 3 was seen


def test_a_state_that_names_no_new_date_stands_from_the_day_it_was_seen(catalog: Catalog) -> None:
    commit(catalog, Revised(OTTER, (), seen="2024-05-02T00:00:00+00:00"))
    commit(catalog, Revised(replace(OTTER, title="In silence"), (), seen="2024-06-01T08:00:00+00:00"))
    updated = replace(OTTER, title="Openly", updated="2024-07-01")
    commit(catalog, Revised(updated, (), seen="2024-08-01T00:00:00+00:00"))
    commit(catalog, Revised(replace(updated, title="In silence again"), (), seen="2024-09-01T00:00:00+00:00"))
    with catalog.reading() as connection:
        days = connection.execute(select(revisions.c.day).order_by(revisions.c.number)).scalars()
        assert list(days) == ["2024-05-01", "2024-06-01", "2024-07-01", "2024-09-01"]


def test_nothing_ends_before_it_was_seen(catalog: Catalog) -> None:
    commit(catalog, Revised(OTTER, (), seen="2024-05-02T00:00:00+00:00"))
    commit(catalog, Revised(replace(OTTER, title="Older"), (), seen="2024-05-01T00:00:00+00:00"))
    with catalog.reading() as connection:
        first, _ = Snapshot(connection, no_shelf).record("otter").revisions
    assert first.superseded == first.seen


def test_the_files_of_an_article_that_an_export_changed_are_read_again(catalog: Catalog) -> None:
    commit(catalog, OTTER, KAPPA)
    with catalog.writing() as connection:
        note_sightings(connection, "/a", {"1": Sighting("s", ("otter",)), "2": Sighting("s", ("kappa/1",))})
    commit(catalog, replace(OTTER, title="Later"))
    with catalog.reading() as connection:
        assert sighted(connection, "/a").keys() == {"1", "2"}
    commit(catalog, Revised(replace(OTTER, title="Again"), (), number=7, seen="2024-05-01"))
    with catalog.reading() as connection:
        assert sighted(connection, "/a").keys() == {"2"}


def test_an_article_is_read_back_as_it_was_committed(catalog: Catalog) -> None:
    commit(catalog, OTTER)
    with catalog.reading() as connection:
        assert replace(Snapshot(connection, no_shelf).record("otter").article, root="/a") == OTTER


def test_unembedded_are_the_passages_that_have_no_vector_in_the_encoding(catalog: Catalog) -> None:
    first, second = (passage.id for passage in commit(catalog, OTTER))
    with catalog.reading() as connection:
        assert unembedded(connection, {first, second, "0" * 16}, KEY) == {"0" * 16}
        assert unembedded(connection, {first}, 2) == {first}
        many = {f"{number:016x}" for number in range(25_000)}  # more than a statement takes
        assert unembedded(connection, many | {first}, KEY) == many


def test_revisions_share_the_passages_that_did_not_change(catalog: Catalog) -> None:
    commit(catalog, OTTER)
    commit(catalog, make_article("otter", "Otters build.", "Otters play.", published="2024-05-01"))
    assert {era: len(found) for era, found in ids(catalog).items()} == {Era.LIVE: 2, Era.PAST: 1}
    with catalog.reading() as connection:
        assert connection.execute(select(func.count()).select_from(vectors)).scalar() == 3


def test_remove_forgets_articles_and_gives_the_passages_nobody_holds(catalog: Catalog) -> None:
    otters = commit(catalog, OTTER)
    later = commit(catalog, make_article("otter", "Otters play.", root="/a"))
    kappas = commit(catalog, KAPPA)
    with catalog.writing() as connection:
        free = filing.remove(connection, ["otter", "nobody"], KEY)
    assert free == {passage.id for passage in (*otters, *later)}
    assert ids(catalog) == {Era.LIVE: {passage.id for passage in kappas}, Era.PAST: set()}
    assert known(catalog, "otter", "kappa/1") == {"kappa/1": Known("/b", (KAPPA.digest,))}
    with catalog.reading() as connection:
        tables = (revisions, passages, vectors, chunkings, mentions)
        counted = [connection.execute(select(func.count()).select_from(table)).scalar() for table in tables]
    assert counted == [1, 1, 1, 1, 0]


def test_trim_keeps_the_live_revision_and_so_many_before_it(catalog: Catalog) -> None:
    for number in range(5):
        commit(catalog, replace(OTTER, text=f"Otters {number}.", sections=()))
    with catalog.writing() as connection:
        assert filing.trim(connection, 1, None, KEY) == set()
        assert filing.trim(connection, 1, 2, KEY) == set()
    with catalog.reading() as connection:
        assert [each.number for each in Snapshot(connection, no_shelf).record("otter").revisions] == [3, 4, 5]


def test_trim_gives_the_passages_that_nothing_holds_any_more(catalog: Catalog) -> None:
    build, rest = commit(catalog, OTTER)
    commit(catalog, make_article("otter", "Otters build.", "Otters play."))
    with catalog.writing() as connection:
        assert filing.trim(connection, 1, 0, KEY) == {rest.id}
    assert build.id in ids(catalog)[Era.LIVE]
