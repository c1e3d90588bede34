"""An article as lines: what every marked-up format is reduced to before its parts are told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.drafts import Block
from ingest.formats.headings import KIND_OF_PART, part_of
from rag.domain import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

BULLET = "- "


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an article: a heading of level 1 to 6, or prose (level 0), perhaps after a gap."""

    text: str
    level: int = 0
    has_gap: bool = True


def lines_of_text(text: str) -> list[Line]:
    """The lines of a plain text; a blank line is a gap."""
    lines: list[Line] = []
    has_gap = True
    for raw in text.splitlines():
        if stripped := raw.strip():
            lines.append(Line(stripped, has_gap=has_gap))
        has_gap = not stripped
    return lines


def join_lines(lines: Iterable[Line]) -> str:
    """The lines as text, with a blank line where there is a gap."""
    return "".join(("\n\n" if line.has_gap else "\n") + line.text for line in lines).strip()


def blocks_of(lines: Iterable[Line]) -> tuple[Block, ...]:
    """The lines under their headings: reported, but for headings known from news-analysis pages."""
    blocks: list[Block] = []
    kind, heading, known_level = Kind.REPORTED, "", 0
    pending: list[Line] = []
    for line in lines:
        if not line.level:
            pending.append(line)
            continue
        blocks.append(Block(kind, heading, join_lines(pending)))
        heading, pending = line.text, []
        part = part_of(line.text)
        if part or line.level <= known_level:
            kind = KIND_OF_PART.get(part, Kind.REPORTED) if part else Kind.REPORTED
            known_level = line.level if part else 0
    blocks.append(Block(kind, heading, join_lines(pending)))
    return tuple(block for block in blocks if block.text)
