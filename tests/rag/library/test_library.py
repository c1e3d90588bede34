from __future__ import annotations

import os
import shutil
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.chunking import Chunker
from rag.domain import Encoding, Passage
from rag.errors import LibraryInUse, SettingsError, StorageError
from rag.library.filing import Revised
from rag.library.library import Library, open_library
from rag.library.owner import read_owner
from rag.library.projections import Entry, Era, VectorProjection
from rag.library.shelf import KEYWORDS
from rag.library.snapshot import Scope
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import retrieve
from tests.rag.library.filled import (
    ARTICLES,
    EMBEDDER,
    STRAY,
    answers,
    assert_in_step,
    file_names,
    fill,
    opened,
    shelf_of,
)
from tests.shelving import make_article, open_for, shelve


class Broken:
    """Vectors on a disk that is full: Chroma writes even when it is only read."""

    def __init__(self, vectors: VectorProjection) -> None:
        self.vectors, self.remove, self.ids = vectors.vectors, vectors.remove, vectors.ids
        self.count, self.close = vectors.count, vectors.close

    def add(self, _entries: object, _era: Era) -> None:
        raise StorageError("vectors", "no space left", "Make room")

    def search(self, _vector: object, _limit: int, *, past: bool) -> list[tuple[str, float]]:
        raise StorageError("vectors", f"no space left (past: {past})", "Make room")


@pytest.mark.parametrize("gone", [("vectors",), (KEYWORDS,), ("vectors", KEYWORDS)])
def test_a_deleted_projection_is_rebuilt_without_embedding_and_answers_as_before(
    tmp_path: Path, gone: tuple[str, ...]
) -> None:
    before = fill(tmp_path)
    assert [hits[0][0] for hits in before] == ["otter", "tanuki", "貉/1"]
    for name in gone:
        shutil.rmtree(tmp_path / "projections" / "1.1" / name)
    embedded = len(EMBEDDER.given)
    with opened(tmp_path) as library:
        assert_in_step(library, live=5, past=2)
        assert len(EMBEDDER.given) == embedded
        assert answers(library) == before


def test_a_rebuilt_vector_is_the_one_that_was_committed(tmp_path: Path) -> None:
    fill(tmp_path)
    (vector,) = EMBEDDER.embed(["wood"])
    with opened(tmp_path) as library, library.snapshot() as snapshot:
        before = snapshot.near(vector, 10, past=True)
    shutil.rmtree(tmp_path / "projections")
    with opened(tmp_path) as library, library.snapshot() as snapshot:
        after = snapshot.near(vector, 10, past=True)
    assert [id_ for id_, _ in after] == [id_ for id_, _ in before]
    assert [score for _, score in after] == pytest.approx([score for _, score in before], abs=1e-6)


def test_leftovers_of_a_crash_are_never_seen_and_swept_at_the_next_opening(tmp_path: Path) -> None:
    before = fill(tmp_path)
    with opened(tmp_path) as library:
        (vector,) = EMBEDDER.embed(["bridge of wood"])
        shelf_of(library).add([Entry(STRAY, "", "bridge of wood", vector)], Era.LIVE)
        shelf_of(library).remove([before[0][0][1]], Era.PAST)
        assert answers(library) == before
        library._is_in_step = False  # as when the process ends in the middle of a commit
    assert "seal.json" not in file_names(tmp_path)
    with opened(tmp_path) as library:
        assert_in_step(library, live=5, past=2)
        assert answers(library) == before
    assert "seal.json" in file_names(tmp_path)


def test_a_commit_that_fails_in_a_projection_changes_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    """The failed projections are never touched again: after a full disk Chroma may not return from a call."""
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, *ARTICLES)
        before = answers(library)
        shelf = shelf_of(library)
        shelf.vectors = Broken(shelf.vectors)
        changed = replace(ARTICLES[0], title="Otter bridge opens")
        with pytest.raises(StorageError):
            shelve(library, EMBEDDER, changed)
        assert answers(library) == before  # from the catalog alone
        assert [damage.part for damage in library.verify(lambda *_step: None).damages] == ["projections"]
        shelve(library, EMBEDDER, changed)
        assert_in_step(library, live=5, past=2)
        assert shelf_of(library) is not shelf
        assert library.verify(lambda *_step: None).is_sound
    assert file_names(tmp_path / "projections") == {"1.2"}


