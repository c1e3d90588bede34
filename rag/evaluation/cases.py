"""Questions with what is known of their answers: the lines of a questions file.

Standard library only: benchmarks read it in an environment of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

CARRIED = ("asked", "as_of", "filters")
"""Fields of a line that go with its question wherever it is asked, if they are given."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its accepted answers, and the articles that hold them.

    ``carried`` and ``history`` go with the question as they stand in the file; ``type`` and ``label`` sort questions.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    relevant: frozenset[str] = frozenset()
    unanswerable: bool = False
    type: str | None = None
    label: str | None = None
    carried: Mapping[str, Any] = field(default_factory=dict)
    history: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no question: its number, counted from 1, and why."""

    line: int
    problem: str


def read_cases(
    lines: Iterable[str], check: Callable[[Case], object] = lambda _case: None
) -> tuple[list[Case], list[BadLine]]:
    """The questions of a JSON Lines file, and the lines that could not be read; ``check`` raises ValueError for more.

    A line without an id has its number.
    """
    cases: dict[str, Case] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = _case(json.loads(line), number)
            check(case)
        except ValueError as error:
            bad.append(BadLine(number, _problem(error)))
            continue
        if case.id in cases:
            bad.append(BadLine(number, f"the id {case.id!r} was given before"))
        cases.setdefault(case.id, case)
    return list(cases.values()), bad


def _problem(error: ValueError) -> str:
    return f"it is no JSON ({error})" if isinstance(error, json.JSONDecodeError) else str(error)


def _case(record: Any, number: int) -> Case:
    if not isinstance(record, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - the line is wrong, not our caller's types
    text = record.get("question")
    if not isinstance(text, str) or not text.strip():
        raise ValueError('it has no "question"')
    return Case(
        id=str(record.get("id", number)),
        text=text,
        answers=tuple(map(str, _list(record, "answers"))),
        relevant=frozenset(map(str, _list(record, "relevant_article_ids"))),
        unanswerable=bool(record.get("unanswerable")),
        type=record.get("type"),
        label=record.get("label"),
        carried={name: record[name] for name in CARRIED if record.get(name)},
        history=_list(record, "history"),
    )


def _list(record: dict[str, Any], name: str) -> tuple[Any, ...]:
    value = record.get(name) or []
    if not isinstance(value, list):
        raise ValueError(f'"{name}" is not a list')  # noqa: TRY004 - as above
    return tuple(value)
