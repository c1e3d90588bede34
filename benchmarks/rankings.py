"""The rankings of Byline and of its peers on a set, with what they cost.

A system's folder holds its ``index/``; ``made.json``, what making that cost; and ``ranked.json``, what asking gave.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks import processes
from benchmarks.asking import Meter, ask_all
from benchmarks.memory import peak_bytes, resident_bytes
from benchmarks.notes import Figures, digest_of_code, kept_or_made
from benchmarks.sets import QuestionSet, digest_of_file
from benchmarks.size import bytes_of
from rag.evaluation.cases import Case
from ui.asker import search_request

KINDS = {
    "peer_keywords": ("bm25s", "bm25s-tuned", "tantivy"),
    "peer_vectors": ("dense", "llamaindex", "llamaindex-256", "langchain", "langchain-1000"),
    "peer_hybrid": ("haystack", "txtai"),
}
PEERS = {name: kind for kind, names in KINDS.items() for name in names}
"""The module that runs each peer."""
OFFLINE = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "HAYSTACK_TELEMETRY_ENABLED": "False"}
PYTHON = processes.ROOT / "build" / "peers" / "bin" / "python"

BYLINE_CODE = ("rag", "ingest", "ui", "requirements")
PEER_CODE = ("benchmarks/peers.txt", "benchmarks/peer_ingest.py", "benchmarks/sets.py")
ASKING_CODE = ("benchmarks/asking.py", "benchmarks/peer_process.py", "rag/evaluation/cases.py")
"""Files and folders after whose change an index is made again, or questions are asked again."""
OURS = ("BYLINE_LIBRARY", "BYLINE_CACHE", "BYLINE_THREADS")
"""Variables that are given by this command, or that change no figure."""


@dataclass(frozen=True, slots=True)
class System:
    """How an index is made in an empty folder and how it is asked, and all that this depends on."""

    state: dict[str, Any]
    make: Callable[[Path], Figures]
    ask: Callable[[Path], Figures]


def rank(system: System, found: QuestionSet, work: Path) -> Figures:
    """What the system ranks for the questions of a set and what it cost, now or when it was last done in this state."""
    index = work / "index"

    def make() -> Figures:
        shutil.rmtree(work, ignore_errors=True)
        index.mkdir(parents=True)
        return system.make(index) | {"index_bytes": bytes_of(index)}

    asking = {
        "questions": digest_of_file(found.folder / "questions.jsonl"),
        "asking": digest_of_code(processes.ROOT, ASKING_CODE),
    }
    made = kept_or_made(work / "made.json", system.state, make)
    asked = kept_or_made(work / "ranked.json", system.state | asking, lambda: system.ask(index))
    return made | asked | {"peak_bytes": max(made["index_peak_bytes"], asked["asking_peak_bytes"])}


def byline(found: QuestionSet, threads: int) -> System:
    """Byline, which is asked over HTTP, as any program asks it."""
    variables = {"BYLINE_THREADS": str(threads)}
    settings = {name: value for name, value in os.environ.items() if name.startswith("BYLINE_") and name not in OURS}

    def make(library: Path) -> Figures:
        report, ran = processes.ingest(found.articles, library, variables)
        return _cost(ran, report["passages"])

    def ask(library: Path) -> Figures:
        with processes.serving(library, variables) as server:
            server.wait_for("GET", "/")  # the page is built beside the API, and would be in the way
            process = psutil.Process(server.pid)
            meter = Meter(lambda: sum(process.cpu_times()[:2]), lambda: resident_bytes(server.pid))
            asked = ask_all(found.judged, lambda question: _search(server.client, question), meter)
            return asked | {"asking_peak_bytes": peak_bytes(server.pid), "load": processes.load()}

    return System(_state(found, BYLINE_CODE, threads) | {"settings": settings}, make, ask)


def peer(name: str, found: QuestionSet, python: Path, threads: int) -> System:
    """A peer, which is asked inside its process."""
    kind = PEERS[name]

    def run(what: str, data: Path, index: Path) -> tuple[Any, processes.Ran]:
        command = processes.module(f"benchmarks.{kind}", what, name, data, index, python=python)
        ran = processes.run(command, variables={**OFFLINE, "OMP_NUM_THREADS": str(threads)})
        return json.loads(ran.output.splitlines()[-1]), ran

    def make(index: Path) -> Figures:
        passages, ran = run("index", found.articles, index)
        return _cost(ran, passages)

    def ask(index: Path) -> Figures:
        asked, ran = run("ask", found.folder, index)
        return dict(asked) | {"asking_peak_bytes": ran.peak_bytes, "load": processes.load()}

    return System(_state(found, (f"benchmarks/{kind}.py", *PEER_CODE), threads), make, ask)


def _state(found: QuestionSet, code: tuple[str, ...], threads: int) -> dict[str, Any]:
    return {
        "articles": digest_of_file(found.articles),
        "code": digest_of_code(processes.ROOT, code),
        "threads": threads,
    }


def _cost(ran: processes.Ran, passages: int) -> Figures:
    """What the whole process that made an index took, its start included."""
    return {
        "passages": passages,
        "index_seconds": round(ran.seconds, 2),
        "index_cpu_seconds": round(ran.cpu_seconds, 2),
        "index_peak_bytes": ran.peak_bytes,
    }


def _search(client: httpx.Client, question: Case) -> list[str]:
    body = search_request(question).model_dump(mode="json", exclude_none=True)
    reply = client.post("/v1/search", json=body).raise_for_status()
    return list(dict.fromkeys(hit["article_id"] for hit in reply.json()["hits"]))
