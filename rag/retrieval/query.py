"""What is searched for: a question as words, their vector, and what it names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from rag.library.snapshot import Scope
from rag.retrieval.events import period_of_event
from rag.retrieval.outlets import find_mentions, named_outlets, take_apart, without_outlets
from rag.retrieval.times import NO_TIMES, Anchor, Times, read_times

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.embedding import Embedder
    from rag.library.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Query:
    """Words and their vector, where to search, and the outlets and times that the question names.

    ``parts`` are what each of several outlets is asked, where a question asks of several.
    """

    text: str
    vector: NDArray[np.float32]
    scope: Scope
    outlets: tuple[str, ...] = ()
    times: Times = NO_TIMES
    parts: tuple[Query, ...] = ()


def read_query(text: str, scope: Scope, snapshot: Snapshot, embedder: Embedder, *, asked: date | None = None) -> Query:
    """The question's text as a query: outlets that the library knows are taken out of it and preferred.

    So are the times it names, by date or by what happened, seen from the day it is ``asked``; without that day no times
    are read.
    """
    mentions = find_mentions(text, snapshot.census.outlets)
    outlets, parts = named_outlets(mentions), take_apart(text, mentions)
    words = [without_outlets(part, outlets) or part for part in (text, *(part for _, part in parts))]
    whole, *others = (Query(*each, scope) for each in zip(words, embedder.embed(words), strict=True))
    return replace(
        whole,
        outlets=outlets,
        times=_times(whole, asked, snapshot) if asked else NO_TIMES,
        parts=tuple(replace(part, outlets=named) for part, (named, _) in zip(others, parts, strict=True)),
    )


def _times(query: Query, asked: date, snapshot: Snapshot) -> Times:
    times = read_times(query.text, Anchor(asked, partial(_newest, snapshot)))
    return times if times.period else replace(times, period=period_of_event(query.text, query.scope, snapshot))


def _newest(snapshot: Snapshot) -> date | None:
    days = snapshot.census.days
    return date.fromisoformat(days[1]) if days else None
