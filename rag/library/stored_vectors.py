"""The vectors that the catalog holds: one for each passage text of an encoding, however many revisions share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import insert, select

from rag.library.rows import vector_row
from rag.library.tables import ROWS_A_QUERY, passages, vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    Vectors = Mapping[str, NDArray[np.float32]]


def rounded(fresh: Vectors) -> Vectors:
    """As the catalog keeps them, in float16: a rebuild then gives the same projections."""
    return {id_: vector.astype(np.float16).astype(np.float32) for id_, vector in fresh.items()}


def unembedded(connection: Connection, passage_ids: Set[str], encoding: int) -> set[str]:
    """Those of the passages that have no vector yet."""
    return passage_ids - _keys(connection, passage_ids, encoding).keys()


def file_vectors(connection: Connection, passage_ids: Set[str], fresh: Vectors, encoding: int) -> dict[str, int]:
    """The keys of the passages' vectors; those that have none yet are stored from ``fresh``."""
    known = _keys(connection, passage_ids, encoding)
    statement = insert(vectors)
    new = sorted(passage_ids - known.keys())
    return known | {id_: connection.execute(statement, vector_row(fresh[id_])).lastrowid for id_ in new}


def _keys(connection: Connection, passage_ids: Iterable[str], encoding: int) -> dict[str, int]:
    wanted = list(passage_ids)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), ROWS_A_QUERY):
        part = wanted[start : start + ROWS_A_QUERY]
        query = select(passages.c.id, passages.c.vector).where(passages.c.id.in_(part), passages.c.encoding == encoding)
        found |= {row.id: row.vector for row in connection.execute(query)}
    return found
