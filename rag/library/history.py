"""The histories of articles: all their revisions, for an export, and for bringing one back into a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from rag.errors import StorageError
from rag.library.rows import article_of
from rag.library.tables import articles, revisions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from rag.domain import Article


@dataclass(frozen=True, slots=True)
class State:
    """A revision without its words: ``dated`` is when it was updated, else published, else empty."""

    number: int
    digest: str
    dated: str
    seen: str
    superseded: str | None
    is_live: bool


@dataclass(frozen=True, slots=True)
class HeldRevision:
    """A revision with all that a library knows of it; its state's digest is the one it was committed with."""

    article: Article
    state: State


@dataclass(frozen=True, slots=True)
class History:
    """The root an article came from, and the states it had, by number."""

    root: str
    states: tuple[State, ...]


def held_revisions(connection: Connection, after: str, limit: int) -> list[HeldRevision]:
    """All revisions, by number, of the next ``limit`` articles whose ids come after one. Raises StorageError."""
    following = select(articles.c.pk).where(articles.c.id > after).order_by(articles.c.id).limit(limit)
    query = (
        select(revisions, articles.c.id.label("article_id"), articles.c.live, articles.c.root)
        .join(articles, revisions.c.article == articles.c.pk)
        .where(articles.c.pk.in_(following))
        .order_by(articles.c.id, revisions.c.number)
    )
    try:
        return [_held(row) for row in connection.execute(query)]
    except (ValueError, TypeError) as error:
        remedy = "See which article it is with: byline verify"
        raise StorageError("catalog.sqlite", "a revision is damaged and cannot be read", remedy) from error


def histories(connection: Connection, ids: Sequence[str]) -> dict[str, History]:
    """The histories of those of the articles that the catalog holds."""
    query = (
        select(articles.c.id, articles.c.root, articles.c.live, *_STATE)
        .join(revisions, revisions.c.article == articles.c.pk)
        .where(articles.c.id.in_(ids))
        .order_by(articles.c.id, revisions.c.number)
    )
    found: dict[str, History] = {}
    for row in connection.execute(query):
        earlier = found[row.id].states if row.id in found else ()
        found[row.id] = History(row.root, (*earlier, _state(row)))
    return found


def revision_count(connection: Connection) -> int:
    """How many revisions the catalog holds."""
    return connection.execute(select(func.count(revisions.c.pk))).scalar_one()


_STATE = tuple(revisions.c[name] for name in ("pk", "number", "digest", "updated", "published", "seen", "superseded"))


def _held(row: Row[Any]) -> HeldRevision:
    return HeldRevision(article_of(row.article_id, row, row.root), _state(row))


def _state(row: Row[Any]) -> State:
    dated = row.updated or row.published or ""
    return State(row.number, row.digest, dated, row.seen, row.superseded, row.pk == row.live)
