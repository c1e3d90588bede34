"""Read what a news-analysis page lists of people and topics: cards, connections, bare names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.formats.headings import LONGEST_HEADING, connected_name, part_of
from ingest.formats.lines import BULLET, Line
from rag.domain import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_TYPE = 60
"""A longer line of a card is the description."""

_ABBREVIATION = re.compile(r"\b(?:Inc|Corp|Co|Ltd|Jr|Sr|St|Bros|[A-Z])\.$")
_EMOJI = re.compile(r"^[^\w\"'“(]+(?=\w)")
_WEIGHT = re.compile(
    r"\s*[(\[]\d[^)\]]*[)\]]$"  # (44 shared)
    r"|\s*[:·|\t\u00d7\u2013—]\s*\d[\d.,]*%?(?:\s+\w+)?$"  # : 44
    r"|\s+\d+\s+(?:shared|mentions?|articles?)$"  # 44 shared
)
_BARE_WEIGHT = re.compile(r"\s+\d[\d.,]*%?$")


def read_cards(lines: Sequence[Line]) -> list[Entity]:
    """The described entities: of each its name, its type and its description, as far as they are there."""
    cards: list[list[str]] = []
    have_gaps = any(not line.has_gap for line in lines)  # gaps everywhere set nothing apart
    for line in lines:
        text = line.text.removeprefix(BULLET).strip()
        if _begins_card(text, line, cards[-1] if cards else None, have_gaps=have_gaps):
            cards.append([_name(text)])
        elif text:
            cards[-1].append(text)
    return [_entity(*card) for card in cards]


def read_connections(lines: Iterable[Line]) -> list[Entity]:
    """The names of an entity graph: whose connections they are, and what each is linked to."""
    names: list[str] = []
    links: list[str] = []
    for line in lines:
        owner = connected_name(line.text)
        if owner:
            names.append(owner)
        elif part_of(line.text) is None and len(line.text) <= LONGEST_HEADING:
            links.append(_WEIGHT.sub("", _name(line.text)))
    if all(map(_BARE_WEIGHT.search, links)):  # else a number at the end is part of a name: Boeing 737
        links = [_BARE_WEIGHT.sub("", link) for link in links]
    return [Entity(name) for name in (*names, *links) if name]


def read_names(lines: Iterable[Line]) -> list[Entity]:
    """The entities of a bare list of names."""
    names = (_WEIGHT.sub("", _name(line.text)) for line in lines if len(line.text) <= LONGEST_HEADING)
    return [Entity(name) for name in names if name]


def _begins_card(text: str, line: Line, card: list[str] | None, *, have_gaps: bool) -> bool:
    if card is None or line.level:
        return bool(text)
    if _is_description(text):
        return False
    has_description = any(map(_is_description, card[1:]))
    has_type = len(card) > 1
    return has_description or has_type or (have_gaps and line.has_gap)


def _entity(name: str, *rest: str) -> Entity:
    has_type = bool(rest) and not _is_description(rest[0])
    return Entity(name, rest[0] if has_type else "", "\n".join(rest[1:] if has_type else rest))


def _is_description(text: str) -> bool:
    return len(text) > LONGEST_TYPE or (text.endswith((".", "…")) and not _ABBREVIATION.search(text))


def _name(text: str) -> str:
    return _EMOJI.sub("", text.removeprefix(BULLET)).strip()
