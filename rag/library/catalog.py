"""The catalog: what the library knows for certain, in SQLite. Every write is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Integer, cast, delete, distinct, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import DBAPIError

from rag.domain import Article, Passage, Statistics
from rag.errors import StorageError
from rag.library.schema import NEWEST, open_database
from rag.library.snapshot import Snapshot
from rag.library.tables import articles, facts, mentions, passages, revisions, vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Connection

ROWS_A_QUERY = 10_000  # SQLite takes 32,766 variables in a statement


@dataclass(frozen=True, slots=True)
class Revised:
    """A new revision to commit: the article's new state and the passages it was chunked into."""

    article: Article
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog knows of an article: its root, and the digests of its revisions, the live one last.

    ``digests`` ends with an empty string when the article is not live.
    """

    root: str
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the projections need it."""

    passage_id: str
    prefix: str
    text: str
    vector: bytes


class Catalog:
    """Articles, revisions, passages and vectors in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._translated():
            self._engine = open_database(path)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One state of the catalog, for as long as the block lasts."""
        with self._translated(), self._engine.connect() as connection:
            yield Snapshot(connection)

    def fact(self, name: str) -> str | None:
        """What was noted of the library under ``name``."""
        with self._translated(), self._engine.connect() as connection:
            return connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar_one_or_none()

    def note(self, name: str, value: str) -> None:
        """Note a fact of the library, over an earlier one of that name."""
        with self._writing() as connection:
            statement = insert_or(facts).values(name=name, value=value)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def known(self, ids: Sequence[str]) -> dict[str, Known]:
        """What is known of those of the articles that the catalog has ever held."""
        query = (
            select(articles.c.id, articles.c.root, articles.c.live, revisions.c.pk, revisions.c.digest)
            .join(revisions, revisions.c.article == articles.c.pk)
            .where(articles.c.id.in_(ids))
            .order_by(articles.c.id, revisions.c.pk == articles.c.live, revisions.c.number)
        )
        found: dict[str, Known] = {}
        with self._translated(), self._engine.connect() as connection:
            for row in connection.execute(query):
                digests = found[row.id].digests if row.id in found else ()
                found[row.id] = Known(row.root, (*digests, row.digest))
        return found

    def live_ids(self, root: str) -> set[str]:
        """Ids of the live articles that came from ``root``."""
        query = select(articles.c.id).where(articles.c.root == root, articles.c.live.is_not(None))
        with self._translated(), self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def move(self, roots: Mapping[str, str]) -> None:
        """Note the roots that articles come from now."""
        with self._writing() as connection:
            for id_, root in roots.items():
                connection.execute(update(articles).where(articles.c.id == id_).values(root=root))

    def embedded(self, passage_ids: Collection[str], model: str) -> set[str]:
        """Those of the passages that have a vector of ``model`` already."""
        wanted = list(passage_ids)
        found: set[str] = set()
        with self._translated(), self._engine.connect() as connection:
            for start in range(0, len(wanted), ROWS_A_QUERY):
                part = wanted[start : start + ROWS_A_QUERY]
                query = select(vectors.c.passage_id).where(vectors.c.model == model, vectors.c.passage_id.in_(part))
                found |= set(connection.execute(query).scalars())
        return found

    def commit(self, revised: Sequence[Revised], vectors_: Mapping[str, NDArray[np.float32]], model: str) -> None:
        """Make new revisions live, with the vectors of their new passages; all of them or none."""
        with self._writing() as connection:
            rows = [
                {"passage_id": id_, "model": model, "vector": vector.astype("<f2").tobytes()}
                for id_, vector in vectors_.items()
            ]
            if rows:
                connection.execute(insert_or(vectors).on_conflict_do_nothing(), rows)
            for each in revised:
                _make_live(connection, each)

    def remove(self, ids: Sequence[str]) -> list[str]:
        """Forget articles, all their revisions with them; gives the passages that nothing holds any more."""
        with self._writing() as connection:
            keys = select(articles.c.pk).where(articles.c.id.in_(ids))
            gone = select(revisions.c.pk).where(revisions.c.article.in_(keys))
            candidates = set(connection.execute(select(passages.c.id).where(passages.c.revision.in_(gone))).scalars())
            connection.execute(update(articles).where(articles.c.pk.in_(keys)).values(live=None))
            for table in (passages, mentions):
                connection.execute(delete(table).where(table.c.revision.in_(gone)))
            connection.execute(delete(revisions).where(revisions.c.article.in_(keys)))
            connection.execute(delete(articles).where(articles.c.id.in_(ids)))
            held = set(connection.execute(select(passages.c.id).where(passages.c.id.in_(candidates))).scalars())
            free = sorted(candidates - held)
            connection.execute(delete(vectors).where(vectors.c.passage_id.in_(free)))
        return free

    def passage_ids(self) -> set[str]:
        """All passages of all revisions: what the projections must hold."""
        with self._translated(), self._engine.connect() as connection:
            return set(connection.execute(select(passages.c.id).distinct()).scalars())

    def passage_count(self) -> int:
        """How many different passages all revisions have."""
        with self._translated(), self._engine.connect() as connection:
            return connection.execute(select(func.count(distinct(passages.c.id)))).scalar_one()

    def entries(self, passage_ids: Sequence[str], model: str) -> list[Entry]:
        """Passages as the projections need them."""
        text = func.substr(revisions.c.text, passages.c.start + 1, passages.c.end - passages.c.start).label("words")
        query = (
            select(passages.c.id, passages.c.prefix, text, vectors.c.vector)
            .join(revisions, passages.c.revision == revisions.c.pk)
            .join(vectors, vectors.c.passage_id == passages.c.id)
            .where(passages.c.id.in_(passage_ids), vectors.c.model == model)
            .group_by(passages.c.id)
        )
        with self._translated(), self._engine.connect() as connection:
            return [Entry(*row) for row in connection.execute(query)]

    def statistics(self, size: int) -> Statistics:
        """What the library holds, of ``size`` bytes on disk."""
        live = select(revisions).join(articles, articles.c.live == revisions.c.pk).subquery()
        day = func.substr(live.c.published, 1, 10)
        counted = select(
            func.count(), func.coalesce(func.sum(cast(live.c.thin, Integer)), 0), func.min(day), func.max(day)
        )
        shown = select(func.count()).select_from(passages).join(live, passages.c.revision == live.c.pk)
        sources = select(live.c.source).distinct().where(live.c.source.is_not(None)).order_by(live.c.source)
        with self._translated(), self._engine.connect() as connection:
            count, thin, first, last = connection.execute(counted.select_from(live)).one()
            return Statistics(
                articles=count,
                thin=thin,
                passages=connection.execute(shown).scalar_one(),
                sources=tuple(connection.execute(sources).scalars()),
                published_from=first,
                published_to=last,
                last_ingest=self.fact("last_ingest"),
                model=self.fact("model") or "",
                bytes=size,
                schema=NEWEST,
            )

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            remedy = "Check free space and permissions; nothing was half written"
            raise StorageError(str(self._path), f"SQLite failed ({error.orig})", remedy) from error


