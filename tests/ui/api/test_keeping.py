"""The routes that change a library or work on the whole of it, over a real connection to a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.library.owner import read_owner
from tests.processes import Served, byline, start_server

NDJSON = "application/x-ndjson"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, pond: Path) -> Path:
    """A library of the four articles that these tests may change."""
    library = tmp_path_factory.mktemp("kept") / "library"
    made = byline("ingest", str(pond), library=library)
    assert made.returncode == 0, made.stderr
    return library


@pytest.fixture(scope="module")
def keeper(library: Path) -> Iterator[Served]:
    """A server on it."""
    served = start_server(library)
    yield served
    served.stop()


@pytest.fixture
def anybody(keeper: Served) -> Iterator[httpx.Client]:
    """A client that does not know the secret."""
    with httpx.Client(base_url=keeper.url, timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture
def owner(anybody: httpx.Client, library: Path) -> httpx.Client:
    """A client that does."""
    note = read_owner(library)
    assert note is not None
    anybody.headers["Authorization"] = f"Bearer {note.secret}"
    return anybody


def events(reply: httpx.Response) -> list[dict[str, Any]]:
    assert (reply.status_code, reply.headers["content-type"]) == (200, NDJSON), reply.text
    return [json.loads(line) for line in reply.text.splitlines()]


def test_an_article_is_removed_once(anybody: httpx.Client) -> None:
    path = "/v1/articles/%E6%B1%A0%E5%A1%98%20news/%C3%BC%201"
    removed = anybody.delete(path)
    assert (removed.status_code, removed.json()) == (200, {"removed": ["池塘 news/ü 1"], "unknown": []})
    again = anybody.delete(path)
    assert (again.status_code, again.json()["error"]) == (404, "ArticleNotFound")
    assert anybody.get(path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/remove", {"ids": ["otter-bridge"]}),
        ("POST", "/v1/verify", {}),
        ("POST", "/v1/rebuild", {}),
        ("POST", "/v1/compact", {}),
        ("GET", "/v1/export", None),
    ],
)
def test_who_does_not_know_the_secret_may_not_work_on_the_whole_library(
    anybody: httpx.Client, method: str, path: str, body: dict[str, Any] | None
) -> None:
    for authorization in ("", "Bearer wrong"):
        refused = anybody.request(method, path, json=body, headers={"Authorization": authorization})
        assert refused.status_code == 403
        assert refused.json()["detail"] == (
            f"{path}: is open only to commands that know the secret of the library's owner. "
            f"Use: byline {path.removeprefix('/v1/')}"
        )


def test_remove_says_what_went_and_what_was_never_there(owner: httpx.Client) -> None:
    removed = owner.post("/v1/remove", json={"ids": ["thin/kappa", "nobody"]})
    assert removed.json() == {"removed": ["thin/kappa"], "unknown": ["nobody"]}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/verify", ["ok", "digest", "articles", "revisions", "passages", "seconds", "damages"]),
        ("/v1/rebuild", ["model", "passages", "embedded", "seconds"]),
        ("/v1/compact", ["bytes_before", "bytes_after", "seconds"]),
    ],
)
def test_a_job_gives_its_report_alone_or_after_its_progress(owner: httpx.Client, path: str, fields: list[str]) -> None:
    assert list(owner.post(path, json={}).json()) == fields
    *told, last = events(owner.post(path, json={}, headers={"Accept": NDJSON}))
    assert [list(event) for event in told] == [["progress"]] * len(told)
    assert list(last) == ["report"]
    assert list(last["report"]) == fields


def test_an_export_ends_with_the_count_of_its_lines(owner: httpx.Client) -> None:
    *told, last = events(owner.get("/v1/export"))
    lines = [event["line"] for event in told if "line" in event]
    assert last == {"report": {"lines": len(lines)}}
    assert "tanuki/shop" in {json.loads(line).get("id") for line in lines}


def test_an_export_nobody_reads_to_its_end_does_not_hold_the_library(owner: httpx.Client) -> None:
    with owner.stream("GET", "/v1/export") as reply:
        next(reply.iter_lines())
    assert owner.post("/v1/verify", json={"wait": True}).json()["ok"] is True
