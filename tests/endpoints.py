"""Endpoints of language models that do what a test tells them, byte by byte, on loopback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

SECONDS = 30
"""A connection that a test has forgotten ends then."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"

Script = Callable[[socket.socket, "Request"], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What an endpoint was sent."""

    line: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def said(self) -> list[str]:
        """The texts of the messages in it."""
        return [message["content"] for message in self.body["messages"]]


@dataclass(slots=True)
class ScriptedEndpoint:
    """An endpoint that answers each request with its script."""

    url: str
    heard: list[Request] = field(default_factory=list)


@contextmanager
def endpoint(script: Script) -> Iterator[ScriptedEndpoint]:
    """Serves while the block runs; whatever still hangs then is cut."""
    listener = socket.create_server(("127.0.0.1", 0))
    serving = ScriptedEndpoint(f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
    open_: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                open_.append(connection)
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

    def converse(connection: socket.socket) -> None:
        connection.settimeout(SECONDS)
        with suppress(OSError), connection:
            serving.heard.append(read_request(connection))
            script(connection, serving.heard[-1])

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield serving
    finally:
        for each in (listener, *open_):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def read_request(connection: socket.socket) -> Request:
    """The request that comes next."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Request(line, headers, json.loads(body or b"{}"))


def chat(*texts: str, ends: bool = True, tokens: int | None = None) -> bytes:
    """An answer in OpenAI's protocol, in pieces."""
    pieces: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]} for text in texts
    ]
    if ends:
        pieces.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if tokens is not None:
        usage = {"prompt_tokens": tokens, "completion_tokens": 9, "total_tokens": tokens + 9}
        pieces.append({"choices": [], "usage": usage})
    named = [{"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"} | piece for piece in pieces]
    return HEAD + b"".join(_event(piece) for piece in named) + (b"data: [DONE]\n\n" if ends else b"")


def anthropic(*texts: str, tokens: int = 9, ends: bool = True) -> bytes:
    """An answer in Anthropic's protocol, in pieces."""
    events: list[dict[str, Any]] = [{"type": "message_start", "message": {"usage": {"input_tokens": tokens}}}]
    events += [{"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}} for text in texts]
    events += [{"type": "message_stop"}] if ends else []
    return HEAD + b"".join(f"event: {event['type']}\n".encode() + _event(event) for event in events)


def sends(reply: bytes) -> Script:
    """A script that sends this to every request."""
    return lambda connection, _request: connection.sendall(reply)


def says(*answers: str) -> Script:
    """A script that answers the first request with the first text, and so on; the last is said again."""
    left = list(answers)

    def script(connection: socket.socket, _request: Request) -> None:
        connection.sendall(chat(left.pop(0) if len(left) > 1 else left[0]))

    return script


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"
