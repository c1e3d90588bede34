"""Writes the page of figures from the results of the benchmarks, and its plot beside it.

python -m benchmarks.report RESULT.json... --out docs/benchmarks.md
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.plot import draw
from benchmarks.tables import growth_table, ingest_table, peers_table, questions_table, scale_table

PEERS = """The same articles and questions in one run; all systems have as many threads, and all that embed the same
weights. In brackets the 95 % interval of a paired bootstrap: a lead is real when it does not span 0. An index's seconds
are those of the whole process that made it, start included; a system that ranks whole articles has one passage an
article. The peers' query time is measured inside their process, Byline's over HTTP; CPU time is that of the process
that answers, all threads together. Resident memory is what that process holds after the last question, peak memory the
most that it or the process that made the index held."""
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
SCALE = """Above the real passages a library is filled up with copies: half of the longer words and all digits are
exchanged, and their vectors are the originals' plus noise (a multiple of the difference of two real vectors), so much
that the median cosine to the nearest neighbour is that of real passages. Retrieval itself is a search without the
encoder, and no passage is read; CPU time is of all threads of the process. Each filter is measured with the same
questions; the first one in a filter, which looks its passages up, is a part of the median like the others."""
SECTIONS = {
    "peers": ("Beside its peers", PEERS, peers_table),
    "questions": ("Finding, answering, refusing", QUESTIONS, questions_table),
    "ingest": ("Ingesting", INGEST, ingest_table),
    "growth": ("Growing", GROWTH, growth_table),
    "scale": ("Scale", SCALE, scale_table),
}
INTRODUCTION = """# Benchmarks

Made by `python -m benchmarks.report` from the results of the commands in `benchmarks/`; do not edit it by hand.
What each figure means, and how to measure again, is in `benchmarks/README.md`. Sets of public questions are not
part of this repository. Wall times belong to the machine and to its load at that moment, which stands beside them."""


def write_report(results: list[dict[str, Any]], plot: str) -> str:
    """The whole page, in the order of SECTIONS; ``plot`` is where its plot lies, as the page links to it."""
    by_kind = {kind: [result for result in results if result["kind"] == kind] for kind in SECTIONS}
    pictures = {"peers": f"![nDCG@10 by system, over all questions and by set]({plot})"}
    sections = [_section(kind, found, pictures.get(kind)) for kind, found in by_kind.items() if found]
    return "\n\n".join([INTRODUCTION, *sections]) + "\n"


def write_plot(results: list[dict[str, Any]]) -> str | None:
    """The plot of the sets of all peers results, as SVG; None without any."""
    sets = [each for result in results if result["kind"] == "peers" for each in result["sets"]]
    return draw(sets) if sets else None


def _section(kind: str, results: list[dict[str, Any]], picture: str | None) -> str:
    title, text, tables = SECTIONS[kind]
    shown = (f"{_made(result)}\n\n{tables(result)}" for result in results)
    return "\n\n".join([f"## {title}\n\n{text}", *([picture] if picture else []), *shown])


def _made(result: dict[str, Any]) -> str:
    loads = [result["load"], *(each["load"] for each in result["sets"] if "load" in each), result.get("load_after")]
    shown = ", ".join(str(value) for value in loads if value is not None)
    threads = f", {result['threads']} threads" if "threads" in result else ""
    made = f"{result['made'][:10]}, commit {result['commit']}, {result['machine']}{threads}, Python {result['python']}"
    return f"*{made}.* *Load average, from start to end: {shown}.*"


def main() -> None:
    """Write the page for the results given, and the plot."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__.partition("\n")[0])
    parser.add_argument("results", type=Path, nargs="+", help="results of the other commands, as JSON")
    parser.add_argument("--out", type=Path, required=True, help="the page; the plot gets its name, with .svg")
    options = parser.parse_args()
    results = [json.loads(path.read_text(encoding="utf-8")) for path in options.results]
    picture = options.out.with_suffix(".svg")
    options.out.write_text(write_report(results, picture.name), encoding="utf-8")
    if plot := write_plot(results):
        picture.write_text(plot, encoding="utf-8")


if __name__ == "__main__":
    main()
