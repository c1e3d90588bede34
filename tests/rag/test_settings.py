from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from rag.domain import AnswererName
from rag.errors import SettingsError
from rag.settings import PREFIX, Settings, describe_settings, load_settings


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment without any setting, and with a cache folder that is always the same."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    return monkeypatch


KEY = "sk-pond-4711"
DEFAULTS = {
    "library": Path("library"),
    "cache": Path("/cache/byline"),
    "embedding_model": None,
    "threads": 0,
    "passage_tokens": 160,
    "keep_revisions": None,
    "rerank_depth": 8,
    "rerank_model": None,
    "answerer": AnswererName.EXTRACTIVE,
    "llm_url": None,
    "llm_model": None,
    "llm_key": None,
    "llm_window": 4096,
    "llm_seconds": 60,
    "host": "127.0.0.1",
    "port": 8000,
    "ingest_root": Path(),
}


def test_without_variables_the_defaults_hold() -> None:
    assert load_settings().model_dump() == DEFAULTS


def test_the_cache_is_in_the_home_folder_unless_the_system_says_otherwise(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("XDG_CACHE_HOME")
    environment.setenv("HOME", "/home/rin")
    assert load_settings().cache == Path("/home/rin/.cache/byline")


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("BYLINE_LIBRARY", "/srv/lib rary", Path("/srv/lib rary")),
        ("BYLINE_CACHE", "/var/cache", Path("/var/cache")),
        ("BYLINE_EMBEDDING_MODEL", "./my model", "./my model"),
        ("BYLINE_THREADS", "256", 256),
        ("BYLINE_PASSAGE_TOKENS", "32", 32),
        ("BYLINE_KEEP_REVISIONS", "0", 0),
        ("BYLINE_RERANK_DEPTH", "0", 0),
        ("BYLINE_RERANK_MODEL", "./cross", "./cross"),
        ("BYLINE_ANSWERER", "extractive", AnswererName.EXTRACTIVE),
        ("BYLINE_LLM_MODEL", "otter-1b", "otter-1b"),
        ("BYLINE_LLM_KEY", "sk-4711", SecretStr("sk-4711")),
        ("BYLINE_LLM_KEY", "", None),
        ("BYLINE_LLM_WINDOW", "128000", 128000),
        ("BYLINE_LLM_SECONDS", "5", 5),
        ("BYLINE_HOST", "::1", "::1"),
        ("BYLINE_PORT", "0", 0),
        ("BYLINE_INGEST_ROOT", "/news", Path("/news")),
    ],
)
def test_each_variable_is_read(environment: pytest.MonkeyPatch, variable: str, text: str, value: object) -> None:
    environment.setenv(variable, text)
    name = variable.removeprefix(PREFIX).lower()
    assert load_settings().model_dump() == DEFAULTS | {name: value}


def test_every_setting_has_a_case_above_a_default_and_a_meaning() -> None:
    assert set(Settings.model_fields) == set(DEFAULTS)
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        (
            "BYLINE_THREADS",
            "many",
            (
                "BYLINE_THREADS: 'many' cannot be used (Input should be a valid integer, unable to parse string as an "
                "integer). Threads of the encoder; 0 takes one a core. Default: 0"
            ),
        ),
        (
            "BYLINE_THREADS",
            "-1",
            (
                "BYLINE_THREADS: '-1' cannot be used (Input should be greater than or equal to 0). "
                "Threads of the encoder; 0 takes one a core. Default: 0"
            ),
        ),
        (
            "BYLINE_THREADS",
            "257",
            (
                "BYLINE_THREADS: '257' cannot be used (Input should be less than or equal to 256). "
                "Threads of the encoder; 0 takes one a core. Default: 0"
            ),
        ),
        (
            "BYLINE_PASSAGE_TOKENS",
            "31",
            (
                "BYLINE_PASSAGE_TOKENS: '31' cannot be used (Input should be greater than or equal to 32). "
                "The aim for a passage's length in a new library. Default: 160"
            ),
        ),
        (
            "BYLINE_PASSAGE_TOKENS",
            "401",
            (
                "BYLINE_PASSAGE_TOKENS: '401' cannot be used (Input should be less than or equal to 400). "
                "The aim for a passage's length in a new library. Default: 160"
            ),
        ),
        (
            "BYLINE_PORT",
            "65536",
            (
                "BYLINE_PORT: '65536' cannot be used (Input should be less than or equal to 65535). "
                "The port of `byline serve`; 0 takes a free one. Default: 8000"
            ),
        ),
        (
            "BYLINE_PORT",
            "",
            (
                "BYLINE_PORT: '' cannot be used (Input should be a valid integer, unable to parse string as an "
                "integer). The port of `byline serve`; 0 takes a free one. Default: 8000"
            ),
        ),
        (
            "BYLINE_ANSWERER",
            "oracle",
            (
                "BYLINE_ANSWERER: 'oracle' cannot be used (Input should be 'extractive' or 'llm'). "
                "What writes answers when a question names none. Default: extractive"
            ),
        ),
        (
            "BYLINE_EMBEDDING_MODEL",
            "",
            (
                "BYLINE_EMBEDDING_MODEL: '' cannot be used (String should have at least 1 character). "
                "A sentence-transformers folder or hub name; unset: the library's own, else all-MiniLM-L6-v2. "
                "Default: unset"
            ),
        ),
    ],
)
def test_a_bad_value_is_named_in_one_line_with_its_remedy(
    environment: pytest.MonkeyPatch, variable: str, text: str, message: str
) -> None:
    environment.setenv(variable, text)
    with pytest.raises(SettingsError) as failure:
        load_settings()
    assert str(failure.value) == message
    assert failure.value.name == variable


