from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest.chunking import Chunker
from rag.domain import Encoding, Kind
from rag.library import inventory
from rag.library.filing import Revised
from rag.library.library import Library
from rag.library.projections import Era
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()
KEY = 1
CHUNKER = Chunker(EMBEDDER.count_tokens, max_tokens=64, passage_tokens=160)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        yield library


def test_entries_carry_headline_and_heading_words_and_the_rounded_vector(library: Library) -> None:
    article = make_article(
        "貉", "😀 e\u0301 貉はいた。", (Kind.BACKGROUND, "Context", "Tanuki 😀 return."), title="Pond"
    )
    first, second = shelve(library, EMBEDDER, article)
    with library._catalog.reading() as connection:
        (entries,) = inventory.entries(connection, [first.id, second.id, "0" * 16], KEY)
        assert list(inventory.entries(connection, [first.id], 9)) == [[]]
    found = {entry.passage_id: entry for entry in entries}
    assert {id_: (entry.prefix, entry.text) for id_, entry in found.items()} == {
        first.id: ("Pond", "😀 e\u0301 貉はいた。"),
        second.id: ("Pond\nContext", "Tanuki 😀 return."),
    }
    (vector,) = EMBEDDER.embed([second.indexed_text])
    assert np.array_equal(found[second.id].vector, vector.astype(np.float16).astype(np.float32))


def test_a_prefix_that_was_cut_is_cut_again(library: Library) -> None:
    (passage,) = shelve(library, EMBEDDER, make_article("otter", "Otters rest.", title="Otters " * 40))
    assert passage.prefix != ("Otters " * 40).strip()
    with library._catalog.reading() as connection:
        ((entry,),) = inventory.entries(connection, [passage.id], KEY)
    assert entry.prefix == passage.prefix


def test_moves_name_what_becomes_live_and_what_no_longer_is(library: Library) -> None:
    first = make_article("otter", "Otters rest.", "The pond is old.")
    second = make_article("otter", "Otters build.", "The pond is old.")
    third = make_article("otter", "Otters sleep.", "The pond is old.")
    rest, pond = shelve(library, EMBEDDER, first)
    revised = [Revised(each, CHUNKER.chunk_article(each)) for each in (second, third)]
    with library._catalog.reading() as connection:
        moves = inventory.moves(connection, revised, KEY)
    build, sleep = (each.passages[0] for each in revised)
    assert moves.arriving == {sleep.id}
    assert moves.leaving == {rest.id, build.id}
    assert pond.id not in moves.arriving | moves.leaving


def test_what_is_filed_beside_the_live_revision_moves_nothing_but_itself(library: Library) -> None:
    shelve(library, EMBEDDER, make_article("otter", "Otters rest.", "The pond is old."))
    older = make_article("otter", "Otters build.", "The pond is old.")
    beside = Revised(older, CHUNKER.chunk_article(older), number=7, seen="2024-05-01", is_live=False)
    with library._catalog.reading() as connection:
        moves = inventory.moves(connection, [beside], KEY)
    assert moves == inventory.Moves(frozenset(), frozenset({beside.passages[0].id}))


def test_a_passage_that_a_live_and_an_old_revision_hold_is_live(library: Library) -> None:
    rest, pond = shelve(library, EMBEDDER, make_article("otter", "Otters rest.", "The pond is old."))
    build, _ = shelve(library, EMBEDDER, make_article("otter", "Otters build.", "The pond is old."))
    with library._catalog.reading() as connection:
        assert inventory.passage_ids(connection, KEY) == {Era.LIVE: {build.id, pond.id}, Era.PAST: {rest.id}}


def test_a_sample_holds_live_passages_only_and_not_more_than_there_are(library: Library) -> None:
    shelve(library, EMBEDDER, make_article("otter", "Otters rest."))
    live = {passage.id for passage in shelve(library, EMBEDDER, make_article("otter", "Otters build.", "They sleep."))}
    with library._catalog.reading() as connection:
        assert {entry.passage_id for entry in inventory.sample(connection, KEY, 8)} == live
        assert inventory.sample(connection, 9, 8) == []


def test_unchunked_are_the_revisions_an_encoding_lacks_live_ones_first(library: Library) -> None:
    shelve(library, EMBEDDER, make_article("otter", "Otters rest."))
    shelve(library, EMBEDDER, make_article("otter", "Otters build."), make_article("kappa", "Kappa trade."))
    other = library.prepare(Encoding("other", "other@1", 40))
    found = other.unchunked(10)
    assert [(each.article.id, each.article.text, each.is_live) for each in found] == [
        ("otter", "Otters build.", True), ("kappa", "Kappa trade.", True), ("otter", "Otters rest.", False),
    ]  # fmt: skip
    assert other.unchunked_count() == 3
    assert [each.article.text for each in other.unchunked(1)] == ["Otters build."]
    assert library.prepare(library.adopted).unchunked(10) == []
