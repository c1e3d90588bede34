"""Checks a library against itself: the catalog's rows against their digests, the projections against the catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy import func, select

from rag.domain import Damage, Kind, Passage, Verdict, digest_of
from rag.errors import StorageError
from rag.library import inventory
from rag.library.catalog import Catalog, fact
from rag.library.encodings import Registered, live_encoding
from rag.library.projections import Era
from rag.library.rows import article_of, prefix_of, text_digest
from rag.library.schema import LIBRARY_ID, RESTORE
from rag.library.seal import print_of, read_seal
from rag.library.shelf import wrong_vectors
from rag.library.shelves import PROJECTIONS
from rag.library.tables import articles, passages, revisions, vectors

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from rag.library.projections import Projection, VectorProjection
    from rag.library.shelf import Shelf

Progress = Callable[[str, int, int | None], None]

ROWS_A_READ = 500
EXCHANGED = "Put the right one of the two files back, or ingest an export into a new library"
AGAIN = "Ingest the article again, after: byline remove"
REBUILD = "Make it anew from the catalog with: byline rebuild"


def verify(catalog: Catalog, shelf_of: Callable[[Registered], Shelf], progress: Progress) -> Verdict:
    """What is damaged, and the digest of the live state. ``shelf_of`` opens an encoding's projections.

    They are compared with a sound catalog only: nothing can be told, or mended, by a damaged one.
    """
    with catalog.reading() as connection:
        live = live_encoding(connection)
        damages = list(check_catalog(connection, progress))
        if live and not damages:
            damages += _check_shelf(shelf_of(live), connection)
        count = func.count
        shown = select(count()).select_from(passages).join(articles, articles.c.live == passages.c.revision)
        return Verdict(
            digest=digest_of_state(connection, live),
            articles=connection.execute(select(count(articles.c.live))).scalar_one(),
            revisions=connection.execute(select(count(revisions.c.pk))).scalar_one(),
            passages=connection.execute(shown.where(passages.c.encoding == (live.key if live else 0))).scalar_one(),
            damages=tuple(damages),
        )


def check_catalog(connection: Connection, progress: Progress) -> Iterator[Damage]:
    """What is wrong with the catalog itself: its pages, the articles, the passages, the vectors."""
    broken = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(5)") if row[0] != "ok"]
    if broken:
        yield Damage("catalog", f"its pages are damaged ({'; '.join(broken)})", RESTORE)
        return
    strays = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if strays:
        yield Damage("catalog", f"{len(strays)} rows point to rows that are not there", RESTORE)
    total = connection.execute(select(func.count(revisions.c.pk))).scalar_one()
    for done, row in enumerate(_revisions(connection), start=1):
        yield from _check_revision(connection, row)
        progress("verifying", done, total)
    yield from _check_vectors(connection)


def refuse_damage(path: Path) -> None:
    """Compare the catalog's file with the library's seal, before anything is written. Raises StorageError for damage.

    A catalog that is gone or emptied must not be taken for that of a new library; one that was changed by another
    program is checked whole, and must be of the same library.
    """
    folder, seal = path.parent, read_seal(path.parent)
    is_there = path.exists() and path.stat().st_size > 0
    if not is_there and (seal or any((folder / PROJECTIONS).glob("*"))):
        raise StorageError(str(path), "is gone or empty, though the library was filled", RESTORE)
    if not is_there or seal is None or print_of(path) == seal.catalog:
        return
    with closing(Catalog(path)) as catalog, catalog.reading() as connection:
        damages = list(check_catalog(connection, lambda _stage, _done, _total: None))
        if not damages and fact(connection, LIBRARY_ID) != seal.library:
            raise StorageError(str(path), "is not of the library that seal.json beside it is of", EXCHANGED)
    if damages:
        raise StorageError(str(path), damages[0].problem, RESTORE)


def digest_of_state(connection: Connection, live: Registered | None) -> str:
    """A hash of the live state: article ids, texts, sections, passages with their labels, and the model.

    Times, revision numbers and the bits of vectors do not count.
    """
    digest = blake2b(digest_size=16)
    digest.update(digest_of(live.encoding.identity if live else "").encode())
    query = (
        select(articles.c.id, revisions.c.pk, revisions.c.title, revisions.c.text_digest, revisions.c.sections)
        .join(articles, articles.c.live == revisions.c.pk)
        .order_by(articles.c.id)
    )
    for row in connection.execute(query).yield_per(ROWS_A_READ):
        parts = [row.id, row.title, row.text_digest, repr(row.sections)]
        parts += [f"{each.start} {each.end} {each.kind}" for each in _passages(connection, row.pk, live)]
        digest.update(digest_of(*parts).encode())
    return digest.hexdigest()


def _revisions(connection: Connection) -> Iterator[Row[Any]]:
    query = select(revisions, articles.c.id.label("article_id")).join(articles, revisions.c.article == articles.c.pk)
    yield from connection.execute(query).yield_per(ROWS_A_READ)


def _passages(connection: Connection, revision: int, live: Registered | None) -> Sequence[Row[Any]]:
    query = select(passages).where(passages.c.revision == revision)
    if live:
        query = query.where(passages.c.encoding == live.key)
    return connection.execute(query.order_by(passages.c.encoding, passages.c.start, passages.c.pk)).all()


def _check_revision(connection: Connection, row: Row[Any]) -> Iterator[Damage]:
    name = f"revision {row.number} of article {row.article_id!r}"
    try:
        article = article_of(row.article_id, row)
        is_whole = article.digest == row.digest and text_digest(row.text) == row.text_digest
    except (ValueError, TypeError):
        is_whole = False
    if not is_whole:
        yield Damage("catalog", f"{name} is not the one that was committed", AGAIN)
        return
    seen: Counter[tuple[int, Kind, str, str]] = Counter()
    for passage in _passages(connection, row.pk, None):
        prefix = prefix_of(row.title, row.sections, passage.start, passage.prefix)
        words = (Kind(passage.kind), prefix, row.text[passage.start : passage.end])
        seen[(passage.encoding, *words)] += 1
        if passage.id != Passage.id_of(row.article_id, *words, seen[(passage.encoding, *words)]):
            yield Damage("catalog", f"a passage of {name} is not the one that was committed", AGAIN)
            return


def _check_vectors(connection: Connection) -> Iterator[Damage]:
    wrong = {
        row.pk
        for row in connection.execute(select(vectors)).yield_per(ROWS_A_READ)
        if crc32(row.vector) != row.checksum
    }
    if wrong:
        problem = f"{len(wrong)} vectors are not those that were committed"
        yield Damage("catalog", problem, RESTORE)


def _check_shelf(shelf: Shelf, connection: Connection) -> Iterator[Damage]:
    if shelf.is_failed:
        yield Damage("projections", "could not be written, so the catalog's vectors are compared one by one", REBUILD)
        return
    wanted = inventory.passage_ids(connection, shelf.registered.key)
    for name, projection in (("vectors", shelf.vectors), ("keywords", shelf.keywords)):
        yield from _check_ids(name, projection, wanted)
    wrong = _wrong_vectors(shelf.vectors, connection, shelf.registered.key, wanted)
    if wrong:
        yield Damage("vectors", f"{wrong} vectors differ from the catalog's", REBUILD)


def _check_ids(name: str, projection: Projection, wanted: dict[Era, set[str]]) -> Iterator[Damage]:
    for era in Era:
        held = projection.ids(era)
        if held != wanted[era] or projection.count(era) != len(held):
            missing, more = len(wanted[era] - held), len(held - wanted[era])
            yield Damage(name, f"of the {era} passages {missing} are missing and {more} are too many", REBUILD)


def _wrong_vectors(
    projection: VectorProjection, connection: Connection, encoding: int, wanted: dict[Era, set[str]]
) -> int:
    return sum(
        len(wrong_vectors(projection, entries, era))
        for era in Era
        for entries in inventory.entries(connection, sorted(wanted[era] & projection.ids(era)), encoding)
    )
