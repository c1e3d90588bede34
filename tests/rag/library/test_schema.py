from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import rag.library.migrations
from rag.errors import LibraryTooNew
from rag.library.library import Library
from rag.library.schema import KNOWN, NEWEST, open_database
from rag.library.tables import metadata


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
    assert values == ["wal", 2, 1]


PRAGMAS = ("journal_mode", "synchronous", "foreign_keys")


def test_a_newer_library_is_refused_and_left_untouched(tmp_path: Path) -> None:
    folder, path = tmp_path / "library", tmp_path / "library" / "catalog.sqlite"
    Library(folder, "m", "test").close()
    set_version(path, "0099")
    before = {found: sha256(found.read_bytes()).digest() for found in folder.rglob("*") if found.is_file()}
    with pytest.raises(LibraryTooNew) as failure:
        Library(folder, "m", "test")
    assert str(failure.value) == (
        f"The library {folder} has schema 0099; this Byline knows schemas up to {NEWEST}. "
        "Use the newer Byline, or another --library."
    )
    after = {found: sha256(found.read_bytes()).digest() for found in folder.rglob("*") if found.is_file()}
    assert after == before
    set_version(path, NEWEST)
    Library(folder, "m", "test").close()  # the refusal also gave the library back
