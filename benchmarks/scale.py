"""What retrieval itself costs in large libraries: a question, its parts, filters; and the memory of serving them.

python -m benchmarks.scale FOLDER --work DIR --out RESULT.json

FOLDER holds articles.jsonl and questions.jsonl. The articles are ingested as usual, and the library is filled up with
copies of them (``benchmarks.copies``) to each of the sizes. Libraries are kept for the next run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import processes
from benchmarks.asking import own_meter
from benchmarks.copies import Originals, fill, find_noise, nearest_cosines
from benchmarks.encoder import chunked_articles, open_embedder
from benchmarks.encoder_share import TimedEmbedder
from benchmarks.filtering import Everything, filters_of, measure_filters
from benchmarks.memory import resident_bytes
from benchmarks.sets import QuestionSet, read_set
from benchmarks.tables import scale_table
from rag.domain import Encoding, Filters, Question
from rag.engine import Engine
from rag.evaluation.measures import quantile
from rag.library.library import Library, open_library
from rag.library.snapshot import Scope
from rag.reading.reader import load_reader
from rag.retrieval.candidates import DEPTH
from rag.retrieval.query import Query
from rag.settings import EMBEDDED, load_settings

if TYPE_CHECKING:
    from rag.embedding import Embedder

REAL = "real"
"""The folder of the library that holds the articles themselves."""
WARMING = 20
"""Questions asked before anything is counted."""
FILTERED = 10
"""Questions that each filter is measured with."""
TEN = 10
SAMPLED = 1000
"""Passages whose nearest neighbours are compared with those of real ones."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Articles and questions, where libraries are kept, and how long one may be filled, in seconds."""

    found: QuestionSet
    work: Path
    patience: float
    embedder: Embedder

    def open(self, name: str) -> Library:
        """A library of the work folder."""
        encoding = Encoding(EMBEDDED, self.embedder.identity, load_settings().passage_tokens)
        return open_library(self.work / name, encoding, "benchmark")

    def originals(self) -> Originals:
        """The articles as the library of them holds them; it is made, or gone on with, first."""
        processes.ingest(self.found.articles, self.work / REAL)
        with closing(self.open(REAL)) as library, library.snapshot() as snapshot:
            ids, vectors = snapshot.scoped_vectors(Scope())
        rows = {id_: row for row, id_ in enumerate(ids)}
        chunked = [pair for pair in chunked_articles(self.found.articles, self.embedder) if pair[1]]
        return Originals([pair for pair in chunked if rows.keys() >= {each.id for each in pair[1]}], rows, vectors)

    def fill(self, size: int, before: str, originals: Originals) -> dict[str, Any]:
        """Make the library of a size from the next smaller one, or go on with it; what its filling took so far."""
        folder, note = self.work / str(size), self.work / f"{size}.json"
        if not folder.is_dir():
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(self.work / before, partial)
            partial.rename(folder)
        noted = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
        noise = noted.get("noise") or find_noise(originals, size / len(originals.vectors))
        started, cpu_started = time.perf_counter(), time.process_time()

        def go_on(count: int) -> bool:
            print(f"{count} of {size} passages, {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
            return time.perf_counter() - started < self.patience

        with closing(self.open(str(size))) as library:
            fill(library, originals, size, noise, go_on)
        noted = {
            "noise": noise,
            "seconds": round(noted.get("seconds", 0) + time.perf_counter() - started),
            "cpu_seconds": round(noted.get("cpu_seconds", 0) + time.process_time() - cpu_started),
        }
        processes.write_result(note, noted)
        return noted


class Inquiry:
    """Asks a library of this process, and tells what retrieval itself took: all but the encoder."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self.library, self._embedder = library, TimedEmbedder(embedder)
        self.engine = Engine(library, self._embedder)

    def cost(self, text: str, filters: Filters) -> dict[str, float]:
        """Milliseconds of a search, by the clock and of CPU time, all threads of this process together."""
        self._embedder.seconds = self._embedder.cpu_seconds = 0.0
        started, cpu_started = time.perf_counter(), time.process_time()
        self.engine.search(Question(text, filters=filters), limit=TEN, per_article=False)
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
        return {
            "ms": 1000 * (seconds - self._embedder.seconds),
            "cpu_ms": 1000 * (cpu_seconds - self._embedder.cpu_seconds),
        }

    def query(self, text: str) -> Query:
        """The question with its vector."""
        return Query(text, self._embedder.embed([text])[0], Scope())


def measure(bench: Bench, name: str, originals: Originals) -> dict[str, Any]:
    """All figures of a library that is filled."""
    texts = [question.text for question in bench.found.questions]
    with closing(bench.open(name)) as library:
        inquiry, held = Inquiry(library, bench.embedder), library.statistics()
        for text in texts[:WARMING]:
            inquiry.cost(text, Filters())
        reader = _reader_bytes(inquiry, texts[:WARMING])
        whole = [inquiry.cost(text, Filters()) for text in texts]
        queries = [inquiry.query(text) for text in texts]
        parts = _measure_parts(library, queries)
        repeats = _measure_repeats(inquiry, texts[:WARMING])
        with library.snapshot() as snapshot:
            everything = Everything(*snapshot.scoped_vectors(Scope()))
        filters = filters_of(held, held.passages - 5000)
        filtered = measure_filters(library, filters, queries[:FILTERED], inquiry.cost, everything)
        return {
            "passages": held.passages,
            "articles": held.articles,
            "questions": len(texts),
            "own": {unit: _spread([each[unit] for each in whole]) for unit in ("ms", "cpu_ms")},
            **parts,
            "recall10": _recall(library, queries, everything),
            "repeat_ms": repeats,
            "filters": filtered,
            "reader_bytes": reader,
            "neighbours": _neighbours(originals, everything),
            "load": processes.load(),
        }


def measure_serving(library: Path, texts: Sequence[str]) -> dict[str, int]:
    """What ``byline serve`` holds after some questions and its page."""
    with processes.serving(library) as server:
        server.wait_for("GET", "/")
        for text in texts[:WARMING]:
            server.client.post("/v1/answers", json={"question": text}).raise_for_status()
        return {"resident_bytes": resident_bytes(server.pid)}


def _measure_parts(library: Library, queries: Sequence[Query]) -> dict[str, Any]:
    """The two indexes by themselves."""
    found: dict[str, list[float]] = {"keywords": [], "vectors": []}
    for query in queries:
        with library.snapshot() as snapshot:
            started = time.perf_counter()
            snapshot.matching(query.text, DEPTH, past=False)
            between = time.perf_counter()
            snapshot.near(query.vector, DEPTH, past=False)
            found["keywords"].append(1000 * (between - started))
            found["vectors"].append(1000 * (time.perf_counter() - between))
    return {f"{part}_ms": _spread(times) for part, times in found.items()}


def _measure_repeats(inquiry: Inquiry, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds until a question that was just asked is answered again."""
    times = []
    for text in texts:
        inquiry.engine.ask(Question(text))
        started = time.perf_counter()
        inquiry.engine.ask(Question(text))
        times.append(1000 * (time.perf_counter() - started))
    return _spread(times)


def _reader_bytes(inquiry: Inquiry, texts: Sequence[str]) -> int:
    """By how much this process grows when the reader comes and reads."""
    meter = own_meter()
    hits = [inquiry.engine.search(Question(text), limit=TEN, per_article=False)[0] for text in texts]
    before = meter.resident_bytes()
    reader = load_reader(load_settings().threads)
    for text, found in zip(texts, hits, strict=True):
        reader.read(text, found)
    return meter.resident_bytes() - before


def _recall(library: Library, queries: Sequence[Query], everything: Everything) -> float:
    """The share of the ten nearest that the approximate search finds among its ten nearest."""
    right = 0
    with library.snapshot() as snapshot:
        for query in queries:
            nearest = {everything.ids[place] for place in everything.nearest(query.vector, TEN)}
            right += len(nearest & {id_ for id_, _ in snapshot.near(query.vector, DEPTH, past=False)[:TEN]})
    return round(right / TEN / len(queries), 4)


def _neighbours(originals: Originals, everything: Everything) -> dict[str, list[float]]:
    """Cosines to the nearest neighbour: quantiles among the real passages, and in the whole library."""
    random_numbers = np.random.default_rng(1)
    found = {}
    for name, vectors in (("real", originals.vectors), ("all", everything.vectors)):
        sample = vectors[random_numbers.choice(len(vectors), SAMPLED)]
        cosines = np.concatenate([nearest_cosines(part, vectors) for part in np.array_split(sample, TEN)])
        found[name] = [round(float(value), 3) for value in np.quantile(cosines, (0.1, 0.5, 0.9))]
    return found


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"p50": round(quantile(values, 0.5) or 0, 2), "p95": round(quantile(values, 0.95) or 0, 2)}