def test_a_seal_that_cannot_be_written_is_said_and_costs_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = fill(tmp_path)
    (tmp_path / "seal.json.partial").mkdir()
    with opened(tmp_path) as library:
        library.note_ingest()
    (said,) = (record.getMessage() for record in caplog.records)
    assert said.startswith(f"{tmp_path} could not be sealed ([Errno 21] Is a directory: ")
    assert "seal.json" not in file_names(tmp_path)
    (tmp_path / "seal.json.partial").rmdir()
    with opened(tmp_path) as library:
        assert answers(library) == before


def test_a_library_whose_projections_failed_is_not_sealed(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, *ARTICLES)
        shelf_of(library).vectors = Broken(shelf_of(library).vectors)
        with pytest.raises(StorageError):
            shelve(library, EMBEDDER, replace(ARTICLES[0], title="Otter bridge opens"))
    assert "seal.json" not in file_names(tmp_path)
    with opened(tmp_path) as library:
        assert_in_step(library, live=5, past=0)


def test_a_library_of_another_model_is_refused_and_given_back(tmp_path: Path) -> None:
    before = fill(tmp_path)
    with pytest.raises(SettingsError) as failure:
        open_library(tmp_path, Encoding("other", "another@2", 160), "test")
    assert str(failure.value) == (
        "BYLINE_EMBEDDING_MODEL: the library holds vectors of hash@1, not of another@2. "
        "Leave it unset, or switch this library with: byline rebuild --model other"
    )
    with opened(tmp_path) as library:
        assert answers(library) == before


