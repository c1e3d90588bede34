"""Which writes a command makes to its library, by strace, and a fault at one of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

CALLS = (
    "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "unlink", "unlinkat"
)  # fmt: skip
LINE = re.compile(r"(\d+)\s+(\w+)\((.*)")
PARTS = ("catalog", "vectors", "keywords", "keeping")


@dataclass(frozen=True, slots=True)
class Write:
    """A call that changes a file of the library: the ``nth`` of its name in its thread, which is how strace counts."""

    call: str
    nth: int
    file: str

    @property
    def part(self) -> str:
        """The part of the library that the file belongs to."""
        return part_of(self.file)


def part_of(file: str) -> str:
    """Which of PARTS a path within a library belongs to; "keeping" are the seal, the owner's note and the lock."""
    folders = file.split("/")
    return next((part for part in PARTS[:3] if any(each.startswith(part) for each in folders)), PARTS[3])


def tracing(note: Path, *effects: str) -> list[str]:
    """What a command is run with so that its writes are noted in ``note``; each effect is what strace injects."""
    expressions = ["signal=none", f"trace={','.join(CALLS)}", *(f"inject={effect}" for effect in effects)]
    # Without --seccomp-bpf: with it, strace injects errors but no signals.
    return ["strace", "-f", "-y", "-qq", "-s", "0", "-o", str(note), *(f"--{each}" for each in expressions)]


def writes_of(lines: Iterable[str], library: Path) -> list[Write]:
    """The writes to the library that strace noted, in order."""
    counts: Counter[tuple[str, str]] = Counter()
    inside = re.compile(re.escape(str(library)) + r'/([^>"]+)')
    found: list[Write] = []
    for line in lines:
        if not (made := LINE.match(line)):
            continue
        thread, call, rest = made.groups()
        counts[thread, call] += 1
        if file := inside.search(rest):
            found.append(Write(call, counts[thread, call], file[1]))
    return found


def draw_write(writes: list[Write], drawn: Random) -> Write:
    """A write; each part of the library, then each call, is as likely as another, however often it is made."""
    by_part: defaultdict[str, defaultdict[str, list[Write]]] = defaultdict(lambda: defaultdict(list))
    for write in writes:
        by_part[write.part][write.call].append(write)
    calls = by_part[drawn.choice(sorted(by_part))]
    return drawn.choice(calls[drawn.choice(sorted(calls))])


def read_note(note: Path) -> list[str]:
    """What strace wrote down."""
    return note.read_text(encoding="utf-8", errors="replace").splitlines() if note.exists() else []
