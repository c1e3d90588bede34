"""A real server on a small library, shared by the tests of the faces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ARTICLES
from tests.processes import Served, byline, start_server


@pytest.fixture(scope="session")
def pond(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles whose ids hold slashes, spaces and Chinese characters too."""
    folder = tmp_path_factory.mktemp("served") / "pond"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    frogs = {"id": "池塘 news/ü 1", "title": "Frogs count", "text": "The frogs of Uji counted 17 moons."}
    odd = json.dumps(frogs | {"published": "2022-02-02"}, ensure_ascii=False) + "\n"
    (folder / "odd.jsonl").write_text(odd, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def served_library(tmp_path_factory: pytest.TempPathFactory, pond: Path) -> Path:
    """A library that holds them."""
    library = tmp_path_factory.mktemp("served") / "library"
    made = byline("ingest", str(pond), library=library)
    assert made.returncode == 0, made.stderr
    return library


@pytest.fixture(scope="session")
def server(served_library: Path, pond: Path) -> Iterator[Served]:
    """A running ``byline serve``; paths below the articles' folder may be ingested over HTTP."""
    served = start_server(served_library, BYLINE_INGEST_ROOT=str(pond))
    yield served
    served.stop()


@pytest.fixture(scope="session")
def client(server: Served) -> Iterator[httpx.Client]:
    """An HTTP client of it."""
    with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
        yield client
