"""The desk a command works at: that of the library's owner if there is one, else one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rag.settings import Settings
    from ui.desk import Desk, LocalDesk


@contextmanager
def open_desk(library: Path | None, command: str) -> Iterator[Desk]:
    """A desk for the block. Raises LibraryInUse when the library's owner takes no work."""
    from rag.settings import load_settings
    from ui.handover import RemoteDesk, find_owner

    settings = load_settings(library=library)
    owner = find_owner(settings.library)
    desk: Desk = RemoteDesk(owner, settings.library) if owner else local_desk(settings, command)
    try:
        yield desk
    finally:
        desk.close()


def local_desk(settings: Settings, command: str) -> LocalDesk:
    """A desk in this process, which then owns the library. Raises LibraryInUse."""
    import logging

    from rag.engine import open_engine
    from ui.desk import LocalDesk

    for parser in ("pypdf", "trafilatura"):  # what they could not read, we report ourselves, once and with a remedy
        logging.getLogger(parser).setLevel(logging.CRITICAL)
    engine = open_engine(settings, command)
    return LocalDesk(engine, passage_tokens=settings.passage_tokens, answerer=settings.answerer)
