"""What is told of all articles together; looked up in indexes, so that it costs hardly more the more there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, func, select

from rag.library.tables import revisions

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Census:
    """The outlets and languages of all revisions, sorted, and the first and last day that one was published.

    "" stands for a language that is not known.
    """

    outlets: tuple[str, ...]
    languages: tuple[str, ...]
    days: tuple[str, str] | None


def take_census(connection: Connection) -> Census:
    """What the connection's state of the catalog has."""
    columns = revisions.c
    first, last = (connection.execute(select(end(columns.published))).scalar() or "" for end in (func.min, func.max))
    unknown = select(columns.pk).where(columns.language.is_(None)).limit(1)
    languages = _distinct(connection, columns.language)
    return Census(
        _distinct(connection, columns.source),
        ("", *languages) if connection.execute(unknown).first() else languages,
        (first[:10], last[:10]) if first else None,
    )


def _distinct(connection: Connection, column: Column[str]) -> tuple[str, ...]:
    """The column's values, each found by a step through its index; SELECT DISTINCT would go through all rows."""
    least = select(func.min(column).label("value"))
    steps = least.cte("steps", recursive=True)
    following = least.where(column > steps.c.value).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.value.is_not(None)))
    found = connection.execute(select(steps.c.value).where(steps.c.value.is_not(None))).scalars()
    return tuple(value for value in found if value)
