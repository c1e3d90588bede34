"""Files that were not written to are not read again, and nothing comes out otherwise than if they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.conftest import Ingesting, counts, write


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the article files that are read, in order."""
    names: list[str] = []
    read_bytes = Path.read_bytes

    def heard(path: Path) -> bytes:
        names.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", heard)
    return names


def test_only_what_was_written_to_is_read_again(ingesting: Ingesting, wire: Path, opened: list[str]) -> None:
    ingesting.run(wire)
    assert sorted(opened) == [f"{number}.json" for number in range(10)]
    opened.clear()
    write(wire / "3.json", id="w3", text="Otters number 3!")  # as long as before
    report = ingesting.run(wire)
    assert (counts(report), opened) == ((0, 1, 9, 0), ["3.json"])


def test_a_file_that_could_not_be_read_is_named_each_time(ingesting: Ingesting, wire: Path) -> None:
    (wire / "bad.json").write_text("{")
    first, second = ingesting.run(wire), ingesting.run(wire)
    assert first.failed
    assert [str(each) for each in first.failed] == [str(each) for each in second.failed]


def test_a_removed_article_comes_back_with_the_next_run(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    ingesting.library.remove(["w3"])
    assert counts(ingesting.run(wire)) == (1, 0, 9, 0)


def test_an_article_in_two_files_falls_back_to_the_other_when_one_goes(ingesting: Ingesting, wire: Path) -> None:
    write(wire / "newer.json", id="w3", text="Otters rest.", published="2024-05-01")
    ingesting.run(wire)
    assert ingesting.texts("w3") == ["Otters number 3.", "Otters rest."]
    (wire / "newer.json").unlink()
    assert counts(ingesting.run(wire, prune=True)) == (0, 1, 9, 0)
    assert ingesting.texts("w3") == ["Otters number 3.", "Otters rest.", "Otters number 3."]


def test_an_article_that_moved_to_another_file_stays(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    (wire / "3.json").rename(wire / "moved.json")
    assert counts(ingesting.run(wire, prune=True)) == (0, 0, 10, 0)
    assert counts(ingesting.run(wire, prune=True)) == (0, 0, 10, 0)


def test_the_same_folder_under_another_root_is_read(ingesting: Ingesting, wire: Path, opened: list[str]) -> None:
    ingesting.run(wire)
    opened.clear()
    assert counts(ingesting.run(wire / "3.json")) == (0, 0, 1, 0)
    assert opened == []  # its folder is the root it was read below
    assert counts(ingesting.run(wire.parent)) == (0, 0, 10, 0)
    assert len(opened) == 10
