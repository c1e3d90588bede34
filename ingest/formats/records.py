"""Read articles from JSON: one object, a list of them, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from ingest.discovery import LINE_SUFFIXES
from ingest.drafts import Block, Draft, Facts, Fault
from ingest.formats.analysis_page import draft_of_analysis, is_analysis_page
from ingest.formats.lines import lines_of_text
from rag.domain import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE = 20_000_000
"""Bytes; a longer line is no article and is not read into memory."""

REMEDY = "Byline reads id, title, text or sections, published, updated, source, author, url and language"

_FACTS = ("id", "title", "published", "updated", "source", "author", "url", "language")
_KINDS = ", ".join(Kind)


def read_records(path: Path) -> Iterator[Draft | Fault]:
    """The articles of a JSON or JSONL file, in order; a record that gives none is a fault, not the end.

    Raises ValueError if a JSON file as a whole cannot be read.
    """
    if path.suffix.casefold() in LINE_SUFFIXES:
        with path.open("rb") as file:
            yield from _read_lines(file)
        return
    for number, record in enumerate(_records_in(_load(path.read_bytes())), start=1):
        yield _draft_or_fault(record, f"record {number}", number)


def _read_lines(file: BinaryIO) -> Iterator[Draft | Fault]:
    for number in count(1):
        line = file.readline(LONGEST_LINE + 1)
        if not line:
            return
        place = f"line {number}"
        if len(line) > LONGEST_LINE:
            _skip_line(file)
            yield Fault(place, f"is longer than {LONGEST_LINE // 1_000_000} MB", "Write one article a line")
        elif line.strip(b"\xef\xbb\xbf \t\r\n"):
            try:
                record = _load(line)
            except ValueError as error:
                yield Fault(place, str(error), "Correct the line")
            else:
                yield _draft_or_fault(record, place, number)


def _skip_line(file: BinaryIO) -> None:
    while (piece := file.readline(LONGEST_LINE)) and not piece.endswith(b"\n"):
        pass


def _load(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error})") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or brackets without end
        raise ValueError("is not JSON that can be read") from error


def _records_in(value: object) -> list[object]:
    if isinstance(value, Mapping) and isinstance(value.get("articles"), list):
        value = value["articles"]
    return value if isinstance(value, list) else [value]


def _draft_or_fault(record: object, place: str, number: int) -> Draft | Fault:
    try:
        return replace(_draft(record), number=number, place=place)
    except ValueError as error:
        return Fault(place, str(error), REMEDY)


def _draft(record: object) -> Draft:
    if not isinstance(record, Mapping):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - the file is at fault, not the caller
    facts = Facts(**{name: _text(record, name) for name in _FACTS})
    if record.get("sections"):
        return Draft(facts, _sections(record), _entities(record))
    if "text" not in record and "sections" not in record:
        raise ValueError('has no "text" and no "sections"')
    text = _text(record, "text") or ""
    lines = lines_of_text(text)
    if is_analysis_page(lines):
        page = draft_of_analysis(lines, facts)
        return Draft(page.facts, page.blocks, (*_entities(record), *page.entities))
    return Draft(facts, (Block(Kind.REPORTED, "", text),), _entities(record))


def _text(record: Mapping[str, object], name: str) -> str | None:
    """The field's text; a number as it is written, a list as its names."""
    value = record.get(name)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f'has a field "{name}" that is not text')


def _sections(record: Mapping[str, object]) -> tuple[Block, ...]:
    sections = record["sections"]
    if not isinstance(sections, list) or not all(isinstance(section, Mapping) for section in sections):
        raise ValueError('has "sections" that are not a list of objects')
    return tuple(_section(section, number, record) for number, section in enumerate(sections, start=1))


def _section(section: Mapping[str, object], number: int, record: Mapping[str, object]) -> Block:
    kind = section.get("kind", Kind.REPORTED)
    if kind not in set(Kind):
        raise ValueError(f"has a section {number} of the kind {kind!r}, which is none of {_KINDS}")
    text = _text(section, "text")
    if text is None:  # as articles are exported: the section's place in the article's text
        start, end = section.get("start"), section.get("end")
        if not isinstance(start, int) or not isinstance(end, int) or start < 0:
            raise ValueError(f"has a section {number} without text")
        text = (_text(record, "text") or "")[start:end]
    return Block(Kind(str(kind)), _text(section, "heading") or "", text)


def _entities(record: Mapping[str, object]) -> tuple[Entity, ...]:
    """The entities a record lists, as objects or as bare names."""
    listed = record.get("entities") or []
    if isinstance(listed, list):
        return tuple(map(_entity, listed))
    raise ValueError('has "entities" that are not a list')


def _entity(entity: object) -> Entity:
    if isinstance(entity, str):
        return Entity(entity)
    if isinstance(entity, Mapping):
        return Entity(*(_text(entity, field) or "" for field in ("name", "type", "description")))
    raise ValueError('has "entities" that are neither names nor objects')
