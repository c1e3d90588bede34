"""Plays rounds one after another, writes each down as it ends, and goes on where it stopped."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.faults.workplace import Unprepared, Workplace
from tests.processes import ROOT

UNEXPECTED = (AssertionError, KeyError, IndexError, ValueError, OSError, httpx.HTTPError, Unprepared)
"""What a round may meet that it did not look for: a fault too, and no reason to stop."""


@dataclass(slots=True)
class Round:
    """One round: its number, a folder for it alone, the figures it takes and the faults it finds."""

    number: int
    folder: Path
    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, text: str) -> None:
        """Write down that something is not as promised."""
        self.faults.append(text)


Play = Callable[[Round], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rounds: how many prove something, and what opens a game of them."""

    full: int
    opened: Callable[[Workplace], AbstractContextManager[Play]]


def play_rounds(name: str, kind: Kind, rounds: int, workplace: Workplace, results: Path) -> int:
    """Play the rounds that ``results`` does not hold yet; gives the number of rounds there that failed."""
    left = [number for number in range(rounds) if number not in {each["round"] for each in read(results, name)}]
    started = time.monotonic()
    if left:
        with kind.opened(workplace) as play:
            for position, number in enumerate(left):
                _play(name, play, Round(number, workplace.rounds / f"{name}-{number:03d}"), results)
                spent = time.monotonic() - started
                _tell(name, rounds, spent / (position + 1) * (len(left) - position - 1), read(results, name))
    return sum(bool(each["faults"]) for each in read(results, name))


def read(results: Path, name: str | None = None) -> list[dict[str, Any]]:
    """The rounds written down, of one kind or of all; a line that was broken off is passed over."""
    found: list[dict[str, Any]] = []
    for line in results.read_text(encoding="utf-8").splitlines() if results.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return [each for each in found if name in (None, each["kind"])]


def conditions() -> dict[str, Any]:
    """When, of which commit and where a round was played."""
    described = ["git", "describe", "--always", "--dirty=+"]
    commit = subprocess.run(described, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "machine": f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores, {memory} GB",
        "load": round(os.getloadavg()[0], 2),
    }


def _play(name: str, play: Play, this: Round, results: Path) -> None:
    shutil.rmtree(this.folder, ignore_errors=True)
    this.folder.mkdir(parents=True)
    started = time.monotonic()
    try:
        play(this)
    except UNEXPECTED as error:
        this.fault(f"{type(error).__name__}: {error}")
        (this.folder / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
    seconds = round(time.monotonic() - started, 2)
    told = {"kind": name, "round": this.number, "faults": this.faults, "seconds": seconds} | this.figures | conditions()
    with results.open("a", encoding="utf-8") as file:
        # Where it was played is nobody's business, and different each time.
        file.write(json.dumps(told, ensure_ascii=False).replace(f"{this.folder.parent.parent}/", "") + "\n")
    for text in this.faults:
        print(f"{name} {this.number}: {text}\n  kept: {this.folder}", file=sys.stderr, flush=True)
    if not this.faults:
        shutil.rmtree(this.folder)


def _tell(name: str, rounds: int, left: float, done: list[dict[str, Any]]) -> None:
    failed = sum(bool(each["faults"]) for each in done)
    text = f"{name}: {len(done)} of {rounds} rounds, {failed} failed, about {left / 60:.0f} min {left % 60:.0f} s left"
    print(text, file=sys.stderr, flush=True)
