"""What the catalog says of the articles it holds, for an ingest and for those who ask what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Integer, cast, func, select, update

from rag.domain import Statistics
from rag.library.catalog import fact
from rag.library.encodings import Registered
from rag.library.schema import NEWEST
from rag.library.tables import articles, passages, revisions

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog knows of an article: its root, and the digests of its revisions, the live one last.

    ``digests`` ends with an empty string when the article is not live.
    """

    root: str
    digests: tuple[str, ...]


def known(connection: Connection, ids: Sequence[str]) -> dict[str, Known]:
    """What is known of those of the articles that the catalog has ever held."""
    query = (
        select(articles.c.id, articles.c.root, articles.c.live, revisions.c.pk, revisions.c.digest)
        .join(revisions, revisions.c.article == articles.c.pk)
        .where(articles.c.id.in_(ids))
        .order_by(articles.c.id, revisions.c.pk == articles.c.live, revisions.c.number)
    )
    found: dict[str, Known] = {}
    for row in connection.execute(query):
        digests = found[row.id].digests if row.id in found else ()
        found[row.id] = Known(row.root, (*digests, row.digest))
    return found


def live_ids(connection: Connection, root: str) -> set[str]:
    """Ids of the live articles that came from ``root``."""
    query = select(articles.c.id).where(articles.c.root == root, articles.c.live.is_not(None))
    return set(connection.execute(query).scalars())


def move(connection: Connection, roots: Mapping[str, str]) -> None:
    """Note the roots that articles come from now."""
    for id_, root in roots.items():
        connection.execute(update(articles).where(articles.c.id == id_).values(root=root))


def statistics(connection: Connection, live: Registered | None, size: int) -> Statistics:
    """What the library holds, of ``size`` bytes on disk."""
    shown = select(revisions).join(articles, articles.c.live == revisions.c.pk).subquery()
    day = func.substr(shown.c.published, 1, 10)
    counted = select(
        func.count(), func.coalesce(func.sum(cast(shown.c.thin, Integer)), 0), func.min(day), func.max(day)
    )
    sources = select(shown.c.source).distinct().where(shown.c.source.is_not(None)).order_by(shown.c.source)
    count, thin, first, last = connection.execute(counted.select_from(shown)).one()
    return Statistics(
        articles=count,
        thin=thin,
        passages=_passage_count(connection, live.key) if live else 0,
        sources=tuple(connection.execute(sources).scalars()),
        published_from=first,
        published_to=last,
        last_ingest=fact(connection, "last_ingest"),
        model=live.encoding.identity if live else "",
        bytes=size,
        schema=NEWEST,
    )


def _passage_count(connection: Connection, encoding: int) -> int:
    query = select(func.count()).select_from(passages).join(articles, articles.c.live == passages.c.revision)
    return connection.execute(query.where(passages.c.encoding == encoding)).scalar_one()
