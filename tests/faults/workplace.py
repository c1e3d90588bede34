"""Where rounds are played: a work folder with models, libraries to begin from, and results."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.articles import Article, write_articles
from tests.faults.commands import Commands, Ended
from tests.faults.models import Models, make_models

MADE = "made.json"


class Unprepared(Exception):
    """What rounds begin from could not be made."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """A work folder; what is made in it once is kept for the next run."""

    folder: Path
    models: Models

    def commands(self, model: Path | None = None, **variables: str) -> Commands:
        """Byline with one of the models (the first if none is named)."""
        named = {"BYLINE_EMBEDDING_MODEL": str(model or self.models.first), "BYLINE_CACHE": str(self.folder / "cache")}
        return Commands(named | {"PYTHONHASHSEED": "0"} | variables)

    def kept(self, name: str, make: Callable[[Path], dict[str, Any]]) -> tuple[Path, dict[str, Any]]:
        """The folder that ``make`` filled, and what it told; made once, and again if that was broken off."""
        folder = self.folder / name
        note = folder / MADE
        if not note.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            told = make(folder)
            note.write_text(json.dumps(told), encoding="utf-8")
        return folder, dict(json.loads(note.read_text(encoding="utf-8")))

    def build(self, folder: Path, articles: list[Article], model: Path | None = None) -> str:
        """Fill ``folder``/library from ``folder``/articles, undisturbed; gives its digest."""
        written = write_articles(folder / "articles", articles)
        commands = self.commands(model)
        well(commands.run(folder / "library", "ingest", written))
        return digest_of(commands, folder / "library")


def open_workplace(folder: Path) -> Workplace:
    """The workplace in ``folder``, its models made."""
    folder.mkdir(parents=True, exist_ok=True)
    return Workplace(folder, make_models(folder / "models"))


def well(ended: Ended) -> Ended:
    """The command, which must have ended well. Raises Unprepared."""
    if ended.code:
        raise Unprepared(str(ended))
    return ended


def digest_of(commands: Commands, library: Path) -> str:
    """The digest of a library that must be sound. Raises Unprepared."""
    return str(well(commands.run(library, "verify", "--json")).reply["digest"])
