"""``byline ingest --watch``, as a user runs it: it follows folders, and gives the library back in between."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.library.owner import Ownership, read_owner
from rag.library.seal import SEAL
from tests.conftest import ARTICLES
from tests.processes import START_SECONDS, byline, environment, start_server


class Watching:
    """A running ``byline ingest --watch --json``."""

    def __init__(self, library: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ui", "ingest", "--watch", "--json", *arguments],
            env=environment(library), stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        )  # fmt: skip

    def report(self) -> dict[str, Any]:
        """The report of the next round that prints one."""
        report: dict[str, Any] = json.loads(self._line(self._process.stdout))
        return report

    def counts(self) -> tuple[int, int, int, list[str]]:
        """What the next report added, changed and removed, and the problems it names."""
        report = self.report()
        return report["added"], report["changed"], report["removed"], [each["problem"] for each in report["failed"]]

    def said(self) -> str:
        """The next line on stderr."""
        return self._line(self._process.stderr)

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Its exit code after a signal, and what it still printed and said."""
        self._process.send_signal(number)
        printed, said = self._process.communicate(timeout=START_SECONDS)
        return self._process.returncode, printed.decode(), said.decode()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self, stream: Any) -> str:
        assert select.select([stream], [], [], START_SECONDS)[0], "it says nothing"
        line: bytes = stream.readline()  # unbuffered: what was read too early could not be waited for
        return line.decode().rstrip("\n")


Start = Callable[..., Watching]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts watching with a library inside of the folder ``pond``; ends what a failed test leaves."""
    started: list[Watching] = []

    def run(*arguments: str) -> Watching:
        started.append(Watching(tmp_path / "pond" / "library", *arguments))
        return started[-1]

    (tmp_path / "pond").mkdir()
    yield run
    for each in started:
        each.kill()


def write(folder: Path, name: str, text: str) -> Path:
    return put(folder / f"{name}.json", json.dumps({"id": name, "title": f"News of {name}", "text": text}))


def put(file: Path, text: str) -> Path:
    """Write a file that is whole as soon as it is there."""
    hidden = file.with_name(f".{file.name}")
    hidden.write_text(text)
    return hidden.replace(file)


def test_files_are_followed_without_a_server_and_with_one(start: Start, tmp_path: Path) -> None:
    pond, library = tmp_path / "pond", tmp_path / "pond" / "library"
    few = pond / "few"
    few.mkdir()
    for number in range(5):
        write(few if number in (1, 2) else pond, f"frog{number}", f"Frog number {number} sings.")
    watching = start(str(pond))
    assert watching.said() == "byline: watching 1 folder; stop with Ctrl-C"
    assert watching.counts() == (5, 0, 0, [])
    put(pond / "otter.md", ARTICLES["otter.md"])
    assert watching.counts() == (1, 0, 0, [])
    put(pond / "otter.md", ARTICLES["otter.md"].replace("85 metres", "87 metres"))
    assert watching.counts() == (0, 1, 0, [])
    answer = byline("ask", "How long is the bridge over the Kotogawa in metres?", library=library)
    assert (answer.returncode, "87 metres" in answer.stdout) == (0, True), answer.stderr
    server = start_server(library)
    (pond / "frog0.json").unlink()
    assert watching.counts() == (0, 0, 1, [])
    whole = '{"id": "half", "title": "Otters rest", "text": "Otters rest."}'
    put(pond / "half.json", whole[:20])
    failed = watching.report()["failed"]
    assert [each["path"] for each in failed] == [str(pond / "half.json"), str(pond)]
    put(pond / "half.json", whole)
    assert watching.counts() == (1, 0, 0, [])
    assert server.stop() == 0
    few.rename(tmp_path / "elsewhere")
    assert watching.counts() == (0, 0, 0, ["was not pruned: 2 of the 6 articles from there are gone"])
    assert watching.end() == (0, "", "")


def test_a_round_that_fails_is_tried_again_though_nothing_changes(start: Start, tmp_path: Path) -> None:
    """What has changed would else be forgotten when a server is stopped in the middle of a round."""
    library, other = tmp_path / "pond" / "library", tmp_path / "other"
    library.write_text("a file where a folder should be")
    watching = start(str(tmp_path / "pond"), str(write(tmp_path, "a", "Frogs.")), str(other))
    assert watching.said() == "byline: watching 2 folders and 1 file; stop with Ctrl-C"
    assert watching.said() == f"byline: {other} is not there; waiting for it"
    assert watching.said().startswith(f"byline: {library}: cannot be used as a library (")
    library.unlink()
    ownership = Ownership(library, "ingest")
    assert watching.said() == f"byline: waiting for byline ingest (process {os.getpid()})"
    assert watching.end(signal.SIGINT) == (0, "", "")
    ownership.release()


def test_an_interrupt_breaks_a_round_off_and_the_library_is_left_in_order(start: Start, tmp_path: Path) -> None:
    pond, library = tmp_path / "pond", tmp_path / "pond" / "library"
    for number in range(40):
        write(pond, f"frog{number}", f"Frog number {number} sings {number} songs in a pond. " * 80)
    watching = start(str(pond))
    deadline = time.monotonic() + START_SECONDS
    while not ((owner := read_owner(library)) and (owner.progress or "").startswith("embedding")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert watching.end(signal.SIGINT) == (0, "", "byline: watching 1 folder; stop with Ctrl-C\n")
    assert (library / SEAL).exists()


def test_addresses_cannot_be_watched(tmp_path: Path) -> None:
    refused = byline("ingest", "--watch", "https://pond.example/feed", library=tmp_path / "library")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "byline: paths: https://pond.example/feed is an address, and only files and folders can be watched. "
        "Save what stands there in a folder, and watch that\n"
    )
