"""The loop in which every system is asked: each question once, with its wall time, and what the asking costs.

Nothing but the standard library is needed: the peers' environment imports this module too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.evaluation.cases import Case

WARMING = 5
"""Questions asked beforehand and not counted: what is loaded when it is first needed is loaded then."""


@dataclass(frozen=True, slots=True)
class Meter:
    """Reads a process's CPU seconds so far, all its threads together, and the bytes of memory that it holds now."""

    cpu_seconds: Callable[[], float]
    resident_bytes: Callable[[], int]


def ask_all(questions: Sequence[Case], rank: Callable[[Case], list[str]], meter: Meter) -> dict[str, Any]:
    """The articles ranked for each question, by its id; milliseconds of each; mean CPU milliseconds; memory at the end.

    ``meter`` reads the process that answers, which need not be this one.
    """
    for question in questions[:WARMING]:
        rank(question)
    rankings: dict[str, list[str]] = {}
    times: list[float] = []
    cpu_started = meter.cpu_seconds()
    for question in questions:
        started = time.perf_counter()
        rankings[question.id] = rank(question)
        times.append((time.perf_counter() - started) * 1000)
    cpu_seconds = meter.cpu_seconds() - cpu_started
    return {
        "rankings": rankings,
        "query_ms": times,
        "query_cpu_ms": 1000 * cpu_seconds / len(questions),
        "resident_bytes": meter.resident_bytes(),
    }


def own_meter() -> Meter:
    """The meter of this process (Linux)."""
    return Meter(time.process_time, _own_resident_bytes)


def _own_resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
