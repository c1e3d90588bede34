"""Byline as a user runs it: real processes, real exit codes, real output."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90


def byline(
    *arguments: str, library: Path | None = None, stdin: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "ui", *arguments],
        env=environment(library) | variables,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


def environment(library: Path | None) -> dict[str, str]:
    """The caller's environment without its BYLINE_* variables, but for the cache of exported models."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("BYLINE_") or name == "BYLINE_CACHE"
    }
    kept["PYTHONPATH"] = str(ROOT)
    if library is not None:
        kept["BYLINE_LIBRARY"] = str(library)
    return kept


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    url: str
    process: subprocess.Popen[str]

    def stop(self) -> int:
        """Interrupt it and wait for its exit code."""
        self.process.terminate()
        self.process.communicate(timeout=START_SECONDS)
        return self.process.returncode


def start_server(library: Path, **variables: str) -> Served:
    """Start ``byline serve`` on a free port and wait until it says where it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ui", "serve", "--port", "0"],
        env=environment(library) | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    deadline = time.monotonic() + START_SECONDS
    said = ""
    while time.monotonic() < deadline:
        if select.select([process.stderr], [], [], 0.2)[0]:
            said += process.stderr.readline()
            if found := re.search(r"on (http://\S+)", said):
                return Served(found[1], process)
        if process.poll() is not None:
            break
    process.kill()
    said += process.communicate()[1]
    raise AssertionError(f"byline serve did not start: {said}")
