"""Passes on what an answer says while it is being written, each face in its own form."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

Given = TypeVar("Given")
Passed = TypeVar("Passed")
Returned = TypeVar("Returned")


def relay(
    steps: Generator[Given, None, Returned], form: Callable[[Given], Passed]
) -> Generator[Passed, None, Returned]:
    """What the steps give, in another form; returns what they return."""
    while True:
        try:
            given = next(steps)
        except StopIteration as end:
            value: Returned = end.value
            return value
        yield form(given)
