"""What no request gets past, and the headers no reply leaves without."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.processes import Served
from ui.api.guard import API_BODY, API_HEADERS


@pytest.mark.parametrize("path", ["/health/live", "/v1/articles/nobody", "/v1/nothing", "/openapi.json"])
def test_every_reply_of_the_api_carries_the_security_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in API_HEADERS} == API_HEADERS
    assert "server" not in headers


def test_another_host_name_is_refused(client: httpx.Client) -> None:
    reply = client.get("/v1/status", headers={"host": "rebound.example:8000"})
    assert (reply.status_code, reply.json()["detail"]) == (
        421,
        "This server answers on loopback only; use http://127.0.0.1",
    )


def test_a_page_of_another_origin_is_refused(client: httpx.Client) -> None:
    reply = client.post("/v1/search", json={"query": "x"}, headers={"origin": "https://evil.example"})
    assert reply.status_code == 403


def test_a_form_cannot_pose_as_json(client: httpx.Client) -> None:
    reply = client.post("/v1/search", content=b'{"query": "x"}', headers={"content-type": "text/plain"})
    assert reply.status_code == 415


def test_a_body_over_the_cap_is_refused_unread(client: httpx.Client) -> None:
    reply = client.post("/v1/answers", json={"question": "x" * (API_BODY + 1)})
    assert reply.status_code == 413
    assert len(reply.content) < 500


def test_a_body_over_the_cap_without_a_length_is_refused(client: httpx.Client) -> None:
    chunks = (b"x" * 10_000 for _ in range(10))
    reply = client.post("/v1/answers", content=chunks, headers={"content-type": "application/json"})
    assert reply.status_code == 413


def test_a_length_that_is_no_number_does_not_break_the_server(server: Served, client: httpx.Client) -> None:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(b"POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: many\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    assert client.get("/health/live").status_code == 200
