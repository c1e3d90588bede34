"""What an opening finds and mends: damage to files, and what a crash leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.library import inventory
from rag.library.projections import Era
from rag.library.seal import SEAL
from rag.library.shelf import KEYWORDS, VECTORS, wrong_vectors
from tests.rag.library.filled import EMBEDDER, answers, assert_in_step, fill, opened, shelf_of

SHELF = Path("projections") / "1.1"


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)


def zero(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def delete(file: Path) -> None:
    file.unlink()


def largest(folder: Path, pattern: str) -> Path:
    return max(folder.rglob(pattern), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize("harm", [truncate, flip, zero, delete])
@pytest.mark.parametrize(
    ("name", "pattern"),
    [(VECTORS, "chroma.sqlite3"), ("vectors", "data_level0.bin"), (KEYWORDS, "meta.json"), (KEYWORDS, "*.term")],
)
def test_a_damaged_projection_is_made_anew_and_the_other_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], None], name: str, pattern: str
) -> None:
    before = fill(tmp_path)
    harm(largest(tmp_path / SHELF / name, pattern))
    embedded = len(EMBEDDER.given)
    with opened(tmp_path) as library:
        assert answers(library) == before
        assert_in_step(library, live=5, past=2)
    assert len(EMBEDDER.given) == embedded + 3  # the queries
    assert caplog.messages == [f"{tmp_path / SHELF / name} is damaged; it is made anew from the catalog"]


@pytest.mark.parametrize("harm", [truncate, zero])
@pytest.mark.parametrize(("name", "pattern"), [(VECTORS, "chroma.sqlite3"), (KEYWORDS, "meta.json")])
def test_damage_is_found_after_a_crash_too_by_another_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], None], name: str, pattern: str
) -> None:
    before = fill(tmp_path)
    (tmp_path / SEAL).unlink()
    harm(largest(tmp_path / SHELF / name, pattern))
    with opened(tmp_path) as library:
        assert answers(library) == before
        assert_in_step(library, live=5, past=2)
    assert caplog.messages == [f"{tmp_path / SHELF / name} is damaged; it is made anew from the catalog"]


def test_a_crash_alone_damages_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = fill(tmp_path)
    (tmp_path / SEAL).unlink()
    with opened(tmp_path) as library:
        assert answers(library) == before
    assert caplog.messages == []


def test_vectors_that_are_not_the_catalogs_are_told(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library:
        shelf = shelf_of(library)
        with library._catalog.reading() as connection:
            canaries = inventory.sample(connection, 1, 3)
        assert wrong_vectors(shelf.vectors, canaries, Era.LIVE) == []
        assert wrong_vectors(shelf.vectors, canaries, Era.PAST) == [canary.passage_id for canary in canaries]


def test_an_older_catalog_put_back_gets_its_projections_back(tmp_path: Path) -> None:
    before = fill(tmp_path)
    kept = (tmp_path / "catalog.sqlite").read_bytes()
    with opened(tmp_path) as library:
        library.remove(["otter"])
    (tmp_path / "catalog.sqlite").write_bytes(kept)
    with opened(tmp_path) as library:
        assert answers(library) == before
        assert_in_step(library, live=5, past=2)


def test_a_folder_of_an_earlier_form_is_replaced(tmp_path: Path) -> None:
    before = fill(tmp_path)
    shelf = tmp_path / SHELF
    (shelf / KEYWORDS).rename(shelf / "keywords")
    (shelf / "notes.txt").write_text("not ours")
    with opened(tmp_path) as library:
        assert answers(library) == before
        assert_in_step(library, live=5, past=2)
    assert sorted(path.name for path in shelf.iterdir()) == [KEYWORDS, "notes.txt", VECTORS]
