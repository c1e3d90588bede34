"""The encodings of a library: the ways in which its passages were made. One of them is live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from rag.domain import Encoding
from rag.library.catalog import fact, note
from rag.library.schema import NEWEST, peek, version_of
from rag.library.tables import chunkings, encodings, passages, vectors

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

LIVE = "encoding"
"""The fact that names the live encoding's key."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An encoding that the catalog knows, with its key and the generation of its projections."""

    key: int
    generation: int
    encoding: Encoding

    @property
    def folder(self) -> str:
        """The name of its projections' folder."""
        return f"{self.key}.{self.generation}"

    @property
    def renewed(self) -> Registered:
        """The same with the next generation of its projections."""
        return replace(self, generation=self.generation + 1)


def live_encoding(connection: Connection) -> Registered | None:
    """The live encoding; None in a library that has never had one."""
    key = fact(connection, LIVE)
    return registered(connection, int(key)) if key else None


def model_of(path: Path) -> Encoding | None:
    """The live encoding of the catalog at ``path``, for a look; None if there is none. Raises StorageError."""
    if not path.exists() or version_of(path) != NEWEST:
        return None
    with peek(path) as connection:
        found = live_encoding(connection)
        return found.encoding if found else None


def registered(connection: Connection, key: int) -> Registered:
    """The encoding of that key."""
    row = connection.execute(select(encodings).where(encodings.c.pk == key)).one()
    return Registered(row.pk, row.generation, Encoding(row.model, row.identity, row.passage_tokens))


def all_registered(connection: Connection) -> list[Registered]:
    """All encodings that the catalog knows."""
    return [registered(connection, key) for key in connection.execute(select(encodings.c.pk)).scalars()]


def register(connection: Connection, encoding: Encoding) -> Registered:
    """The encoding as the catalog knows it, made known if it is new."""
    query = select(encodings.c.pk).where(
        encodings.c.identity == encoding.identity, encodings.c.passage_tokens == encoding.passage_tokens
    )
    key = connection.execute(query).scalar_one_or_none()
    if key is None:
        key = connection.execute(
            insert(encodings).values(
                model=encoding.model,
                identity=encoding.identity,
                passage_tokens=encoding.passage_tokens,
                generation=1,
            )
        ).lastrowid
    return registered(connection, key)


def make_live(connection: Connection, key: int) -> None:
    """Switch to an encoding: questions use its passages from now on."""
    note(connection, LIVE, str(key))


def rename(connection: Connection, key: int, model: str) -> Registered:
    """Note that the encoding's model is found under another name now."""
    connection.execute(update(encodings).where(encodings.c.pk == key).values(model=model))
    return registered(connection, key)


def renew(connection: Connection, key: int) -> Registered:
    """Let the encoding use the next generation of its projections."""
    connection.execute(update(encodings).where(encodings.c.pk == key).values(generation=encodings.c.generation + 1))
    return registered(connection, key)


def forget_others(connection: Connection, key: int) -> None:
    """Forget all encodings but one, with their passages and vectors."""
    others = select(encodings.c.pk).where(encodings.c.pk != key)
    kept = select(passages.c.vector).where(passages.c.encoding == key)
    connection.execute(delete(passages).where(passages.c.encoding.in_(others)))
    connection.execute(delete(vectors).where(vectors.c.pk.not_in(kept)))
    connection.execute(delete(chunkings).where(chunkings.c.encoding.in_(others)))
    connection.execute(delete(encodings).where(encodings.c.pk != key))
