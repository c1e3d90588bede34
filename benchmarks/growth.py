"""What a library costs as it grows: adding an article to a small and a large one, reading all again, and its size.

python -m benchmarks.growth ARTICLES.jsonl --work DIR --out RESULT.json
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks import processes
from benchmarks.addition import WARMING
from benchmarks.building import Built, build, write_articles
from benchmarks.questions import work_folder
from benchmarks.second_run import measure_second_run
from benchmarks.size import measure_size
from benchmarks.tables import growth_table

OWN, STAND_IN = "own", "stand-in"
"""The encoders: the one that Byline is set to, and one that costs next to nothing."""
MARK = "qzx"
"""With an article's number, a word that no other article has."""

Milliseconds = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where articles come from, where libraries are kept, and how many articles are added to each."""

    articles: Path
    work: Path
    additions: int
    commands: int

    def build(self, count: int, encoder: str) -> Built:
        """The library of the first ``count`` articles."""
        return build(self.articles, count, self.work / f"{encoder}-{count}", self.variables(encoder))

    def variables(self, encoder: str) -> dict[str, str]:
        """What makes a process use an encoder; builds the stand-in when it is first asked for."""
        if encoder == OWN:
            return {}
        model = self.work / STAND_IN
        if not model.is_dir():
            processes.run(processes.module("benchmarks.stand_in", model), variables={"HF_HUB_OFFLINE": "1"})
        return {"BYLINE_EMBEDDING_MODEL": str(model), "BYLINE_CACHE": str(self.work / "cache")}


def measure(bench: Bench, count: int, encoder: str) -> dict[str, Any]:
    """A library of ``count`` articles: what its making took, its size, and what adding to it costs."""
    built, variables = bench.build(count, encoder), bench.variables(encoder)
    with copied(built.library, bench.work) as library:
        adding = _add(bench, library, count, variables)
    return {
        "articles": count,
        "encoder": encoder,
        "passages": built.passages,
        "slices": built.slices,
        "size": measure_size(built.library, built.passages, built.text_bytes),
        "adding": {name: _middle(values) for name, values in adding.items()},
        "load": processes.load(),
    }


def compare(small: dict[str, Any], large: dict[str, Any]) -> dict[str, dict[str, float]]:
    """How many times the cost in the small library each cost in the large one is."""
    return {
        name: {middle: round(value / small["adding"][name][middle], 3) for middle, value in costs.items()}
        for name, costs in large["adding"].items()
    }


@contextmanager
def copied(library: Path, work: Path) -> Iterator[Path]:
    """A copy of a library that may be changed, for as long as the block lasts."""
    copy = work / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(library, copy)
    os.sync()  # or the copy is still being written while it is measured
    try:
        yield copy
    finally:
        shutil.rmtree(copy)


def _add(bench: Bench, library: Path, count: int, variables: dict[str, str]) -> Milliseconds:
    """Articles that the library does not hold: some inside one process, some by the command."""
    files = bench.work / "added"
    shutil.rmtree(files, ignore_errors=True)
    inside, alone, handed = bench.additions + WARMING, bench.commands, bench.commands + 1
    write_articles(bench.articles, count, inside, files / "inside", MARK)
    write_articles(bench.articles, count + inside, alone, files / "alone", MARK)
    write_articles(bench.articles, count + inside + alone, handed, files / "handed", MARK)
    ran = processes.run(processes.module("benchmarks.addition", library, files / "inside"), variables=variables)
    found: Milliseconds = json.loads(ran.output)
    found |= _by_command(sorted((files / "alone").iterdir()), library, variables)
    return found | _handed_over(sorted((files / "handed").iterdir()), library, variables)


def _by_command(files: Sequence[Path], library: Path, variables: dict[str, str]) -> Milliseconds:
    """``byline ingest FILE`` where no server runs: the process opens the library and closes it."""
    costs = [_ingest_one(file, library, variables) for file in files]
    return {
        "alone_ms": [1000 * each.seconds for each in costs],
        "alone_cpu_ms": [1000 * each.cpu_seconds for each in costs],
    }


def _handed_over(files: Sequence[Path], library: Path, variables: dict[str, str]) -> Milliseconds:
    """``byline ingest FILE`` where a server runs, the CPU time of both counted; the first file is not counted."""
    found: Milliseconds = {"handed_ms": [], "handed_cpu_ms": []}
    with processes.serving(library, variables) as server:
        server.wait_for("GET", "/")  # the page is built beside the API, and would be in the way
        process = psutil.Process(server.pid)
        _ingest_one(files[0], library, variables)
        for file in files[1:]:
            before = sum(process.cpu_times()[:2])
            ran = _ingest_one(file, library, variables)
            found["handed_ms"].append(1000 * ran.seconds)
            found["handed_cpu_ms"].append(1000 * (ran.cpu_seconds + sum(process.cpu_times()[:2]) - before))
    return found


def _ingest_one(file: Path, library: Path, variables: dict[str, str]) -> processes.Ran:
    report, ran = processes.ingest(file, library, variables)
    if report["added"] != 1:
        raise RuntimeError(f"{file} was not added: {report}")
    return ran


def _middle(values: Sequence[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 1), "mean": round(statistics.fmean(values), 1)}


def main() -> None:
    """Measure library after library, writing the result after each; print the tables."""
    options = _options()
    result: dict[str, Any] = {"kind": "growth", **processes.conditions(), "sets": []}
    with work_folder(options.work) as work:
        bench = Bench(options.articles.resolve(), work, options.additions, options.commands)
        result |= {"additions": bench.additions, "commands": bench.commands}
        small, large = min(options.sizes), max(options.sizes)
        if options.unchanged:
            built = bench.build(options.unchanged, STAND_IN)
            with copied(built.library, work) as library:
                result["second_run"] = measure_second_run(library, built.folders, bench.variables(STAND_IN))
            processes.write_result(options.out, result)
        for count, encoder in [(small, OWN), *((size, STAND_IN) for size in sorted(options.sizes))]:
            result["sets"].append(measure(bench, count, encoder))
            processes.write_result(options.out, result)
        of_encoder = {each["articles"]: each for each in result["sets"] if each["encoder"] == STAND_IN}
        result["ratios"] = compare(of_encoder[small], of_encoder[large])
    result["load_after"] = processes.load()
    processes.write_result(options.out, result)
    print(growth_table(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.partition("\n")[0])
    parser.add_argument("articles", type=Path, help="articles as JSONL: as many as the largest library, and 100 more")
    parser.add_argument("--work", type=Path, required=True, help="where libraries are built, and kept for the next run")
    parser.add_argument("--out", type=Path, required=True, help="the result, as JSON")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000], help="articles [1000 100000]")
    parser.add_argument("--unchanged", type=int, default=10_000, help="articles that are read again; 0: none [10000]")
    parser.add_argument("--additions", type=int, default=30, help="articles added inside one process [30]")
    parser.add_argument("--commands", type=int, default=5, help="articles added by the command, each way [5]")
    return parser.parse_args()


if __name__ == "__main__":
    main()
