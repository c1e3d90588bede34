from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.domain import Kind
from rag.errors import LibraryInUse, SettingsError
from rag.library.keywords import TantivyKeywords
from rag.library.library import Library
from rag.library.owner import read_owner
from rag.library.snapshot import Scope
from rag.library.vectors import ChromaVectors
from rag.retrieval.retrieval import read_query, retrieve
from tests.embedders import HashEmbedder
from tests.shelving import make_article, shelve

EMBEDDER = HashEmbedder()
ARTICLES = (
    make_article("otter", "Otters built a bridge of wood.", "The bridge carries no cars.", title="Otter bridge"),
    make_article("tanuki", "Tanuki sell leaves in a shop.", (Kind.BACKGROUND, "Context", "Shops sell wood too.")),
    make_article("貉/1", "The 貉 watched 😀 the bridge.", title="Badger"),
)
QUERIES = ("bridge of wood", "leaves in a shop", "who watched the bridge")
Answered = list[tuple[str, str, str, float]]


@contextmanager
def opened(folder: Path, model: str = EMBEDDER.identity) -> Iterator[Library]:
    with closing(Library(folder, model, "test")) as library:
        yield library


def answers(library: Library) -> list[Answered]:
    """All that searches for the queries give."""
    with library.snapshot() as snapshot:
        found = [retrieve(library, snapshot, read_query(text, Scope(), snapshot, EMBEDDER), 10) for text in QUERIES]
    return [[(hit.article_id, hit.passage_id, hit.text, round(hit.score, 5)) for hit in hits] for hits in found]


def unscored(found: list[Answered]) -> list[list[tuple[str, str, str]]]:
    """BM25 weighs words by what the index ever held, deleted passages too, until it merges."""
    return [[row[:3] for row in rows] for rows in found]


def fill(folder: Path) -> list[Answered]:
    with opened(folder) as library:
        shelve(library, EMBEDDER, *ARTICLES)
        shelve(library, EMBEDDER, replace(ARTICLES[0], title="Otter bridge opens"))
        return answers(library)


def held(folder: Path) -> tuple[set[str], set[str], set[str]]:
    """Passages in catalog, vectors and keywords, once the library was opened and closed again."""
    with opened(folder) as library, library.snapshot():
        wanted = library._catalog.passage_ids()
    with closing(ChromaVectors(folder / "vectors")) as vectors, closing(TantivyKeywords(folder / "keywords")) as words:
        return wanted, vectors.ids(), words.ids()


@pytest.mark.parametrize("gone", [("vectors",), ("keywords",), ("vectors", "keywords")])
def test_a_deleted_projection_is_rebuilt_without_embedding_and_answers_as_before(
    tmp_path: Path, gone: tuple[str, ...]
) -> None:
    before = fill(tmp_path)
    assert [hits[0][0] for hits in before] == ["otter", "tanuki", "貉/1"]
    for name in gone:
        shutil.rmtree(tmp_path / name)
    embedded = len(EMBEDDER.given)
    with opened(tmp_path) as library:
        assert len(EMBEDDER.given) == embedded
        assert answers(library) == before
    wanted, vectors, keywords = held(tmp_path)
    assert vectors == keywords == wanted
    assert len(wanted) == 7


def test_a_rebuilt_vector_is_the_one_that_was_committed(tmp_path: Path) -> None:
    fill(tmp_path)
    (vector,) = EMBEDDER.embed(["wood"])
    with opened(tmp_path) as library:
        before = library.near(vector, 10)
    shutil.rmtree(tmp_path / "vectors")
    with opened(tmp_path) as library:
        assert library.near(vector, 10) == before


def test_leftovers_of_a_crash_between_projections_and_catalog_are_swept(tmp_path: Path) -> None:
    before = fill(tmp_path)
    stray = "00000000000000ff"
    with closing(ChromaVectors(tmp_path / "vectors")) as vectors, closing(TantivyKeywords(tmp_path / "keywords")) as w:
        vectors.add([stray], EMBEDDER.embed(["bridge of wood"]))
        w.add([(stray, "", "bridge of wood")])
    with opened(tmp_path) as library:
        assert unscored(answers(library)) == unscored(before)
    wanted, vectors_held, keywords_held = held(tmp_path)
    assert stray not in wanted
    assert vectors_held == keywords_held == wanted


