"""Times that a question names by what happened: "since the opening of the bridge", where an article dates it.

An article dates an event if its headline, or else its first sentence, holds all the words that the question has for it.
The first such article gives the day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rag.retrieval.times import Period

if TYPE_CHECKING:
    from rag.domain import Hit
    from rag.library.snapshot import Scope, Snapshot

FEWEST_WORDS = 2
"""An event that is told in a single word, such as "the merger", may be any."""
CANDIDATES = 50
"""Passages with the event's words that are looked at."""
# Not "before": what was so before an event is told by articles that come after it.
_EVENT = re.compile(r"\b(?:since|after|following) ([^,;?!]+)", re.IGNORECASE)


def period_of_event(text: str, scope: Scope, snapshot: Snapshot) -> Period | None:
    """The days since the event that the text names; None if it names none that an article dates."""
    found = _EVENT.search(text)
    day = _day_of(found[1], scope, snapshot) if found else None
    return Period(day, None) if day else None


def _day_of(event: str, scope: Scope, snapshot: Snapshot) -> date | None:
    terms = set(snapshot.analyse(event))
    if len(terms) < FEWEST_WORDS:
        return None
    best = snapshot.matching(event, CANDIDATES, past=scope.as_of is not None)
    places = snapshot.places([id_ for id_, _ in best], scope)
    hits = [hit for hit in snapshot.hits([(place, 0.0) for place in places]) if hit.published]
    return _first_day(hits, [hit.title for hit in hits], terms, snapshot) or _first_day(
        hits, [_opening(hit) for hit in hits], terms, snapshot
    )


def _first_day(hits: Sequence[Hit], texts: Sequence[str], terms: set[str], snapshot: Snapshot) -> date | None:
    """The day of the earliest hit whose text holds all the terms."""
    holding = (hit for hit, text in zip(hits, texts, strict=True) if terms <= set(snapshot.analyse(text)))
    days = [hit.published[:10] for hit in holding if hit.published]
    return date.fromisoformat(min(days)) if days else None


def _opening(hit: Hit) -> str:
    """The first sentence of an article, with its headline; "" for a passage that stands elsewhere."""
    return f"{hit.title} {hit.text[: hit.sentences[0].end]}" if hit.start == 0 and hit.sentences else ""
