"""What can go wrong with something given to ingest.

BylineError (rag.errors)
├── CannotRead            a file, folder, record or address could not be read; the rest goes on
└── PruneNeedsConsent     a prune would remove a large part of a root's articles
"""

from __future__ import annotations

from rag.errors import BylineError


class CannotRead(BylineError):
    """Something given to ingest could not be read: ``path`` names it, down to the record or line."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(f"{path}: {problem}. {remedy}")


class PruneNeedsConsent(BylineError):
    """A prune would remove a large part of a root's articles."""

    def __init__(self, root: str, gone: int, held: int) -> None:
        self.root, self.gone, self.held = root, gone, held
        super().__init__(
            f"{gone} of the {held} articles from {root} are gone from there; that many are removed only with --yes. "
            "The new and changed articles are in the library; nothing was removed."
        )

    def as_problem(self) -> CannotRead:
        """The same as a problem of its root, for a report where the rest goes on."""
        problem = f"was not pruned: {self.gone} of the {self.held} articles from there are gone"
        return CannotRead(self.root, problem, "That many are removed only with --yes")
