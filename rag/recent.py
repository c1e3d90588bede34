"""Keeps what was used last: a bounded memory of values that are costly to make, safe for several threads.

A key holds all that its value depends on, the library's state too: what was made of another state is then not found
any more, and leaves in its turn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")


class Recent:
    """The values used last, together of a weight of at most ``limit``; each weighs 1 if ``weigh`` says nothing else."""

    def __init__(self, limit: int, weigh: Callable[[Any], int] = lambda _: 1) -> None:
        self._limit, self._weigh = limit, weigh
        self._values: dict[Hashable, Any] = {}
        self._weight = 0
        self._turning = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of the key, made if it is not kept; two threads that want it at once may both make it."""
        with self._turning:
            if key in self._values:
                value: Value = self._values.pop(key)
                self._values[key] = value  # the last one used stands last
                return value
        made = make()
        with self._turning:
            self._put(key, made)
        return made

    def _put(self, key: Hashable, value: object) -> None:
        if key in self._values:
            self._weight -= self._weigh(self._values.pop(key))
        self._values[key] = value
        self._weight += self._weigh(value)
        while self._weight > self._limit:
            self._weight -= self._weigh(self._values.pop(next(iter(self._values))))
