"""Opens the catalog's database and brings its schema to the newest version."""

from __future__ import annotations

import secrets
import shutil
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from rag.errors import LibraryTooNew, StorageError
from rag.library.seal import break_seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

READERS = 64
"""Connections kept open: more than the threads that a server answers with."""
LIBRARY_ID = "library"
"""The fact that tells one library from another; a copy of a library has the same."""
KNOWN = ("0001", "0002", "0003", "0004")
NEWEST = KNOWN[-1]
RESTORE = "Restore catalog.sqlite from a copy, or ingest an export into a new library"
"""What to do about a damaged catalog."""


def open_database(path: Path) -> Engine:
    """The database at ``path``, made or migrated if need be; an older one is copied beside itself first.

    Raises LibraryTooNew when a newer Byline wrote it.
    """
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30}, pool_size=READERS)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    with engine.connect() as connection:
        found = _version(connection)
    if found != NEWEST:
        if found is not None and found not in KNOWN:
            engine.dispose()
            raise LibraryTooNew(str(path.parent), found, NEWEST)
        if found is not None:
            _back_up(engine, path, found)
            break_seal(path.parent)
        _migrate(engine)
    return engine


@contextmanager
def peek(path: Path) -> Iterator[Connection]:
    """The database at ``path`` for a look: nothing is made, migrated or written, and its owner goes on."""
    # A look at a database that was closed well must not make the files of its write-ahead log.
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    engine = create_engine(f"sqlite:///file:{quote(str(path.absolute()))}?{how}&uri=true")
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise StorageError(str(path), f"SQLite failed ({error.orig})", RESTORE) from error
    finally:
        engine.dispose()


def version_of(path: Path) -> str | None:
    """The schema of the database at ``path``; None if it has none. Raises StorageError."""
    with peek(path) as connection:
        return _version(connection)


def _set_up(connection: SQLiteConnection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below then spans reads too: one snapshot a question
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        # Not enforced row by row, which would read whole tables at each removal: verify checks all keys at once.
        cursor.execute("PRAGMA foreign_keys=OFF")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _back_up(engine: Engine, path: Path, version: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(path, path.with_suffix(f".schema-{version}.backup"))


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, NEWEST)
        given = {"name": LIBRARY_ID, "value": secrets.token_hex(8)}
        connection.execute(text("INSERT OR IGNORE INTO facts VALUES (:name, :value)"), given)
