"""The catalog: what the library knows for certain, in SQLite. Every write is one transaction."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import DBAPIError

from rag.errors import StorageError
from rag.library.schema import RESTORE, open_database
from rag.library.tables import facts

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATE = "state"
"""The fact that names the state of the passages: another one after each change, so that the projections can tell."""

CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"
"""Moves what the write-ahead log holds into the file itself."""


class Catalog:
    """Articles, revisions, passages and vectors in one SQLite file. Raises LibraryTooNew, StorageError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._translated():
            self._engine = open_database(path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the catalog, for as long as the block lasts."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it happens at the end of the block, or none."""
        with self._translated(), self._engine.begin() as connection:
            yield connection

    def fact(self, name: str) -> str | None:
        """What was noted of the library under ``name``."""
        with self.reading() as connection:
            return fact(connection, name)

    def note(self, name: str, value: str) -> None:
        """Note a fact of the library, over an earlier one of that name."""
        with self.writing() as connection:
            note(connection, name, value)

    def vacuum(self) -> None:
        """Give the space of what was removed back to the disk."""
        self._outside_of_transactions("VACUUM")
        self._outside_of_transactions(CHECKPOINT)

    def close(self) -> None:
        """Release the file, with all that was written in it."""
        self._outside_of_transactions(CHECKPOINT)
        self._engine.dispose()

    def _outside_of_transactions(self, statement: str) -> None:
        try:
            with closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute(statement)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._failure(error.orig) from error

    def _failure(self, error: BaseException | None) -> StorageError:
        is_damaged = type(error) is sqlite3.DatabaseError  # its subclasses tell of disks, locks and our own mistakes
        remedy = RESTORE if is_damaged else "Check free space and permissions; nothing was half written"
        return StorageError(str(self.path), f"SQLite failed ({error})", remedy)


def fact(connection: Connection, name: str) -> str | None:
    """What was noted of the library under ``name``."""
    return connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar_one_or_none()


def renew_state(connection: Connection) -> None:
    """Note that the passages change in this transaction."""
    note(connection, STATE, secrets.token_hex(8))


def note(connection: Connection, name: str, value: str) -> None:
    """Note a fact of the library, over an earlier one of that name."""
    statement = insert_or(facts).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
