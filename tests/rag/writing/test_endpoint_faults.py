"""Endpoints that are dead, slow or lying: each ends in the extractive answer, in time, which says why."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rag.domain import Caution, WarningKind
from rag.engine import returned
from rag.writing.endpoint import Endpoint
from rag.writing.language_model import open_model
from rag.writing.writing import WritingAnswerer
from tests.endpoints import HEAD, SECONDS, Request, Script, chat, endpoint, sends
from tests.rag.answering.passages import draft_of, passage

DEADLINE, PATIENCE = 2, 60
SLACK = 8
"""Seconds; a busy machine runs nobody else's thread for long."""
KEY = "sk-pond-4711"
HIT = passage("The shop sells 42 kinds of leaves. It opened on 3 May 2024.")
DRAFT = draft_of(HIT, answer="42")
TRUE = "The shop sells 42 kinds of leaves. [1]"


def status(code: int, text: str = "", *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in headers)
    return f"HTTP/1.1 {code} Whatever\r\n{lines}Connection: close\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()


def hangs(connection: socket.socket, _request: Request) -> None:
    connection.recv(1)


def hangs_after_the_head(connection: socket.socket, _request: Request) -> None:
    connection.sendall(HEAD)
    connection.recv(1)


def trickles(connection: socket.socket, _request: Request) -> None:
    for byte in chat("The shop", " sells"):
        connection.sendall(bytes([byte]))
        time.sleep(0.5)


def trickles_its_head(connection: socket.socket, _request: Request) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Pond: 1\r\n" * 100:
        connection.sendall(bytes([byte]))
        time.sleep(0.5)


def never_ends(connection: socket.socket, _request: Request) -> None:
    connection.sendall(HEAD)
    for _ in range(SECONDS * 10):
        connection.sendall(b": still thinking\n\n")
        time.sleep(0.1)


def resets(connection: socket.socket, _request: Request) -> None:
    connection.sendall(HEAD)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def floods(connection: socket.socket, _request: Request) -> None:
    connection.sendall(HEAD + b"data: ")
    for _ in range(50):
        connection.sendall(b"x" * 1_000_000)


def floods_with_words(connection: socket.socket, _request: Request) -> None:
    connection.sendall(HEAD)
    piece = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    event = piece | {"choices": [{"index": 0, "delta": {"content": "leaves " * 15_000}, "finish_reason": None}]}
    for _ in range(500):
        connection.sendall(b"data: " + json.dumps(event).encode() + b"\n\n")


