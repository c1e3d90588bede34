"""Takes what somebody else produces as it comes, but never waits longer than agreed."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any, TypeVar

Produced = TypeVar("Produced")

AHEAD = 10_000
"""Things that may be produced before they are taken."""


class _Line:
    """What goes from the thread that produces to the one that takes; None ends it."""

    def __init__(self) -> None:
        self.taken: queue.Queue[Any] = queue.Queue(AHEAD)
        self.error: BaseException | None = None
        self.is_left = threading.Event()


def until(deadline: float, produce: Callable[[], Generator[Produced, None, None]]) -> Generator[Produced, None, None]:
    """What is produced, in a thread of its own, until ``deadline`` on the monotonic clock.

    Raises TimeoutError then, whatever the producer is waiting for, and what the producer raises. The producer is
    closed when it produces the next time, so it must have a limit of its own for silence.
    """
    line = _Line()
    threading.Thread(target=_produce, args=(line, produce), name="language model", daemon=True).start()
    try:
        while (taken := line.taken.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
            yield taken
    except queue.Empty:
        raise TimeoutError from None
    finally:
        line.is_left.set()
    if line.error:
        raise line.error


def _produce(line: _Line, produce: Callable[[], Generator[Produced, None, None]]) -> None:
    try:
        with closing(produce()) as produced:
            for each in produced:
                if line.is_left.is_set():
                    return
                line.taken.put(each, timeout=1)
    except BaseException as error:  # noqa: BLE001 - the thread that takes raises it
        line.error = error
    finally:
        if not line.is_left.is_set():
            line.taken.put(None)
