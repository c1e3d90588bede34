from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import rag.library.migrations
from rag.domain import Encoding
from rag.errors import LibraryTooNew
from rag.library.schema import KNOWN, NEWEST, open_database
from rag.library.seal import changed_files, read_seal
from rag.library.snapshot import Scope
from rag.library.tables import metadata
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import retrieve
from tests.embedders import HashEmbedder
from tests.shelving import open_for


def set_version(path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.commit()


def test_a_fresh_library_has_the_newest_schema(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "catalog.sqlite")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [NEWEST]
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.sqlite"]


def test_the_tables_are_what_the_migrations_make(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "catalog.sqlite")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert {*inspect(connection).get_table_names()} == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_the_known_schemas_are_the_migrations_in_order() -> None:
    scripts = ScriptDirectory(next(iter(rag.library.migrations.__path__)))
    walked = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(walked)) == KNOWN
    assert KNOWN[-1] == NEWEST


def test_the_catalog_is_opened_for_safety(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "catalog.sqlite")
    with engine.connect() as connection:
        values = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS]
    engine.dispose()
    assert values == ["wal", 2, 0]


PRAGMAS = ("journal_mode", "synchronous", "foreign_keys")


def test_a_newer_library_is_refused_and_left_untouched(tmp_path: Path) -> None:
    folder, path = tmp_path / "library", tmp_path / "library" / "catalog.sqlite"
    open_for(HashEmbedder(), folder).close()
    set_version(path, "0099")
    before = {found: sha256(found.read_bytes()).digest() for found in folder.rglob("*") if found.is_file()}
    with pytest.raises(LibraryTooNew) as failure:
        open_for(HashEmbedder(), folder)
    assert str(failure.value) == (
        f"The library {folder} has schema 0099; this Byline knows schemas up to {NEWEST}. "
        "Use the newer Byline, or another --library."
    )
    after = {found: sha256(found.read_bytes()).digest() for found in folder.rglob("*") if found.is_file()}
    assert after == before
    set_version(path, NEWEST)
    open_for(HashEmbedder(), folder).close()  # the refusal also gave the library back


def unpacked(schema: str, folder: Path) -> Path:
    """A library that the code of that schema made: two articles, one of them in two revisions."""
    with tarfile.open(Path(__file__).parent / "former" / f"library-{schema}.tar.gz") as packed:
        packed.extractall(folder, filter="data")
    return folder / "library"


@pytest.fixture
def former(tmp_path: Path) -> Path:
    """A library of the first schema."""
    return unpacked("0001", tmp_path)


def test_a_former_library_is_migrated_after_a_backup_and_answers_as_it_did(former: Path) -> None:
    original = (former / "catalog.sqlite").read_bytes()
    embedder = HashEmbedder(dimensions=16)
    with closing(open_for(embedder, former)) as library:
        assert library.verify(lambda *_step: None).damages == ()
        assert library.live
        assert library.live.encoding == Encoding("tests", "hash@1", 160)
        statistics = library.statistics()
        assert (statistics.articles, statistics.thin, statistics.passages) == (2, 1, 4)
        assert statistics.last_ingest == "2026-11-25T13:00:27+00:00"
        for as_of, text in ((None, "Otters build a bridge."), ("2024-04-01", "Otters plan a bridge.")):
            with library.snapshot() as snapshot:
                scope = Scope(as_of=as_of)
                hits = retrieve(snapshot, read_query("bridge", scope, snapshot, embedder), 1)
            assert [(hit.article_id, hit.text) for hit in hits] == [("otter", text)]
    assert embedder.given == ["bridge", "bridge"]  # nothing else was embedded
    assert (former / "catalog.schema-0001.backup").read_bytes() == original
    assert {path.name for path in former.iterdir() if path.is_dir()} == {"projections"}


def test_a_library_of_schema_2_learns_its_subjects_and_makes_its_keywords_anew(tmp_path: Path) -> None:
    former, embedder = unpacked("0002", tmp_path), HashEmbedder(dimensions=16)
    with closing(open_for(embedder, former)) as library:
        with library.snapshot() as snapshot:
            about = snapshot.about({"kotogawa", "otters build a bridge over the river"}, Scope())
            hits = retrieve(snapshot, read_query("flow", Scope(), snapshot, embedder), 1)
        assert library.verify(lambda *_step: None).damages == ()
    assert [(name, len(places)) for name, places in about.items()] == [("kotogawa", 1)]
    assert hits[0].article_id == "kotogawa"
    assert embedder.given == ["flow"]
    assert (former / "catalog.schema-0002.backup").is_file()


def test_a_library_of_schema_3_finds_only_what_is_live_by_words_and_all_of_it_as_of_a_day(tmp_path: Path) -> None:
    former, embedder = unpacked("0003", tmp_path), HashEmbedder(dimensions=16)
    with closing(open_for(embedder, former)) as library, library.snapshot() as snapshot:
        live, all_ = (snapshot.matching("river", 5, past=past) for past in (False, True))
        assert library.verify(lambda *_step: None).damages == ()
    assert (len(live), len(all_)) == (2, 3)
    assert (former / "catalog.schema-0003.backup").is_file()


def test_a_library_that_is_only_migrated_is_not_taken_for_one_that_somebody_changed(tmp_path: Path) -> None:
    former, embedder = unpacked("0003", tmp_path), HashEmbedder(dimensions=16)
    open_for(embedder, former).close()
    assert read_seal(former) is None
    with closing(open_for(embedder, former)) as library, library.snapshot() as snapshot:
        assert len(snapshot.matching("river", 5, past=False)) == 2
    seal = read_seal(former)
    assert seal
    assert changed_files(former, seal) == []


@pytest.mark.parametrize("schema", ["0001", "0002", "0003"])
def test_a_migrated_catalog_has_the_tables_of_a_new_one(schema: str, tmp_path: Path) -> None:
    former, found = unpacked(schema, tmp_path), []
    for path in (former / "catalog.sqlite", tmp_path / "new.sqlite"):
        open_database(path).dispose()
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT type, name, tbl_name FROM sqlite_schema ORDER BY name")
            found.append([row for row in rows if not row[1].startswith("sqlite_")])
    assert found[0] == found[1]
