"""What a job says while it runs, as lines of JSON with one key each.

``progress`` as it is made, ``line`` for each line of an export, and last the ``report`` or the ``problem``. A job runs
in a thread of its own: it goes on when nobody listens any more, unless it is an export or still waits for its turn.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi.responses import StreamingResponse

from rag.errors import BylineError

if TYPE_CHECKING:
    from starlette.responses import Response

    from ui import schemas as wire
    from ui.jobs import Progress

NDJSON = "application/x-ndjson"
EVENTS_AHEAD = 1000
"""How many events may wait for a slow listener: after that progress is dropped, and lines wait."""

Event = dict[str, Any] | BylineError
Out = TypeVar("Out", bound="wire.Reply")


class Unheard(Exception):
    """Nobody listens to the job any more."""


class Feed:
    """What a job in another thread says to one listener."""

    def __init__(self) -> None:
        self._events: queue.Queue[Event | None] = queue.Queue(EVENTS_AHEAD)
        self._is_left = threading.Event()

    def tell(self, progress: wire.ProgressOut) -> None:
        """Say how far the job is. Raises Unheard when a job still waits whose listener has left."""
        if progress.stage == "waiting":
            self._heed_leaving()
        with suppress(queue.Full):
            self._events.put_nowait({"progress": progress.model_dump()})

    def give(self, event: Event) -> None:
        """Say what must arrive, and wait for a slow listener. Raises Unheard when it has left."""
        self._heed_leaving()
        self._events.put(event)

    def end(self) -> None:
        """Say no more."""
        if not self._is_left.is_set():
            self._events.put(None)

    def listen(self) -> Generator[Event, None, None]:
        """What the job says, as it says it; closing this leaves."""
        try:
            while (event := self._events.get()) is not None:
                yield event
        finally:
            self._is_left.set()
            with suppress(queue.Empty):
                while True:  # a job that waits to be heard must go on to see that it is not
                    self._events.get_nowait()

    def _heed_leaving(self) -> None:
        if self._is_left.is_set():
            raise Unheard


def answer_job(job: Callable[[Progress], Out], accept: str) -> Out | Response:
    """What a job reports: alone, or after its progress if the caller accepts NDJSON."""
    if NDJSON not in accept:
        return job(lambda _progress: None)
    return stream(lambda feed: job(feed.tell))


def stream(job: Callable[[Feed], wire.Reply]) -> Response:
    """Runs a job and streams what it says. One that fails before it said anything raises its error here, and so
    gets a status of its own."""
    feed = Feed()

    def run() -> None:
        try:
            feed.give({"report": job(feed).model_dump(mode="json")})
        except Unheard:
            return
        except BylineError as error:
            with suppress(Unheard):
                feed.give(error)
        finally:
            feed.end()

    threading.Thread(target=run, name="job", daemon=True).start()
    events = feed.listen()
    first = next(events)
    if isinstance(first, BylineError):
        raise first
    return StreamingResponse((_line(event) for event in chain([first], events)), media_type=NDJSON)


def _line(event: Event) -> str:
    if isinstance(event, BylineError):
        event = {"problem": {"error": type(event).__name__, "detail": str(event)}}
    return json.dumps(event) + "\n"
