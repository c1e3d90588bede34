"""Jobs run one at a time: who comes second is told what runs, or waits for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import Interrupted, LibraryInUse
from rag.library.owner import read_owner
from ui import schemas as wire
from ui.desk import LocalDesk

SECONDS = 60


class Held:
    """A listener that holds a job where it first tells progress, until it is let go."""

    def __init__(self) -> None:
        self.told: list[wire.ProgressOut] = []
        self.has_begun, self.may_go = threading.Event(), threading.Event()

    def __call__(self, progress: wire.ProgressOut) -> None:
        self.told.append(progress)
        self.has_begun.set()
        assert self.may_go.wait(SECONDS)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as threads:
        yield threads


@pytest.fixture
def held() -> Iterator[Held]:
    held = Held()
    yield held
    held.may_go.set()


@pytest.fixture
def running(
    make_desk: Callable[[], LocalDesk], corpus: Path, threads: ThreadPoolExecutor, held: Held
) -> tuple[LocalDesk, Future[wire.IngestOut]]:
    """A desk with an ingest that has read one article and is held there."""
    desk = make_desk()
    running = threads.submit(desk.ingest, wire.IngestIn(paths=[str(corpus)]), held)
    running.add_done_callback(lambda _ended: held.has_begun.set())
    assert held.has_begun.wait(SECONDS)
    assert not running.done(), running.result()
    return desk, running


def test_a_second_job_is_told_who_works_on_what(
    running: tuple[LocalDesk, Future[wire.IngestOut]], held: Held, tmp_path: Path
) -> None:
    desk, first = running
    with pytest.raises(LibraryInUse) as caught:
        desk.remove(wire.RemoveIn(ids=["otter-bridge"]), held)
    assert caught.value.holder == f"byline test (process {os.getpid()}, reading 1 article)"
    assert caught.value.path == str(tmp_path / "library")
    held.may_go.set()
    assert first.result(SECONDS).added == 3


def test_a_job_that_waits_says_for_whom_and_then_runs(
    running: tuple[LocalDesk, Future[wire.IngestOut]], held: Held, threads: ThreadPoolExecutor, corpus: Path
) -> None:
    desk, first = running
    waits = Held()
    waits.may_go.set()
    second = threads.submit(desk.ingest, wire.IngestIn(paths=[str(corpus)], wait=True), waits)
    assert waits.has_begun.wait(SECONDS)
    assert waits.told[0] == wire.ProgressOut(
        stage="waiting", done=0, total=None, holder=f"byline test (process {os.getpid()}, reading 1 article)"
    )
    assert not second.done()
    held.may_go.set()
    assert (first.result(SECONDS).added, second.result(SECONDS).unchanged) == (3, 3)


def test_stopping_ends_the_running_job_and_the_waiting_one(
    running: tuple[LocalDesk, Future[wire.IngestOut]], held: Held, threads: ThreadPoolExecutor
) -> None:
    desk, first = running
    waits = Held()
    waits.may_go.set()
    second = threads.submit(desk.remove, wire.RemoveIn(ids=["x"], wait=True), waits)
    assert waits.has_begun.wait(SECONDS)
    desk.stop()
    held.may_go.set()
    for job in (first, second):
        with pytest.raises(Interrupted):
            job.result(SECONDS)


def test_no_job_begins_once_the_process_is_stopping(desk: LocalDesk) -> None:
    desk.stop()
    with pytest.raises(Interrupted):
        desk.remove(wire.RemoveIn(ids=["otter-bridge"]), lambda _progress: None)
    assert desk.article("otter-bridge").live


def test_the_owners_note_tells_the_progress_while_a_job_runs_and_not_after(
    running: tuple[LocalDesk, Future[wire.IngestOut]], held: Held, tmp_path: Path
) -> None:
    owner = read_owner(tmp_path / "library")
    assert owner is not None
    assert owner.progress == "reading 1 article"
    held.may_go.set()
    running[1].result(SECONDS)
    owner = read_owner(tmp_path / "library")
    assert owner is not None
    assert owner.progress is None
