"""The desk a command works at: that of the library's owner if there is one, else one of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.errors import LibraryInUse, StorageError
from ui.terminal import say_waiting

if TYPE_CHECKING:
    from pathlib import Path

    from rag.library.owner import Owner
    from rag.settings import Settings
    from ui.desk import Desk, LocalDesk

GLANCE_SECONDS = 0.05
POLL_SECONDS = 0.5
MAKING = "ingest"
NEEDING = {"verify", "rebuild", "compact", "remove", "export", "eval"}
"""Commands that would succeed at nothing in an empty library."""


@contextmanager
def open_desk(
    library: Path | None, command: str, *, wait: bool = False, rest: Callable[[float], None] = time.sleep
) -> Iterator[Desk]:
    """A desk for the block; with ``wait`` it may take as long as somebody else holds the library.

    ``rest`` sleeps between two looks, and may raise to give up. Raises LibraryInUse when its owner takes no work.
    """
    from rag.settings import load_settings

    desk = _find_desk(load_settings(library=library), command, wait=wait, rest=rest)
    try:
        yield desk
    finally:
        desk.close()


def local_desk(settings: Settings, command: str) -> LocalDesk:
    """A desk in this process, which then owns the library. Raises LibraryInUse."""
    import logging

    from rag.library.owner import Ownership

    # Before anything heavy is imported: whoever must leave does so at once.
    ownership = Ownership(settings.library, command)
    from rag.engine import engine_of
    from ui.desk import LocalDesk

    for parser in ("pypdf", "trafilatura"):  # what they could not read, we report ourselves, once and with a remedy
        logging.getLogger(parser).setLevel(logging.CRITICAL)
    engine = engine_of(ownership, settings)
    return LocalDesk(engine, answerer=settings.answerer, keep_revisions=settings.keep_revisions)


def _find_desk(settings: Settings, command: str, *, wait: bool, rest: Callable[[float], None]) -> Desk:
    is_told = False
    while True:
        try:
            return _desk(settings, command)
        except LibraryInUse as error:
            if not wait:
                raise
            if not is_told:
                say_waiting(error.holder)
            is_told = True
            rest(POLL_SECONDS)


def _desk(settings: Settings, command: str) -> Desk:
    owner = _lasting_owner(settings.library)
    if owner is None:
        _refuse_elsewhere(settings.library, command)
        return local_desk(settings, command)
    if owner.url is None:
        raise LibraryInUse(str(settings.library), str(owner))
    from ui.handover import RemoteDesk

    return RemoteDesk(owner, settings.library)


def _refuse_elsewhere(library: Path, command: str) -> None:
    """Make no library where a path was mistyped: not among other files, nor for a command that needs a filled one."""
    from rag.library.owner import holds_library

    if command == MAKING or holds_library(library):
        return
    if command in NEEDING or (library.is_dir() and any(library.iterdir())):
        remedy = "Name one with --library or BYLINE_LIBRARY, or make one with: byline ingest FOLDER"
        raise StorageError(str(library.absolute()), "there is no library", remedy)


def _lasting_owner(library: Path) -> Owner | None:
    """Who owns the library, if not only for a glance at its lock. Nothing heavy is imported to see it."""
    from rag.library.owner import PATIENCE, is_alive, is_owned, read_owner

    deadline = time.monotonic() + PATIENCE
    while is_owned(library):
        owner = read_owner(library)
        # A server that is starting is about to take work; whoever else holds the library takes none.
        if (owner and (owner.url or (owner.command != "serve" and is_alive(owner)))) or time.monotonic() > deadline:
            return owner
        time.sleep(GLANCE_SECONDS)
    return None
