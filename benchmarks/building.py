"""Builds a large library in slices, so that a build that was stopped goes on where it was.

Each article becomes a file of its own with a name of its own. The folder of a library holds ``articles/``, a folder
a slice; ``library/``; and ``progress.jsonl``, a line a slice that is done.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import processes

SLICE = 5000
"""Articles an ingest: few enough to lose little when one is stopped, each of them a process of its own."""


@dataclass(frozen=True, slots=True)
class Built:
    """A library, the folders that it was made of, its passages, and what each slice cost."""

    library: Path
    folders: tuple[Path, ...]
    passages: int
    slices: tuple[dict[str, Any], ...]

    @property
    def text_bytes(self) -> int:
        """The UTF-8 of the articles' text."""
        return sum(int(each["text_bytes"]) for each in self.slices)


def build(articles: Path, count: int, folder: Path, variables: dict[str, str]) -> Built:
    """The library of the first ``count`` articles of a JSONL file, gone on with if it was begun.

    Raises RuntimeError when the file holds fewer, or an ingest did not take what it was given.
    """
    progress, library = folder / "progress.jsonl", folder / "library"
    done = _read_progress(progress)
    for first in range(len(done) * SLICE, count, SLICE):
        number = min(SLICE, count - first)
        files = folder / "articles" / f"{first:06}"
        text_bytes = write_articles(articles, first, number, files)
        report, ran = processes.ingest(files, library, variables)
        if report["added"] + report["unchanged"] != number:
            raise RuntimeError(f"of {number} articles from {first} on, {report} were taken")
        # After a stop the slice is begun again, and what was committed before is unchanged, not added.
        line = {"articles": number, "added": report["added"], "text_bytes": text_bytes}
        line |= {"seconds": round(ran.seconds, 1), "cpu_seconds": round(ran.cpu_seconds, 1)}
        with progress.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")
        done.append(line)
        print(f"{first + number} of {count} articles: {line}", file=sys.stderr, flush=True)
    status = processes.run(processes.byline("status", "--library", library, "--json"), variables=variables)
    passages = json.loads(status.output)["passages"]
    return Built(library, tuple(sorted((folder / "articles").iterdir())), passages, tuple(done))


def write_articles(articles: Path, first: int, count: int, folder: Path, mark: str = "") -> int:
    """Write articles as files of one each, under ids of their own; the bytes of their text.

    ``mark`` goes to their headlines with their number, for a search to find them by.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text_bytes = written = 0
    for number, record in _records(articles, first, count):
        name = f"article-{number:06}"
        title = f"{record.get('title', '')} {mark}{number}" if mark else record.get("title", "")
        text = json.dumps(record | {"id": name, "title": title}, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
        text_bytes += len(record["text"].encode())
        written += 1
    if written < count:
        raise RuntimeError(f"{articles} holds too few articles: {first + count} are needed")
    return text_bytes


def _records(articles: Path, first: int, count: int) -> Iterator[tuple[int, dict[str, Any]]]:
    with articles.open(encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, first, first + count), start=first):
            yield number, json.loads(line)


def _read_progress(progress: Path) -> list[dict[str, Any]]:
    if not progress.is_file():
        return []
    return [json.loads(line) for line in progress.read_text(encoding="utf-8").splitlines()]
