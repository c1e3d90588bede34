"""Exports: a whole library as JSON lines, one a revision, written and read back.

The first line says what the file is and how many revisions follow. Each of the others carries two checks: ``digest``
is the one its article was committed with, ``sum`` is taken over the whole line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ingest.drafts import Fault
from rag.domain import Article, Entity, Kind, Section, digest_of
from rag.library.history import HeldRevision, State

if TYPE_CHECKING:
    from pathlib import Path

    from rag.engine import Engine

MARK = "byline_export"
FORMAT = 1
"""Counts the changes of this format that an older reader would take for damage."""
LONGEST_FIRST_LINE = 1000
LONGEST_LINE = 300_000_000
"""Bytes; an article comes from a JSON file of 100 MB at most, and escapes may double it."""
SUM_BYTES = 8

OTHER_COPY = "Export again, or take the line from another copy; all other lines are read"
WHOLE_COPY = "Ingest a whole copy too, which adds the rest"
_FACTS = ("title", "text", "published", "updated", "source", "author", "url", "language")
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})
"""What other programs take for the end of a line, and JSON does not escape by itself."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A revision of an export; ``place`` names its line."""

    revision: HeldRevision
    place: str


def export_lines(engine: Engine) -> Iterator[str]:
    """All revisions of a library as lines without their ends, by article and number. Raises StorageError."""
    yield _line({MARK: FORMAT, "revisions": engine.library.revision_count()})
    for held in engine.history():
        record = _record(held)
        yield _line(record | {"sum": _sum(record)})


def announced(path: Path) -> int | None:
    """How many revisions the export in a file says it has; None if the file is no export, or cannot be opened.

    Raises ValueError if a newer Byline wrote it.
    """
    try:
        with path.open("rb") as file:
            record = _loaded(file.readline(LONGEST_FIRST_LINE))
    except (OSError, ValueError):
        return None
    return _count(record) if MARK in record else None


def read_export(path: Path) -> Iterator[Exported | Fault]:
    """The revisions of an export, in order; a line that is not as it was written is a fault, and the rest goes on.

    Raises OSError.
    """
    expected = met = number = 0
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            number += 1
            try:
                record = _loaded(line)
                if MARK in record:  # exports may be joined
                    expected += _count(record)
                    continue
                yield Exported(_revision(record), f"line {number}")
            except ValueError as error:
                yield Fault(f"line {number}", str(error), OTHER_COPY)
            met += 1
    if met < expected:
        yield Fault("", f"ends after {met} of its {expected} revisions", WHOLE_COPY)


def _record(held: HeldRevision) -> dict[str, Any]:
    article, state = held.article, held.state
    return {
        "id": article.id,
        "number": state.number,
        "live": state.is_live,
        "seen": state.seen,
        "superseded": state.superseded,
        "root": article.root,
        **{name: getattr(article, name) for name in _FACTS},
        "sections": [asdict(section) for section in article.sections],
        "entities": [asdict(entity) for entity in article.entities],
        "digest": state.digest,
    }


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).translate(_LINE_ENDS)


def _sum(record: dict[str, Any]) -> str:
    """A hash of all that a line says, however it is spaced and ordered."""
    return digest_of(json.dumps(record, ensure_ascii=False, sort_keys=True), size=SUM_BYTES)


def _loaded(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError("is not JSON") from error
    if not isinstance(record, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - the file is at fault, not the caller
    return record


def _count(first: dict[str, Any]) -> int:
    """How many revisions an export's first line says follow."""
    form, count = first[MARK], first.get("revisions")
    if not isinstance(form, int) or not isinstance(count, int):
        raise ValueError("begins as an export does, but does not say how many revisions follow")  # noqa: TRY004
    if form > FORMAT:
        raise ValueError(f"is an export of a newer Byline (format {form}; this one reads {FORMAT})")
    return count


def _revision(record: dict[str, Any]) -> HeldRevision:
    try:
        is_whole = record.pop("sum", None) == _sum(record)
        found = _held(record) if is_whole else None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError("is not a revision of an article") from error
    if found is None:
        raise ValueError("is not as it was exported")
    if found.article.digest != found.state.digest:
        raise ValueError("holds an article that was damaged before it was exported")
    return found


def _held(record: dict[str, Any]) -> HeldRevision:
    article = Article(
        id=record["id"],
        root=record["root"],
        sections=tuple(Section(**each | {"kind": Kind(each["kind"])}) for each in record["sections"]),
        entities=tuple(Entity(**each) for each in record["entities"]),
        **{name: record[name] for name in _FACTS},
    )
    state = State(
        number=record["number"],
        digest=record["digest"],
        dated=article.updated or article.published or "",
        seen=record["seen"],
        superseded=record["superseded"],
        is_live=record["live"],
    )
    return HeldRevision(article, state)
