"""One state of the library, as a reader sees it: what is visible, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import ColumnElement, and_, func, select

from rag.domain import (
    Article,
    Entity,
    Filters,
    Hit,
    Kind,
    Label,
    Listing,
    Record,
    RevisionDates,
    Section,
    Span,
)
from rag.errors import ArticleNotFound
from rag.library.tables import articles, mentions, passages, revisions, vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Row


IDS_A_QUERY = 10_000  # SQLite takes 32,766 variables in a statement


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages a question may use: those visible now, or on a day, narrowed by filters."""

    filters: Filters = field(default_factory=Filters)
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visible passage stands: keys of its row, its article and its revision."""

    passage: int
    passage_id: str
    article: int
    revision: int
    source: str | None


class Snapshot:
    """Reads one state of the catalog; made by ``Catalog.snapshot``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def places(self, passage_ids: Sequence[str], scope: Scope) -> list[Place]:
        """Those of the passages that are visible in the scope, in the order given."""
        found: dict[str, Place] = {}
        for start in range(0, len(passage_ids), IDS_A_QUERY):
            query = _in_scope(scope).where(passages.c.id.in_(passage_ids[start : start + IDS_A_QUERY]))
            found |= {row.id: Place(*row) for row in self._connection.execute(query)}
        return [found[id_] for id_ in passage_ids if id_ in found]

    def count(self, scope: Scope) -> int:
        """How many passages are visible in the scope."""
        return self._connection.execute(select(func.count()).select_from(_in_scope(scope).subquery())).scalar_one()

    def covered_days(self) -> tuple[str, str] | None:
        """The first and the last day on which a live article was published, if any says when."""
        day = func.substr(revisions.c.published, 1, 10)
        query = select(func.min(day), func.max(day)).join(articles, articles.c.live == revisions.c.pk)
        first, last = self._connection.execute(query).one()
        return (first, last) if first else None

    def sources(self) -> list[str]:
        """The outlets of all articles."""
        query = select(revisions.c.source).distinct().where(revisions.c.source.is_not(None))
        return list(self._connection.execute(query.order_by(revisions.c.source)).scalars())

    def asked_in_articles(self, limit: int) -> list[str]:
        """Questions that live articles ask and answer themselves, one an article, newest articles first."""
        query = (
            select(revisions.c.sections)
            .join(articles, articles.c.live == revisions.c.pk)
            .join(passages, passages.c.revision == revisions.c.pk)
            .where(passages.c.kind == Kind.FAQ)
            .group_by(revisions.c.pk)
            .order_by(func.coalesce(revisions.c.published, "").desc(), articles.c.id)
        )
        found: list[str] = []
        for (sections,) in self._connection.execute(query):
            asked = [heading for kind, heading, _, _ in sections if kind == Kind.FAQ and heading.endswith("?")]
            found.extend(asked[:1])
            if len(found) >= limit:
                break
        return found

    def scoped_vectors(self, scope: Scope, model: str) -> tuple[list[str], NDArray[np.float32]]:
        """Ids and vectors [passages, dimensions] of all passages in the scope; for narrow scopes."""
        scoped = _in_scope(scope).subquery()
        query = select(vectors.c.passage_id, vectors.c.vector).join(scoped, scoped.c.id == vectors.c.passage_id)
        rows = self._connection.execute(query.where(vectors.c.model == model)).all()
        matrix = np.array([np.frombuffer(row.vector, dtype="<f2") for row in rows], dtype=np.float32)
        return [row.passage_id for row in rows], matrix

    def hits(self, scored: Sequence[tuple[Place, float]]) -> list[Hit]:
        """The places with their words and their article's facts, in the order given."""
        text = func.substr(revisions.c.text, passages.c.start + 1, passages.c.end - passages.c.start).label("words")
        query = (
            select(passages, articles.c.id.label("article_id"), *_HIT_COLUMNS, text)
            .join(revisions, passages.c.revision == revisions.c.pk)
            .join(articles, revisions.c.article == articles.c.pk)
            .where(passages.c.pk.in_([place.passage for place, _ in scored]))
        )
        rows = {row.pk: row for row in self._connection.execute(query)}
        return [_hit(rows[place.passage], score) for place, score in scored]

    def record(self, article_id: str, revision: int | None = None) -> Record:
        """An article in its live revision, or in the one named. Raises ArticleNotFound."""
        query = select(revisions, articles.c.live).join(articles, revisions.c.article == articles.c.pk)
        rows = self._connection.execute(query.where(articles.c.id == article_id).order_by(revisions.c.number)).all()
        for row in rows:
            if row.number == revision or (revision is None and row.pk == row.live):
                return _record(article_id, row, rows)
        raise ArticleNotFound(article_id, revision)

    def text(self, article_id: str, revision: int) -> str:
        """The text of an article's revision. Raises ArticleNotFound."""
        query = select(revisions.c.text).join(articles, revisions.c.article == articles.c.pk)
        found = self._connection.execute(
            query.where(articles.c.id == article_id, revisions.c.number == revision)
        ).scalar_one_or_none()
        if found is None:
            raise ArticleNotFound(article_id, revision)
        return str(found)

    def listings(
        self, scope: Scope, *, words: str | None = None, limit: int = 50, after: str | None = None
    ) -> list[Listing]:
        """Articles in the scope, newest first; ``words`` must occur in the title, ``after`` is a listing's key."""
        key = (func.coalesce(revisions.c.published, "") + " " + articles.c.id).label("key")
        query = (
            select(articles.c.id, *_HIT_COLUMNS, revisions.c.language, key)
            .join(articles, revisions.c.article == articles.c.pk)
            .where(_is_visible(scope.as_of), *_narrowing(scope.filters))
        )
        for word in (words or "").split():
            query = query.where(revisions.c.title.icontains(word, autoescape=True))
        if after is not None:
            query = query.where(key < after)
        rows = self._connection.execute(query.order_by(key.desc()).limit(limit)).mappings()
        return [Listing(revision=row["number"], **{name: row[name] for name in _LISTED}) for row in rows]


