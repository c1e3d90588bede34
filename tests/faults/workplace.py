"""Where rounds are played: a folder with models, and libraries that rounds begin from."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.articles import Article, write_articles
from tests.faults.commands import Commands, Ended
from tests.faults.models import Models, make_models


class Unprepared(Exception):
    """What rounds begin from could not be made."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder for one run; failed rounds are kept in it."""

    folder: Path
    models: Models

    @property
    def rounds(self) -> Path:
        """The folder of the rounds' folders."""
        return self.folder / "rounds"

    def commands(self, model: Path | None = None, **variables: str) -> Commands:
        """Byline with one of the models (the first if none is named)."""
        named = {"BYLINE_EMBEDDING_MODEL": str(model or self.models.first), "BYLINE_CACHE": str(self.folder / "cache")}
        return Commands(named | {"PYTHONHASHSEED": "0"} | variables)

    def build(self, folder: Path, articles: list[Article], model: Path | None = None) -> str:
        """Fill ``folder``/library from ``folder``/articles, undisturbed; gives its digest. Raises Unprepared."""
        commands = self.commands(model)
        well(commands.run(folder / "library", "ingest", write_articles(folder / "articles", articles)))
        return digest_of(commands, folder / "library")


@contextmanager
def open_workplace(parent: Path) -> Iterator[Workplace]:
    """A new workplace below ``parent``. At the end nothing is left of it but rounds that failed."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="byline-faults-", dir=parent))
    try:
        yield Workplace(folder, make_models(folder / "models"))
    finally:
        kept = [*folder.glob("rounds/*")]
        for path in folder.iterdir():
            if path.name != "rounds" or not kept:
                shutil.rmtree(path)
        if not kept:
            folder.rmdir()


def well(ended: Ended) -> Ended:
    """The command, which must have ended well. Raises Unprepared."""
    if ended.code:
        raise Unprepared(str(ended))
    return ended


def digest_of(commands: Commands, library: Path) -> str:
    """The digest of a library that must be sound. Raises Unprepared."""
    return str(well(commands.run(library, "verify", "--json")).reply["digest"])