def test_leftovers_are_never_seen_before_they_are_swept(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library:
        before = answers(library)
        library._vectors.add(["00000000000000ff"], EMBEDDER.embed(["bridge of wood"]))
        library._keywords.add([("00000000000000ff", "", "bridge of wood")])
        assert unscored(answers(library)) == unscored(before)


def test_passages_that_a_projection_lost_are_put_back(tmp_path: Path) -> None:
    before = fill(tmp_path)
    wanted, _, _ = held(tmp_path)
    with closing(ChromaVectors(tmp_path / "vectors")) as vectors, closing(TantivyKeywords(tmp_path / "keywords")) as w:
        vectors.remove(sorted(wanted)[:2])
        w.remove(sorted(wanted)[2:5])
    with opened(tmp_path) as library:
        assert unscored(answers(library)) == unscored(before)
    assert held(tmp_path) == (wanted, wanted, wanted)


def test_a_library_of_another_model_is_refused_and_given_back(tmp_path: Path) -> None:
    before = fill(tmp_path)
    with pytest.raises(SettingsError) as failure:
        Library(tmp_path, "another@2", "test")
    assert str(failure.value) == (
        "BYLINE_EMBEDDING_MODEL: the library holds vectors of hash@1, not of another@2. "
        f"Set it back to the model of this library, or ingest into a new one with --library (not {tmp_path})"
    )
    with opened(tmp_path) as library:
        assert answers(library) == before


def test_an_open_library_is_not_opened_twice(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(LibraryInUse, match=r"byline test \(process \d+\)"):
        Library(tmp_path, EMBEDDER.identity, "test")


def test_a_library_announces_where_it_takes_work(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        owner = library.announce("http://127.0.0.1:9")
        assert read_owner(tmp_path) == owner
        assert (owner.pid, owner.command, owner.url) == (os.getpid(), "test", "http://127.0.0.1:9")
    assert read_owner(tmp_path) is None


def test_a_removed_article_leaves_nothing_in_the_projections(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library:
        library.remove(["otter", "貉/1"])
        assert [[row[0] for row in rows] for rows in answers(library)] == [["tanuki"] * 2] * 3
        assert library.passage_count() == 2
    wanted, vectors, keywords = held(tmp_path)
    assert vectors == keywords == wanted
    assert len(wanted) == 2


def test_passages_of_an_older_revision_stay_for_questions_of_a_day(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        first = make_article("otter", "Otters rest.", published="2024-01-01")
        shelve(library, EMBEDDER, first)
        shelve(library, EMBEDDER, make_article("otter", "Otters build.", published="2024-01-01", updated="2024-02-01"))
        assert library.passage_count() == 2
        assert {id_ for id_, _ in library.matching("otters", 9)} == library._catalog.passage_ids()


def test_unembedded_are_the_passages_without_a_vector(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        passages = shelve(library, EMBEDDER, ARTICLES[0])
        ids = {passage.id for passage in passages}
        assert library.unembedded(ids | {"00000000000000ff"}) == {"00000000000000ff"}


def test_document_frequency_is_that_of_the_rarest_word(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, *ARTICLES)
        assert library.passage_count() == 5
        assert library.document_frequency("bridge") == 3
        assert library.document_frequency("wooden bridge") == 0
        assert library.document_frequency("bridge of wood") == 2
        assert library.document_frequency("the of") == 5


def test_statistics_count_the_bytes_of_the_folder(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, *ARTICLES)
        library.note_ingest()
        statistics = library.statistics()
        size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert (statistics.articles, statistics.passages, statistics.model) == (3, 5, "hash@1")
    assert statistics.bytes == size
    assert statistics.last_ingest


def test_vectors_are_compared_as_the_catalog_keeps_them(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        (passage,) = shelve(library, EMBEDDER, make_article("otter", "Otters rest."))
        (vector,) = EMBEDDER.embed([passage.indexed_text])
        with library.snapshot() as snapshot:
            ids, matrix = snapshot.scoped_vectors(Scope(), EMBEDDER.identity)
        assert ids == [passage.id]
        assert np.array_equal(matrix[0], vector.astype(np.float16).astype(np.float32))
        ((id_, score),) = library.near(matrix[0], 1)
        assert id_ == passage.id
        assert score == pytest.approx(1.0, abs=2e-3)
