"""What can go wrong with something given to ingest.

BylineError (rag.errors)
└── CannotRead            a file, folder, record or address could not be read; the rest goes on
"""

from __future__ import annotations

from rag.errors import BylineError


class CannotRead(BylineError):
    """Something given to ingest could not be read: ``path`` names it, down to the record or line."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(f"{path}: {problem}. {remedy}")
