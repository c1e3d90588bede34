"""The memory of a running process."""

from __future__ import annotations

import re
from pathlib import Path

import psutil


def resident_bytes(pid: int) -> int:
    """Memory that the process and its children hold now."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(int(each.memory_info().rss) for each in family)


def peak_bytes(pid: int) -> int:
    """The most memory that the living process itself has held at once (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1]) * 1024  # type: ignore[index]
