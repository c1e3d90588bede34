"""What every request passes first: host, origin, content type, body size and time; security headers after.

Plain ASGI, before anything is parsed: a framework's own body limits apply after the body was read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from ui.api.problems import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_BODY = 64 * 1024
"""Bytes a request under /v1 may carry."""
PAGE_BODY = 256 * 1024
"""Bytes a request of the page may carry. Measured: 85 to 160, and some 8,000 with the longest question."""
BODY_SECONDS = 20.0
"""Time a body may take to arrive."""
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

API_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Wraps an app: requests that break the rules end here, replies leave with ``headers``."""

    def __init__(self, app: ASGIApp, *, body_bytes: int, headers: Mapping[str, str], json_only: bool) -> None:
        self._app, self._body_bytes, self._headers, self._json_only = app, body_bytes, headers, json_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "websocket" or scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        guarded = self._with_headers(send)
        refusal = self._refuse(Headers(scope=scope), scope["method"])
        if refusal is None:
            body = await self._read_body(receive)
            if body is not None:
                await self._app(scope, _replay(body, receive), guarded)
                return
            limit = f"at most {self._body_bytes:,} bytes, arriving within {BODY_SECONDS:.0f} seconds"
            refusal = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body of a request may be {limit}")
        await problem(*refusal)(scope, receive, guarded)

    def _refuse(self, headers: Headers, method: str) -> tuple[int, str] | None:
        host = _name(headers.get("host", ""))
        if host not in LOOPBACK_NAMES:
            return HTTPStatus.MISDIRECTED_REQUEST, "This server answers on loopback only; use http://127.0.0.1"
        origin = headers.get("origin")
        if origin and urlsplit(origin).netloc != headers.get("host"):
            return HTTPStatus.FORBIDDEN, "Requests from pages of another origin are not answered"
        if int(_digits(headers.get("content-length", "0"))) > self._body_bytes:
            return (
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The body of a request may be at most {self._body_bytes:,} bytes",
            )
        is_json = headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
        if self._json_only and method == "POST" and not is_json:
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON with the header Content-Type: application/json"
        return None

    async def _read_body(self, receive: Receive) -> bytes | None:
        """The whole body, or None if it is too large or too slow."""
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return None
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > self._body_bytes:
                        return None
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            return None

    def _with_headers(self, send: Send) -> Send:
        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        return sender


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body read already, then whatever comes after it."""
    waiting = [body]

    async def replayed() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replayed


def _name(host: str) -> str:
    """The host's name without port and brackets."""
    return (urlsplit(f"//{host}").hostname or "") if host.isascii() else ""


def _digits(value: str) -> str:
    return value if value.isascii() and value.isdigit() else "0"