def main() -> None:
    """Fill and measure library after library, writing the result after each; print the table."""
    options = _options()
    found = read_set(options.folder)
    asked = replace(found, questions=found.questions[: options.questions])
    bench = Bench(asked, options.work, 60 * options.minutes, open_embedder())
    originals, before = bench.originals(), REAL
    result: dict[str, Any] = {"kind": "scale", **processes.conditions(), "real": len(originals.vectors), "sets": []}
    result["set"] = bench.found.name
    for size in sorted(options.sizes):
        built = bench.fill(size, before, originals)
        before = str(size)
        measured = measure(bench, before, originals)
        serving = measure_serving(bench.work / before, [question.text for question in bench.found.questions])
        result["sets"].append(measured | {"built": built, "serving": serving})
        processes.write_result(options.out, result)
    result["load_after"] = processes.load()
    processes.write_result(options.out, result)
    print(scale_table(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="articles.jsonl and questions.jsonl")
    parser.add_argument("--work", type=Path, required=True, help="where libraries are built, and kept for the next run")
    parser.add_argument("--out", type=Path, required=True, help="the result, as JSON")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000], help="passages [100000 1000000]")
    parser.add_argument("--questions", type=int, default=200, help="questions asked [200]")
    parser.add_argument("--minutes", type=float, default=40, help="how long a library may be filled in a run [40]")
    return parser.parse_args()


if __name__ == "__main__":
    main()
