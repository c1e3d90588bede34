from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.chunking import Chunker
from rag.domain import Article, Kind, Passage
from rag.errors import StorageError
from rag.library.catalog import Catalog, Entry, Known, Revised
from rag.library.schema import NEWEST
from tests.shelving import make_article

CHUNKER = Chunker(lambda text: len(text.split()), max_tokens=64, passage_tokens=40)
OTTER = make_article("otter", "Otters build.", "Otters rest.", published="2024-05-01", source="River Times", root="/a")
KAPPA = make_article("kappa/1", (Kind.ANALYSIS, "", "Kappa matter."), published="2024-07-01", root="/b")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "catalog.sqlite")) as made:
        yield made


def commit(catalog: Catalog, *articles: Article, model: str = "m") -> list[Passage]:
    revised = [Revised(article, CHUNKER.chunk_article(article)) for article in articles]
    passages = [passage for each in revised for passage in each.passages]
    vectors = {passage.id: np.array([0.6, -0.8], dtype=np.float32) for passage in passages}
    catalog.commit(revised, vectors, model)
    return passages


def test_a_fresh_catalog_holds_nothing(catalog: Catalog) -> None:
    assert (catalog.passage_ids(), catalog.passage_count(), catalog.live_ids("/a")) == (set(), 0, set())
    assert catalog.known(["otter"]) == {}
    statistics = catalog.statistics(7)
    assert (statistics.articles, statistics.thin, statistics.passages, statistics.sources) == (0, 0, 0, ())
    assert (statistics.published_from, statistics.published_to, statistics.last_ingest) == (None, None, None)
    assert (statistics.model, statistics.bytes, statistics.schema) == ("", 7, NEWEST)


def test_facts_are_noted_over_earlier_ones(catalog: Catalog) -> None:
    assert catalog.fact("model") is None
    catalog.note("model", "m")
    catalog.note("model", "n")
    assert catalog.fact("model") == "n"


def test_known_gives_root_and_digests_with_the_live_one_last(catalog: Catalog) -> None:
    later = replace(OTTER, title="Otters again")
    commit(catalog, OTTER, KAPPA)
    commit(catalog, later)
    commit(catalog, OTTER)
    assert catalog.known(["otter", "kappa/1", "nobody"]) == {
        "otter": Known("/a", (OTTER.digest, later.digest, OTTER.digest)),
        "kappa/1": Known("/b", (KAPPA.digest,)),
    }


def test_live_ids_are_those_of_the_root(catalog: Catalog) -> None:
    commit(catalog, OTTER, KAPPA)
    assert (catalog.live_ids("/a"), catalog.live_ids("/b"), catalog.live_ids("/")) == ({"otter"}, {"kappa/1"}, set())


def test_a_new_revision_supersedes_the_live_one(catalog: Catalog) -> None:
    commit(catalog, OTTER)
    commit(catalog, replace(OTTER, title="Otters again", updated="2024-05-03", root="/c"))
    with catalog.snapshot() as snapshot:
        record = snapshot.record("otter")
    first, second = record.revisions
    assert (record.revision, record.live, record.article.title) == (2, True, "Otters again")
    assert (first.number, first.published, second.number, second.published) == (1, "2024-05-01", 2, "2024-05-03")
    assert first.superseded == second.seen == record.seen
    assert second.superseded is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", record.seen)
    assert catalog.live_ids("/a") == set()
    assert catalog.live_ids("/c") == {"otter"}


def test_an_article_is_read_back_as_it_was_committed(catalog: Catalog) -> None:
    commit(catalog, OTTER)
    with catalog.snapshot() as snapshot:
        assert replace(snapshot.record("otter").article, root="/a") == OTTER


def test_embedded_are_the_passages_with_a_vector_of_the_model(catalog: Catalog) -> None:
    first, second = commit(catalog, OTTER)
    assert catalog.embedded({first.id, second.id, "0" * 16}, "m") == {first.id, second.id}
    assert catalog.embedded({first.id}, "another") == set()
    assert catalog.embedded([], "m") == set()


def test_embedded_takes_more_ids_than_a_statement_does(catalog: Catalog) -> None:
    first, _ = commit(catalog, OTTER)
    assert catalog.embedded([*(f"{number:016x}" for number in range(25_000)), first.id], "m") == {first.id}


