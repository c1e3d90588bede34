"""One state of the library, as a reader sees it: what is visible, what it says, and what is found in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, exists, func, select, type_coerce

from rag.domain import LABEL_OF_KIND, Article, Filters, Hit, Kind, Label, Listing, Record
from rag.errors import ArticleNotFound, StorageError
from rag.library.bands import unpack
from rag.library.catalog import STATE, fact
from rag.library.census import take_census
from rag.library.encodings import live_encoding
from rag.library.kept import Kept, Narrow
from rag.library.projections import Era
from rag.library.rows import article_of, hit_of, matrix_of, record_of, text_digest
from rag.library.tables import PassageId, articles, bands, mentions, passages, revisions, vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import BindParameter, Connection, Select

    from rag.library.census import Census
    from rag.library.encodings import Registered
    from rag.library.projections import Scored
    from rag.library.shelf import Shelf

logger = logging.getLogger(__name__)

IDS_A_QUERY = 10_000  # SQLite takes 32,766 variables in a statement
VECTORS_A_READ = 20_000
SCOPES = 64
"""Scopes whose statements are kept: making one takes as long as a small one runs."""
_ASKED_FOR: BindParameter[Any] = bindparam("asked_for", expanding=True)


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
    author: str | None
    published: str | None


class Snapshot:
    """Reads one state of the library; made by ``Library.snapshot``. ``shelf_of`` opens an encoding's projections.

    What is ``kept`` is shared by the snapshots of a library.
    """

    def __init__(
        self, connection: Connection, shelf_of: Callable[[Registered], Shelf], kept: Kept | None = None
    ) -> None:
        self._connection, self._shelf_of, self._kept = connection, shelf_of, kept or Kept()
        self.live = live_encoding(connection)  # the first read: it fixes the state that all later ones see
        self.state: tuple[str | None, Registered | None] = (fact(connection, STATE), self.live)
        """Equal for snapshots between which nothing has changed that a question can find."""

    def search(self, query: str, vector: NDArray[np.float32], limit: int, *, past: bool) -> tuple[Scored, Scored]:
        """What ``matching`` and ``near`` give for a query's words and its vector, searched for at the same time."""
        if not self.live:
            return [], []
        shelf, terms = self._shelf_of(self.live), self.analyse(query)
        by_words = shelf.aside.submit(shelf.keywords.search, terms, limit, past=past)
        by_meaning = self.near(vector, limit, past=past)
        return by_words.result(), by_meaning

    def near(self, vector: NDArray[np.float32], limit: int, *, past: bool) -> Scored:
        """The live passages nearest to a vector, with ``past`` also those of superseded revisions; visible or not."""
        if not self.live:
            return []
        shelf = self._shelf_of(self.live)
        if not shelf.is_failed:
            try:
                return shelf.vectors.search(vector, limit, past=past)
            except StorageError as error:
                # Chroma also writes when it is read, so a full disk stops it; the catalog can still be read.
                shelf.is_failed = True
                logger.warning("The catalog's own vectors are compared one by one from now on: %s", error)
        return self._nearest_of_all(vector, limit, past=past)

    def matching(self, query: str, limit: int, *, past: bool, within: Collection[str] | None = None) -> Scored:
        """The live passages that match a query's words best, with ``past`` also superseded ones; visible or not.

        ``within`` leaves out all other passages.
        """
        if not self.live:
            return []
        return self._shelf_of(self.live).keywords.search(self.analyse(query), limit, past=past, within=within)

    def analyse(self, text: str) -> list[str]:
        """The text's terms as the keyword projection indexes them, in each of the articles' languages."""
        return self._shelf_of(self.live).keywords.analyse(text, self.census.languages) if self.live else []

    def document_frequency(self, term: str) -> int:
        """In how many live passages a term, as ``analyse`` gives them, occurs."""
        return self._shelf_of(self.live).keywords.document_frequency(term) if self.live else 0

    def passage_count(self) -> int:
        """How many passages the live revisions have, as the keyword projection counts them."""
        return self._shelf_of(self.live).keywords.count(Era.LIVE) if self.live else 0

    def places(self, passage_ids: Sequence[str], scope: Scope) -> list[Place]:
        """Those of the passages that are visible in the scope, in the order given."""
        found: dict[str, Place] = {}
        query = self._in_scope(scope).where(passages.c.id.in_(_ASKED_FOR))
        for start in range(0, len(passage_ids), IDS_A_QUERY):
            asked_for = {"asked_for": passage_ids[start : start + IDS_A_QUERY]}
            found |= {row.id: Place(*row) for row in self._connection.execute(query, asked_for).all()}
        return [found[id_] for id_ in passage_ids if id_ in found]

    def within(self, scored: Scored, scope: Scope) -> Scored:
        """Those of the passages that are visible in the scope; of many, this is told faster than by ``places``."""
        members = self._kept.members.get((self.state, scope), lambda: self._members(scope))
        numbers = np.array([PassageId.number_of(id_) for id_, _ in scored], dtype=np.int64)
        inside = np.isin(numbers, members, assume_unique=True)
        return [pair for pair, is_inside in zip(scored, inside, strict=True) if is_inside]

    def about(self, names: Collection[str], scope: Scope) -> dict[str, list[Place]]:
        """Where the visible articles begin whose headline is one of the names, by that name."""
        query = self._in_scope(scope).add_columns(revisions.c.subject).where(revisions.c.subject.in_(_ASKED_FOR))
        rows = self._connection.execute(query.order_by(passages.c.start), {"asked_for": list(names)})
        found: dict[str, dict[int, Place]] = {}
        for *place, subject in rows:
            first = Place(*place)
            found.setdefault(subject, {}).setdefault(first.article, first)
        return {subject: list(firsts.values()) for subject, firsts in found.items()}

    def count(self, scope: Scope) -> int:
        """How many passages are visible in the scope; goes through all of them."""
        return self._connection.execute(select(func.count()).select_from(self._in_scope(scope).subquery())).scalar_one()

    def holds_any(self, scope: Scope) -> bool:
        """Whether any passage is visible in the scope."""
        return self._connection.execute(self._in_scope(scope).limit(1)).first() is not None

    def narrow(self, scope: Scope, limit: int) -> Narrow | None:
        """All passages in the scope and their vectors, if there are at most ``limit``; else None."""
        return self._kept.scopes.get((self.state, scope, limit), lambda: self._narrow(scope, limit))

    @cached_property
    def census(self) -> Census:
        """The outlets, languages and days of the articles."""
        return self._kept.censuses.get(self.state, lambda: take_census(self._connection))

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
            found.extend(_asked(sections)[:1])
            if len(found) >= limit:
                break
        return found

    def asked_in_article(self, article_id: str, revision: int) -> list[str]:
        """Questions that an article's revision asks and answers itself, in its order."""
        query = select(revisions.c.sections).join(articles, revisions.c.article == articles.c.pk)
        found = self._connection.execute(query.where(articles.c.id == article_id, revisions.c.number == revision))
        return [asked for (sections,) in found for asked in _asked(sections)]

    def scoped_vectors(self, scope: Scope) -> tuple[list[str], NDArray[np.float32]]:
        """Ids and vectors [passages, dimensions] of all passages in the scope; for narrow scopes."""
        scoped = self._in_scope(scope).subquery()
        query = select(passages.c.id, vectors.c.vector).join(vectors, passages.c.vector == vectors.c.pk)
        rows = self._connection.execute(query.where(passages.c.pk.in_(select(scoped.c.pk)))).all()
        return [row.id for row in rows], matrix_of([row.vector for row in rows])

    def hits(self, scored: Sequence[tuple[Place, float]]) -> list[Hit]:
        """The places with their words and their article's facts, in the order given."""
        asked_for = {"asked_for": [place.passage for place, _ in scored]}
        rows = {row.pk: row for row in self._connection.execute(_HITS, asked_for)}
        return [hit_of(rows[place.passage], score) for place, score in scored]

    def record(self, article_id: str, revision: int | None = None) -> Record:
        """An article in its live revision, or in the one named. Raises ArticleNotFound."""
        query = select(revisions, articles.c.live).join(articles, revisions.c.article == articles.c.pk)
        rows = self._connection.execute(query.where(articles.c.id == article_id).order_by(revisions.c.number)).all()
        for row in rows:
            if row.number == revision or (revision is None and row.pk == row.live):
                return record_of(article_id, row, rows)
        raise ArticleNotFound(article_id, revision)

    def holds(self, hits: Sequence[Hit]) -> bool:
        """Whether the revisions that hits stand in are still there."""
        return all(self._is_there(*stated) for stated in {(hit.article_id, hit.revision) for hit in hits})

    def text(self, article_id: str, revision: int) -> str:
        """The text of an article's revision, as it was committed. Raises ArticleNotFound, StorageError."""
        query = select(revisions.c.text, revisions.c.text_digest).join(articles, revisions.c.article == articles.c.pk)
        found = self._connection.execute(
            query.where(articles.c.id == article_id, revisions.c.number == revision)
        ).one_or_none()
        if found is None:
            raise ArticleNotFound(article_id, revision)
        _refuse_altered(found.text, found.text_digest, article_id, revision)
        return str(found.text)

    def lookalikes(self, article_id: str, revision: int, scope: Scope, limit: int) -> list[Article]:
        """Visible articles that may be near-copies of one, those first that share most keys. Raises StorageError."""
        of_article = select(revisions.c.bands).join(articles, revisions.c.article == articles.c.pk)
        stated = of_article.where(articles.c.id == article_id, revisions.c.number == revision)
        query = (
            select(revisions.c.pk)
            .join(articles, revisions.c.article == articles.c.pk)
            .join(bands, bands.c.article == articles.c.pk)
            .where(bands.c.key.in_(unpack(self._connection.execute(stated).scalar_one_or_none())))
            .where(articles.c.id != article_id, _is_visible(scope.as_of), *_narrowing(scope.filters))
            .group_by(revisions.c.pk)
            .order_by(func.count().desc(), articles.c.id)
            .limit(limit)
        )
        return self._articles(list(self._connection.execute(query).scalars()))

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

    def _articles(self, keys: Sequence[int]) -> list[Article]:
        """The articles that revisions state, in the order of the revisions' keys given."""
        if not keys:
            return []
        query = select(revisions, articles.c.id.label("article_id")).where(revisions.c.pk.in_(keys))
        found = self._connection.execute(query.join(articles, revisions.c.article == articles.c.pk))
        rows = {row.pk: row for row in found}
        for row in rows.values():
            _refuse_altered(row.text, row.text_digest, row.article_id, row.number)
        return [article_of(rows[key].article_id, rows[key]) for key in keys]

    def _is_there(self, article_id: str, revision: int) -> bool:
        query = select(revisions.c.pk).join(articles, revisions.c.article == articles.c.pk)
        found = query.where(articles.c.id == article_id, revisions.c.number == revision)
        return self._connection.execute(found).first() is not None

    def _narrow(self, scope: Scope, limit: int) -> Narrow | None:
        first = self._in_scope(scope).limit(limit + 1).subquery()
        if self._connection.execute(select(func.count()).select_from(first)).scalar_one() > limit:
            return None
        query = self._in_scope(scope).add_columns(vectors.c.vector).join(vectors, passages.c.vector == vectors.c.pk)
        rows = self._connection.execute(query).all()
        found = {row.id: row for row in rows}  # revisions of an article may share a passage
        places = {id_: Place(*row[:-1]) for id_, row in found.items()}
        return Narrow(places, matrix_of([row.vector for row in found.values()]))

    def _members(self, scope: Scope) -> NDArray[np.int64]:
        number = type_coerce(self._in_scope(scope).subquery().c.id, BigInteger)
        return np.unique(np.fromiter(self._connection.execute(select(number)).scalars(), dtype=np.int64))

    def _nearest_of_all(self, vector: NDArray[np.float32], limit: int, *, past: bool) -> Scored:
        """What ``near`` gives, from the catalog alone: exact, but as slow as the library is large."""
        key = self.live.key if self.live else 0
        query = select(passages.c.id, vectors.c.vector).join(vectors, passages.c.vector == vectors.c.pk)
        if not past:
            query = query.join(articles, articles.c.live == passages.c.revision)
        found: dict[str, float] = {}
        rows = self._connection.execute(query.where(passages.c.encoding == key))
        for part in rows.partitions(VECTORS_A_READ):
            cosines = matrix_of([row.vector for row in part]) @ vector
            found |= {row.id: float(cosine) for row, cosine in zip(part, cosines, strict=True)}
        return sorted(found.items(), key=lambda pair: -pair[1])[:limit]

    def _in_scope(self, scope: Scope) -> Select[Any]:
        """Passages of visible revisions that the filters let through."""
        return _passages_in(scope, self.live.key if self.live else 0)


