"""A library that the tests of the command line read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ARTICLES
from tests.processes import byline


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the three articles."""
    folder, library = tmp_path_factory.mktemp("pond"), tmp_path_factory.mktemp("cli") / "library"
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = byline("ingest", str(folder), library=library)
    assert made.returncode == 0, made.stderr
    return library
