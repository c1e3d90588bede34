"""Find the files that may hold articles, below the paths a user gives."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
TEXT_SUFFIXES = frozenset({".txt", ".text"})
HTML_SUFFIXES = frozenset({".html", ".htm"})
LINE_SUFFIXES = frozenset({".jsonl", ".ndjson"})
FEED_SUFFIXES = frozenset({".xml", ".rss", ".atom"})
OTHER_SUFFIXES = frozenset({".json", ".pdf"})
SUFFIXES = MARKDOWN_SUFFIXES | TEXT_SUFFIXES | HTML_SUFFIXES | LINE_SUFFIXES | FEED_SUFFIXES | OTHER_SUFFIXES
"""The article formats that can be read, by the end of the file's name."""

SKIPPED = (".*", "readme*", "license*", "notice*", "questions*.jsonl", "conversations*.jsonl")
"""Names passed over in a folder, in any case: hidden ones, and files that describe a corpus."""
LIBRARY_MARK = "catalog.sqlite"
"""A folder that holds this is a library, whose files are no articles."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may hold articles, and the root it was found below."""

    path: Path
    root: Path
    relative: str

    @property
    def origin(self) -> str:
        """What identifies an article of this file that has neither an id nor a url."""
        return f"{readable(self.root.name)}/{self.relative}"


def discover(paths: Iterable[str]) -> Iterator[SourceFile | CannotRead]:
    """Each article file at or below the paths, once, in a fixed order; and what cannot be read."""
    seen: set[Path] = set()
    for path in paths:
        yield from _discover_one(path, seen)


def readable(name: str | Path) -> str:
    """A file name that can be stored and shown, even if its bytes are not valid UTF-8."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_skipped(name: str) -> bool:
    """Whether a file or folder of this name is passed over in a folder."""
    return any(fnmatch(name.casefold(), pattern) for pattern in SKIPPED)


def _discover_one(given: str, seen: set[Path]) -> Iterator[SourceFile | CannotRead]:
    if given.casefold().startswith(("http://", "https://")):
        problem = "is an address, and only local paths are read so far"
        yield CannotRead(readable(given), problem, "Save the page as a file, and give that")
        return
    try:
        path = Path(given).resolve()
        is_folder, is_there = path.is_dir(), path.exists()
    except (OSError, ValueError, RuntimeError) as error:  # a name too long, a NUL in it, a loop of links
        yield CannotRead(readable(given), f"is not a usable path ({error})", "Check the path")
        return
    if is_folder:
        yield from _discover_folder(path, given, seen)
    elif is_there:
        yield from _discover_file(path, path.parent, seen)
    else:
        yield CannotRead(readable(given), "does not exist", "Check the path")


def _discover_folder(root: Path, given: str, seen: set[Path]) -> Iterator[SourceFile | CannotRead]:
    if root in seen:
        return
    is_empty = True
    for found in _walk(root, root, seen):
        is_empty = False
        yield found
    if is_empty and not any(root in path.parents and path.suffix for path in seen):
        yield CannotRead(readable(given), "holds no article files", f"Byline reads {_known_suffixes()}")


def _walk(folder: Path, root: Path, seen: set[Path]) -> Iterator[SourceFile | CannotRead]:
    try:
        real = folder.resolve()
        if real in seen:  # a link that leads back, or a folder given twice
            return
        seen.add(real)
        entries = sorted(folder.iterdir())
    except (OSError, RuntimeError) as error:
        yield CannotRead(readable(folder), f"cannot be listed ({_reason(error)})", "Check its permissions")
        return
    if any(entry.name == LIBRARY_MARK for entry in entries):
        return
    for entry in entries:
        if not is_skipped(entry.name):
            yield from _walk(entry, root, seen) if entry.is_dir() else _discover_file(entry, root, seen)


def _discover_file(path: Path, root: Path, seen: set[Path]) -> Iterator[SourceFile | CannotRead]:
    if path.suffix.casefold() not in SUFFIXES:
        yield CannotRead(
            readable(path),
            f"not an article format Byline reads ({_known_suffixes()})",
            "Convert it to one of these, or keep it elsewhere",
        )
    elif not path.is_file():  # a pipe would block forever
        yield CannotRead(readable(path), "is no regular file, or a link to nothing", "Remove it from there")
    elif (real := path.resolve()) not in seen:
        seen.add(real)
        yield SourceFile(path, root, readable(path.relative_to(root).as_posix()))


def _known_suffixes() -> str:
    return " ".join(sorted(SUFFIXES))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
