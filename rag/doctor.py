"""Examines an installation without changing it: what is wrong with it, and the next step."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import BylineError

if TYPE_CHECKING:
    from rag.settings import Settings

NEEDED = ("chromadb", "tantivy", "sqlalchemy", "onnxruntime", "tokenizers", "llama_index.core", "gradio", "fastapi")
LOW_DISK = 500_000_000
"""Bytes below which an ingest may soon fail."""


class State(StrEnum):
    """How something is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, and what to do about it."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def examine(settings: Settings) -> list[Check]:
    """Everything that can be told without opening the library. What fails to be looked at is a fault itself."""
    steps: tuple[tuple[str, Callable[[Settings], Check]], ...] = (
        ("packages", _packages),
        ("library", _library),
        ("owner", _owner),
        ("seal", _seal),
        ("model", _model),
        ("reader", _reader),
        ("rerank model", _rerank_model),
        ("disk", _disk),
        ("language model", _language_model),
    )
    return [_looked_at(name, look, settings) for name, look in steps]


def _looked_at(name: str, look: Callable[[Settings], Check], settings: Settings) -> Check:
    try:
        return look(settings)
    except BylineError as error:
        return Check(name, State.FAULT, str(error))
    except OSError as error:
        return Check(name, State.FAULT, f"{error.filename}: {error.strerror}", "Check the path and its permissions")


def _packages(_settings: Settings) -> Check:
    missing = [name for name in NEEDED if importlib.util.find_spec(name.split(".")[0]) is None]
    if missing:
        return Check("packages", State.FAULT, f"not installed: {', '.join(missing)}", "Run: make install")
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("packages", State.OK, f"Python {version}, with all packages that are needed")


def _library(settings: Settings) -> Check:
    from rag.library.schema import KNOWN, NEWEST, RESTORE, version_of

    path = settings.library / "catalog.sqlite"
    if settings.library.exists() and not settings.library.is_dir():
        return Check("library", State.FAULT, f"{settings.library} is not a folder", "Name a folder with --library")
    is_there = path.exists() and path.stat().st_size > 0
    if not is_there and any((settings.library / "projections").glob("*")):
        return Check("library", State.FAULT, f"{path} is gone or empty, though the library was filled", RESTORE)
    if not is_there:
        detail, remedy = f"{settings.library} holds no library yet", "Make one with: byline ingest FOLDER"
        return Check("library", State.WARNING, detail, remedy)
    version = version_of(path)
    if version not in KNOWN:
        remedy = "Use the newer Byline, or another --library"
        return Check("library", State.FAULT, f"{path} has schema {version}, which is not known here", remedy)
    if version != NEWEST:
        remedy = "Nothing to do: it is migrated when it is opened next, after a backup"
        return Check("library", State.WARNING, f"{path} has the former schema {version}", remedy)
    return Check("library", State.OK, f"{path}, {path.stat().st_size / 1e6:.1f} MB, schema {version}")


def _owner(settings: Settings) -> Check:
    from rag.library.owner import is_owned, read_owner

    if not is_owned(settings.library):
        return Check("owner", State.OK, "nobody holds the library")
    owner = read_owner(settings.library)
    if owner and owner.url:
        return Check("owner", State.OK, f"{owner} serves it on {owner.url}; other commands hand over to it")
    remedy = "Wait for it to end: other commands end with exit code 75 meanwhile"
    return Check("owner", State.WARNING, f"held by {owner or 'another process'}", remedy)


def _seal(settings: Settings) -> Check:
    from rag.library.owner import is_owned
    from rag.library.seal import changed_files, read_seal

    if is_owned(settings.library):
        return Check("seal", State.OK, "the library is open; run byline verify to check what it holds")
    if not (settings.library / "catalog.sqlite").exists():
        return Check("seal", State.OK, "there is nothing to seal")
    seal = read_seal(settings.library)
    if seal is None:
        remedy = "Nothing to do: it is checked and mended when it is opened next"
        return Check("seal", State.WARNING, "the library was not closed well", remedy)
    changed = changed_files(settings.library, seal)
    if changed:
        shown = ", ".join(changed[:3]) + (" ..." if changed[3:] else "")
        remedy = "Run: byline verify. Projections are made anew by themselves; a damaged catalog is refused"
        return Check("seal", State.FAULT, f"changed since it was closed, {len(changed)} in all: {shown}", remedy)
    return Check("seal", State.OK, "every file is as it was when the library was closed")


def _model(settings: Settings) -> Check:
    from rag.library.encodings import model_of
    from rag.reading.weights import find_weights
    from rag.settings import EMBEDDED

    held = model_of(settings.library / "catalog.sqlite")
    model = settings.embedding_model or (held.model if held else EMBEDDED)
    identity, is_exported = find_weights(model, settings.cache)
    if held and held.identity != identity:
        remedy = f"Leave BYLINE_EMBEDDING_MODEL unset, or switch with: byline rebuild --model {model}"
        return Check("model", State.FAULT, f"the library's vectors are of {held.identity}, not of {identity}", remedy)
    if not is_exported:
        return Check("model", State.WARNING, f"{identity} is exported at its first use, which takes half a minute")
    return Check("model", State.OK, f"{identity}, exported into {settings.cache}")


def _disk(settings: Settings) -> Check:
    folder = next(path for path in _with_parents(settings.library.absolute()) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < LOW_DISK:
        detail, remedy = f"{free / 1e6:.0f} MB free at {folder}", "Make room: byline compact may help"
        return Check("disk", State.WARNING, detail, remedy)
    return Check("disk", State.OK, f"{free / 1e9:.1f} GB free at {folder}")


def _with_parents(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents


def _reader(_settings: Settings) -> Check:
    from rag.reading.weights import find_reader

    find_reader()
    return Check("reader", State.OK, "the network that reads passages is the one that belongs here")


def _rerank_model(settings: Settings) -> Check:
    from rag.reading.weights import find_cross_encoder

    if not settings.rerank_model:
        return Check("rerank model", State.OK, "none is configured: the reader puts in order what is found")
    identity, is_exported = find_cross_encoder(settings.rerank_model, settings.cache)
    if not is_exported:
        return Check("rerank model", State.WARNING, f"{identity} is exported at its first use, which takes a minute")
    return Check("rerank model", State.OK, f"{identity}, exported into {settings.cache}")


def _language_model(settings: Settings) -> Check:
    from rag.writing.endpoint import Endpoint, problem_reaching

    name = "language model"
    if not settings.llm_url or not settings.llm_model:
        return Check(name, State.OK, "none is configured: answers are quotes, chosen and put in order")
    endpoint = Endpoint(settings.llm_url, settings.llm_model)
    problem = problem_reaching(endpoint)
    if problem:
        remedy = "Start it, or correct BYLINE_LLM_URL; until then answers are quotes"
        return Check(name, State.WARNING, f"{endpoint.name} {problem}", remedy)
    return Check(name, State.OK, f"{endpoint.model} at {endpoint.name}, which replies")
