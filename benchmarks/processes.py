"""Runs Byline's commands as processes of their own, and tells what they cost."""

from __future__ import annotations

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).resolve().parent.parent
SPENDING = ROOT / "benchmarks" / "spending.py"
GRACE_SECONDS = 15
START_SECONDS = 120
LOOK_EVERY = 0.02

Variables = Mapping[str, str] | None
"""What a process is given in its environment beyond ours."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that has ended: what it printed, how long it took, and what it used."""

    output: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Serving:
    """A running ``byline serve``, and when it was started."""

    pid: int
    client: httpx.Client
    started: float

    def wait_for(self, method: str, path: str, body: dict[str, Any] | None = None) -> float:
        """Seconds from the start of the process until the request is answered with 200.

        Raises RuntimeError when it is answered with an error that waiting does not cure, or never.
        """
        problem = "no answer"
        while time.perf_counter() - self.started < START_SECONDS:
            try:
                reply = self.client.request(method, path, json=body)
            except httpx.TransportError as error:  # it does not listen yet
                problem = str(error)
            else:
                if reply.status_code == httpx.codes.OK:
                    return time.perf_counter() - self.started
                problem = f"{reply.status_code} {reply.text[:500]}"
                if reply.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
            time.sleep(LOOK_EVERY)
        raise RuntimeError(f"{method} {path} was not answered: {problem}")


def byline(*arguments: str | Path) -> list[str]:
    """The command line of ``byline`` in this environment, installed or not."""
    return [sys.executable, "-c", "from ui.cli.main import main; main()", *map(str, arguments)]


def module(name: str, *arguments: str | Path, python: str | Path = sys.executable) -> list[str]:
    """The command line of a module of ours."""
    return [str(python), "-m", name, *map(str, arguments)]


def run(command: Sequence[str], *, variables: Variables = None, accept: Sequence[int] = (0,)) -> Ran:
    """Run a command to its end. Raises RuntimeError with its last words when its exit code is not accepted."""
    with tempfile.NamedTemporaryFile("r") as note:
        ended = subprocess.run(
            [sys.executable, "-S", "-E", str(SPENDING), note.name, *command],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=_environment(variables),
            check=False,
        )
        if ended.returncode not in accept:
            raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr[-2000:]}")
        return Ran(ended.stdout, **json.load(note))


def ingest(articles: Path | Sequence[Path], library: Path, variables: Variables = None) -> tuple[dict[str, Any], Ran]:
    """Ingest articles into a library: what ``byline ingest`` reports, and its cost."""
    paths = [articles] if isinstance(articles, Path) else articles
    # 1 means that some file could not be read; the report names it.
    ran = run(byline("ingest", *paths, "--library", library, "--json"), variables=variables, accept=(0, 1))
    return json.loads(ran.output), ran


@contextmanager
def serving(library: Path, variables: Variables = None) -> Iterator[Serving]:
    """A ``byline serve`` on a free port for as long as the block lasts. It may not answer yet."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = byline("serve", "--library", library, "--port", str(port))
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdout=errors, stderr=errors, cwd=ROOT, env=_environment(variables)) as child,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client,
    ):
        try:
            yield Serving(child.pid, client, started)
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()


def conditions() -> dict[str, Any]:
    """Where and when a measurement is made: without it, its figures say little."""
    return {
        "made": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": _commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GB",
        "python": platform.python_version(),
        "load": load(),
    }


def load() -> float:
    """The load average of the last minute: well above that of the measurement itself, others were working too."""
    return round(os.getloadavg()[0], 2)


def write_result(path: Path, result: dict[str, Any]) -> None:
    """Write a result as JSON, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def _environment(variables: Variables) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)} | dict(variables or {})


def _commit() -> str | None:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None
