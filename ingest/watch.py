"""Tells when files below the given paths change; what an ingest passes over does not count, nor does our library."""

from __future__ import annotations

import math
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ingest.discovery import LIBRARY_MARK, is_skipped
from rag.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Generator

    from watchfiles.main import FileChange

TICK = 0.25
"""Seconds between two looks at the paths themselves: the system does not tell when a folder comes back."""
STEP = 0.05
MILLISECONDS = 1000
REMEDY = "Raise the system's limits (fs.inotify.max_user_watches and so on), or set WATCHFILES_FORCE_POLLING=true"

Print = tuple[int, ...]
"""What tells a folder from another one in its place, and a file from its former states."""


class Stop(Protocol):
    """Whether the watching is to end."""

    def is_set(self) -> bool:
        """Asked several times a second."""


@dataclass(frozen=True, slots=True)
class Pace:
    """For how many seconds a burst of changes must be quiet, and how long it may go on before it counts anyway."""

    quiet: float = 0.5
    longest: float = 5.0


def changes(paths: Sequence[str], stop: Stop, *, library: Path, pace: Pace | None = None) -> Iterator[tuple[str, ...]]:
    """Those of the paths that are there: once at the start, when all is being watched, and after each burst of changes.

    What changes while the caller is busy is not lost. A path that is not there is waited for. Folders are watched with
    all that is below them, files alone. Raises StorageError when the system cannot watch.
    """
    pace = pace or Pace()
    began: float | None = -math.inf  # the start is due at once
    latest = -math.inf
    with closing(_ticks(paths, stop, library.resolve())) as ticks:
        for is_changed in ticks:
            now = time.monotonic()
            if is_changed:
                began, latest = now if began is None else began, now
            if began is not None and (now - latest >= pace.quiet or now - began >= pace.longest):
                began = None
                yield tuple(path for path, found in _look(paths).items() if found)


def _ticks(paths: Sequence[str], stop: Stop, library: Path) -> Generator[bool, None, None]:
    """Several times a second, whether something changed. What happened before it was watched counts as a change."""
    while not stop.is_set():
        before, is_changed = _look(paths), True
        roots = [Path(path).resolve() for path in _folders(before)]
        with closing(_events(roots, stop)) as events:
            for found in events:
                now = _look(paths)
                is_changed = is_changed or now != before or _concerns(found, roots, library)
                yield is_changed
                if _folders(now) != _folders(before) or _is_lost(found, roots):
                    break  # the system watches the folders that were there, not those that have their names
                before, is_changed = now, False


def _events(roots: Sequence[Path], stop: Stop) -> Generator[set[FileChange], None, None]:
    """What the system says has changed, an empty set after each tick in which nothing did; it ends with ``stop``."""
    from watchfiles import watch

    if not roots:
        while not stop.is_set():
            time.sleep(TICK)
            yield set()
        return
    try:
        yield from watch(
            *roots,
            watch_filter=None,
            debounce=int(STEP * MILLISECONDS),
            step=int(STEP * MILLISECONDS),
            rust_timeout=int(TICK * MILLISECONDS),
            yield_on_timeout=True,
            stop_event=stop,
            ignore_permission_denied=True,  # an ingest says what it may not read
        )
    except (OSError, RuntimeError) as error:
        if all(root.is_dir() for root in roots):  # else one of them has just gone, and is waited for
            raise StorageError(str(roots[0]), f"cannot be watched ({error})", REMEDY) from error


def _look(paths: Iterable[str]) -> dict[str, Print | None]:
    return {path: _print_of(Path(path)) for path in paths}


def _print_of(path: Path) -> Print | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    place = (found.st_dev, found.st_ino)
    return place if stat.S_ISDIR(found.st_mode) else (*place, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _folders(prints: dict[str, Print | None]) -> dict[str, Print]:
    return {path: found for path, found in prints.items() if found and Path(path).is_dir()}


def _is_lost(found: set[FileChange], roots: Iterable[Path]) -> bool:
    from watchfiles import Change

    return any((Change.deleted, str(root)) in found for root in roots)


def _concerns(found: set[FileChange], roots: Sequence[Path], library: Path) -> bool:
    paths = (Path(path) for _, path in found)
    return any(
        _is_read(path, root)
        for path in paths
        if not path.is_relative_to(library)
        for root in roots
        if path.is_relative_to(root)
    )


def _is_read(path: Path, root: Path) -> bool:
    """Whether an ingest of the root would look at the path."""
    folders = [folder for folder in path.parents if folder.is_relative_to(root)]
    if any(is_skipped(name) for name in path.relative_to(root).parts):
        return False
    return not any((folder / LIBRARY_MARK).exists() for folder in folders)
