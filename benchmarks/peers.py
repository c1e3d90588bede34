"""Byline's ranking of articles beside its peers', on the same articles and questions in one run.

python -m benchmarks.peers FOLDER... --out RESULT.json [--work DIR]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.asking import search
from benchmarks.memory import peak_bytes
from benchmarks.questions import work_folder
from benchmarks.sets import QuestionSet, read_set
from benchmarks.tables import peers_table
from rag.evaluation.cases import Case
from rag.evaluation.measures import mean, ndcg, paired_difference, quantile, score_ranking

PEERS = {
    "bm25s": "benchmarks.peer_keywords",
    "bm25s-tuned": "benchmarks.peer_keywords",
    "llamaindex": "benchmarks.peer_vectors",
    "llamaindex-256": "benchmarks.peer_vectors",
}
OFFLINE = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
PYTHON = processes.ROOT / "build" / "peers" / "bin" / "python"


def measure(folder: Path, work: Path, names: Sequence[str], python: Path) -> dict[str, Any]:
    """Byline and the peers on one set."""
    found = read_set(folder)
    if not found.articles.is_file():
        raise FileNotFoundError(f"{folder} has no articles.jsonl, and the peers read nothing else")
    runs = {"byline": _rank_byline(found, work / "library")}
    for name in names:
        runs[name] = _rank_peer(name, folder.resolve(), work / name, python)
    questions = found.judged
    return {
        "set": found.name,
        "questions": len(questions),
        "systems": {name: _figures(ran, questions) for name, ran in runs.items()},
        "byline_minus": {
            name: asdict(paired_difference(_gains(runs["byline"], questions), _gains(runs[name], questions)))
            for name in names
        },
        "load": processes.load(),
    }


def pool(sets: Sequence[dict[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    """Byline minus each peer over the questions of all sets, each question counting alike."""
    gains = {
        name: [gain for each in sets for gain in each["systems"][name]["ndcg10_each"]] for name in ("byline", *names)
    }
    return {name: asdict(paired_difference(gains["byline"], gains[name])) for name in names}


def _rank_byline(found: QuestionSet, library: Path) -> dict[str, Any]:
    """Byline's rankings over HTTP, as any program gets them."""
    report, ran = processes.ingest(found.articles, library)
    with processes.serving(library) as server:
        server.wait_for("GET", "/")  # the page is built beside the API, and would be in the way
        rankings, times = search(server.client, found.judged)
        passages = server.client.get("/v1/status").raise_for_status().json()["passages"]
        peak = peak_bytes(server.pid)
    # A library that was there already cost nothing now, and what it cost then is not known.
    seconds = ran.seconds if report["embedded"] == passages else None
    return {
        "rankings": rankings,
        "query_ms": times,
        "passages": passages,
        "index_seconds": seconds,
        "peak_bytes": max(peak, ran.peak_bytes),
    }


def _rank_peer(name: str, folder: Path, work: Path, python: Path) -> dict[str, Any]:
    started = time.perf_counter()
    ran = processes.run(processes.module(PEERS[name], name, folder, work, python=python), variables=OFFLINE)
    print(f"{name} on {folder.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    measured: dict[str, Any] = json.loads(ran.output.splitlines()[-1])
    return measured | {"peak_bytes": ran.peak_bytes}


def _gains(ran: dict[str, Any], questions: Sequence[Case]) -> list[float]:
    return [ndcg(ran["rankings"][question.id], question.relevant) for question in questions]


def _figures(ran: dict[str, Any], questions: Sequence[Case]) -> dict[str, Any]:
    scores = [score_ranking(ran["rankings"][question.id], question.relevant) for question in questions]
    labels = sorted({question.label for question in questions if question.label})
    of_label = {label: [each for each in questions if each.label == label] for label in labels}
    return {
        **{name: mean([each[name] for each in scores]) for name in scores[0]},
        "ndcg10_by_label": {label: sum(_gains(ran, each)) / len(each) for label, each in of_label.items()},
        "ndcg10_each": [round(gain, 4) for gain in _gains(ran, questions)],
        "passages": ran.get("passages"),
        "query_ms_p50": quantile(ran["query_ms"], 0.5),
        "index_seconds": ran["index_seconds"] and round(ran["index_seconds"], 1),
        "peak_bytes": ran["peak_bytes"],
    }


def main() -> None:
    """Measure set after set, writing the result after each; print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="sets: articles.jsonl and questions.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the result, as JSON")
    parser.add_argument("--work", type=Path, help="where libraries and the peers' indexes are kept for the next run")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), help="which peers [all]")
    parser.add_argument("--python", type=Path, default=PYTHON, help="the interpreter of the peers' environment")
    options = parser.parse_args()
    if not options.python.is_file():
        parser.error(f"{options.python} is not there; make the peers' environment with: benchmarks/peers.sh")
    result: dict[str, Any] = {"kind": "peers", **processes.conditions(), "sets": []}
    with work_folder(options.work) as work:
        for folder in options.folders:
            place = work / folder.resolve().name
            result["sets"].append(measure(folder, place, options.peers, options.python))
            result["pooled_byline_minus"] = pool(result["sets"], options.peers)
            processes.write_result(options.out, result)
    print(peers_table(result))


if __name__ == "__main__":
    main()
