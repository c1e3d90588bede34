"""Runs the jobs on a library one at a time, and tells how far the running one is.

Its client hears it over the wire; everybody else who wants the library reads it in the owner's note.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from rag.errors import Interrupted, LibraryInUse
from rag.library.owner import read_owner
from ui import schemas as wire
from ui.wording import progress_words

if TYPE_CHECKING:
    from rag.library.library import Library
    from ui.tasks import Task

Progress = Callable[[wire.ProgressOut], None]

WAITING_SECONDS = 0.5
"""How often a waiting job says so, and looks whether the process is stopping."""


class Heard(Protocol):
    """Hears progress as the engine tells it: a stage, how much of it is done, and of how much if that is known."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Raises Interrupted once the process is stopping."""


class Jobs:
    """The jobs on one library: one at a time, until ``stop``."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._running = threading.Lock()
        self._stopping = threading.Event()
        self._doing = "working"

    @contextmanager
    def run(self, task: Task, progress: Progress, *, wait: bool) -> Iterator[Heard]:
        """The right to run a job for the block, and what hears its progress.

        Raises LibraryInUse when another job runs and this one may not wait, and Interrupted once the process is
        stopping: at the beginning, while it waits, and whenever progress is told.
        """
        self._enter(progress, wait=wait)
        self._doing = task.doing
        try:
            yield partial(self._tell, task, progress)
        finally:
            self._library.report(None)
            self._running.release()

    def stop(self) -> None:
        """Let the running job end where it is; what it has committed stays."""
        self._stopping.set()

    def end(self) -> None:
        """Stop, and return once no job runs. No other starts."""
        self.stop()
        with self._running:
            self._doing = "stopping"

    def _enter(self, progress: Progress, *, wait: bool) -> None:
        while not self._running.acquire(timeout=WAITING_SECONDS if wait else 0):
            self._heed_stop()
            if not wait:
                raise LibraryInUse(str(self._library.folder), self._holder())
            progress(wire.ProgressOut(stage="waiting", done=0, total=None, holder=self._holder()))
        if self._stopping.is_set():
            self._running.release()
            raise Interrupted

    def _heed_stop(self) -> None:
        if self._stopping.is_set():
            raise Interrupted

    def _holder(self) -> str:
        owner = read_owner(self._library.folder)
        return str(replace(owner, progress=self._doing)) if owner else self._doing

    def _tell(self, task: Task, progress: Progress, stage: str, done: int, total: int | None) -> None:
        self._heed_stop()
        self._doing = progress_words(stage, done, total, task.unit)
        self._library.report(self._doing)
        progress(wire.ProgressOut.model_validate({"stage": stage, "done": done, "total": total}))
