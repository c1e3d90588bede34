"""The headings of a news-analysis page, and what kind of section each begins."""

from __future__ import annotations

import re
from enum import StrEnum

from rag.domain import Kind


class Part(StrEnum):
    """A part of a news-analysis page; its value is the heading it stands under."""

    RETELLING = "Full Retelling"
    ENTITIES = "Related People & Topics"
    GRAPH = "Entity Intersection Graph"
    MENTIONED = "Mentioned Entities"
    ANALYSIS = "Deep Analysis"
    WHY = "Why It Matters"
    BACKGROUND = "Context & Background"
    NEXT = "What Happens Next"
    FAQ = "Frequently Asked Questions"


KIND_OF_PART = {
    Part.RETELLING: Kind.REPORTED,
    Part.ENTITIES: Kind.ENTITIES,
    Part.ANALYSIS: Kind.ANALYSIS,
    Part.WHY: Kind.ANALYSIS,
    Part.BACKGROUND: Kind.BACKGROUND,
    Part.NEXT: Kind.PREDICTION,
    Part.FAQ: Kind.FAQ,
}
"""The parts that hold prose; the graph and the mentioned entities are bare names."""

LONGEST_HEADING = 80

_DECORATION = re.compile(r"^[\W\d_]+|[\W_]+$")  # emoji, numbering, Markdown marks, a colon at the end
_CONNECTIONS = re.compile(r"\W*connections for (.+?)\s*:?\s*", re.IGNORECASE)


def plain_heading(text: str) -> str:
    """The heading without decoration and case, ``and`` for ``&``: what headings are compared by."""
    words = _DECORATION.sub("", _DECORATION.sub("", text)).casefold()
    return " ".join(words.replace("&", " and ").split())


_PARTS = {plain_heading(part): part for part in Part}


def part_of(line: str) -> Part | None:
    """The part of a news-analysis page that a line of this text begins, if any."""
    if len(line) > LONGEST_HEADING:
        return None
    return Part.GRAPH if _CONNECTIONS.fullmatch(line) else _PARTS.get(plain_heading(line))


def connected_name(line: str) -> str | None:
    """X, if the line is "Connections for X:"."""
    found = _CONNECTIONS.fullmatch(line)
    return found[1] if found else None
