"""Writes the page of figures from the results of the benchmarks.

python -m benchmarks.report RESULT.json... > docs/benchmarks.md
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.tables import growth_table, ingest_table, peers_table, questions_table

PEERS = """The same articles and questions in one run; the dense peers have the same weights as Byline. In brackets
the 95 % interval of a paired bootstrap: a lead is real when it does not span 0. The peers' query time is measured
inside their process, Byline's over HTTP. Peak memory is that of this run: an index kept from an earlier one was not
made in it."""
QUESTIONS = """Each set in a fresh library, asked over HTTP. "Encoder's share" is the part of an answer's time that the
encoder takes, measured inside one process."""
INGEST = """"Encoder alone" embeds the same passages, chunked beforehand and sorted by length, in one call, in a process
of its own with the same threads and precision; it ran before and after the ingest, and the mean counts. The ingest's
time is that of the whole process, start included. Where peers ran, each ingested the same articles in a process of
its own with the same weights, threads and precision. A token encoded is one that the encoder was given, special tokens
included and padding not; text left out stands in no vector, since a passage is cut at the 256 tokens that the model
reads."""
GROWTH = """Costs are median / mean. The stand-in encoder gives vectors of the same size for next to nothing, so its
ratio is that of everything but the encoder. CPU times are of all threads and both processes. A library's bytes are
those of all its stores, closed; the catalog's are counted page by page."""
SECTIONS = {
    "peers": ("Beside its peers", PEERS, peers_table),
    "questions": ("Finding, answering, refusing", QUESTIONS, questions_table),
    "ingest": ("Ingesting", INGEST, ingest_table),
    "growth": ("Growing", GROWTH, growth_table),
}
INTRODUCTION = """# Benchmarks

Made by `python -m benchmarks.report` from the results of the commands in `benchmarks/`; do not edit it by hand.
What each figure means, and how to measure again, is in `benchmarks/README.md`. Sets of public questions are not
part of this repository. Wall times belong to the machine and to its load at that moment, which stands beside them."""


def write_report(results: list[dict[str, Any]]) -> str:
    """The whole page, in the order of SECTIONS."""
    by_kind = {kind: [result for result in results if result["kind"] == kind] for kind in SECTIONS}
    sections = [_section(kind, found) for kind, found in by_kind.items() if found]
    return "\n\n".join([INTRODUCTION, *sections]) + "\n"


def _section(kind: str, results: list[dict[str, Any]]) -> str:
    title, text, tables = SECTIONS[kind]
    return "\n\n".join([f"## {title}\n\n{text}", *(f"{_made(result)}\n\n{tables(result)}" for result in results)])


def _made(result: dict[str, Any]) -> str:
    loads = [result["load"], *(each["load"] for each in result["sets"] if "load" in each), result.get("load_after")]
    shown = ", ".join(str(value) for value in loads if value is not None)
    made = f"*{result['made'][:10]}, commit {result['commit']}, {result['machine']}, Python {result['python']}.*"
    return f"{made} *Load average, from start to end: {shown}.*"


def main() -> None:
    """Print the page for the results given."""
    if not sys.argv[1:]:
        sys.exit(__doc__)
    print(write_report([json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:]]), end="")


if __name__ == "__main__":
    main()
