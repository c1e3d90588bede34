"""What it costs to add one article to a library that is held open, until a search finds it.

python -m benchmarks.addition LIBRARY FOLDER

FOLDER holds JSON files of one article each, whose headlines end in a word that no other article has. The first WARMING
are added and not counted: they load packages.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.engine import open_engine
from rag.settings import load_settings
from ui.desk import LocalDesk
from ui.schemas import IngestIn, SearchIn

WARMING = 2


class Stopwatch:
    """Adds up wall and CPU milliseconds, by name, one figure a turn; all threads of the process count."""

    def __init__(self) -> None:
        self.turns: dict[str, list[float]] = {}

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Time the block."""
        started, cpu_started = time.perf_counter(), time.process_time()
        yield
        self.turns.setdefault(f"{name}_cpu_ms", []).append(1000 * (time.process_time() - cpu_started))
        self.turns.setdefault(f"{name}_ms", []).append(1000 * (time.perf_counter() - started))


def add(library: Path, files: list[Path]) -> dict[str, Any]:
    """Add the files one by one. Raises RuntimeError when one was not added or is not found."""
    settings, watch = load_settings(library=library), Stopwatch()
    desk = LocalDesk(
        open_engine(settings, "benchmark"), answerer=settings.answerer
    )
    try:
        for file in files:
            record = json.loads(file.read_text(encoding="utf-8"))
            mark = record["title"].split()[-1]  # a word that no other article has
            with watch.timing("until_found"):
                with watch.timing("ingest"):
                    report = desk.ingest(IngestIn(paths=[str(file)]), lambda _: None)
                found = desk.search(SearchIn(query=mark, limit=10))
            if report.added != 1 or record["id"] not in {hit.article_id for hit in found.hits}:
                raise RuntimeError(f"{file} was added and is not found: {report.model_dump()}")
    finally:
        desk.close()
    return {name: values[WARMING:] for name, values in watch.turns.items()}


def main() -> None:
    """Add and print JSON."""
    library, folder = sys.argv[1:]
    print(json.dumps(add(Path(library), sorted(Path(folder).iterdir()))))


if __name__ == "__main__":
    main()
