"""Which articles stand in which file, and what the file was like when it was read: it need not be read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from rag.library.tables import articles, files, sightings

if TYPE_CHECKING:
    from sqlalchemy import Connection

IDS_A_QUERY = 10_000  # SQLite takes 32,766 variables in a statement


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a file held when it was last read: ``stamp`` tells whether it was written to since.

    It is not ``sole`` when one of its articles stands in another file too: which of the two states is the newer one
    can only be told by reading both.
    """

    stamp: str
    ids: tuple[str, ...]
    sole: bool = field(default=True, compare=False)


def sighted(connection: Connection, root: str) -> dict[str, Sighting]:
    """What was read below a root, by path."""
    here = select(sightings.c.article).join(files, sightings.c.file == files.c.pk).where(files.c.root == root)
    found = select(sightings.c.article).where(sightings.c.article.in_(here))
    twice = found.group_by(sightings.c.article).having(func.count() > 1)
    shared = set(connection.execute(select(sightings.c.file).where(sightings.c.article.in_(twice))).scalars())
    query = (
        select(files.c.pk, files.c.path, files.c.stamp, articles.c.id)
        .join(sightings, sightings.c.file == files.c.pk)
        .join(articles, sightings.c.article == articles.c.pk)
        .where(files.c.root == root)
        .order_by(files.c.pk, articles.c.pk)
    )
    rows = connection.execute(query)
    return {
        path: Sighting(stamp, tuple(row.id for row in group), sole=key not in shared)
        for (key, path, stamp), group in groupby(rows, key=lambda row: (row.pk, row.path, row.stamp))
    }


def note_sightings(connection: Connection, root: str, seen: Mapping[str, Sighting]) -> None:
    """Note what was read below a root, over what was noted of these files before."""
    for path, sighting in seen.items():
        _forget(connection, root, path)
        file = connection.execute(insert(files).values(root=root, path=path, stamp=sighting.stamp)).lastrowid
        keys = _article_keys(connection, sighting.ids)
        if keys:
            connection.execute(insert(sightings), [{"file": file, "article": key} for key in keys])


def forget_sightings(connection: Connection, article_keys: Sequence[int]) -> None:
    """Forget that the files were read in which these articles stand: whatever is in them is new again."""
    found = list(
        connection.execute(select(sightings.c.file).where(sightings.c.article.in_(article_keys)).distinct()).scalars()
    )
    connection.execute(delete(sightings).where(sightings.c.file.in_(found)))
    connection.execute(delete(files).where(files.c.pk.in_(found)))


def _forget(connection: Connection, root: str, path: str) -> None:
    known = select(files.c.pk).where(files.c.root == root, files.c.path == path)
    connection.execute(delete(sightings).where(sightings.c.file.in_(known)))
    connection.execute(delete(files).where(files.c.root == root, files.c.path == path))


def _article_keys(connection: Connection, ids: Sequence[str]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(ids), IDS_A_QUERY):
        query = select(articles.c.pk).where(articles.c.id.in_(ids[start : start + IDS_A_QUERY]))
        found += connection.execute(query).scalars()
    return found
