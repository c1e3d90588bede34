"""How well and how fast a running Byline finds, answers and refuses, on one set of questions after another.

python -m benchmarks.questions FOLDER... --out RESULT.json [--work DIR]
"""

from __future__ import annotations

import argparse
import fcntl
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.memory import peak_bytes, resident_bytes
from benchmarks.sets import read_set
from benchmarks.tables import questions_table
from rag.evaluation.cases import Case
from rag.evaluation.measures import mean, quantile
from ui.asker import ask_request

WARMING = 20
"""Questions after which memory is read."""
SHARED = 50
"""Questions over which the encoder's share is measured."""


def measure(folder: Path, library: Path, starts: int) -> dict[str, Any]:
    """Everything on one set: ingest what is not there yet, start and stop a few times, then ask."""
    found = read_set(folder)
    report, _ = processes.ingest(found.articles, library)
    started = [_start(library, found.questions[0]) for _ in range(starts - 1)]
    with processes.serving(library) as server:
        started.append(_wait(server, found.questions[0]))
        for question in found.questions[:WARMING]:
            server.client.post("/v1/answers", json=_body(question)).raise_for_status()
        resident = resident_bytes(server.pid)
        # The server owns the library, so the command asks it, over HTTP.
        ran = processes.run(processes.byline("eval", folder / "questions.jsonl", "--library", library, "--json"))
        peak = peak_bytes(server.pid)
    evaluated = json.loads(ran.output)
    rows = evaluated.pop("rows")
    share = processes.run(processes.module("benchmarks.encoder_share", library, folder.resolve(), str(SHARED)))
    return {
        "set": found.name,
        "articles": evaluated["library"]["articles"],
        "passages": evaluated["library"]["passages"],
        "failed": [each["problem"] for each in report["failed"]],
        "start": {
            "runs": starts,
            "first_answer_seconds": quantile([first for first, _ in started], 0.5),
            "page_seconds": quantile([page for _, page in started], 0.5),
            "resident_bytes": resident,
            "peak_bytes": peak,
        },
        "evaluation": evaluated | {"by_label": _by_label(found.questions, rows)},
        "encoder_share": json.loads(share.output),
        "load": processes.load(),
    }


def _by_label(questions: Sequence[Case], rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float | None]]:
    """nDCG@10 of the questions of each label that the set sorts them by."""
    gains = {row["id"]: row["scores"]["ndcg10"] for row in rows if "ndcg10" in row["scores"]}
    found: dict[str, list[float]] = {}
    for each in questions:
        if each.label and each.id in gains:
            found.setdefault(each.label, []).append(gains[each.id])
    return {label: {"questions": len(values), "ndcg10": mean(values)} for label, values in sorted(found.items())}


def _body(question: Case) -> dict[str, Any]:
    return ask_request(question).model_dump(mode="json", exclude_none=True)


def _start(library: Path, question: Case) -> tuple[float, float]:
    with processes.serving(library) as server:
        return _wait(server, question)


def _wait(server: processes.Serving, question: Case) -> tuple[float, float]:
    """Seconds until the first answer, and until the page is there; the answer comes first."""
    first = server.wait_for("POST", "/v1/answers", _body(question))
    return first, server.wait_for("GET", "/")


@contextmanager
def work_folder(given: Path | None) -> Iterator[Path]:
    """The folder that was given, which is kept, or one that is removed at the end.

    Raises BlockingIOError while another run is using it: each would replace what the other makes.
    """
    if given:
        given.mkdir(parents=True, exist_ok=True)
        with (given / "run.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="byline-benchmark-") as made:
        yield Path(made)


def main() -> None:
    """Measure set after set, writing the result after each; print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="sets: articles.jsonl or articles/, and questions.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the result, as JSON")
    parser.add_argument("--work", type=Path, help="where libraries are kept for the next run")
    parser.add_argument("--starts", type=int, default=3, help="how often the server is started [3]")
    options = parser.parse_args()
    result: dict[str, Any] = {"kind": "questions", **processes.conditions(), "sets": []}
    with work_folder(options.work) as work:
        for folder in options.folders:
            library = work / folder.resolve().name / "library"
            result["sets"].append(measure(folder, library, max(1, options.starts)))
            processes.write_result(options.out, result)
    print(questions_table(result))


if __name__ == "__main__":
    main()
