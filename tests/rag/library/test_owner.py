from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.errors import LibraryInUse, StorageError
from rag.library.owner import NOTE, Owner, Ownership, is_alive, is_owned, read_owner

HOLDER = """
import sys
from pathlib import Path
from rag.library.owner import Ownership
held = Ownership(Path(sys.argv[1]), "serve")
print("held", flush=True)
sys.stdin.readline()
held.release()
print("released", flush=True)
sys.stdin.readline()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that owns the library until it reads a line."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def reply(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_second_process_is_told_who_holds_the_library(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        assert reply(process) == "held"
        with pytest.raises(LibraryInUse) as failure:
            Ownership(tmp_path, "ingest")
        assert (failure.value.path, failure.value.holder) == (str(tmp_path), f"byline serve (process {process.pid})")
        assert str(failure.value) == (
            f"The library {tmp_path} is in use by byline serve (process {process.pid}). "
            "Wait for it to finish, or stop it."
        )
        assert read_owner(tmp_path) == Owner(process.pid, "serve")
        assert is_owned(tmp_path)


def test_a_killed_holder_frees_the_library(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        assert reply(process) == "held"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert read_owner(tmp_path) == Owner(process.pid, "serve")  # its note stays; only the lock counts
    assert not is_owned(tmp_path)
    assert not is_alive(Owner(process.pid, "serve"))
    assert is_alive(Owner(os.getpid(), "test"))
    assert is_alive(Owner(1, "test"))
    Ownership(tmp_path, "ingest").release()


def test_a_holder_that_releases_takes_its_note_along(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        assert reply(process) == "held"
        tell(process)
        assert reply(process) == "released"
        assert not is_owned(tmp_path)
        assert read_owner(tmp_path) is None
        Ownership(tmp_path, "ingest").release()


def test_a_second_opening_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    first = Ownership(tmp_path, "serve")
    with pytest.raises(LibraryInUse, match=rf" is in use by byline serve \(process {os.getpid()}\)\. "):
        Ownership(tmp_path, "serve")
    first.release()


def test_the_note_can_be_read_by_its_user_alone(tmp_path: Path) -> None:
    held = Ownership(tmp_path, "serve")
    assert stat.S_IMODE((tmp_path / NOTE).stat().st_mode) == 0o600
    held.open_door("http://127.0.0.1:8000")
    assert stat.S_IMODE((tmp_path / NOTE).stat().st_mode) == 0o600
    held.release()


def test_an_open_door_is_announced_with_a_fresh_secret(tmp_path: Path) -> None:
    held = Ownership(tmp_path, "serve")
    assert read_owner(tmp_path) == Owner(os.getpid(), "serve", None, None)
    first, second = held.open_door("http://127.0.0.1:8000"), held.open_door("http://127.0.0.1:8001")
    assert read_owner(tmp_path) == second
    assert (second.pid, second.command, second.url) == (os.getpid(), "serve", "http://127.0.0.1:8001")
    assert first.secret
    assert second.secret
    assert first.secret != second.secret
    assert len(second.secret) >= 43  # 32 random bytes
    held.release()
    assert read_owner(tmp_path) is None


def test_progress_is_told_at_once_then_once_a_second_and_taken_back(tmp_path: Path) -> None:
    held = Ownership(tmp_path, "ingest")
    held.report("embedding 1 of 9 articles")
    held.report("embedding 2 of 9 articles")
    assert str(read_owner(tmp_path)) == f"byline ingest (process {os.getpid()}, embedding 1 of 9 articles)"
    held.report(None)
    assert str(read_owner(tmp_path)) == f"byline ingest (process {os.getpid()})"
    held.release()


def test_a_folder_without_a_lock_is_owned_by_nobody(tmp_path: Path) -> None:
    assert not is_owned(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    assert read_owner(tmp_path) is None


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": 1}', '{"pid": 1, "command": "x", "more": 2}', "\udcff"])
def test_a_note_that_cannot_be_read_counts_as_none(tmp_path: Path, note: str) -> None:
    (tmp_path / NOTE).write_text(note, encoding="utf-8", errors="surrogateescape")
    assert read_owner(tmp_path) is None


def test_a_holder_without_a_note_is_another_process(tmp_path: Path) -> None:
    held = Ownership(tmp_path, "serve")
    (tmp_path / NOTE).unlink()
    with pytest.raises(LibraryInUse, match=r" is in use by another process\. "):
        Ownership(tmp_path, "ingest")
    held.release()


def test_the_note_survives_a_crash_while_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "owner.partial").write_text("half a no")
    held = Ownership(tmp_path, "serve")
    assert json.loads((tmp_path / NOTE).read_text()) == {
        "pid": os.getpid(), "command": "serve", "url": None, "secret": None, "progress": None,
    }  # fmt: skip
    held.release()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "owner.lock") == []


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError) as failure:
        Ownership(tmp_path / "file" / "library", "ingest")
    assert str(failure.value) == (
        f"{tmp_path / 'file' / 'library'}: cannot be used as a library (Not a directory). "
        "Name a folder you may write with --library or BYLINE_LIBRARY, and check the disk's free space"
    )
