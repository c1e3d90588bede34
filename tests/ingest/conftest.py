"""A library that folders are ingested into, with a quick embedder that keeps what it was given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.pipeline import Consent, Report, ingest
from rag.library.library import Library
from rag.library.snapshot import Scope
from tests.embedders import HashEmbedder
from tests.shelving import open_for


class Ingesting:
    """A library with its embedder, and what an ingest of paths does to it."""

    def __init__(self, library: Library) -> None:
        self.library, self.embedder = library, HashEmbedder()
        self.heard: list[tuple[str, int, int | None]] = []

    def run(
        self,
        *paths: Path,
        prune: bool = False,
        many: bool = False,
        unattended: bool = False,
        keep_revisions: int | None = None,
    ) -> Report:
        def hear(stage: str, done: int, total: int | None) -> None:
            self.heard.append((stage, done, total))

        self.heard, self.embedder.given = [], []
        report = ingest(
            [str(path) for path in paths],
            self.library,
            self.embedder,
            consent=Consent(prune=prune, many=many, unattended=unattended),
            progress=hear,
            keep_revisions=keep_revisions,
        )
        assert report.embedded == len(self.embedder.given)
        assert report.seconds > 0
        return report

    def ids(self) -> list[str]:
        with self.library.snapshot() as snapshot:
            return sorted(each.id for each in snapshot.listings(Scope()))

    def texts(self, article_id: str) -> list[str]:
        """The texts of an article's revisions, in order."""
        with self.library.snapshot() as snapshot:
            numbers = [each.number for each in snapshot.record(article_id).revisions]
            return [snapshot.text(article_id, number) for number in numbers]


@pytest.fixture
def ingesting(tmp_path: Path) -> Iterator[Ingesting]:
    with closing(open_for(HashEmbedder(), tmp_path / "library")) as library:
        yield Ingesting(library)


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    """A folder of ten articles, each with an id."""
    for number in range(10):
        write(tmp_path / "wire" / f"{number}.json", id=f"w{number}", text=f"Otters number {number}.")
    return tmp_path / "wire"


def write(path: Path, **facts: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"title": "Pond news", "language": "en"} | facts), encoding="utf-8")
    return path


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed
