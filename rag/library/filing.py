"""Writes articles into the catalog: new revisions, passages for an encoding, removals. Each call is part of one
transaction of the caller's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from rag.domain import Article, Passage
from rag.library.bands import hide, pack, show
from rag.library.rows import passage_row, revision_row
from rag.library.sighting import forget_sightings
from rag.library.tables import ROWS_A_QUERY, articles, chunkings, mentions, passages, revisions, vectors

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Revised:
    """A new revision to commit: the article's new state and the passages it was chunked into.

    An export remembers a revision's ``number``, which must be free, and its moments; else it gets the next one, and
    is seen now. One that is not to be live is filed beside the article's live one.
    """

    article: Article
    passages: tuple[Passage, ...]
    number: int | None = None
    seen: str | None = None
    superseded: str | None = None
    is_live: bool = True


def now() -> str:
    """This moment, as the catalog notes moments."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def file_passages(
    connection: Connection, revision: int, chunked: Sequence[Passage], encoding: int, keys: Mapping[str, int]
) -> None:
    """Store the passages of a revision in an encoding; ``keys`` are those of their vectors."""
    if chunked:
        connection.execute(insert(passages), [passage_row(each, revision, encoding, keys[each.id]) for each in chunked])
    connection.execute(insert(chunkings).values(encoding=encoding, revision=revision))


def make_live(
    connection: Connection, revised: Revised, encoding: int, keys: Mapping[str, int], bands: Sequence[int]
) -> int:
    """Make a new revision and let it be its article's live one, or file it beside that; gives the article's key.

    ``keys`` are those of the passages' vectors, ``bands`` those of the reported text.
    """
    article, seen = revised.article, revised.seen or now()
    key, live, next_number = _article_row(connection, article)
    number, packed = revised.number or next_number, pack(bands)
    day = _day(connection, article, key, number) or seen[:10]
    row = revision_row(article, key, number, seen, day) | {"superseded": revised.superseded, "bands": packed}
    revision = connection.execute(insert(revisions).values(row)).lastrowid
    file_passages(connection, revision, revised.passages, encoding, keys)
    names = {entity.name.casefold() for entity in article.entities}
    if names:
        connection.execute(insert(mentions), [{"revision": revision, "name": name} for name in sorted(names)])
    if revised.seen:
        forget_sightings(connection, [key])  # what its files say must be compared with this anew
    if revised.is_live:
        hide(connection, [key])
        _end(connection, live, seen)
        connection.execute(update(articles).where(articles.c.pk == key).values(live=revision, root=article.root))
        show(connection, key, packed)
    return key


def trim(connection: Connection, article: int, keep: int | None, encoding: int) -> set[str]:
    """Forget an article's superseded revisions but the newest ``keep``; gives the passages nothing holds any more."""
    if keep is None:
        return set()
    live = select(articles.c.live).where(articles.c.pk == article).scalar_subquery()
    old = select(revisions.c.pk).where(revisions.c.article == article, revisions.c.pk != live)
    gone = list(connection.execute(old.order_by(revisions.c.number.desc()).offset(keep)).scalars())
    return _forget(connection, gone, encoding) if gone else set()


def remove(connection: Connection, ids: Sequence[str], encoding: int) -> set[str]:
    """Forget articles, all their revisions with them; gives the passages that nothing holds any more."""
    keys = list(connection.execute(select(articles.c.pk).where(articles.c.id.in_(ids))).scalars())
    hide(connection, keys)
    connection.execute(update(articles).where(articles.c.pk.in_(keys)).values(live=None))
    gone = list(connection.execute(select(revisions.c.pk).where(revisions.c.article.in_(keys))).scalars())
    free = _forget(connection, gone, encoding)
    forget_sightings(connection, keys)
    connection.execute(delete(articles).where(articles.c.pk.in_(keys)))
    return free


def _end(connection: Connection, live: int | None, seen: str) -> None:
    """Note until when the live revision was that: the next one was seen then, and is perhaps not the new one."""
    columns = (revisions.c.article, revisions.c.number, revisions.c.seen, revisions.c.superseded)
    ended = connection.execute(select(*columns).where(revisions.c.pk == live)).one_or_none()
    if ended and ended.superseded is None:
        later = select(revisions.c.seen).where(revisions.c.article == ended.article, revisions.c.number > ended.number)
        following = connection.execute(later.order_by(revisions.c.number).limit(1)).scalar() or seen
        values = {"superseded": max(following, ended.seen)}
        connection.execute(update(revisions).where(revisions.c.pk == live).values(values))


def _forget(connection: Connection, gone: Sequence[int], encoding: int) -> set[str]:
    """Delete revisions; gives the passages of ``encoding`` that no revision holds any more."""
    key = (passages.c.id, passages.c.encoding, passages.c.vector)
    dropped = {tuple(row) for row in connection.execute(select(*key).where(passages.c.revision.in_(gone)))}
    for table in (passages, mentions, chunkings):
        connection.execute(delete(table).where(table.c.revision.in_(gone)))
    connection.execute(delete(revisions).where(revisions.c.pk.in_(gone)))
    ids = [id_ for id_, _, _ in dropped]
    kept: set[Any] = set()
    for start in range(0, len(ids), ROWS_A_QUERY):
        query = select(*key).where(passages.c.id.in_(ids[start : start + ROWS_A_QUERY]))
        kept |= {tuple(row) for row in connection.execute(query)}
    free = dropped - kept
    for _, _, vector in free:
        connection.execute(delete(vectors).where(vectors.c.pk == vector))
    return {id_ for id_, of, _ in free if of == encoding}


def _day(connection: Connection, article: Article, key: int, number: int) -> str | None:
    """The day that the article names for this state of it; None if that is the one it named for the state before.

    An outlet that changes a text and not its date has not published the new words on the old day.
    """
    columns = (revisions.c.updated, revisions.c.published)
    earlier = select(*columns).where(revisions.c.article == key, revisions.c.number < number)
    before = connection.execute(earlier.order_by(revisions.c.number.desc()).limit(1)).one_or_none()
    if before and (before.updated or before.published) == (article.updated or article.published):
        return None
    return article.day


def _article_row(connection: Connection, article: Article) -> tuple[int, int | None, int]:
    """The article's key, its live revision if any, and the number of its next revision."""
    found = connection.execute(select(articles.c.pk, articles.c.live).where(articles.c.id == article.id)).one_or_none()
    if found is None:
        return connection.execute(insert(articles).values(id=article.id, root=article.root)).lastrowid, None, 1
    last = connection.execute(select(func.max(revisions.c.number)).where(revisions.c.article == found.pk)).scalar()
    return found.pk, found.live, (last or 0) + 1
