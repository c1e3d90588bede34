"""What the projections of an encoding must hold, as the catalog says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from rag.library.filing import Revised
from rag.library.projections import Entry, Era
from rag.library.rows import article_of, matrix_of, prefix_of
from rag.library.tables import ROWS_A_QUERY, articles, chunkings, passages, revisions, vectors

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from rag.domain import Article

ENTRIES_A_READ = 2000


@dataclass(frozen=True, slots=True)
class Moves:
    """The passages that a commit moves: into the live era, and out of it or past it."""

    arriving: frozenset[str]
    leaving: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unchunked:
    """A revision that has no passages in an encoding yet."""

    revision: int
    article: Article
    is_live: bool


def passage_ids(connection: Connection, encoding: int) -> dict[Era, set[str]]:
    """All passages of an encoding by era; one that any live revision holds is live."""
    query = select(passages.c.id, articles.c.pk.is_not(None)).outerjoin(
        articles, articles.c.live == passages.c.revision
    )
    found: dict[Era, set[str]] = {era: set() for era in Era}
    for id_, is_live in connection.execute(query.where(passages.c.encoding == encoding)):
        found[Era.LIVE if is_live else Era.PAST].add(id_)
    found[Era.PAST] -= found[Era.LIVE]
    return found


def moves(connection: Connection, revised: Sequence[Revised], encoding: int) -> Moves:
    """What committing these revisions will move."""
    after: dict[str, set[str]] = {}
    passing: set[str] = set()
    for each in revised:
        held = {passage.id for passage in each.passages}
        passing |= after.get(each.article.id, set()) if each.is_live else held
        if each.is_live:
            after[each.article.id] = held
    beside = [each.article.id for each in revised if each.article.id not in after]
    before, staying = (_live_passages(connection, ids, encoding) for ids in (list(after), beside))
    live = staying.union(*after.values())
    return Moves(frozenset(live - before - staying), frozenset((before | passing) - live))


def entries(connection: Connection, ids: Sequence[str], encoding: int) -> Iterator[list[Entry]]:
    """Passages as the projections need them, in parts."""
    text = func.substr(revisions.c.text, passages.c.start + 1, passages.c.end - passages.c.start).label("words")
    query = (
        select(passages.c.id, passages.c.prefix, passages.c.start, revisions.c.title, revisions.c.sections)
        .add_columns(revisions.c.language, text, vectors.c.vector)
        .join(revisions, passages.c.revision == revisions.c.pk)
        .join(vectors, passages.c.vector == vectors.c.pk)
        .where(passages.c.encoding == encoding)
        .group_by(passages.c.id)
    )
    for start in range(0, len(ids), ENTRIES_A_READ):
        rows = connection.execute(query.where(passages.c.id.in_(ids[start : start + ENTRIES_A_READ]))).all()
        matrix = matrix_of([row.vector for row in rows])
        yield [
            Entry(row.id, prefix_of(row.title, row.sections, row.start, row.prefix), row.words, vector, row.language)
            for row, vector in zip(rows, matrix, strict=True)
        ]


def sample(connection: Connection, encoding: int, size: int) -> list[Entry]:
    """Some live passages, spread over the catalog: canaries."""
    live = (
        select(passages.c.pk)
        .join(revisions, passages.c.revision == revisions.c.pk)
        .join(articles, revisions.c.article == articles.c.pk)
        .where(passages.c.encoding == encoding, articles.c.live == revisions.c.pk)
        .order_by(passages.c.pk)
        .limit(1)
    )
    last = connection.execute(select(func.max(passages.c.pk))).scalar() or 0
    starts = [last * number // size + 1 for number in range(size)]
    keys = {connection.execute(live.where(passages.c.pk >= start)).scalar() for start in starts} - {None}
    ids = list(connection.execute(select(passages.c.id).where(passages.c.pk.in_(keys))).scalars())
    return [entry for part in entries(connection, ids, encoding) for entry in part]


def unchunked(connection: Connection, encoding: int, limit: int) -> list[Unchunked]:
    """Revisions that have no passages in an encoding yet, live ones first."""
    done = select(chunkings.c.revision).where(chunkings.c.encoding == encoding)
    is_live: Any = articles.c.live == revisions.c.pk
    query = (
        select(revisions, articles.c.id.label("article_id"), is_live.label("is_live"))
        .join(articles, revisions.c.article == articles.c.pk)
        .where(revisions.c.pk.not_in(done))
        .order_by(is_live.desc(), revisions.c.pk)
        .limit(limit)
    )
    return [Unchunked(row.pk, article_of(row.article_id, row), row.is_live) for row in connection.execute(query)]


def unchunked_count(connection: Connection, encoding: int) -> int:
    """How many revisions have no passages in an encoding yet."""
    done = select(func.count()).select_from(chunkings).where(chunkings.c.encoding == encoding)
    return connection.execute(select(func.count(revisions.c.pk))).scalar_one() - connection.execute(done).scalar_one()


def _live_passages(connection: Connection, article_ids: Sequence[str], encoding: int) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(article_ids), ROWS_A_QUERY):
        query = select(passages.c.id).join(articles, articles.c.live == passages.c.revision)
        part = article_ids[start : start + ROWS_A_QUERY]
        query = query.where(articles.c.id.in_(part), passages.c.encoding == encoding)
        found |= set(connection.execute(query).scalars())
    return found