def test_entries_are_the_passages_with_words_and_half_precision_vector(catalog: Catalog) -> None:
    first, second = commit(catalog, OTTER)
    vector = np.array([0.6, -0.8], dtype="<f2").tobytes()
    assert sorted(catalog.entries([first.id, second.id], "m"), key=lambda entry: entry.text) == [
        Entry(first.id, "Pond news", "Otters build.", vector),
        Entry(second.id, "Pond news", "Otters rest.", vector),
    ]
    assert catalog.entries([first.id], "another") == []


def test_words_of_an_entry_are_cut_by_code_points(catalog: Catalog) -> None:
    article = make_article("貉", "😀 e\u0301 貉はいた。", "Tanuki 😀 return.")
    _, second = commit(catalog, article)
    assert [entry.text for entry in catalog.entries([second.id], "m")] == ["Tanuki 😀 return."]


def test_revisions_share_the_passages_that_did_not_change(catalog: Catalog) -> None:
    commit(catalog, OTTER)
    commit(catalog, make_article("otter", "Otters build.", "Otters play.", published="2024-05-01"))
    assert catalog.passage_count() == 3
    assert catalog.statistics(0).passages == 2


def test_remove_forgets_articles_and_gives_the_passages_nobody_holds(catalog: Catalog) -> None:
    otters = commit(catalog, OTTER)
    later = commit(catalog, make_article("otter", "Otters play.", root="/a"))
    kappas = commit(catalog, KAPPA)
    assert catalog.remove(["otter", "nobody"]) == sorted({passage.id for passage in (*otters, *later)})
    assert catalog.passage_ids() == {passage.id for passage in kappas}
    assert catalog.embedded({passage.id for passage in otters}, "m") == set()
    assert catalog.known(["otter", "kappa/1"]) == {"kappa/1": Known("/b", (KAPPA.digest,))}


def test_a_commit_that_fails_leaves_nothing_of_it(catalog: Catalog, tmp_path: Path) -> None:
    commit(catalog, OTTER)
    broken = replace(KAPPA, title=None)  # type: ignore[arg-type] # a title is required: SQLite refuses the row
    with pytest.raises(StorageError) as failure:
        commit(catalog, replace(OTTER, title="Otters again"), broken)
    assert str(failure.value) == (
        f"{tmp_path / 'catalog.sqlite'}: SQLite failed (NOT NULL constraint failed: revisions.title). "
        "Check free space and permissions; nothing was half written"
    )
    assert catalog.known(["otter", "kappa/1"]) == {"otter": Known("/a", (OTTER.digest,))}
    assert catalog.passage_count() == 2


def test_a_snapshot_keeps_its_state_while_another_commits(catalog: Catalog) -> None:
    commit(catalog, OTTER)
    with catalog.snapshot() as before:
        assert before.record("otter").revision == 1
        commit(catalog, replace(OTTER, title="Otters again"))
        assert (before.record("otter").revision, before.record("otter").article.title) == (1, "Pond news")
        with catalog.snapshot() as after:
            assert after.record("otter").revision == 2


def test_statistics_count_what_is_live(catalog: Catalog) -> None:
    commit(catalog, OTTER, KAPPA, make_article("undated", "No date."))
    commit(catalog, replace(OTTER, source="Pond Gazette", published="2024-05-02T10:00:00Z"))
    catalog.note("last_ingest", "2024-08-01T00:00:00+00:00")
    statistics = catalog.statistics(0)
    assert (statistics.articles, statistics.thin, statistics.passages) == (3, 1, 4)
    assert statistics.sources == ("Pond Gazette",)
    assert (statistics.published_from, statistics.published_to) == ("2024-05-02", "2024-07-01")
    assert statistics.last_ingest == "2024-08-01T00:00:00+00:00"


@pytest.mark.parametrize("content", [b"not a database, but long enough to look like one" * 50, None])
def test_what_is_no_database_is_a_storage_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "catalog.sqlite"
    if content is None:
        path.mkdir()
        problem = "SQLite failed (unable to open database file)"
    else:
        path.write_bytes(content)
        problem = "SQLite failed (file is not a database)"
    with pytest.raises(StorageError) as failure:
        Catalog(path)
    assert (failure.value.path, failure.value.problem) == (str(path), problem)
