from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.engine import ARTICLES_A_READ, Engine
from rag.errors import StorageError
from rag.library.history import History, State
from rag.library.library import Library
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()
OTTER = make_article("otter", "Otters rest.", published="2024-05-01", root="/a")
KAPPA = make_article("kappa/1", "Kappa trade.", root="/b")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        yield library


def test_revisions_come_whole_by_article_and_number(library: Library) -> None:
    later = replace(OTTER, title="Otters again", updated="2024-05-02", root="/c")
    shelve(library, EMBEDDER, OTTER, KAPPA)
    shelve(library, EMBEDDER, later)
    kappa, first, second = library.held_revisions("", 10)
    assert [kappa.article, first.article, second.article] == [KAPPA, replace(OTTER, root="/c"), later]
    assert first.state == State(1, OTTER.digest, "2024-05-01", first.state.seen, second.state.seen, is_live=False)
    assert second.state == State(2, later.digest, "2024-05-02", second.state.seen, None, is_live=True)
    assert (library.held_revisions("", 1), library.held_revisions("kappa/1", 10)) == ([kappa], [first, second])
    assert library.revision_count() == 3


def test_a_history_is_the_same_without_the_words(library: Library) -> None:
    shelve(library, EMBEDDER, OTTER, KAPPA)
    shelve(library, EMBEDDER, replace(OTTER, title="Otters again"))
    kappa, first, second = library.held_revisions("", 10)
    assert library.histories(["otter", "kappa/1", "nobody"]) == {
        "otter": History("/a", (first.state, second.state)),
        "kappa/1": History("/b", (kappa.state,)),
    }


def test_an_engine_goes_through_all_articles_in_pages(library: Library) -> None:
    count = 2 * ARTICLES_A_READ + 1
    shelve(library, EMBEDDER, *(make_article(f"a{number:03}", "Otters rest.") for number in range(count)))
    engine = Engine(library, EMBEDDER)
    assert [each.article.id for each in engine.history()] == [f"a{number:03}" for number in range(count)]
    assert [each.article.id for each in engine.history("a098")] == ["a099", "a100"]


def test_a_page_in_the_middle_holds_up_no_commit(library: Library) -> None:
    shelve(library, EMBEDDER, OTTER)
    going = Engine(library, EMBEDDER).history()
    assert next(going).article == OTTER
    shelve(library, EMBEDDER, replace(OTTER, title="Otters again"), make_article("zebra", "A zebra."))
    assert library._is_in_step
    assert [each.article.id for each in going] == ["zebra"]


def test_a_revision_that_cannot_be_read_is_damage(library: Library) -> None:
    shelve(library, EMBEDDER, OTTER)
    with library._catalog.writing() as connection:
        connection.exec_driver_sql("UPDATE revisions SET sections = '[['")
    with pytest.raises(StorageError, match=r"a revision is damaged and cannot be read\. See which article it is with"):
        library.held_revisions("", 10)
