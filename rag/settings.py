"""Every setting of Byline, read once from BYLINE_* variables at the edge and passed down as one value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.domain import AnswererName
from rag.errors import SettingsError

PREFIX = "BYLINE_"
EMBEDDED = "all-MiniLM-L6-v2"
"""The model that comes with Byline."""
RERANK_DEPTH = 8
"""Reading more passages than this costs time and gains nothing: see docs/decisions.md."""


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "byline"


class Settings(BaseSettings):
    """The settings with their defaults; ``load_settings`` reads them from the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    library: Path = Field(Path("library"), description="The data directory.")
    cache: Path = Field(default_factory=_cache_folder, description="Where exported models are kept.")
    embedding_model: str | None = Field(
        None,
        min_length=1,
        description=f"A sentence-transformers folder or hub name; unset: the library's own, else {EMBEDDED}.",
    )
    threads: int = Field(0, ge=0, le=256, description="Threads of the encoder; 0 takes one a core.")
    passage_tokens: int = Field(160, ge=32, le=400, description="The aim for a passage's length in a new library.")
    keep_revisions: int | None = Field(
        None, ge=0, description="How many superseded revisions of an article an ingest keeps; unset: all."
    )
    rerank_depth: int = Field(
        RERANK_DEPTH, ge=0, le=100, description="How many passages a search reads and reorders; 0 reads none."
    )
    rerank_model: str | None = Field(
        None,
        min_length=1,
        description="A cross-encoder, folder or hub name, that reorders what a search finds; unset: the reader does.",
    )
    answerer: AnswererName = Field(
        AnswererName.EXTRACTIVE, description="What writes answers when a question names none."
    )
    host: str = Field("127.0.0.1", description="Where `byline serve` listens; loopback only until keys exist.")
    port: int = Field(8000, ge=0, le=65535, description="The port of `byline serve`; 0 takes a free one.")
    ingest_root: Path = Field(Path(), description="POST /v1/ingest reads paths below this folder only.")


def load_settings(**overrides: Any) -> Settings:
    """The settings from the environment, under the given overrides (None leaves one alone).

    Raises SettingsError naming the variable, what is wrong with it, and the remedy.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).lower()
        field = Settings.model_fields[name]
        problem = f"{first['input']!r} cannot be used ({first['msg']})"
        raise SettingsError(PREFIX + name.upper(), problem, f"{field.description} Default: {_default(name)}") from None


def describe_settings(settings: Settings) -> list[tuple[str, str, str, str]]:
    """All settings as (variable, value, default, meaning), in the order they are declared."""
    return [
        (PREFIX + name.upper(), _shown(getattr(settings, name)), _default(name), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _default(name: str) -> str:
    return _shown(Settings.model_fields[name].get_default(call_default_factory=True))


def _shown(value: object) -> str:
    return "unset" if value is None else str(value)
