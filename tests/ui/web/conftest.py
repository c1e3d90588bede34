"""The real page on a small library, driven by a real Chromium."""

from __future__ import annotations

import gc
import json
import os
import shutil
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from rag.domain import AnswererName
from rag.engine import open_engine
from rag.settings import Settings
from tests.conftest import ARTICLES
from ui import schemas as wire
from ui.desk import LocalDesk

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE_TITLE = '<img src=x onerror=alert(1)> Frogs count "><script>alert(2)</script>'
HOSTILE = {
    "id": 'frogs/"><img src=x onerror=alert(5)>',
    "title": HOSTILE_TITLE,
    "text": (
        "The frogs of Uji counted 17 moons &lt;img src=x onerror=alert(3)&gt; above their pond in March 2022.\n\n"
        "![moon](https://far.example/moon.png) <iframe src=https://far.example></iframe> {{7*7}} ${alert(4)}"
    ),
    "published": "2022-03-02",
    "source": "<b onclick=alert(6)>Pond</b>",
    "url": "javascript:alert(7)",
}
FAQ = """---
id: tanuki/visitors
title: Visitors come to the tanuki shop
published: 2024-05-20
source: River Times
---
Visitors come to the tanuki shop
Full Retelling
The tanuki shop in Takamatsu drew 900 visitors in its first week, the town said on 20 May 2024.
Deep Analysis
Frequently Asked Questions
How many visitors did the tanuki shop draw in its first week?
The tanuki shop drew 900 visitors in its first week.
"""


@pytest.fixture(scope="session")
def pond_desk(
    tmp_path_factory: pytest.TempPathFactory, settings_for: Callable[[Path], Settings]
) -> Iterator[LocalDesk]:
    """A desk on the small articles, one that asks a question, and a hostile one."""
    folder = tmp_path_factory.mktemp("web")
    corpus = folder / "pond"
    corpus.mkdir()
    for name, text in {**ARTICLES, "visitors.txt": FAQ, "hostile.jsonl": json.dumps(HOSTILE)}.items():
        (corpus / name).write_text(text, encoding="utf-8")
    settings = settings_for(folder / "library")
    engine = open_engine(settings, "test")
    desk = LocalDesk(engine, answerer=AnswererName.EXTRACTIVE)
    report = desk.ingest(wire.IngestIn(paths=[str(corpus)]), lambda _progress: None)
    assert report.failed == []
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def web_app(pond_desk: LocalDesk) -> FastAPI:
    """The page as an app."""
    from ui.web.app import build_web_app

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Gradio makes event loops and forgets to close them
        app = build_web_app(pond_desk)
        gc.collect()
    return app


@pytest.fixture(scope="session")
def page_url(web_app: FastAPI) -> Iterator[str]:
    """Where the page is served, with its headers."""
    from ui.web.app import page_headers

    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = _with_headers(web_app, page_headers())
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium with a fresh profile."""
    if os.environ.get("BYLINE_SKIP_BROWSER") == "1":
        pytest.skip("BYLINE_SKIP_BROWSER=1: the page was not tried in a browser")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing. Install it with: make chromium, or set BYLINE_SKIP_BROWSER=1 to go without.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, page_url: str) -> Iterator[Callable[..., Page]]:
    """Opens the page in a window of its own; fails the test if a script of the page fails."""
    contexts = []
    errors: list[str] = []

    def opened(width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(page_url)
        page.get_by_label("Question").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def _with_headers(app: ASGIApp, headers: dict[str, str]) -> ASGIApp:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *raw]
            await send(message)

        await app(scope, receive, sent if scope["type"] == "http" else send)

    return served
