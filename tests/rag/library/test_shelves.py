"""Projections made anew and exchanged, and encodings built beside one another."""

from __future__ import annotations

import threading
from pathlib import Path

from ingest.chunking import Chunker
from rag.domain import Encoding
from rag.library.candidate import Chunked
from rag.library.library import Library
from rag.library.snapshot import Scope
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import retrieve
from tests.embedders import HashEmbedder
from tests.rag.library.filled import (
    ARTICLES,
    EMBEDDER,
    QUERIES,
    answers,
    assert_in_step,
    file_names,
    fill,
    opened,
)
from tests.shelving import make_article, shelve


def test_a_rebuild_takes_new_folders_and_answers_as_before(tmp_path: Path) -> None:
    before = fill(tmp_path)
    heard: list[tuple[str, int, int | None]] = []
    with opened(tmp_path) as library:
        rebuilt = library.rebuild(lambda *step: heard.append(step))
        assert (rebuilt.model, rebuilt.passages, rebuilt.embedded) == ("tests", 7, 0)
        assert answers(library) == before
        assert_in_step(library, live=5, past=2)
        assert file_names(tmp_path / "projections") == {"1.2"}
    assert heard[-1] == ("rebuilding", 7, 7)
    with opened(tmp_path) as library:
        assert answers(library) == before


def test_compacting_gives_space_back(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        for number in range(5):
            crowd = [f"Otters otters otters number {number * 100 + place}. " * 20 for place in range(40)]
            shelve(library, EMBEDDER, make_article("crowd", *crowd))
        library.remove(["crowd"])
        shelve(library, EMBEDDER, *ARTICLES)
        before = answers(library)
        compacted = library.compact(lambda *_step: None)
        assert compacted.after < compacted.before / 2
        assert answers(library) == before
        assert_in_step(library, live=5, past=0)


WIDE = HashEmbedder(identity="wide@1", dimensions=96)


def build(library: Library, embedder: HashEmbedder) -> None:
    """Build another encoding beside the live one and switch to it."""
    chunker = Chunker(embedder.count_tokens, max_tokens=64, passage_tokens=40)
    candidate = library.prepare(Encoding("wide", embedder.identity, 40))
    for each in candidate.unchunked(100):
        chunked = chunker.chunk_article(each.article)
        texts = {passage.id: passage.indexed_text for passage in chunked}
        fresh = sorted(candidate.unembedded(set(texts)))
        vectors = dict(zip(fresh, embedder.embed([texts[id_] for id_ in fresh]), strict=True))
        candidate.store([Chunked(each.revision, chunked)], vectors)
    assert candidate.unchunked_count() == 0
    library.switch(candidate)


def test_another_encoding_is_built_beside_the_live_one_and_switched_to_and_back(tmp_path: Path) -> None:
    before = fill(tmp_path)
    with opened(tmp_path) as library:
        first = library.adopted
        build(library, WIDE)
        assert library.live
        assert library.live.encoding.identity == "wide@1"
        assert [hits[0][0] for hits in answers(library, WIDE)] == ["otter", "tanuki", "貉/1"]
        assert_in_step(library, live=5, past=2)
        assert file_names(tmp_path / "projections") == {"1.1", "2.1"}
    with opened(tmp_path, WIDE) as library:
        assert [hits[0][0] for hits in answers(library, WIDE)] == ["otter", "tanuki", "貉/1"]
        before_wide = library.prepare(first)
        assert before_wide.unchunked_count() == 0
        library.switch(before_wide)
        assert answers(library) == before
    with opened(tmp_path) as library:
        assert answers(library) == before


def test_a_snapshot_keeps_its_encoding_while_another_is_switched_to(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library, library.snapshot() as snapshot:
        switching = threading.Thread(target=build, args=(library, WIDE))
        switching.start()
        while library.live and library.live.encoding.identity != "wide@1":
            pass
        assert snapshot.live
        assert snapshot.live.encoding.identity == EMBEDDER.identity
        hits = retrieve(snapshot, read_query(QUERIES[0], Scope(), snapshot, EMBEDDER), 1)
        assert [hit.article_id for hit in hits] == ["otter"]
        with library.snapshot() as after:
            assert after.live
            assert after.live.encoding.identity == "wide@1"
    switching.join()


def test_compacting_forgets_the_encodings_that_are_not_live(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library:
        build(library, WIDE)
        library.compact(lambda *_step: None)
        assert file_names(tmp_path / "projections") == {"2.2"}
        assert library.verify(lambda *_step: None).damages == ()
