"""Playing rounds, on rounds that take no time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.models import Models
from tests.faults.rounds import Kind, Play, Round, play_rounds, read
from tests.faults.workplace import Workplace


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path / "work", Models(tmp_path, tmp_path, tmp_path))


def kind_of(play: Play) -> Kind:
    @contextmanager
    def opened(_workplace: Workplace) -> Iterator[Play]:
        yield play

    return Kind(5, opened)


def test_rounds_go_on_where_they_stopped(workplace: Workplace, tmp_path: Path) -> None:
    results, played = tmp_path / "results.jsonl", []
    kind = kind_of(lambda this: played.append(this.number))
    assert play_rounds("ponds", kind, 2, workplace, results) == 0
    with results.open("a", encoding="utf-8") as file:
        file.write('{"kind": "ponds", "round": 2, "fau')  # it was killed while it wrote
        file.write("\n")
    assert play_rounds("ponds", kind, 4, workplace, results) == 0
    assert played == [0, 1, 2, 3]
    assert [each["round"] for each in read(results, "ponds")] == [0, 1, 2, 3]
    assert read(results, "rivers") == []


def test_a_round_that_fails_is_told_and_its_folder_kept(workplace: Workplace, tmp_path: Path) -> None:
    def play(this: Round) -> None:
        (this.folder / "frog.txt").write_text("croak", encoding="utf-8")
        this.figures["frogs"] = 1
        if this.number == 1:
            this.fault(f"a frog is lost in {this.folder}")
        if this.number == 2:
            raise OSError("the pond is dry")

    assert play_rounds("ponds", kind_of(play), 3, workplace, tmp_path / "results.jsonl") == 2
    well, lost, dry = read(tmp_path / "results.jsonl")
    assert (well["faults"], well["frogs"]) == ([], 1)
    assert lost["faults"] == ["a frog is lost in rounds/ponds-001"]
    assert dry["faults"] == ["OSError: the pond is dry"]
    assert sorted(path.name for path in workplace.rounds.iterdir()) == ["ponds-001", "ponds-002"]
    assert "pond is dry" in (workplace.rounds / "ponds-002" / "traceback.txt").read_text(encoding="utf-8")


def test_results_say_when_and_of_which_commit_they_are(workplace: Workplace, tmp_path: Path) -> None:
    play_rounds("ponds", kind_of(lambda _this: None), 1, workplace, tmp_path / "results.jsonl")
    told = json.loads((tmp_path / "results.jsonl").read_text(encoding="utf-8"))
    assert {"kind", "round", "faults", "seconds", "made", "commit", "machine", "load"} == set(told)
