"""The plain words that several faces show: days, bylines, labels, and why a question was refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rag.domain import Kind, Label, Reason

if TYPE_CHECKING:
    from ui import schemas as wire

KIND_WORDS = {
    Kind.REPORTED: "Report",
    Kind.BACKGROUND: "Background",
    Kind.ANALYSIS: "Analysis",
    Kind.PREDICTION: "What happens next",
    Kind.FAQ: "Questions and answers",
    Kind.ENTITIES: "People and topics",
}
"""The heading of a section that has none of its own."""

REASON_WORDS = {
    Reason.UNKNOWN_NAME: "No article knows this name.",
    Reason.NOT_STATED: "The articles do not say.",
    Reason.OUTSIDE_DATES: "The articles do not cover that time.",
    Reason.FILTERED_OUT: "The filters leave nothing to read.",
    Reason.THIN_ONLY: "Only pages without a reported text speak of this.",
    Reason.FALSE_PREMISE: "The question assumes what the articles do not say.",
    Reason.EMPTY_LIBRARY: "There is nothing to read yet.",
}

REMEDY_WORDS = {
    Reason.UNKNOWN_NAME: "Check the spelling, or ask about somebody the nearest articles name.",
    Reason.NOT_STATED: "Ask for a fact the nearest articles state, or add the report that is missing.",
    Reason.OUTSIDE_DATES: "Ask about a day within the covered dates, or add older or newer articles.",
    Reason.FILTERED_OUT: "Widen the filters or the dates, or ask without them.",
    Reason.THIN_ONLY: "Add an article that reports it; a headline alone is no source.",
    Reason.FALSE_PREMISE: "Open the nearest articles to see what they do state, and ask again from there.",
    Reason.EMPTY_LIBRARY: "Put articles into the library with: byline ingest FOLDER",
}


def day_words(moment: str | None) -> str:
    """A day as it is written in a newspaper (4 May 2026); what is no day stays as it is."""
    if not moment:
        return "undated"
    try:
        day = dt.date.fromisoformat(moment[:10])
    except ValueError:
        return moment
    return f"{day.day} {day:%B} {day.year}"


def byline_words(source: str | None, author: str | None, published: str | None) -> str:
    """Outlet, author and day on one line."""
    return " · ".join(part for part in (source or "unnamed outlet", author, day_words(published)) if part)


def label_words(label: Label, attributed_to: str | None = None) -> str:
    """What kind of claim it is."""
    if label is Label.ATTRIBUTED:
        return f"attributed to {attributed_to}" if attributed_to else "attributed"
    return str(label)


def count_words(count: int, thing: str) -> str:
    """A number with its noun: 1 article, 1,204 articles."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def progress_words(stage: str, done: int, total: int | None, thing: str) -> str:
    """How far a job is: embedding 120 of 3,000 articles, reading 1 article."""
    if total is None:
        return f"{stage} {count_words(done, thing)}"
    return f"{stage} {done:,} of {count_words(total, thing)}"


def period_words(status: wire.StatusOut) -> str:
    """The days the library covers."""
    if not status.published_from or not status.published_to:
        return "no dates known"
    return f"{day_words(status.published_from)} – {day_words(status.published_to)}"


def fault_words(fault: Mapping[str, Any]) -> str:
    """What is wrong with a field of a request, from what pydantic says of it."""
    if fault["type"].startswith("date"):
        return "it is not a day; write YYYY-MM-DD"
    if fault["type"] == "string_too_short":
        return "nothing was written"
    return str(fault["msg"]).removeprefix("Value error, ")
