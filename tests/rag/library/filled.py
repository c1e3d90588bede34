"""A library of three pond articles, one of them in two revisions, and what must hold of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from rag.domain import Kind
from rag.library import inventory
from rag.library.library import Library
from rag.library.projections import Era
from rag.library.shelf import Shelf
from rag.library.snapshot import Scope
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import retrieve
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()
ARTICLES = (
    make_article("otter", "Otters built a bridge of wood.", "The bridge carries no cars.", title="Otter bridge"),
    make_article("tanuki", "Tanuki sell leaves in a shop.", (Kind.BACKGROUND, "Context", "Shops sell wood too.")),
    make_article("貉/1", "The 貉 watched 😀 the bridge.", title="Badger"),
)
QUERIES = ("bridge of wood", "leaves in a shop", "who watched the bridge")
STRAY = "00000000000000ff"
Answered = list[tuple[str, str, str]]


@contextmanager
def opened(folder: Path, embedder: HashEmbedder = EMBEDDER) -> Iterator[Library]:
    with closing(open_for(embedder, folder)) as library:
        yield library


def answers(library: Library, embedder: HashEmbedder = EMBEDDER, as_of: str | None = None) -> list[Answered]:
    """All that searches for the queries find. Scores are left out: BM25 counts removed passages until it merges."""
    with library.snapshot() as snapshot:
        scope = Scope(as_of=as_of)
        found = [retrieve(snapshot, read_query(text, scope, snapshot, embedder), 10) for text in QUERIES]
    return [[(hit.article_id, hit.passage_id, hit.text) for hit in hits] for hits in found]


def fill(folder: Path) -> list[Answered]:
    with opened(folder) as library:
        shelve(library, EMBEDDER, *ARTICLES)
        shelve(library, EMBEDDER, replace(ARTICLES[0], title="Otter bridge opens"))
        return answers(library)


def shelf_of(library: Library) -> Shelf:
    assert library.live
    return library._shelves.of(library.live)


def wanted(library: Library) -> dict[Era, set[str]]:
    assert library.live
    with library._catalog.reading() as connection:
        return inventory.passage_ids(connection, library.live.key)


def assert_in_step(library: Library, *, live: int, past: int) -> None:
    """Both projections hold just what the catalog says, era by era."""
    expected = wanted(library)
    assert {era: len(ids) for era, ids in expected.items()} == {Era.LIVE: live, Era.PAST: past}
    for projection in shelf_of(library).projections:
        assert {era: projection.ids(era) for era in Era} == expected


def file_names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
