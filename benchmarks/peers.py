"""Byline's ranking of articles beside its peers', on the same articles and questions in one run.

python -m benchmarks.peers FOLDER... --out RESULT.json [--work DIR]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.questions import work_folder
from benchmarks.rankings import PEERS, PYTHON, byline, peer, rank
from benchmarks.sets import QuestionSet, read_set
from benchmarks.tables import peers_table
from rag.evaluation.cases import Case
from rag.evaluation.measures import mean, ndcg, paired_difference, quantile, score_ranking


def measure(found: QuestionSet, work: Path, names: Sequence[str], python: Path, threads: int) -> dict[str, Any]:
    """Byline and the peers on one set."""
    systems = {"byline": byline(found, threads)} | {name: peer(name, found, python, threads) for name in names}
    runs = {}
    for name, system in systems.items():
        started = time.perf_counter()
        runs[name] = rank(system, found, work / name)
        print(f"{name} on {found.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    questions = found.judged
    measured = {name: figures(ran, questions) for name, ran in runs.items()}
    return {
        "set": found.name,
        "questions": len(questions),
        "systems": measured,
        "byline_minus": _leads(measured),
        "load": max(each["load"] for each in measured.values()),
    }


def figures(ran: dict[str, Any], questions: Sequence[Case]) -> dict[str, Any]:
    """What a system's rankings are worth, over all questions and one by one, and what they cost."""
    scores = [score_ranking(ran["rankings"][question.id], question.relevant) for question in questions]
    labels = sorted({question.label for question in questions if question.label})
    of_label = {label: [each for each in questions if each.label == label] for label in labels}
    return {
        **{name: mean([each[name] for each in scores]) for name in scores[0]},
        "ndcg10_by_label": {label: sum(_gains(ran, each)) / len(each) for label, each in of_label.items()},
        "ndcg10_each": [round(gain, 4) for gain in _gains(ran, questions)],
        "query_ms_p50": quantile(ran["query_ms"], 0.5),
        "query_ms_p95": quantile(ran["query_ms"], 0.95),
        "query_cpu_ms": round(ran["query_cpu_ms"], 2),
        "passages_per_second": round(ran["passages"] / ran["index_seconds"], 1),
        **{name: ran[name] for name in ("passages", "index_seconds", "index_cpu_seconds", "index_bytes")},
        **{name: ran[name] for name in ("resident_bytes", "peak_bytes", "load")},
    }


def pool(sets: Sequence[dict[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    """nDCG@10 over the questions of all sets, each question counting alike, and Byline's minus that of each peer."""
    systems = {
        name: {"ndcg10_each": [gain for each in sets for gain in each["systems"][name]["ndcg10_each"]]}
        for name in ("byline", *names)
    }
    return {
        "pooled_ndcg10": {name: mean(each["ndcg10_each"]) for name, each in systems.items()},
        "pooled_byline_minus": _leads(systems),
    }


def _leads(systems: dict[str, dict[str, Any]]) -> dict[str, Any]:
    gains = {name: each["ndcg10_each"] for name, each in systems.items()}
    return {name: asdict(paired_difference(gains["byline"], gains[name])) for name in gains if name != "byline"}


def _gains(ran: dict[str, Any], questions: Sequence[Case]) -> list[float]:
    return [ndcg(ran["rankings"][question.id], question.relevant) for question in questions]


def main() -> None:
    """Measure set after set, writing the result after each; print the tables."""
    options = _options()
    threads = options.threads or os.cpu_count() or 1
    result: dict[str, Any] = {"kind": "peers", "threads": threads, **processes.conditions(), "sets": []}
    sets = [read_set(folder) for folder in options.folders]
    with work_folder(options.work) as work:
        for found in sets:
            measured = measure(found, work / found.name, options.peers, options.python, threads)
            result["sets"].append(measured)
            result |= pool(result["sets"], options.peers)
            processes.write_result(options.out, result)
    print(peers_table(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="sets: articles.jsonl and questions.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the result, as JSON")
    parser.add_argument("--work", type=Path, help="where indexes and finished rankings are kept for the next run")
    parser.add_argument("--threads", type=int, help="threads of every system [one a core]")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), help="which peers [all]")
    parser.add_argument("--python", type=Path, default=PYTHON, help="the interpreter of the peers' environment")
    options = parser.parse_args()
    if not options.python.is_file():
        parser.error(f"{options.python} is not there; make the peers' environment with: make peers")
    for folder in options.folders:
        if not (folder / "articles.jsonl").is_file():
            parser.error(f"{folder} has no articles.jsonl, and the peers read nothing else")
    return options


if __name__ == "__main__":
    main()