_LISTED = ("id", "title", "source", "author", "url", "published", "language", "thin", "key")
_HIT_COLUMNS = (
    revisions.c.number,
    revisions.c.title,
    revisions.c.source,
    revisions.c.author,
    revisions.c.url,
    revisions.c.published,
    revisions.c.thin,
)


def _is_visible(as_of: str | None) -> ColumnElement[bool]:
    if as_of is None:
        return articles.c.live == revisions.c.pk
    earlier = revisions.alias()
    newest = select(func.max(earlier.c.number)).where(earlier.c.article == revisions.c.article, earlier.c.day <= as_of)
    return and_(articles.c.live.is_not(None), revisions.c.number == newest.scalar_subquery())


def _in_scope(scope: Scope) -> Any:
    """Passages of visible revisions that the filters let through."""
    query = (
        select(passages.c.pk, passages.c.id, revisions.c.article, passages.c.revision, revisions.c.source)
        .join(revisions, passages.c.revision == revisions.c.pk)
        .join(articles, revisions.c.article == articles.c.pk)
        .where(_is_visible(scope.as_of), *_narrowing(scope.filters))
    )
    if scope.filters.label:
        query = query.where(passages.c.label.in_([_passage_label(label) for label in scope.filters.label]))
    return query


def _passage_label(label: Label) -> Label:
    # Attribution belongs to sentences; such sentences stand in reported passages.
    return Label.REPORTED if label is Label.ATTRIBUTED else label


def _narrowing(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions of the filters on articles, as SQL."""
    conditions: list[ColumnElement[bool]] = []
    for column, wanted in (
        (revisions.c.source, filters.source),
        (revisions.c.author, filters.author),
        (revisions.c.language, filters.language),
    ):
        if wanted:
            conditions.append(func.lower(column).in_([value.lower() for value in wanted]))
    if filters.article_id:
        conditions.append(articles.c.id.in_(filters.article_id))
    if filters.entity:
        named = select(mentions.c.revision).where(mentions.c.name.in_([name.casefold() for name in filters.entity]))
        conditions.append(revisions.c.pk.in_(named))
    day = func.substr(revisions.c.published, 1, 10)
    if filters.published_from:
        conditions.append(day >= filters.published_from)
    if filters.published_to:
        conditions.append(day <= filters.published_to)
    return conditions


def _hit(row: Row[Any], score: float) -> Hit:
    return Hit(
        article_id=row.article_id,
        passage_id=row.id,
        revision=row.number,
        score=score,
        title=row.title,
        label=Label(row.label),
        text=row.words,
        start=row.start,
        end=row.end,
        sentences=spans(row.sentences),
        thin=row.thin,
        source=row.source,
        author=row.author,
        url=row.url,
        published=row.published,
    )


def spans(flat: Sequence[int]) -> tuple[Span, ...]:
    """Pairs of offsets, stored flat, as spans."""
    return tuple(Span(start, end) for start, end in zip(flat[::2], flat[1::2], strict=True))


def _record(article_id: str, row: Row[Any], rows: Sequence[Row[Any]]) -> Record:
    article = Article(
        id=article_id,
        title=row.title,
        text=row.text,
        sections=tuple(Section(Kind(kind), heading, start, end) for kind, heading, start, end in row.sections),
        published=row.published,
        updated=row.updated,
        source=row.source,
        author=row.author,
        url=row.url,
        language=row.language,
        entities=tuple(Entity(*entity) for entity in row.entities),
    )
    dates = tuple(
        RevisionDates(each.number, each.updated or each.published, each.seen, each.superseded) for each in rows
    )
    return Record(article, row.number, row.pk == row.live, row.seen, dates)
