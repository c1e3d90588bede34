"""How fast Byline ingests a set, beside the speed of the encoder alone and its peers, and what the library costs.

python -m benchmarks.ingest FOLDER --out RESULT.json [--peers [NAME...]]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.coverage import Coverage, cover_byline, cover_peer
from benchmarks.rankings import OFFLINE, PYTHON
from benchmarks.sets import find_articles
from benchmarks.size import measure_size
from benchmarks.tables import ingest_table

PEERS = ("llamaindex", "langchain", "langchain-1000")
MICRO = 1_000_000


def measure(articles: Path, work: Path, threads: int) -> tuple[dict[str, Any], processes.Ran]:
    """Encoder alone, a first ingest, encoder alone again, a second ingest; each in a fresh process."""
    passages, library, variables = work / "passages.json", work / "library", {"BYLINE_THREADS": str(threads)}
    processes.run(processes.module("benchmarks.encoder", "chunk", articles, passages), variables=variables)
    before = _encoder(passages, variables)
    report, first = processes.ingest(articles, library, variables)
    after = _encoder(passages, variables)
    again, second = processes.ingest(articles, library, variables)
    text_bytes = json.loads(passages.read_text(encoding="utf-8"))["text_bytes"]
    encoder = {name: (before[name] + after[name]) / 2 for name in before}
    speed = report["passages"] / first.seconds
    encoder_speed = encoder["passages"] / encoder["seconds"]
    return {
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
        "size": measure_size(library, report["embedded"], text_bytes),
    }, first


def measure_systems(
    articles: Path, work: Path, threads: int, byline: tuple[int, processes.Ran], peers: Sequence[str], python: Path
) -> dict[str, Any]:
    """What an ingest costs Byline (its passages and its run are given) and each peer, by tokens."""
    found = {"byline": _cost(*byline, cover_byline(articles))}
    for peer in peers:
        print(f"{peer} ...", file=sys.stderr, flush=True)
        found[peer] = _ingest_peer(peer, articles, work, threads, python)
    for each in found.values():
        for name in ("cpu_us_a_token", "cpu_us_a_covered_token"):
            each[f"{name}_by_byline"] = round(each[name] / found["byline"][name], 3)
    return found


def _ingest_peer(peer: str, articles: Path, work: Path, threads: int, python: Path) -> dict[str, Any]:
    variables = {**OFFLINE, "OMP_NUM_THREADS": str(threads)}
    module, texts = "benchmarks.peer_ingest", work / f"{peer}.json"
    ran = processes.run(processes.module(module, peer, articles, work / peer, python=python), variables=variables)
    processes.run(processes.module(module, "--passages", peer, articles, texts, python=python), variables=variables)
    passages, kept = json.loads(texts.read_text(encoding="utf-8")), json.loads(ran.output.splitlines()[-1])
    if kept != sum(map(len, passages)):
        raise RuntimeError(f"{peer} holds {kept} passages, and {sum(map(len, passages))} were counted")
    return _cost(kept, ran, cover_peer(articles, passages))


def _cost(passages: int, ran: processes.Ran, coverage: Coverage) -> dict[str, Any]:
    return {
        "passages": passages,
        "seconds": round(ran.seconds, 1),
        "cpu_seconds": round(ran.cpu_seconds, 1),
        "peak_bytes": ran.peak_bytes,
        "encoded_tokens": coverage.encoded,
        "text_tokens": coverage.text,
        "covered_tokens": coverage.covered,
        "left_out": round(coverage.left_out, 5),
        "cpu_us_a_token": round(MICRO * ran.cpu_seconds / coverage.encoded, 1),
        "cpu_us_a_covered_token": round(MICRO * ran.cpu_seconds / coverage.covered, 1),
    }


def main() -> None:
    """Measure, write the result, print the table."""
    options = _options()
    threads = options.threads or os.cpu_count() or 1
    result: dict[str, Any] = {"kind": "ingest", "threads": threads, **processes.conditions()}
    with tempfile.TemporaryDirectory(prefix="byline-benchmark-") as made:
        work, articles = Path(made), find_articles(options.folder)
        if options.limit:
            articles = _first(articles, options.limit, work / "articles.jsonl")
        found, ran = measure(articles, work, threads)
        if options.peers is not None:
            byline, peers = (found["passages"], ran), options.peers or PEERS
            found["systems"] = measure_systems(articles, work, threads, byline, peers, options.python)
        result["sets"] = [{"set": options.folder.resolve().name, **found}]
    result["load_after"] = processes.load()
    processes.write_result(options.out, result)
    print(ingest_table(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a set: articles.jsonl or articles/")
    parser.add_argument("--out", type=Path, required=True, help="the result, as JSON")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N articles of articles.jsonl")
    parser.add_argument("--threads", type=int, help="threads of the encoder, in all runs [one a core]")
    parser.add_argument(
        "--peers", nargs="*", choices=PEERS, metavar="NAME", help=f"the peers too: {', '.join(PEERS)} [all]"
    )
    parser.add_argument("--python", type=Path, default=PYTHON, help="the interpreter of the peers' environment")
    options = parser.parse_args()
    if options.peers is not None and not options.python.is_file():
        parser.error(f"{options.python} is not there; make the peers' environment with: make peers")
    if (options.limit or options.peers is not None) and not (options.folder / "articles.jsonl").is_file():
        parser.error(f"--limit and --peers need {options.folder}/articles.jsonl")
    return options


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
