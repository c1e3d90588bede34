"""Notes in the work folder of what is finished, so that a run that was broken off goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.processes import write_result

Figures = dict[str, Any]


def kept_or_made(note: Path, state: Mapping[str, Any], make: Callable[[], Figures]) -> Figures:
    """What the note tells if it was written in the same state; else ``make`` is called, and what it gives is noted.

    ``state`` is all that the figures depend on, as JSON holds it.
    """
    noted = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    if noted.get("state") == state:
        kept: Figures = noted["made"]
        return kept
    made = make()
    write_result(note, {"state": dict(state), "made": made})
    return made


def digest_of_code(root: Path, places: Iterable[str]) -> str:
    """The sha256, in hexadecimal, of files below ``root`` and of all files of folders; compiled code is left out."""
    paths = (path for place in places for path in ((root / place), *(root / place).rglob("*")))
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file() and path.parent.name != "__pycache__"):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
