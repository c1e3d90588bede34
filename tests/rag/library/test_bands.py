from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from rag.domain import Article, Encoding, Kind
from rag.library import encodings, filing
from rag.library.bands import FACT, REVISIONS_A_PAGE, are_complete, make_anew, pack, show, unpack
from rag.library.catalog import Catalog
from rag.library.filing import Revised
from rag.library.library import Library
from rag.library.tables import articles, bands, facts, revisions
from rag.likeness.shingles import VERSION, band_keys
from tests.embedders import HashEmbedder
from tests.rag.library.filled import EMBEDDER, opened
from tests.rag.library.test_schema import unpacked
from tests.rag.likeness.stories import OTTERS, STORY, TAIL, replaced
from tests.shelving import make_article, open_for, shelve

WIRE = make_article("wire", STORY, published="2024-05-04")
COPY = make_article("copy", f"KOCHI (AP) - {STORY}")
OTHER = make_article("other", f"{OTTERS} {TAIL}", (Kind.ANALYSIS, "Why It Matters", STORY))
THIN = make_article("thin", (Kind.ANALYSIS, "Why It Matters", STORY))
SHORT = make_article("short", "Otters build.")
REVISED = replace(WIRE, text=replaced(("1,200", "1,300")), published="2024-05-05")


def filed(library: Library) -> set[tuple[str, int]]:
    """Each key with the id of the article that is found by it."""
    return filed_in(library._catalog)


def filed_in(catalog: Catalog) -> set[tuple[str, int]]:
    with catalog.reading() as connection:
        query = select(articles.c.id, bands.c.key).select_from(bands)
        rows = connection.execute(query.join(articles, bands.c.article == articles.c.pk, isouter=True)).all()
    assert len({tuple(row) for row in rows}) == len(rows)
    return {(row.id, row.key) for row in rows}


def keys_of(*stated: Article) -> set[tuple[str, int]]:
    return {(article.id, key) for article in stated for key in band_keys(article.reported)}


def test_keys_are_packed_each_once_and_unpacked_in_order() -> None:
    assert unpack(pack([7, -(2**31), 2**31 - 1, 7])) == [-(2**31), 7, 2**31 - 1]
    assert (pack([]), unpack(b""), unpack(None)) == (b"", [], [])
    assert len(pack(band_keys(STORY))) == 16 * 4


def test_live_articles_are_found_by_the_keys_of_their_reported_text(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, WIRE, COPY, OTHER, THIN, SHORT)
        found = filed(library)
        assert found == keys_of(WIRE, COPY, OTHER)
        assert {id_ for id_, _ in found} == {"wire", "copy", "other"}
        assert keys_of(OTHER) == {("other", key) for key in band_keys(f"{OTTERS} {TAIL}")}


def test_a_new_revision_replaces_the_keys_of_the_one_before(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, WIRE, COPY)
        shelve(library, EMBEDDER, REVISED)
        assert filed(library) == keys_of(REVISED, COPY) != keys_of(WIRE, COPY)
        shelve(library, EMBEDDER, replace(THIN, id="wire"))
        assert filed(library) == keys_of(COPY)


def test_of_two_states_in_one_commit_the_later_is_found(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, WIRE, REVISED)
        assert filed(library) == keys_of(REVISED)


def test_a_removed_article_leaves_no_keys(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, WIRE, COPY, OTHER)
        shelve(library, EMBEDDER, REVISED)
        library.remove(["wire", "other"])
        assert filed(library) == keys_of(COPY)


@pytest.mark.parametrize("order", list(permutations([WIRE, COPY, OTHER])))
def test_the_order_in_which_articles_come_and_go_makes_no_difference(
    tmp_path: Path, order: tuple[Article, ...]
) -> None:
    with opened(tmp_path) as library:
        for article in order:
            shelve(library, EMBEDDER, REVISED if article is WIRE else article)
        library.remove([order[0].id])
        shelve(library, EMBEDDER, WIRE, order[0])
        assert filed(library) == keys_of(WIRE, COPY, OTHER)


def forget(library: Library) -> None:
    """Leave the library as the migration leaves one: without keys, and without the fact."""
    with library._catalog.writing() as connection:
        connection.execute(delete(bands))
        connection.execute(update(revisions).values(bands=None))
        connection.execute(delete(facts).where(facts.c.name == FACT))


def break_off(library: Library) -> None:
    """Leave it as when making the keys ended in the middle."""
    forget(library)
    with library._catalog.writing() as connection:
        show(connection, 1, pack(band_keys(STORY)))


def make_otherwise(library: Library) -> None:
    """Leave it as a version that makes keys in another way."""
    with library._catalog.writing() as connection:
        connection.execute(update(bands).values(key=bands.c.key // 2))
        connection.execute(update(revisions).values(bands=pack([1, 2, 3])))
        connection.execute(update(facts).where(facts.c.name == FACT).values(value="0"))


@pytest.mark.parametrize("harm", [forget, break_off, make_otherwise])
def test_what_keys_a_library_lacks_it_gets_at_its_next_commit(tmp_path: Path, harm: Callable[[Library], None]) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, WIRE, OTHER)
        shelve(library, EMBEDDER, REVISED)
        harm(library)
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, COPY)
        assert filed(library) == keys_of(REVISED, OTHER, COPY)
        with library.snapshot() as snapshot:
            assert library._catalog.fact(FACT) == VERSION
            assert snapshot.record("wire").revision == 2
        with library._catalog.reading() as connection:
            held = connection.execute(select(revisions.c.bands).order_by(revisions.c.pk)).scalars().all()
        assert held == [pack(band_keys(each.reported)) for each in (WIRE, OTHER, REVISED, COPY)]


@pytest.mark.parametrize("harm", [forget, break_off, make_otherwise])
def test_an_article_can_be_removed_before_the_keys_are_made(tmp_path: Path, harm: Callable[[Library], None]) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, WIRE, OTHER)
        harm(library)
        assert library.remove(["wire"]).removed == ("wire",)
        shelve(library, EMBEDDER, COPY)
        assert filed(library) == keys_of(OTHER, COPY)


def test_a_former_library_gets_its_keys_at_its_next_commit(tmp_path: Path) -> None:
    embedder = HashEmbedder(dimensions=16)
    with closing(open_for(embedder, unpacked("0001", tmp_path))) as library:
        assert not are_complete(library._catalog)
        shelve(library, embedder, WIRE)
        assert are_complete(library._catalog)
        assert filed(library) == keys_of(WIRE)  # its own articles are too short to have any
        with library._catalog.reading() as connection:
            held = connection.execute(select(revisions.c.bands).order_by(revisions.c.pk)).scalars().all()
        assert held == [b"", b"", b"", pack(band_keys(STORY))]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "catalog.sqlite")) as made:
        with made.writing() as connection:
            encodings.make_live(connection, encodings.register(connection, Encoding("m", "m@1", 40)).key)
        yield made


def test_keys_are_made_page_by_page(catalog: Catalog) -> None:
    stated = [replace(WIRE, id=f"wire/{number}") for number in (1, 2)]
    fillers = [make_article(f"short/{number}", "Otters build.") for number in range(REVISIONS_A_PAGE)]
    with catalog.writing() as connection:
        for article in (stated[0], *fillers, stated[1]):
            filing.make_live(connection, Revised(article, ()), 1, {}, ())
    make_anew(catalog)
    assert filed_in(catalog) == keys_of(*stated)
