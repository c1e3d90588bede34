"""Every setting of Byline, read once from BYLINE_* variables at the edge and passed down as one value."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.domain import AnswererName
from rag.errors import SettingsError

PREFIX = "BYLINE_"
EMBEDDED = "all-MiniLM-L6-v2"
"""The model that comes with Byline."""
SECRETS = frozenset(("llm_key", "llm_url"))
"""Values that are not repeated in messages: an address may hold a password by mistake."""
_ADDRESS = re.compile(r"https?://[!-~]+")
_KEY = re.compile(r"[!-~]+")
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
    llm_url: str | None = Field(
        None,
        description="The language model's address: as a rule ends in /v1; Anthropic's ends in /v1/messages.",
    )
    llm_model: str | None = Field(None, min_length=1, description="The language model's name at its address.")
    llm_key: SecretStr | None = Field(None, description="The key that is sent to the language model's address.")
    llm_window: int = Field(4096, ge=512, le=10_000_000, description="How many tokens the language model can read.")
    llm_seconds: int = Field(
        60, ge=1, le=100, description="How long the language model may take; then the extractive answer is given."
    )
    host: str = Field("127.0.0.1", description="Where `byline serve` listens; loopback only until keys exist.")
    port: int = Field(8000, ge=0, le=65535, description="The port of `byline serve`; 0 takes a free one.")
    ingest_root: Path = Field(Path(), description="POST /v1/ingest reads paths below this folder only.")

    @field_validator("llm_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not _ADDRESS.fullmatch(value) or not urlsplit(value).hostname:
            raise ValueError("It is no http:// or https:// address")
        if "@" in urlsplit(value).netloc:
            raise ValueError("It holds a password; keys belong into BYLINE_LLM_KEY")
        return value.rstrip("/")

    @field_validator("llm_key")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _KEY.fullmatch(value.get_secret_value()):
            raise ValueError("Keys are ASCII without spaces")
        return value or None


def load_settings(**overrides: Any) -> Settings:
    """The settings from the environment, under the given overrides (None leaves one alone).

    Raises SettingsError naming the variable, what is wrong with it, and the remedy.
    """
    try:
        settings = Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).lower()
        field = Settings.model_fields[name]
        value = "the value" if name in SECRETS else repr(first["input"])
        problem = f"{value} cannot be used ({first['msg'].removeprefix('Value error, ')})"
        raise SettingsError(PREFIX + name.upper(), problem, f"{field.description} Default: {_default(name)}") from None
    _check_answerer(settings)
    return settings


def _check_answerer(settings: Settings) -> None:
    """What belongs together must be there together."""
    if settings.llm_url and not settings.llm_model:
        raise SettingsError(
            "BYLINE_LLM_MODEL", "is not set, but BYLINE_LLM_URL is", "Name the model, as its server lists it"
        )
    if settings.answerer is AnswererName.LLM and not settings.llm_url:
        raise SettingsError(
            "BYLINE_ANSWERER", "'llm' cannot be used without BYLINE_LLM_URL", "Set it and BYLINE_LLM_MODEL"
        )


def describe_settings(settings: Settings) -> list[tuple[str, str, str, str]]:
    """All settings as (variable, value, default, meaning), in the order they are declared."""
    return [
        (PREFIX + name.upper(), _shown(getattr(settings, name)), _default(name), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _default(name: str) -> str:
    return _shown(Settings.model_fields[name].get_default(call_default_factory=True))


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set"
    return "unset" if value is None else str(value)
