from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from rag.errors import StorageError
from rag.library.catalog import STATE, Catalog, fact, note, renew_state
from rag.library.schema import RESTORE


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "catalog.sqlite")) as made:
        yield made


def test_facts_are_noted_over_earlier_ones(catalog: Catalog) -> None:
    assert catalog.fact("colour") is None
    for value in ("red", "blue"):
        with catalog.writing() as connection:
            note(connection, "colour", value)
    assert catalog.fact("colour") == "blue"


def test_every_change_gives_the_catalog_another_state(catalog: Catalog) -> None:
    states = []
    for _ in range(3):
        with catalog.writing() as connection:
            renew_state(connection)
        states.append(catalog.fact(STATE))
    assert len(set(states)) == 3


def interrupted(connection: Connection) -> None:
    note(connection, "colour", "red")
    raise KeyError


def test_a_transaction_that_fails_leaves_nothing(catalog: Catalog) -> None:
    with pytest.raises(KeyError), catalog.writing() as connection:
        interrupted(connection)
    assert catalog.fact("colour") is None


def test_a_reader_keeps_its_state_while_another_writes(catalog: Catalog) -> None:
    with catalog.reading() as before:
        assert fact(before, "colour") is None
        with catalog.writing() as connection:
            note(connection, "colour", "red")
        assert fact(before, "colour") is None
        assert catalog.fact("colour") == "red"


def test_what_sqlite_refuses_is_a_storage_error(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as failure, catalog.writing() as connection:
        connection.execute(text("INSERT INTO facts VALUES ('colour', NULL)"))
    assert str(failure.value) == (
        f"{tmp_path / 'catalog.sqlite'}: SQLite failed (NOT NULL constraint failed: facts.value). "
        "Check free space and permissions; nothing was half written"
    )


def test_a_file_that_is_no_database_is_to_be_restored(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"otter" * 1000)
    with pytest.raises(StorageError) as failure:
        Catalog(tmp_path / "catalog.sqlite")
    assert str(failure.value) == f"{tmp_path / 'catalog.sqlite'}: SQLite failed (file is not a database). {RESTORE}"


def test_closing_puts_everything_into_one_file(tmp_path: Path) -> None:
    with closing(Catalog(tmp_path / "catalog.sqlite")) as catalog, catalog.writing() as connection:
        note(connection, "colour", "red")
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.sqlite"]


def test_a_vacuum_gives_space_back(catalog: Catalog) -> None:
    for value in ("x" * 1_000_000, "x"):
        with catalog.writing() as connection:
            note(connection, "size", value)
    catalog.vacuum()
    assert catalog.path.stat().st_size < 500_000


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
