"""Example questions that are known to be answered, found once for each state of the library."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rag.errors import BylineError

if TYPE_CHECKING:
    from ui.desk import LocalDesk

SHOWN_EXAMPLES = 4


class Examples:
    """Remembers the examples until the library changes; finding them asks up to 40 questions."""

    def __init__(self, desk: LocalDesk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._state: tuple[int, str | None] | None = None
        self._questions: list[str] = []

    def questions(self) -> list[str]:
        """At most four questions; none if the library has none or cannot be read."""
        with self._lock:
            try:
                status = self._desk.status()
                if (state := (status.articles, status.last_ingest)) != self._state:
                    self._questions, self._state = self._desk.engine.examples(SHOWN_EXAMPLES), state
            except BylineError:
                return []  # the header says what is wrong with the library
            return self._questions
