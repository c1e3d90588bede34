"""How fast Byline ingests a set, beside the speed of the encoder alone, and what the library costs.

python -m benchmarks.ingest FOLDER --out RESULT.json
"""

from __future__ import annotations

import argparse
import json
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.sets import read_set
from benchmarks.tables import ingest_table

PARTS = {"catalog": "catalog.sqlite*", "vectors": "vectors/**/*", "keywords": "keywords/**/*"}


def measure(folder: Path, work: Path, limit: int | None, variables: dict[str, str]) -> dict[str, Any]:
    """Encoder alone, a first ingest, encoder alone again, a second ingest; each in a fresh process."""
    found, passages, library = read_set(folder), work / "passages.json", work / "library"
    articles = _first(found.articles, limit, work / "articles.jsonl") if limit else found.articles
    processes.run(processes.module("benchmarks.encoder", "chunk", articles, passages), variables=variables)
    before = _encoder(passages, variables)
    report, first = processes.ingest(articles, library, variables)
    after = _encoder(passages, variables)
    again, second = processes.ingest(articles, library, variables)
    encoder = {name: (before[name] + after[name]) / 2 for name in before}
    speed = report["passages"] / first.seconds
    encoder_speed = encoder["passages"] / encoder["seconds"]
    return {
        "set": found.name,
        "articles": report["added"],
        "passages": report["passages"],
        "embedded": report["embedded"],
        "encoder": {
            "runs_seconds": [round(before["seconds"], 1), round(after["seconds"], 1)],
            "passages": before["passages"],
            "passages_per_second": round(encoder_speed, 2),
            "tokens_per_second": round(encoder["tokens"] / encoder["seconds"], 0),
            "cpu_seconds": round(encoder["cpu_seconds"], 1),
        },
        "ingest": {
            "seconds": round(first.seconds, 1),
            "cpu_seconds": round(first.cpu_seconds, 1),
            "articles_per_second": round(report["added"] / first.seconds, 2),
            "passages_per_second": round(speed, 2),
            "peak_bytes": first.peak_bytes,
        },
        "ratio": round(speed / encoder_speed, 3),
        "ratio_cpu": round(encoder["cpu_seconds"] / first.cpu_seconds, 3),
        "again": {
            "seconds": round(second.seconds, 1),
            "cpu_seconds": round(second.cpu_seconds, 1),
            "embedded": again["embedded"],
            "unchanged": again["unchanged"],
        },
        "library_bytes": library_bytes(library),
    }


def library_bytes(library: Path) -> dict[str, int]:
    """The size of each part of a library on disk."""
    return {
        part: sum(path.stat().st_size for path in library.glob(pattern) if path.is_file())
        for part, pattern in PARTS.items()
    }


def main() -> None:
    """Measure, write the result, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a set: articles.jsonl or articles/, and questions.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the result, as JSON")
    parser.add_argument("--articles", type=int, metavar="N", help="only the first N articles of articles.jsonl")
    parser.add_argument("--threads", type=int, help="threads of the encoder, in all runs [one a core]")
    options = parser.parse_args()
    variables = {"BYLINE_THREADS": str(options.threads)} if options.threads else {}
    result: dict[str, Any] = {"kind": "ingest", "threads": options.threads, **processes.conditions()}
    with tempfile.TemporaryDirectory(prefix="byline-benchmark-") as work:
        result["sets"] = [measure(options.folder, Path(work), options.articles, variables)]
    result["load_after"] = processes.load()
    processes.write_result(options.out, result)
    print(ingest_table(result))


def _first(articles: Path, limit: int, copy: Path) -> Path:
    with articles.open(encoding="utf-8") as lines, copy.open("w", encoding="utf-8") as kept:
        kept.writelines(islice(lines, limit))
    return copy


def _encoder(passages: Path, variables: dict[str, str]) -> dict[str, float]:
    ran = processes.run(processes.module("benchmarks.encoder", "embed", passages), variables=variables)
    measured: dict[str, float] = json.loads(ran.output)
    return measured


if __name__ == "__main__":
    main()
