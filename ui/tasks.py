"""The kinds of jobs that work on a whole library: what each of them does, and what its progress counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job: what it is doing, in a word, and the thing its progress counts."""

    doing: str
    unit: str


INGESTING = Task("ingesting", "article")
REMOVING = Task("removing articles", "article")
VERIFYING = Task("verifying", "article")
REBUILDING = Task("rebuilding", "passage")
COMPACTING = Task("compacting", "passage")
EXPORTING = Task("exporting", "line")
