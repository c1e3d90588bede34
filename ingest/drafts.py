"""What a format's parser found in a file, and how an article is assembled from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from ingest.cleaning import clean_line, clean_text
from ingest.dates import parse_date
from ingest.languages import detect_language
from rag.domain import Article, Entity, Kind, Section

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_TITLE = 120
"""Where a headline that had to be taken from the text is cut."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s|(?<=[。\uff01\uff1f])|\n")
_UNSTORABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an article as its format gives it; the text is not cleaned yet."""

    kind: Kind
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says about its article, as written there."""

    id: str | None = None
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a parser found of one article; in a file of many, ``number`` counts it and ``place`` names it."""

    facts: Facts = field(default_factory=Facts)
    blocks: tuple[Block, ...] = ()
    entities: tuple[Entity, ...] = ()
    number: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one record of a file of many gave no article; ``place`` names it ("line 3")."""

    place: str
    problem: str
    remedy: str


def assemble(draft: Draft, *, origin: str, root: str) -> Article:
    """The article of a draft: cleaned, its sections placed in its text; ``origin`` identifies it at need.

    Raises ValueError if neither a headline nor any text remains, or if its id cannot be stored.
    """
    facts = draft.facts
    text, sections = _join(draft.blocks)
    title = clean_line(facts.title or "") or _title_from(text)
    if not title:
        raise ValueError("holds no text")
    url = canonical_url(facts.url)
    return Article(
        id=_checked_id(facts.id) or url or origin,
        title=title,
        text=text,
        sections=sections,
        published=parse_date(facts.published),
        updated=parse_date(facts.updated),
        source=_line_or_none(facts.source),
        author=_line_or_none(facts.author),
        url=url,
        language=_language_code(facts.language) or detect_language(text or title),
        entities=_clean_entities(draft.entities),
        root=root,
    )


def canonical_url(url: str | None) -> str | None:
    """The web address without fragment and campaign parameters; None if it is no web address."""
    try:
        parts = urlsplit(clean_line(url or ""))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    query = "&".join(part for part in parts.query.split("&") if not part.casefold().startswith("utm_"))
    return urlunsplit(parts._replace(netloc=parts.netloc.casefold(), query=query, fragment=""))


def _join(blocks: Iterable[Block]) -> tuple[str, tuple[Section, ...]]:
    texts: list[str] = []
    sections: list[Section] = []
    start = 0
    for block in blocks:
        text = clean_text(block.text)
        if text:
            sections.append(Section(block.kind, clean_line(block.heading), start, start + len(text)))
            texts.append(text)
            start += len(text) + len("\n\n")
    return "\n\n".join(texts), tuple(sections)


def _title_from(text: str) -> str:
    sentence = clean_line(_SENTENCE_END.split(text, maxsplit=1)[0])
    if len(sentence) <= LONGEST_TITLE:
        return sentence
    cut = sentence[: LONGEST_TITLE - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _checked_id(given: str | None) -> str | None:
    if given is None or not given.strip():
        return None
    if _UNSTORABLE.search(given):
        raise ValueError("has an id with a control character or half a character in it")
    return given


def _line_or_none(text: str | None) -> str | None:
    return clean_line(text or "") or None


def _language_code(language: str | None) -> str | None:
    """``en`` of ``en-US``; what is not a code is left to detection."""
    code = re.split("[-_]", (language or "").strip().casefold())[0]
    return code if _LANGUAGE.fullmatch(code) else None


def _clean_entities(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Each name once, with the fullest that is known of it, in the order of first mention."""
    known: dict[str, Entity] = {}
    for entity in entities:
        found = Entity(clean_line(entity.name), clean_line(entity.type), clean_text(entity.description))
        key = found.name.casefold()
        earlier = known.get(key)
        is_fuller = earlier is None or (not earlier.description and bool(found.description or found.type))
        if found.name and is_fuller:
            known[key] = found
    return tuple(known.values())
