from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.domain import Damage, Verdict
from rag.errors import StorageError
from rag.library.library import Library
from rag.library.projections import Era
from rag.library.schema import RESTORE
from rag.library.seal import SEAL
from rag.library.verification import AGAIN, EXCHANGED, REBUILD
from tests.rag.library.filled import ARTICLES, EMBEDDER, fill, opened, shelf_of
from tests.shelving import make_article, shelve


def verdict_of(folder: Path) -> Verdict:
    with opened(folder) as library:
        return library.verify(lambda *_step: None)


def digest_after(folder: Path, *steps: tuple[str, ...] | object) -> str:
    with opened(folder) as library:
        for step in steps:
            shelve(library, EMBEDDER, step)  # type: ignore[arg-type] # articles all
        return library.verify(lambda *_step: None).digest


def execute(folder: Path, statement: str) -> None:
    """Harm the catalog behind the library's back, as decay would: the seal no longer fits either."""
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_sound_library_has_no_damage(tmp_path: Path) -> None:
    fill(tmp_path)
    heard: list[tuple[str, int, int | None]] = []
    with opened(tmp_path) as library:
        verdict = library.verify(lambda *step: heard.append(step))
    assert verdict.is_sound
    assert (verdict.articles, verdict.revisions, verdict.passages, verdict.damages) == (3, 4, 5, ())
    assert heard == [("verifying", number, 4) for number in range(1, 5)]


def test_the_digest_is_that_of_the_live_state_however_it_came_to_be(tmp_path: Path) -> None:
    changed = replace(ARTICLES[0], title="Otter bridge opens")
    straight = digest_after(tmp_path / "a", changed, *ARTICLES[1:])
    assert digest_after(tmp_path / "b", *ARTICLES[::-1], changed) == straight
    assert digest_after(tmp_path / "c", *ARTICLES) != straight
    assert digest_after(tmp_path / "d", changed, ARTICLES[1]) != straight


def test_what_a_projection_lacks_or_has_too_much_is_told(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library:
        shelf = shelf_of(library)
        (gone,) = list(shelf.vectors.ids(Era.LIVE))[:1]
        shelf.vectors.remove([gone], Era.LIVE)
        shelf.keywords.remove(list(shelf.keywords.ids(Era.PAST)), Era.PAST)
        assert library.verify(lambda *_step: None).damages == (
            Damage("vectors", "of the live passages 1 are missing and 0 are too many", REBUILD),
            Damage("keywords", "of the past passages 2 are missing and 0 are too many", REBUILD),
        )
        library.rebuild(lambda *_step: None)
        assert library.verify(lambda *_step: None).is_sound


OTTER = "revision 2 of article 'otter'"


@pytest.mark.parametrize(
    ("statement", "damage"),
    [
        (
            "UPDATE revisions SET text = replace(text, 'wood', 'gold') WHERE number = 2",
            Damage("catalog", f"{OTTER} is not the one that was committed", AGAIN),
        ),
        (
            "UPDATE revisions SET sections = '[[1]]' WHERE number = 2",
            Damage("catalog", f"{OTTER} is not the one that was committed", AGAIN),
        ),
        (
            "UPDATE passages SET start = start + 1 WHERE revision = 4",
            Damage("catalog", f"a passage of {OTTER} is not the one that was committed", AGAIN),
        ),
        (
            "UPDATE vectors SET vector = zeroblob(length(vector)) WHERE pk < 3",
            Damage("catalog", "2 vectors are not those that were committed", RESTORE),
        ),
        (
            "UPDATE passages SET vector = 99 WHERE revision = 4",
            Damage("catalog", "2 rows point to rows that are not there", RESTORE),
        ),
    ],
)
def test_a_catalog_that_was_harmed_is_refused_naming_what_is_wrong(
    tmp_path: Path, statement: str, damage: Damage
) -> None:
    fill(tmp_path)
    execute(tmp_path, statement)
    with pytest.raises(StorageError) as failure:
        verdict_of(tmp_path)
    assert str(failure.value) == f"{tmp_path / 'catalog.sqlite'}: {damage.problem}. {RESTORE}"
    (tmp_path / SEAL).unlink()  # after a crash nobody can tell whether the file was harmed, so it is not read whole
    assert damage in verdict_of(tmp_path).damages


def test_a_catalog_that_another_program_rewrote_unharmed_is_taken(tmp_path: Path) -> None:
    fill(tmp_path)
    execute(tmp_path, "VACUUM")
    assert verdict_of(tmp_path).is_sound


@pytest.mark.parametrize("name", ["catalog.sqlite", SEAL])
def test_catalog_and_seal_of_different_libraries_are_refused(tmp_path: Path, name: str) -> None:
    fill(tmp_path / "ours")
    fill(tmp_path / "theirs")
    (tmp_path / "ours" / name).write_bytes((tmp_path / "theirs" / name).read_bytes())
    path = tmp_path / "ours" / "catalog.sqlite"
    with pytest.raises(StorageError) as failure:
        verdict_of(tmp_path / "ours")
    assert str(failure.value) == f"{path}: is not of the library that seal.json beside it is of. {EXCHANGED}"


@pytest.mark.parametrize("is_emptied", [True, False])
@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_catalog_that_is_gone_is_not_taken_for_a_new_one(
    tmp_path: Path, *, is_emptied: bool, is_sealed: bool
) -> None:
    fill(tmp_path)
    path = tmp_path / "catalog.sqlite"
    if is_emptied:
        path.write_bytes(b"")
    else:
        path.unlink()
    if not is_sealed:
        (tmp_path / SEAL).unlink()
    with pytest.raises(StorageError) as failure:
        verdict_of(tmp_path)
    assert str(failure.value) == f"{path}: is gone or empty, though the library was filled. {RESTORE}"


def test_harmed_words_are_never_quoted(tmp_path: Path) -> None:
    fill(tmp_path)
    with opened(tmp_path) as library:
        harm(library)
        with library.snapshot() as snapshot, pytest.raises(StorageError) as failure:
            snapshot.text("otter", 2)
    assert failure.value.problem == "the text of revision 2 of 'otter' is not the one that was committed"


def harm(library: Library) -> None:
    with library._catalog.writing() as connection:
        connection.exec_driver_sql("UPDATE revisions SET text = replace(text, 'wood', 'gold') WHERE number = 2")


def test_the_same_words_twice_in_an_article_are_sound(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelve(library, EMBEDDER, make_article("otter", "Otters rest.", "Otters rest.", "Otters build."))
        assert library.verify(lambda *_step: None).is_sound
