"""What a library keeps from question to question, as long as it stays in the state that this was read in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.recent import Recent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.library.snapshot import Place

STATES = 4
"""States whose census is kept: the one before is still being read while the next one begins."""
NARROW_PASSAGES = 12_000
"""Passages of narrow scopes that are kept: 24 MB with vectors of 384 numbers."""
MEMBERS = 1_000_000
"""Passages of wide scopes that are kept, 8 bytes each."""
SCOPE_WEIGHT = 10
"""What a scope weighs beside its passages, so that scopes that are wide or empty leave too."""


@dataclass(frozen=True, slots=True)
class Narrow:
    """All passages of a scope, by id, and their vectors, a row each in the same order."""

    places: dict[str, Place]
    vectors: NDArray[np.float32]


def _scopes() -> Recent:
    return Recent(NARROW_PASSAGES, lambda narrow: SCOPE_WEIGHT + (len(narrow.places) if narrow else 0))


def _members() -> Recent:
    return Recent(MEMBERS, lambda members: SCOPE_WEIGHT + len(members))


@dataclass(frozen=True, slots=True)
class Kept:
    """The census of the last states, and the passages of the scopes asked in last.

    Of a narrow scope all is kept, of a wide one (None among ``scopes``) the numbers of its passages, sorted.
    """

    censuses: Recent = field(default_factory=lambda: Recent(STATES))
    scopes: Recent = field(default_factory=_scopes)
    members: Recent = field(default_factory=_members)
