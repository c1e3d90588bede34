"""What is counted over all articles, and costs the more the more there are: taken once a state of the library."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select

from rag.library.catalog import STATE, fact
from rag.library.tables import articles, revisions

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Census:
    """The outlets and languages of all revisions, sorted, and the first and last day a live article was published.

    "" stands for a language that is not known.
    """

    outlets: tuple[str, ...]
    languages: tuple[str, ...]
    days: tuple[str, str] | None


def take_census(connection: Connection) -> Census:
    """What the connection's state of the catalog has."""
    day = func.substr(revisions.c.published, 1, 10)
    query = select(func.min(day), func.max(day)).join(articles, articles.c.live == revisions.c.pk)
    first, last = connection.execute(query).one()
    return Census(
        tuple(outlet for outlet in _distinct(connection, revisions.c.source) if outlet),
        _distinct(connection, revisions.c.language),
        (first, last) if first else None,
    )


def _distinct(connection: Connection, column: ColumnElement[str | None]) -> tuple[str, ...]:
    found = connection.execute(select(column).distinct()).scalars()
    return tuple(sorted({value or "" for value in found}))


class LastCensus:
    """Remembers the census of the last state that was asked about."""

    def __init__(self) -> None:
        self._last: tuple[str | None, Census] | None = None
        self._taking = threading.Lock()

    def __call__(self, connection: Connection) -> Census:
        """The census of the connection's state."""
        state = fact(connection, STATE)
        with self._taking:
            if self._last is None or self._last[0] != state:
                self._last = (state, take_census(connection))
            return self._last[1]