IN_TIME = "did not answer in time"
ZIPPED = gzip.compress(b"\0" * 50_000_000)
FAULTS: dict[str, tuple[Script, str]] = {
    "hangs": (hangs, IN_TIME),
    "hangs after the head": (hangs_after_the_head, IN_TIME),
    "one byte at a time": (trickles, IN_TIME),
    "one byte of the head at a time": (trickles_its_head, IN_TIME),
    "never ends": (never_ends, IN_TIME),
    "too many requests": (sends(status(429, "slow down", "Retry-After: 3600")), "replied 429 (Too Many Requests)"),
    "error of the server": (sends(status(500)), "replied 500 (Internal Server Error)"),
    "bad gateway": (sends(status(502, "<html>")), "replied 502 (Bad Gateway)"),
    "overloaded": (sends(status(503)), "replied 503 (Service Unavailable)"),
    "wrong key": (sends(status(401, f'{{"error": "bad key {KEY}"}}')), "replied 401 (Unauthorized)"),
    "no such model": (sends(status(404, '{"error": "model not found"}')), "replied 404 (Not Found)"),
    "unknown status": (sends(status(599)), "replied 599"),
    "refused request": (sends(status(400, '{"error": "too long"}')), "replied 400 (Bad Request)"),
    "a page": (sends(status(200, "<html><p>The shop sells 7 leaves.", "Content-Type: text/html")), "sent no text"),
    "another protocol": (sends(status(200, '{"answer": "42"}', "Content-Type: application/json")), "sent no text"),
    "nothing": (sends(status(200)), "sent no text"),
    "spaces": (sends(chat("  ", "\n")), "sent no text"),
    "cut in a word": (sends(chat("The shop sells 42 ki", ends=False)), "broke off"),
    "cut in an event": (sends(chat("The shop sells")[:-60]), "broke off"),
    "cut in a chunk": (
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\ndata: {"),
        "broke off",
    ),
    "closes at once": (lambda _connection, _request: None, "broke off"),
    "reset": (resets, "broke off"),
    "50 MB on a line": (floods, "sent more than 8 MB"),
    "50 MB of words": (floods_with_words, "sent more than 8 MB"),
    "50 MB zipped": (
        sends(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + ZIPPED),
        "sent what cannot be read",
    ),
    "bad UTF-8": (
        sends(HEAD + b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n'),
        "sent what is no answer",
    ),
    "no JSON": (sends(HEAD + b"data: leaves\n\ndata: [DONE]\n\n"), "sent what is no answer"),
    "JSON of another shape": (sends(HEAD + b'data: {"choices": 42}\n\ndata: [DONE]\n\n'), "sent what is no answer"),
    "an error in the stream": (sends(HEAD + b'data: {"error": {"message": "oh"}}\n\n'), "sent what is no answer"),
    "not HTTP": (sends(b"220 pond.example ESMTP\r\n"), "broke off"),
    "an endless head": (sends(b"HTTP/1.1 200 OK\r\n" + b"X-Pond: 1\r\n" * 20_000), "broke off"),
}


def answer(url: str, *, key: str | None = KEY, seconds: int = PATIENCE) -> tuple[tuple[Caution, ...], float]:
    """The warnings of an answer that must be the extractive one, and how long it took."""
    model = open_model(Endpoint(url, "otter-1b", key, seconds=seconds))
    model.load()
    started = time.monotonic()
    writer = WritingAnswerer(model, lambda text: len(text.split()))
    draft = returned(writer.write("How many?", DRAFT, [HIT], lambda sentences, cited: (tuple(sentences), tuple(cited))))
    assert (draft.sentences, draft.citations, draft.answerer) == (DRAFT.sentences, DRAFT.citations, "extractive")
    return draft.warnings, time.monotonic() - started


def degraded(problem: str) -> tuple[Caution, ...]:
    text = f"The language model {problem}. These are the articles' own words."
    return (Caution(WarningKind.DEGRADED, text),)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_ends_in_the_extractive_answer_in_time(name: str) -> None:
    script, problem = FAULTS[name]
    deadline = DEADLINE if problem == IN_TIME else PATIENCE
    with endpoint(script) as faulty:
        warnings, seconds = answer(faulty.url, seconds=deadline)
    assert warnings == degraded(problem)
    assert seconds < deadline + SLACK
    assert KEY not in str(warnings)


def test_a_port_where_nobody_listens_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert answer(f"http://127.0.0.1:{port}/v1")[0] == degraded("cannot be reached")


def test_a_host_that_does_not_exist_is_said() -> None:
    assert answer("http://pond.invalid/v1")[0] in (degraded("cannot be reached"), degraded(IN_TIME))


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("path", ["", "/messages"])
def test_a_redirect_is_not_followed_and_its_target_never_sees_the_key(code: int, path: str) -> None:
    with endpoint(sends(chat(TRUE))) as target, redirecting(code, target.url) as faulty:
        warnings, _ = answer(faulty + path)
        assert warnings == degraded(f"wants to lead elsewhere (status {code}), which is not followed")
        assert target.heard == []


@contextmanager
def redirecting(code: int, url: str) -> Iterator[str]:
    with endpoint(sends(status(code, "", f"Location: {url}/chat/completions"))) as faulty:
        yield faulty.url


@pytest.mark.parametrize("name", ["hangs", "error of the server", "cut in a word", "bad UTF-8", "50 MB on a line"])
def test_faults_of_anthropic_s_protocol_end_in_the_extractive_answer_too(name: str) -> None:
    with endpoint(FAULTS[name][0]) as faulty:
        warnings, seconds = answer(f"{faulty.url}/messages", seconds=DEADLINE)
    assert [warning.kind for warning in warnings] == [WarningKind.DEGRADED]
    assert seconds < DEADLINE + SLACK


def test_what_was_written_before_the_end_came_is_kept_and_said_to_be_incomplete() -> None:
    with endpoint(sends(chat(TRUE, " It was", ends=False))) as faulty:
        model = open_model(Endpoint(faulty.url, "otter-1b", KEY, seconds=PATIENCE))
        writer = WritingAnswerer(model, lambda text: len(text.split()))
        draft = returned(writer.write("How many?", DRAFT, [HIT], lambda *kept: (tuple(kept[0]), tuple(kept[1]))))
    assert [sentence.text for sentence in draft.sentences] == ["The shop sells 42 kinds of leaves."]
    assert draft.answerer == "llm"
    assert [each.text for each in draft.warnings] == ["The language model broke off; the answer may not be complete."]


@pytest.mark.parametrize("key", [KEY, None])
def test_only_what_is_needed_is_sent(key: str | None) -> None:
    with endpoint(sends(chat("NOT STATED"))) as heard:
        answer(heard.url, key=key)
    (request,) = heard.heard
    assert request.line == "POST /v1/chat/completions HTTP/1.1"
    assert set(request.headers) == {
        "accept", "accept-encoding", "connection", "content-length", "content-type", "host",
    } | ({"authorization"} if key else set())  # fmt: skip
    assert request.headers.get("authorization") == (f"Bearer {key}" if key else None)
    assert set(request.body) == {"max_tokens", "messages", "model", "stream", "stream_options", "temperature"}
