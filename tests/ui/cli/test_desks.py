"""Which desk a command works at when somebody else holds the library."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.library.owner import Ownership
from tests.conftest import ARTICLES
from tests.processes import byline, environment


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Ownership]:
    """A library that this process holds, as an ingest without a server does."""
    ownership = Ownership(tmp_path / "library", "ingest")
    yield ownership
    ownership.release()


@pytest.mark.parametrize("command", [("status",), ("verify",), ("export", "-"), ("ask", "When?")])
def test_a_library_in_use_is_exit_75_with_its_holder_and_nothing_heavy_is_loaded_for_it(
    taken: Ownership, tmp_path: Path, command: tuple[str, ...]
) -> None:
    taken.report("embedding 120 of 3,000 articles")
    told = byline(*command, library=tmp_path / "library", PYTHONPROFILEIMPORTTIME="1")
    lines = told.stderr.splitlines()
    timings = [line for line in lines if line.startswith("import time:")]
    said = [line for line in lines if line not in timings]
    assert (told.returncode, told.stdout) == (75, "")
    holder = f"byline ingest (process {os.getpid()}, embedding 120 of 3,000 articles)"
    in_use = f"byline: The library {tmp_path / 'library'} is in use by {holder}. Wait for it to finish, or stop it."
    assert said == [in_use]
    imported = {line.rsplit("|", 1)[1].strip() for line in timings}
    assert imported & {"chromadb", "tantivy", "onnxruntime", "sqlalchemy", "torch", "httpx"} == set()


def test_a_command_that_waits_says_so_once_and_goes_on_when_the_library_is_free(
    taken: Ownership, tmp_path: Path
) -> None:
    file = tmp_path / "tanuki.md"
    file.write_text(ARTICLES["tanuki.md"], encoding="utf-8")
    waiting = subprocess.Popen(
        [sys.executable, "-m", "ui", "ingest", str(file), "--wait", "--json"],
        env=environment(tmp_path / "library"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert waiting.stderr is not None
    assert waiting.stderr.readline() == f"byline: waiting for byline ingest (process {os.getpid()})\n"
    assert waiting.poll() is None
    taken.release()
    printed, said = waiting.communicate(timeout=60)
    assert (waiting.returncode, said) == (0, "")
    assert printed.startswith('{"added":1,')


@pytest.mark.parametrize("command", ["ask x", "status", "verify"])
def test_no_library_is_made_among_other_files_but_by_an_ingest(tmp_path: Path, command: str) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    told = byline(*command.split(), library=tmp_path)
    assert (told.returncode, told.stdout) == (74, "")
    remedy = "Name one with --library or BYLINE_LIBRARY, or make one with: byline ingest FOLDER"
    assert told.stderr == f"byline: {tmp_path}: there is no library. {remedy}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("command", ["verify", "export -", "remove x", "compact", "rebuild"])
def test_what_needs_a_filled_library_does_not_succeed_at_nothing(tmp_path: Path, command: str) -> None:
    told = byline(*command.split(), library=tmp_path / "mistyped")
    assert (told.returncode, told.stdout) == (74, "")
    assert told.stderr.startswith(f"byline: {tmp_path / 'mistyped'}: there is no library. ")
    assert not (tmp_path / "mistyped").exists()


def test_a_lock_that_cannot_be_tried_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "owner.lock").mkdir()  # as root may write whatever is read-only
    told = byline("ask", "When?", library=tmp_path)
    assert (told.returncode, told.stdout) == (74, "")
    assert told.stderr.startswith(f"byline: {tmp_path}: cannot be used as a library (Is a directory). Name a folder ")
