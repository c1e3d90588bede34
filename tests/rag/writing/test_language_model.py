from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rag.writing.endpoint import Endpoint
from rag.writing.language_model import Message, Piece, Role, open_model
from tests.endpoints import ScriptedEndpoint, anthropic, chat, endpoint, sends

KEY = "sk-pond-4711"
MESSAGES = (Message(Role.SYSTEM, "Be brief."), Message(Role.USER, "How many?"), Message(Role.ASSISTANT, "42."))


@contextmanager
def written(reply: bytes, path: str = "") -> Iterator[tuple[list[Piece], ScriptedEndpoint]]:
    with endpoint(sends(reply)) as heard:
        model = open_model(Endpoint(f"{heard.url}{path}", "otter-1b", KEY))
        model.load()
        yield list(model.write(MESSAGES, most_tokens=7, deadline=time.monotonic() + 60)), heard


def test_openai_s_protocol_gives_pieces_and_the_tokens_that_were_read() -> None:
    with written(chat("The", " shop", tokens=812)) as (pieces, heard):
        assert "".join(piece.text for piece in pieces) == "The shop"
        assert [piece.tokens_read for piece in pieces if piece.tokens_read] == [812]
        assert pieces[-1].is_last
    (request,) = heard.heard
    assert request.body == {
        "model": "otter-1b",
        "max_tokens": 7,
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [{"role": str(each.role), "content": each.text} for each in MESSAGES],
    }


def test_anthropic_s_protocol_is_spoken_where_the_address_ends_in_messages() -> None:
    with written(anthropic("The", " shop", tokens=812), "/messages") as (pieces, heard):
        assert pieces == [Piece("", 812), Piece("The"), Piece(" shop"), Piece("", is_last=True)]
    (request,) = heard.heard
    assert request.line == "POST /v1/messages HTTP/1.1"
    assert request.body == {
        "model": "otter-1b",
        "max_tokens": 7,
        "temperature": 0,
        "stream": True,
        "system": "Be brief.",
        "messages": [{"role": "user", "content": "How many?"}, {"role": "assistant", "content": "42."}],
    }
    assert (request.headers["x-api-key"], request.headers["anthropic-version"]) == (KEY, "2023-06-01")
    assert "authorization" not in request.headers


@pytest.mark.parametrize("status", [400, 422])
def test_an_endpoint_that_does_not_know_an_option_is_asked_without_it(status: int) -> None:
    refusal = f"HTTP/1.1 {status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
    with endpoint(lambda to, request: to.sendall(refusal if "stream_options" in request.body else chat("42"))) as heard:
        model = open_model(Endpoint(heard.url, "otter-1b"))
        model.load()
        pieces = list(model.write(MESSAGES, most_tokens=7, deadline=time.monotonic() + 60))
    assert "".join(piece.text for piece in pieces) == "42"
    assert ["stream_options" in request.body for request in heard.heard] == [True, False]


def test_keys_of_other_programs_in_the_environment_are_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_CUSTOM_HEADERS"):
        monkeypatch.setenv(name, "X-Secret: otter-secret")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    with endpoint(sends(chat("42"))) as heard:
        model = open_model(Endpoint(heard.url, "otter-1b"))
        model.load()
        list(model.write(MESSAGES, most_tokens=7, deadline=time.monotonic() + 60))
    assert "otter-secret" not in str(heard.heard)


def test_the_key_is_in_no_form_of_the_endpoint() -> None:
    assert KEY not in repr(Endpoint("http://pond.example/v1", "otter-1b", KEY))