def test_a_model_that_moved_keeps_its_library(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(open_library(tmp_path, Encoding("/new/place", EMBEDDER.identity, 99), "test")) as library:
        assert library.live
        assert library.live.encoding == Encoding("/new/place", EMBEDDER.identity, 160)


def test_an_open_library_is_not_opened_twice(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(LibraryInUse, match=r"byline test \(process \d+\)"):
        open_for(EMBEDDER, tmp_path)


def test_a_library_announces_where_it_takes_work_and_what_it_does(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        owner = library.announce("http://127.0.0.1:9")
        assert read_owner(tmp_path) == owner
        assert (owner.pid, owner.command, owner.url) == (os.getpid(), "test", "http://127.0.0.1:9")
        library.report("embedding 3 of 9 articles")
        assert read_owner(tmp_path) == replace(owner, progress="embedding 3 of 9 articles")
    assert read_owner(tmp_path) is None


def test_a_removed_article_leaves_nothing_in_the_projections(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library:
        removed = library.remove(["otter", "nobody", "貉/1"])
        assert (removed.removed, removed.unknown) == (("otter", "貉/1"), ("nobody",))
        assert [[row[0] for row in rows] for rows in answers(library)] == [["tanuki"] * 2] * 3
        assert_in_step(library, live=2, past=0)


OTTER_1 = make_article("otter", "Otters rest.", "The pond is old.", published="2024-01-01")
OTTER_2 = make_article("otter", "Otters build.", "The pond is old.", published="2024-01-01", updated="2024-02-01")
OTTER_3 = make_article("otter", "Otters sleep.", "The pond is old.", published="2024-01-01", updated="2024-03-01")


def otters(library: Library, as_of: str | None = None) -> list[str]:
    with library.snapshot() as snapshot:
        hits = retrieve(snapshot, read_query("otters", Scope(as_of=as_of), snapshot, EMBEDDER), 10)
    return sorted(hit.text for hit in hits)


def test_passages_of_an_older_revision_are_found_as_of_its_days_and_never_else(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        for article in (OTTER_1, OTTER_2):
            shelve(library, EMBEDDER, article)
        assert_in_step(library, live=2, past=1)
        assert otters(library) == ["Otters build.", "The pond is old."]
        assert otters(library, "2024-01-31") == ["Otters rest.", "The pond is old."]
        assert otters(library, "2024-02-01") == ["Otters build.", "The pond is old."]
        with library.snapshot() as snapshot:
            assert (snapshot.passage_count(), snapshot.document_frequency("otter")) == (2, 1)


def test_a_text_that_comes_back_is_live_again_without_embedding(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        for article in (OTTER_1, OTTER_2):
            shelve(library, EMBEDDER, article)
        embedded = len(EMBEDDER.given)
        shelve(library, EMBEDDER, replace(OTTER_1, updated="2024-04-01"))
        assert len(EMBEDDER.given) == embedded
        assert_in_step(library, live=2, past=1)
        assert otters(library) == ["Otters rest.", "The pond is old."]
        assert otters(library, "2024-02-15") == ["Otters build.", "The pond is old."]


def test_two_states_in_one_commit_leave_the_first_to_the_past(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, OTTER_1, OTTER_2, OTTER_3)
        assert_in_step(library, live=2, past=2)
        assert otters(library, "2024-02-15") == ["Otters build.", "The pond is old."]


@pytest.mark.parametrize(("keep", "numbers", "past"), [(0, [3], 0), (1, [2, 3], 1), (9, [1, 2, 3], 2)])
def test_only_so_many_superseded_revisions_are_kept(tmp_path: Path, keep: int, numbers: list[int], past: int) -> None:
    chunker = Chunker(EMBEDDER.count_tokens, max_tokens=64, passage_tokens=40)
    with opened(tmp_path) as library:
        for article in (OTTER_1, OTTER_2, OTTER_3):
            chunked = chunker.chunk_article(article)
            library.commit([Revised(article, chunked)], vectors_of(library, chunked), keep=keep)
        assert_in_step(library, live=2, past=past)
        with library.snapshot() as snapshot:
            assert [each.number for each in snapshot.record("otter").revisions] == numbers


def vectors_of(
    library: Library, passages: tuple[Passage, ...]
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    texts = {passage.id: passage.indexed_text for passage in passages}
    fresh = sorted(library.unembedded(set(texts)))
    return dict(zip(fresh, EMBEDDER.embed([texts[id_] for id_ in fresh]), strict=True))


def test_a_reader_of_the_state_before_still_finds_what_a_commit_supersedes(tmp_path: Path) -> None:
    """Were the old passages taken out at once, such a reader would find neither state of the article."""
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, OTTER_1)
        with library.snapshot() as snapshot:
            writer = threading.Thread(target=shelve, args=(library, EMBEDDER, OTTER_2))
            writer.start()
            while otters(library) != ["Otters build.", "The pond is old."]:
                pass
            hits = retrieve(snapshot, read_query("otters", Scope(), snapshot, EMBEDDER), 10)
            assert [(hit.text, hit.revision) for hit in hits] == [("Otters rest.", 1), ("The pond is old.", 1)]
            assert writer.is_alive()
        writer.join()
        assert_in_step(library, live=2, past=1)


def test_when_the_vectors_cannot_be_searched_the_catalog_is(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library:
        before = answers(library)
        shelf_of(library).vectors = Broken(shelf_of(library).vectors)
        assert answers(library) == before
        assert shelf_of(library).is_failed


def test_unembedded_are_the_passages_without_a_vector(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        passages = shelve(library, EMBEDDER, ARTICLES[0])
        assert library.unembedded({passage.id for passage in passages} | {STRAY}) == {STRAY}


def test_document_frequency_counts_passages_of_a_term(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, *ARTICLES)
        with library.snapshot() as snapshot:
            assert snapshot.passage_count() == 5
            terms = snapshot.analyse("wooden bridges of wood")
            assert [snapshot.document_frequency(term) for term in terms] == [0, 3, 2]


def test_an_empty_library_is_searched_without_a_fault(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        assert answers(library) == [[], [], []]
        assert library.rebuild(lambda *_step: None).passages == 0
        assert library.remove(["nobody"]).unknown == ("nobody",)


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
            ids, matrix = snapshot.scoped_vectors(Scope())
            ((id_, score),) = snapshot.near(matrix[0], 1, past=False)
        assert ids == [passage.id]
        assert np.array_equal(matrix[0], vector.astype(np.float16).astype(np.float32))
        assert id_ == passage.id
        assert score == pytest.approx(1.0, abs=2e-3)


def test_reading_what_the_catalog_knows_leaves_every_file_as_it_is(tmp_path: Path) -> None:
    fill(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != "owner.lock"}
    with opened(tmp_path) as library:
        assert library.statistics().articles == 3
        assert set(library.known([article.id for article in ARTICLES])) == {"otter", "tanuki", "貉/1"}
    assert {path: path.read_bytes() for path in before} == before


def test_an_article_is_never_committed_in_half(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, ARTICLES[0])
        again = Revised(ARTICLES[0], (), number=1)  # SQLite refuses the row
        with pytest.raises(StorageError, match=r"UNIQUE constraint failed: revisions\.article, revisions\.number"):
            library.commit([Revised(ARTICLES[2], ()), again], {})
        assert set(library.known(["otter", "tanuki", "貉/1"])) == {"otter"}
