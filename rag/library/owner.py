"""One process owns a library: Chroma's folder is not safe across processes.

The owner holds an exclusive lock, which the system frees when the process ends, however it ends. Beside
it stands a note, readable by the owner's user alone, that says who owns the library and, when that is
a server, where and with which secret work can be handed over.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import LibraryInUse, StorageError

LOCK, NOTE = "owner.lock", "owner.json"
PATIENCE = 0.5
"""Seconds to wait for a lock: a glance of ``is_owned`` holds it for a moment too."""

REPORT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a library, and how far its work is. ``url`` and ``secret`` are set when work can be handed over."""

    pid: int
    command: str
    url: str | None = None
    secret: str | None = None
    progress: str | None = None

    def __str__(self) -> str:
        """For messages: command and process id, and what it is doing."""
        doing = f", {self.progress}" if self.progress else ""
        return f"byline {self.command} (process {self.pid}{doing})"


class Ownership:
    """The exclusive right to a library folder, from construction to ``release``. Raises LibraryInUse."""

    def __init__(self, folder: Path, command: str) -> None:
        self.folder = folder
        self._note = folder / NOTE
        self._owner = Owner(os.getpid(), command)
        self._reported = 0.0
        self._lock = FileLock(folder / LOCK, timeout=PATIENCE)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._write()
        except Timeout:
            raise LibraryInUse(str(folder), str(read_owner(folder) or "another process")) from None
        except OSError as error:
            self._lock.release()
            raise _unusable(folder, error) from error

    def open_door(self, url: str) -> Owner:
        """Announce that work can be handed over at ``url``; the note returned carries the secret to ask for."""
        self._owner = replace(self._owner, url=url, secret=secrets.token_urlsafe(32))
        self._write()
        return self._owner

    def report(self, progress: str | None) -> None:
        """Say in the note how far the work is; more often than once a second goes unheard, but None ends it at once."""
        if progress is None or time.monotonic() - self._reported >= REPORT_SECONDS:
            self._reported = time.monotonic()
            self._owner = replace(self._owner, progress=progress)
            with suppress(OSError):  # a full disk: the work itself will say so, and with a remedy
                self._write()

    def release(self) -> None:
        """Give the library back."""
        self._note.unlink(missing_ok=True)
        self._lock.release()

    def _write(self) -> None:
        scratch = self._note.with_suffix(".partial")
        scratch.unlink(missing_ok=True)
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(self._owner), file)
        scratch.replace(self._note)


def read_owner(folder: Path) -> Owner | None:
    """Who last owned the library, or None if nobody left a note. Whether they still do, only the lock tells."""
    try:
        return Owner(**json.loads((folder / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_alive(owner: Owner) -> bool:
    """Whether the process that left a note still runs; then it holds the library, or has just given it back."""
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def holds_library(folder: Path) -> bool:
    """Whether the folder was ever used as a library, sound or not."""
    return any((folder / name).exists() for name in (LOCK, "catalog.sqlite", "projections"))


def is_owned(folder: Path) -> bool:
    """Whether a living process owns the library. Raises StorageError where its lock cannot be tried."""
    if not (folder / LOCK).exists():
        return False
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError as error:
        raise _unusable(folder, error) from error
    lock.release()
    return False


def _unusable(folder: Path, error: OSError) -> StorageError:
    remedy = "Name a folder you may write with --library or BYLINE_LIBRARY, and check the disk's free space"
    return StorageError(str(folder), f"cannot be used as a library ({error.strerror})", remedy)