@lru_cache(SCOPES)
def _passages_in(scope: Scope, encoding: int) -> Select[Any]:
    query = (
        select(passages.c.pk, passages.c.id, revisions.c.article, passages.c.revision)
        .add_columns(revisions.c.source, revisions.c.author, revisions.c.published)
        .join(revisions, passages.c.revision == revisions.c.pk)
        .join(articles, revisions.c.article == articles.c.pk)
        .where(_is_visible(scope.as_of), *_narrowing(scope.filters))
        .where(passages.c.encoding == encoding)
    )
    if scope.filters.label:
        query = query.where(passages.c.kind.in_(_kinds(scope.filters.label)))
    return query


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
_WORDS = func.substr(revisions.c.text, passages.c.start + 1, passages.c.end - passages.c.start).label("words")
_HITS = (
    select(passages, articles.c.id.label("article_id"), *_HIT_COLUMNS, _WORDS)
    .join(revisions, passages.c.revision == revisions.c.pk)
    .join(articles, revisions.c.article == articles.c.pk)
    .where(passages.c.pk.in_(_ASKED_FOR))
)


def _refuse_altered(text: str, digest: str, article_id: str, revision: int) -> None:
    if text_digest(text) != digest:
        problem = f"the text of revision {revision} of {article_id!r} is not the one that was committed"
        raise StorageError("catalog.sqlite", problem, "See what else is damaged with: byline verify")