def test_a_bad_option_is_named_by_its_variable_too() -> None:
    with pytest.raises(SettingsError, match=r"^BYLINE_PORT: -1 cannot be used \(Input should be greater"):
        load_settings(port=-1)


def test_options_go_over_variables_and_none_leaves_them_alone(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BYLINE_PORT", "9000")
    environment.setenv("BYLINE_HOST", "::1")
    settings = load_settings(port=9001, host=None, library=Path("other"))
    assert (settings.port, settings.host, settings.library) == (9001, "::1", Path("other"))


def test_settings_are_read_once_and_cannot_be_changed(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    environment.setenv("BYLINE_PORT", "9000")
    assert settings.port == 8000
    with pytest.raises(ValidationError):
        settings.port = 1


def test_settings_are_described_in_order_with_value_default_and_meaning(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BYLINE_THREADS", "3")
    environment.setenv("BYLINE_LLM_KEY", KEY)
    lines = describe_settings(load_settings(answerer="llm", llm_url="http://127.0.0.1:11434/v1/", llm_model="otter"))
    assert [line[0] for line in lines] == [PREFIX + name.upper() for name in DEFAULTS]
    assert lines[0] == ("BYLINE_LIBRARY", "library", "library", "The data directory.")
    assert lines[1] == ("BYLINE_CACHE", "/cache/byline", "/cache/byline", "Where exported models are kept.")
    assert lines[3] == ("BYLINE_THREADS", "3", "0", "Threads of the encoder; 0 takes one a core.")
    assert lines[8] == (
        "BYLINE_ANSWERER",
        "llm",
        "extractive",
        "What writes answers when a question names none.",
    )
    assert [line[1] for line in lines[9:12]] == ["http://127.0.0.1:11434/v1", "otter", "set"]


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        (
            "BYLINE_LLM_KEY",
            f"{KEY}\n",
            (
                "BYLINE_LLM_KEY: the value cannot be used (Keys are ASCII without spaces). "
                "The key that is sent to the language model's address. Default: unset"
            ),
        ),
        (
            "BYLINE_LLM_URL",
            f"http://otter:{KEY}@pond.example/v1",
            (
                "BYLINE_LLM_URL: the value cannot be used (It holds a password; keys belong into BYLINE_LLM_KEY). "
                "The language model's address: as a rule ends in /v1; Anthropic's ends in /v1/messages. Default: unset"
            ),
        ),
        (
            "BYLINE_LLM_URL",
            f"file:///{KEY}",
            (
                "BYLINE_LLM_URL: the value cannot be used (It is no http:// or https:// address). "
                "The language model's address: as a rule ends in /v1; Anthropic's ends in /v1/messages. Default: unset"
            ),
        ),
    ],
)
def test_a_secret_is_never_repeated(environment: pytest.MonkeyPatch, variable: str, text: str, message: str) -> None:
    environment.setenv(variable, text)
    with pytest.raises(SettingsError) as failure:
        load_settings()
    assert str(failure.value) == message
    assert KEY not in message + repr(failure.value)


def test_the_key_is_in_no_form_of_the_settings(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BYLINE_LLM_KEY", KEY)
    settings = load_settings()
    assert KEY not in f"{settings!r}{settings}{settings.model_dump_json()}{describe_settings(settings)}"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"BYLINE_ANSWERER": "llm"},
            "BYLINE_ANSWERER: 'llm' cannot be used without BYLINE_LLM_URL. Set it and BYLINE_LLM_MODEL",
        ),
        (
            {"BYLINE_LLM_URL": "http://127.0.0.1:11434/v1"},
            "BYLINE_LLM_MODEL: is not set, but BYLINE_LLM_URL is. Name the model, as its server lists it",
        ),
    ],
)
def test_what_belongs_together_must_be_there_together(
    environment: pytest.MonkeyPatch, variables: dict[str, str], message: str
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    with pytest.raises(SettingsError) as failure:
        load_settings()
    assert str(failure.value) == message
