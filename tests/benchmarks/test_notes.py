"""Notes of what is finished."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.notes import digest_of_code, kept_or_made


def counting() -> tuple[list[int], Callable[[], dict[str, Any]]]:
    calls: list[int] = []

    def make() -> dict[str, Any]:
        calls.append(len(calls))
        return {"turn": len(calls)}

    return calls, make


def test_what_was_made_in_the_same_state_is_kept(tmp_path: Path) -> None:
    calls, make = counting()
    note = tmp_path / "dense" / "made.json"
    assert [kept_or_made(note, {"articles": "a"}, make) for _ in range(2)] == [{"turn": 1}, {"turn": 1}]
    assert calls == [0]
    assert json.loads(note.read_text(encoding="utf-8")) == {"state": {"articles": "a"}, "made": {"turn": 1}}


def test_another_state_is_made_again_and_takes_the_place_of_the_former(tmp_path: Path) -> None:
    calls, make = counting()
    a, b = {"articles": "a"}, {"articles": "b"}
    states: list[dict[str, Any]] = [a, b, b | {"threads": "2"}, b | {"threads": "2"}]
    turns = [kept_or_made(tmp_path / "made.json", state, make)["turn"] for state in states]
    assert (turns, calls) == ([1, 2, 3, 3], [0, 1, 2])


def test_a_note_without_a_state_is_not_believed(tmp_path: Path) -> None:
    note = tmp_path / "made.json"
    note.write_text('{"articles_sha256": "a", "index_seconds": 9}', encoding="utf-8")
    assert kept_or_made(note, {"articles": "a"}, lambda: {"index_seconds": 1}) == {"index_seconds": 1}


def test_what_broke_off_leaves_no_note(tmp_path: Path) -> None:
    def make() -> dict[str, Any]:
        raise RuntimeError("the tanuki pulled the plug")

    with pytest.raises(RuntimeError, match="pulled the plug"):
        kept_or_made(tmp_path / "made.json", {}, make)
    assert list(tmp_path.iterdir()) == []


def test_a_digest_of_code_tells_changes_of_content_and_of_place(tmp_path: Path) -> None:
    (tmp_path / "rag").mkdir()
    (tmp_path / "rag" / "engine.py").write_text("leaves = 42\n", encoding="utf-8")
    (tmp_path / "asking.py").write_text("", encoding="utf-8")
    places = ("rag", "asking.py")
    before = digest_of_code(tmp_path, places)
    assert digest_of_code(tmp_path, reversed(places)) == before

    (tmp_path / "rag" / "engine.py").write_text("leaves = 43\n", encoding="utf-8")
    changed = digest_of_code(tmp_path, places)
    (tmp_path / "rag" / "engine.py").rename(tmp_path / "rag" / "motor.py")
    moved = digest_of_code(tmp_path, places)
    assert len({before, changed, moved}) == 3


def test_a_digest_of_code_leaves_out_what_is_compiled_and_what_lies_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "rag" / "__pycache__").mkdir(parents=True)
    (tmp_path / "rag" / "engine.py").write_text("", encoding="utf-8")
    before = digest_of_code(tmp_path, ["rag"])
    (tmp_path / "rag" / "__pycache__" / "engine.cpython-311.pyc").write_bytes(b"compiled")
    (tmp_path / "README.md").write_text("otters", encoding="utf-8")
    assert digest_of_code(tmp_path, ["rag"]) == before
