"""Byline's commands as processes, with everything a round needs to know of how they ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tests.processes import environment, start_server

SECONDS_AT_MOST = 180
HUNG = "(it hung, and was killed)"
CRASHED = ("Traceback (most recent call last)", "panicked at", "Segmentation fault")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: exit code (negative: a signal), stdout, stderr, seconds of wall."""

    code: int
    output: str
    said: str
    seconds: float

    @property
    def reply(self) -> dict[str, Any]:
        """What it printed with --json; empty when it printed none."""
        try:
            return dict(json.loads(self.output))
        except ValueError:
            return {}

    @property
    def is_crash(self) -> bool:
        return not 0 <= self.code < 128 or any(words in self.said for words in CRASHED)

    @property
    def is_refusal(self) -> bool:
        """Whether it said no with one line that tells why."""
        lines = self.said.strip().splitlines()
        return self.code in (2, 74) and len(lines) == 1 and lines[0].startswith("byline: ")

    def __str__(self) -> str:
        return f"exit {self.code}, {(self.said.strip() or self.output.strip())[-600:]!r}"


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs ``byline`` with settings of its own; ``prefix`` is what runs it (strace, unshare)."""

    variables: Mapping[str, str]
    prefix: Sequence[str] = ()

    def run(self, library: Path, *arguments: str | Path) -> Ended:
        """Run a command to its end."""
        return finish(self.start(library, *arguments))

    def start(self, library: Path, *arguments: str | Path) -> Started:
        """Start a command."""
        command = [*self.prefix, sys.executable, "-m", "ui", *map(str, arguments)]
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            env=environment(library) | dict(self.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return Started(process, started)

    @contextmanager
    def serving(self, library: Path) -> Iterator[Server]:
        """A ``byline serve`` for as long as the block lasts."""
        served = start_server(library, **self.variables)
        stderr = served.process.stderr
        assert stderr is not None
        said: list[str] = []
        reading = threading.Thread(target=lambda: said.extend(stderr), daemon=True)
        reading.start()
        with httpx.Client(base_url=served.url, timeout=60, trust_env=False) as client:
            try:
                yield Server(served.process, client, said)
            finally:
                served.process.terminate()
                try:
                    served.process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    served.process.kill()
                reading.join(timeout=5)


@dataclass(frozen=True, slots=True)
class Started:
    """A command that runs, and when it was started."""

    process: subprocess.Popen[str]
    started: float


def finish(running: Started) -> Ended:
    """Wait for the command's end; one that hangs is killed, and its exit code is that of the kill."""
    try:
        output, said = running.process.communicate(timeout=SECONDS_AT_MOST)
    except subprocess.TimeoutExpired:
        os.killpg(running.process.pid, signal.SIGKILL)  # strace alone would leave behind what it runs
        output, said = running.process.communicate()
        said += HUNG
    return Ended(running.process.returncode, output, said, time.monotonic() - running.started)


@dataclass(frozen=True, slots=True)
class Server:
    """A running ``byline serve`` as its clients see it. Each method raises HTTPStatusError when it is told no."""

    process: subprocess.Popen[str]
    client: httpx.Client
    said: list[str] = field(default_factory=list)

    def ask(self, question: str) -> dict[str, Any]:
        """The answer or refusal."""
        return self._read(self.client.post("/v1/answers", json={"question": question}))

    def search(self, query: str, limit: int = 10) -> list[dict[str, Any]]:
        """The hits."""
        return list(self._read(self.client.post("/v1/search", json={"query": query, "limit": limit}))["hits"])

    def article(self, id_: str) -> dict[str, Any]:
        """An article."""
        return self._read(self.client.get(f"/v1/articles/{quote(id_, safe='')}"))

    def listed(self) -> list[str]:
        """The ids of all articles, as often as they are listed."""
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            parameters = {"limit": "500"} | ({"cursor": cursor} if cursor else {})
            page = self._read(self.client.get("/v1/articles", params=parameters))
            found += [each["id"] for each in page["data"]]
            cursor = page["next_cursor"]
        return found

    def _read(self, reply: httpx.Response) -> dict[str, Any]:
        reply.raise_for_status()
        return dict(reply.json())
