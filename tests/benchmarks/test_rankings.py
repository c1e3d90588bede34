"""Rankings that are made once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.rankings import PEERS, System, rank
from benchmarks.sets import QuestionSet
from benchmarks.tables import SYSTEMS


class Tanuki:
    """A system that counts what it is told to do, and whose index is five bytes."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def system(self, **state: Any) -> System:
        return System(state, self.make, self.ask)

    def make(self, index: Path) -> dict[str, Any]:
        assert list(index.iterdir()) == []
        self.done.append("make")
        (index / "leaves").write_bytes(b"12345")
        return {"passages": 7, "index_peak_bytes": 30}

    def ask(self, index: Path) -> dict[str, Any]:
        self.done.append("ask")
        return {"rankings": {"q": [(index / "leaves").name]}, "asking_peak_bytes": 20}


@pytest.fixture
def found(tmp_path: Path) -> QuestionSet:
    folder = tmp_path / "tanuki news"
    folder.mkdir()
    (folder / "questions.jsonl").write_text("{}\n", encoding="utf-8")
    return QuestionSet(folder, folder / "articles.jsonl", ())


def test_a_finished_ranking_is_taken_up_with_what_it_cost_then(found: QuestionSet, tmp_path: Path) -> None:
    tanuki = Tanuki()
    first, again = (rank(tanuki.system(code="a"), found, tmp_path / "work") for _ in range(2))
    assert tanuki.done == ["make", "ask"]
    assert (
        first
        == again
        == {
            "passages": 7,
            "index_bytes": 5,
            "index_peak_bytes": 30,
            "asking_peak_bytes": 20,
            "peak_bytes": 30,
            "rankings": {"q": ["leaves"]},
        }
    )


def test_other_questions_are_asked_of_the_index_that_is_there(found: QuestionSet, tmp_path: Path) -> None:
    tanuki = Tanuki()
    rank(tanuki.system(code="a"), found, tmp_path / "work")
    (found.folder / "questions.jsonl").write_text("{}\n{}\n", encoding="utf-8")
    rank(tanuki.system(code="a"), found, tmp_path / "work")
    assert tanuki.done == ["make", "ask", "ask"]


def test_an_index_is_made_anew_when_what_it_depends_on_has_changed(found: QuestionSet, tmp_path: Path) -> None:
    tanuki = Tanuki()
    rank(tanuki.system(code="a"), found, tmp_path / "work")
    rank(tanuki.system(code="b"), found, tmp_path / "work")
    assert tanuki.done == ["make", "ask", "make", "ask"]


def test_an_index_whose_making_broke_off_is_made_anew(found: QuestionSet, tmp_path: Path) -> None:
    (tmp_path / "work" / "index").mkdir(parents=True)
    (tmp_path / "work" / "index" / "half").write_bytes(b"1")
    tanuki = Tanuki()
    assert rank(tanuki.system(code="a"), found, tmp_path / "work")["index_bytes"] == 5


def test_every_peer_has_a_public_name() -> None:
    assert set(PEERS) | {"byline"} == set(SYSTEMS)
