"""Serves the API and the page from one process.

The API answers as soon as the library is open. The page, whose toolkit takes seconds to import, is built
beside it; until it is there, its address shows a short notice that reloads itself.
"""

from __future__ import annotations

import asyncio
import ctypes
import ipaddress
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.responses import HTMLResponse

from rag.errors import SettingsError
from ui.api.app import build_api
from ui.api.guard import API_BODY, API_HEADERS, PAGE_BODY, Guard
from ui.api.problems import problem

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ui.desk import LocalDesk

logger = logging.getLogger(__name__)

API_PATHS = ("/v1", "/health", "/openapi.json")
GRACE_SECONDS = 5
M_ARENA_MAX = -8  # malloc.h of glibc
ARENAS = 2  # see docs/decisions.md
WATCH_SECONDS = 0.2
STARTING = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>Byline</title><p style="font: 1.1rem serif; margin: 4rem auto; max-width: 30rem">
Byline is starting; the page appears in a few seconds. The API is ready.</p></html>"""


class Site:
    """The whole site as one ASGI app: the API, and the page once it is built."""

    def __init__(self, api: FastAPI, desk: LocalDesk, is_stopping: Callable[[], bool]) -> None:
        self._api = Guard(api, body_bytes=API_BODY, headers=API_HEADERS, json_only=True)
        self._desk, self._is_stopping = desk, is_stopping
        self._page: ASGIApp = Guard(_starting, body_bytes=API_BODY, headers=API_HEADERS, json_only=False)
        self._stack = AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the API or to the page."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"].startswith(API_PATHS):
            await self._api(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._building = asyncio.create_task(self._build_page())
        self._watching = asyncio.create_task(self._watch())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._building.cancel()
        self._watching.cancel()
        await self._stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        """A running ingest must hear of the stop before its connection is waited for."""
        while not self._is_stopping():
            await asyncio.sleep(WATCH_SECONDS)
        self._desk.stop()

    async def _build_page(self) -> None:
        try:
            await self._enter_page()
        except Exception:  # whatever the page's toolkit raises: the API goes on, and the page says what happened
            logger.exception("The page could not be built; the API goes on without it")
            self._page = Guard(_failed, body_bytes=API_BODY, headers=API_HEADERS, json_only=False)

    async def _enter_page(self) -> None:
        app, headers = await asyncio.to_thread(_import_page, self._desk)
        await self._stack.enter_async_context(app.router.lifespan_context(app))
        self._page = Guard(app, body_bytes=PAGE_BODY, headers=headers, json_only=False)


def serve(desk: LocalDesk, host: str, port: int, *, ingest_root: Path, ready: Callable[[str], None]) -> None:
    """Serve until interrupted. ``ready`` hears the address once requests are answered.

    Raises SettingsError when host or port cannot be used.
    """
    listener = _listen(host, port)
    bound = listener.getsockname()[1]
    url = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
    owner = desk.engine.library.announce(url)
    api = build_api(desk, ingest_root=ingest_root, secret=owner.secret or "")
    config = uvicorn.Config(
        Site(api, desk, lambda: server.should_exit),
        log_level=logging.WARNING,
        timeout_graceful_shutdown=GRACE_SECONDS,
        limit_concurrency=200,
        server_header=False,
        ws="none",
    )
    server = uvicorn.Server(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)  # uvicorn raises the signal again once it has shut down
    ready(url)
    server.run(sockets=[listener])


def share_arenas() -> None:
    """Let all threads allocate from few arenas, if the C library is glibc; to be called before they start.

    It keeps an arena of freed memory for each thread, up to eight a core: what 30 threads free is never given back.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_ARENA_MAX, ARENAS)


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def _import_page(desk: LocalDesk) -> tuple[FastAPI, dict[str, str]]:
    from ui.web.app import build_web_app, page_headers

    return build_web_app(desk), page_headers()


async def _starting(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/":
        await HTMLResponse(STARTING, 503, {"Retry-After": "1"})(scope, receive, send)
    else:
        await problem(503, "The page is still starting; try again in a second")(scope, receive, send)


async def _failed(scope: Scope, receive: Receive, send: Send) -> None:
    await problem(500, "The page could not be built; see the server's log. The API under /v1 works")(
        scope, receive, send
    )


def _listen(host: str, port: int) -> socket.socket:
    if not _is_loopback(host):
        remedy = "Byline has no keys yet, so it serves this machine only. Use 127.0.0.1"
        raise SettingsError("BYLINE_HOST", f"{host!r} is not a loopback address", remedy)
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # from here on connections wait instead of failing
    except OSError as error:
        listener.close()
        remedy = "Stop what listens there, or name another with --port (0 takes a free one)"
        raise SettingsError("BYLINE_PORT", f"{host}:{port} cannot be bound ({error.strerror})", remedy) from error
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
