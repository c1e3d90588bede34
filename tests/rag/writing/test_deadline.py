from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing

import pytest

from rag.writing.deadline import until

SECONDS = 30


def soon() -> float:
    return time.monotonic() + SECONDS


def test_what_is_produced_comes_in_order() -> None:
    assert list(until(soon(), lambda: (number for number in range(3)))) == [0, 1, 2]


def test_what_the_producer_raises_is_raised_after_what_it_produced() -> None:
    def produce() -> Generator[int, None, None]:
        yield 1
        raise ValueError("leaves")

    produced = until(soon(), produce)
    assert next(produced) == 1
    with pytest.raises(ValueError, match=r"^leaves$"):
        next(produced)


def test_nobody_waits_longer_than_the_deadline() -> None:
    released = threading.Event()

    def produce() -> Generator[int, None, None]:
        released.wait(SECONDS)
        yield 1

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        next(until(started + 0.1, produce))
    released.set()
    assert time.monotonic() - started < SECONDS / 2


def test_the_producer_is_closed_when_nobody_listens_any_more() -> None:
    closed = threading.Event()

    def produce() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
                time.sleep(0.01)
        finally:
            closed.set()

    with closing(until(soon(), produce)) as produced:
        assert next(produced) == 1
    assert closed.wait(SECONDS)
