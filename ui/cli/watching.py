"""Follows files and folders: an ingest at the start and after each burst of changes, until it is told to stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import BadRequest, BylineError, Interrupted
from ui.cli.desks import open_desk
from ui.tasks import INGESTING
from ui.terminal import ProgressBar, print_reply, say, show_report
from ui.wording import count_words

if TYPE_CHECKING:
    from types import FrameType

    from ui import schemas as wire

FIRST_REST, LONGEST_REST = 1.0, 30.0
"""Seconds after an error until a round is tried again; they double with each further error."""


class Stop:
    """Whether the process was told to end. No lock stands behind it, for a signal may come while one is held."""

    def __init__(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        """Whether it was."""
        return self._is_set

    def set(self, number: int, _frame: FrameType | None) -> None:
        """Hear a signal; the next of its kind ends the process at once."""
        self._is_set = True
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    def heed(self) -> None:
        """Raise Interrupted once it was."""
        if self._is_set:
            raise Interrupted

    def rest(self, seconds: float) -> None:
        """Sleep, and raise Interrupted as soon as it was."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.heed()
            time.sleep(min(left, 0.1))
        self.heed()


def keep_watching(request: wire.IngestIn, library: Path | None, *, as_json: bool) -> None:
    """Keep the library in step with the request's paths until SIGINT or SIGTERM; what is gone is pruned.

    Raises BadRequest for an address, and StorageError when the system cannot watch.
    """
    _refuse_addresses(request.paths)
    with _until_told() as stop:
        _follow(request, library, stop, as_json=as_json)


def _refuse_addresses(paths: list[str]) -> None:
    for path in paths:
        if "://" in path:
            remedy = "Save what stands there in a folder, and watch that"
            raise BadRequest("paths", f"{path} is an address, and only files and folders can be watched", remedy)


@contextmanager
def _until_told() -> Iterator[Stop]:
    stop = Stop()
    former = {number: signal.signal(number, stop.set) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _follow(request: wire.IngestIn, library: Path | None, stop: Stop, *, as_json: bool) -> None:
    from ingest.watch import changes
    from rag.settings import load_settings

    home, missing = load_settings(library=library).library, None
    standing = request.model_copy(update={"prune": True, "unattended": True, "wait": True})
    for present in changes(request.paths, stop, library=home):
        if missing is None:
            say(f"watching {_places(request.paths)}; stop with Ctrl-C")
        absent = set(request.paths) - set(present)
        for path in sorted(absent - (missing or set())):
            say(f"{path} is not there; waiting for it")
        missing = absent
        if present:
            due = standing.model_copy(update={"paths": list(present)})
            _persist(partial(_run_round, due, library, stop, as_json=as_json), stop)


def _places(paths: list[str]) -> str:
    files = sum(Path(path).is_file() for path in paths)
    counted = ((len(paths) - files, "folder"), (files, "file"))
    return " and ".join(count_words(count, thing) for count, thing in counted if count)


def _persist(run: Callable[[], None], stop: Stop) -> None:
    """Run a round until it succeeds: what has changed must not be forgotten because a server was stopped."""
    said, seconds = "", FIRST_REST
    with suppress(Interrupted):
        while not stop.is_set():
            try:
                run()
            except BylineError as error:
                stop.heed()  # what goes wrong then is of no interest
                if str(error) != said:
                    said = str(error)
                    say(said)
                stop.rest(seconds)
                seconds = min(2 * seconds, LONGEST_REST)
            else:
                return


def _run_round(request: wire.IngestIn, library: Path | None, stop: Stop, *, as_json: bool) -> None:
    with open_desk(library, "ingest", wait=True, rest=stop.rest) as desk, ProgressBar(INGESTING.unit) as bar:

        def hear(progress: wire.ProgressOut) -> None:
            stop.heed()
            bar(progress)

        report = desk.ingest(request, hear)
    if report.added or report.changed or report.removed or report.failed:
        print_reply(report, show_report, as_json=as_json)
