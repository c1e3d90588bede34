"""One process owns a library: Chroma's folder is not safe across processes.

The owner holds an exclusive lock, which the system frees when the process ends, however it ends. Beside
it stands a note, readable by the owner's user alone, that says who owns the library and, when that is
a server, where and with which secret work can be handed over.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import LibraryInUse, StorageError

LOCK, NOTE = "owner.lock", "owner.json"
PATIENCE = 0.5
"""Seconds to wait for a lock: a glance of ``is_owned`` holds it for a moment too."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a library. ``url`` and ``secret`` are set when work can be handed over."""

    pid: int
    command: str
    url: str | None = None
    secret: str | None = None

    def __str__(self) -> str:
        """For messages: command and process id."""
        return f"byline {self.command} (process {self.pid})"


class Ownership:
    """The exclusive right to a library folder, from construction to ``release``. Raises LibraryInUse."""

    def __init__(self, folder: Path, command: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / LOCK, timeout=PATIENCE)
            self._lock.acquire()
        except Timeout:
            raise LibraryInUse(str(folder), str(read_owner(folder) or "another process")) from None
        except OSError as error:
            remedy = "Name a folder you may write with --library or BYLINE_LIBRARY"
            raise StorageError(str(folder), f"cannot be used as a library ({error.strerror})", remedy) from error
        self._note = folder / NOTE
        self._command = command
        self._write(Owner(os.getpid(), command))

    def open_door(self, url: str) -> Owner:
        """Announce that work can be handed over at ``url``; the note returned carries the secret to ask for."""
        owner = Owner(os.getpid(), self._command, url, secrets.token_urlsafe(32))
        self._write(owner)
        return owner

    def release(self) -> None:
        """Give the library back."""
        self._note.unlink(missing_ok=True)
        self._lock.release()

    def _write(self, owner: Owner) -> None:
        scratch = self._note.with_suffix(".partial")
        scratch.unlink(missing_ok=True)
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(owner), file)
        scratch.replace(self._note)


def read_owner(folder: Path) -> Owner | None:
    """Who last owned the library, or None if nobody left a note. Whether they still do, only the lock tells."""
    try:
        return Owner(**json.loads((folder / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_owned(folder: Path) -> bool:
    """Whether a living process owns the library."""
    if not (folder / LOCK).exists():
        return False
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
