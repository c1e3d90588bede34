"""Counts who reads, so that a writer can wait for those who still read an earlier state."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Readers:
    """The readers of a library in this process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._generation = 0
        self._reading: Counter[int] = Counter()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Be counted as a reader for as long as the block lasts."""
        with self._changed:
            generation = self._generation
            self._reading[generation] += 1
        try:
            yield
        finally:
            with self._changed:
                self._reading[generation] -= 1
                self._changed.notify_all()

    def drain(self, seconds: float) -> bool:
        """Wait until all who read now have ended; whether they did in that time. New readers are not waited for."""
        with self._changed:
            self._generation += 1
            return self._changed.wait_for(lambda: not self._earlier(), seconds)

    def _earlier(self) -> int:
        self._reading += Counter()  # drops generations without a reader
        return sum(count for generation, count in self._reading.items() if generation < self._generation)