def _is_visible(as_of: str | None) -> ColumnElement[bool]:
    if as_of is None:
        return articles.c.live == revisions.c.pk
    earlier = revisions.alias()
    newest = select(func.max(earlier.c.number)).where(earlier.c.article == revisions.c.article, earlier.c.day <= as_of)
    return and_(articles.c.live.is_not(None), revisions.c.number == newest.scalar_subquery())


def _kinds(labels: Sequence[Label]) -> list[Kind]:
    """The kinds of section whose passages have one of the labels."""
    # Attribution belongs to sentences; such sentences stand in reported passages.
    wanted = {Label.REPORTED if label is Label.ATTRIBUTED else label for label in labels}
    return [kind for kind, label in LABEL_OF_KIND.items() if label in wanted]


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
        # Not "in those that mention it": for a few passages SQLite would go through all mentions of the library.
        named = mentions.c.name.in_([name.casefold() for name in filters.entity])
        conditions.append(exists().where(mentions.c.revision == revisions.c.pk, named))
    day = func.substr(revisions.c.published, 1, 10)
    if filters.published_from:
        conditions.append(day >= filters.published_from)
    if filters.published_to:
        conditions.append(day <= filters.published_to)
    return conditions


def _asked(sections: Sequence[tuple[str, str, int, int]]) -> list[str]:
    """The questions of an article's sections that it answers."""
    return [heading for kind, heading, _, _ in sections if kind == Kind.FAQ and heading.endswith("?")]
