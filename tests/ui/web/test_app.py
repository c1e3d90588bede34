from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from ui.web.app import PAGE_CSP, page_headers


@pytest.fixture(scope="module")
def client(web_app: FastAPI) -> TestClient:
    return TestClient(web_app)


def test_the_page_brings_its_own_style_script_and_icon(client: TestClient) -> None:
    found = {path: client.get(path) for path in ("/", "/page.css", "/page.js", "/icon.svg", "/favicon.ico")}
    assert {path: (reply.status_code, reply.headers["content-type"]) for path, reply in found.items()} == {
        "/": (200, "text/html; charset=utf-8"),
        "/page.css": (200, "text/css; charset=utf-8"),
        "/page.js": (200, "text/javascript; charset=utf-8"),
        "/icon.svg": (200, "image/svg+xml"),
        "/favicon.ico": (200, "image/svg+xml"),
    }


@pytest.mark.parametrize(
    "path",
    ["/docs", "/openapi.json", "/gradio_api/info", "/gradio_api/upload", "/gradio_api/file=/etc/hostname", "/login"],
)
def test_routes_that_the_page_does_not_use_are_closed(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_no_event_is_a_public_endpoint(client: TestClient) -> None:
    events = client.get("/config").json()["dependencies"]
    assert {event["api_visibility"] for event in events} == {"private"}


def test_the_policy_names_no_foreign_origin_and_evaluates_nothing() -> None:
    sources = {source for directive in PAGE_CSP.split("; ") for source in directive.split(" ")[1:]}
    assert sources == {"'none'", "'self'", "'unsafe-inline'"}
    assert page_headers()["Content-Security-Policy"] == PAGE_CSP
