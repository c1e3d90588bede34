"""A second run over articles that have not changed: what it takes beyond reading them, and what it writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.sets import digest_of_file

MARKS = {"owner.lock", "owner.json", "seal.json"}
"""Files that say whether the library is open; every opening writes them."""


def measure_second_run(library: Path, folders: Sequence[Path], variables: dict[str, str]) -> dict[str, Any]:
    """Reading alone, the run, reading alone again, each in a fresh process; the library's files before and after."""
    before, first = _states(library), _read(folders)
    report, ran = processes.ingest(folders, library, variables)
    after, last = _states(library), _read(folders)
    reading = {name: (first[name] + last[name]) / 2 for name in first}
    return {
        "articles": reading["articles"],
        **{name: report[name] for name in ("added", "changed", "unchanged", "removed", "embedded", "passages")},
        "failed": len(report["failed"]),
        "run_seconds": round(ran.seconds, 2),
        "run_cpu_seconds": round(ran.cpu_seconds, 2),
        "ingest_seconds": round(report["seconds"], 2),
        "reading_runs_seconds": [round(first["seconds"], 2), round(last["seconds"], 2)],
        "seconds_beyond_reading": round(ran.seconds - reading["seconds"], 2),
        "cpu_seconds_beyond_reading": round(ran.cpu_seconds - reading["cpu_seconds"], 2),
        "ingest_seconds_beyond_reading": round(report["seconds"] - reading["seconds"], 2),
        "files": len(after),
        "files_changed": _differing(before, after, 0),
        "files_touched": _differing(before, after, 1),
    }


def _states(library: Path) -> dict[str, tuple[str, int]]:
    """Each file of the library with its sha256 and the time of its last change, in nanoseconds."""
    files = (path for path in library.rglob("*") if path.is_file() and path.name not in MARKS)
    return {str(path.relative_to(library)): (digest_of_file(path), path.stat().st_mtime_ns) for path in sorted(files)}


def _differing(before: dict[str, tuple[str, int]], after: dict[str, tuple[str, int]], part: int) -> list[str]:
    """Files that came, went, or differ in a part of their state."""
    both = before.keys() & after.keys()
    return sorted((before.keys() ^ after.keys()) | {name for name in both if before[name][part] != after[name][part]})


def _read(folders: Sequence[Path]) -> dict[str, float]:
    ran = processes.run(processes.module("benchmarks.reading", *folders))
    measured: dict[str, float] = json.loads(ran.output)
    return measured