def _make_live(connection: Connection, revised: Revised) -> None:
    article, now = revised.article, datetime.now(UTC).isoformat(timespec="seconds")
    key, live, number = _article_row(connection, article)
    if live is not None:
        connection.execute(update(revisions).where(revisions.c.pk == live).values(superseded=now))
    revision = connection.execute(insert(revisions).values(_revision_row(article, key, number, now))).lastrowid
    if revised.passages:
        connection.execute(insert(passages), [_passage_row(passage, revision) for passage in revised.passages])
    names = {entity.name.casefold() for entity in article.entities}
    if names:
        connection.execute(insert(mentions), [{"revision": revision, "name": name} for name in sorted(names)])
    connection.execute(update(articles).where(articles.c.pk == key).values(live=revision, root=article.root))


def _article_row(connection: Connection, article: Article) -> tuple[int, int | None, int]:
    """The article's key, its live revision if any, and the number of its next revision."""
    found = connection.execute(select(articles.c.pk, articles.c.live).where(articles.c.id == article.id)).one_or_none()
    if found is None:
        return connection.execute(insert(articles).values(id=article.id, root=article.root)).lastrowid, None, 1
    last = connection.execute(select(func.max(revisions.c.number)).where(revisions.c.article == found.pk)).scalar()
    return found.pk, found.live, (last or 0) + 1


def _revision_row(article: Article, key: int, number: int, now: str) -> dict[str, object]:
    names = ("digest", "title", "text", "source", "author", "url", "language", "published", "updated")
    return {name: getattr(article, name) for name in names} | {
        "article": key,
        "number": number,
        "day": article.day or now[:10],
        "seen": now,
        "thin": article.is_thin,
        "sections": [astuple(section) for section in article.sections],
        "entities": [astuple(entity) for entity in article.entities],
    }


def _passage_row(passage: Passage, revision: int) -> dict[str, object]:
    return {
        "id": passage.id,
        "revision": revision,
        "kind": passage.kind,
        "label": passage.label,
        "prefix": passage.prefix,
        "start": passage.start,
        "end": passage.end,
        "sentences": [offset for span in passage.sentences for offset in (span.start, span.end)],
    }
