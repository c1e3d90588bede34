"""The keys by which near-copies are found: those of each revision, and which live articles have which.

A table of pairs would grow with the square of a story's spread. Keys are an article's own: the order in which articles
come and go makes no difference, and another one costs the same however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import bindparam, delete, insert, select, update

from rag.library.catalog import Catalog, note
from rag.library.rows import article_of
from rag.library.tables import articles, bands, revisions
from rag.likeness.shingles import VERSION, band_keys

if TYPE_CHECKING:
    from sqlalchemy import Connection

FACT = "bands"
"""The fact that tells how the keys of all revisions were made; a library from before there were keys has none."""
REVISIONS_A_PAGE = 500


def pack(keys: Sequence[int]) -> bytes:
    """An article's keys as a revision holds them."""
    return np.array(sorted(set(keys)), dtype="<i4").tobytes()


def unpack(packed: bytes | None) -> list[int]:
    """The keys that a revision holds; none if they were not made yet."""
    return [int(key) for key in np.frombuffer(packed or b"", dtype="<i4")]


def show(connection: Connection, article: int, packed: bytes) -> None:
    """Let an article be found by the keys of its live revision."""
    rows = _rows(article, packed)
    if rows:
        connection.execute(insert(bands), rows)


def hide(connection: Connection, keys: Sequence[int]) -> None:
    """Let articles, named by their keys, be found no more; called while their live revision still is."""
    query = select(articles.c.pk, revisions.c.bands).join(revisions, articles.c.live == revisions.c.pk)
    held = connection.execute(query.where(articles.c.pk.in_(keys)))
    rows = [row for each in held for row in _rows(each.pk, each.bands)]
    if rows:
        gone = delete(bands).where(bands.c.key == bindparam("of_key"), bands.c.article == bindparam("of_article"))
        connection.execute(gone, [{f"of_{name}": value for name, value in row.items()} for row in rows])


def are_complete(catalog: Catalog) -> bool:
    """Whether every revision has its keys, made as they are made now."""
    return catalog.fact(FACT) == VERSION


def make_anew(catalog: Catalog) -> None:
    """Make the keys of all revisions, a page at a time; if it is broken off, it starts again the next time."""
    with catalog.writing() as connection:
        connection.execute(delete(bands))
    last: int | None = 0
    while last is not None:
        last = _make_page(catalog, last)
    with catalog.writing() as connection:
        note(connection, FACT, VERSION)


def _make_page(catalog: Catalog, after: int) -> int | None:
    """Make the keys of the next revisions; gives the last of them, or None if there are no more."""
    query = select(revisions, articles.c.live).join(articles, revisions.c.article == articles.c.pk)
    with catalog.reading() as connection:
        page = query.where(revisions.c.pk > after).order_by(revisions.c.pk).limit(REVISIONS_A_PAGE)
        rows = connection.execute(page).all()
    made = [(row, pack(band_keys(article_of("", row).reported))) for row in rows]
    with catalog.writing() as connection:
        for row, packed in made:
            connection.execute(update(revisions).where(revisions.c.pk == row.pk).values(bands=packed))
            if row.pk == row.live:
                show(connection, row.article, packed)
    return rows[-1].pk if rows else None


def _rows(article: int, packed: bytes | None) -> list[dict[str, int]]:
    return [{"key": key, "article": article} for key in unpack(packed)]
