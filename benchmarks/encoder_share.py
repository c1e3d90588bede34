"""What share of the time of an answer the encoder takes, measured inside one process.

python -m benchmarks.encoder_share LIBRARY FOLDER COUNT
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.encoder import open_embedder
from benchmarks.sets import read_set
from rag.domain import Encoding
from rag.embedding import Embedder
from rag.engine import Engine
from rag.evaluation.cases import Case
from rag.evaluation.measures import quantile
from rag.library.library import open_library
from rag.settings import EMBEDDED, load_settings
from ui.asker import ask_request


class TimedEmbedder:
    """An embedder that adds up the seconds it is busy, and the CPU seconds of all threads meanwhile."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.identity, self.dimensions, self.max_tokens = embedder.identity, embedder.dimensions, embedder.max_tokens
        self.seconds = self.cpu_seconds = 0.0

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has, without special tokens."""
        return self._embedder.count_tokens(text)

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Unit vectors in the order of ``texts``."""
        started, cpu_started = time.perf_counter(), time.process_time()
        try:
            return self._embedder.embed(texts, progress)
        finally:
            self.seconds += time.perf_counter() - started
            self.cpu_seconds += time.process_time() - cpu_started


def measure(library: Path, questions: Sequence[Case]) -> dict[str, Any]:
    """Ask the questions twice, and count the second time, when all is warm."""
    embedder = TimedEmbedder(open_embedder())
    encoding = Encoding(EMBEDDED, embedder.identity, load_settings().passage_tokens)
    engine = Engine(open_library(library, encoding, "benchmark"), embedder)
    try:
        asked = [ask_request(question).to_question() for question in questions]
        for question in asked:
            engine.ask(question)
        embedder.seconds, answers = 0.0, []
        for question in asked:
            started = time.perf_counter()
            engine.ask(question)
            answers.append(time.perf_counter() - started)
    finally:
        engine.close()
    return {
        "questions": len(answers),
        "share": round(embedder.seconds / sum(answers), 3),
        "encoder_ms_mean": round(1000 * embedder.seconds / len(answers), 1),
        "answer_ms_mean": round(1000 * sum(answers) / len(answers), 1),
        "answer_ms_p50": quantile([1000 * seconds for seconds in answers], 0.5),
    }


def main() -> None:
    """Measure and print JSON."""
    library, folder, count = sys.argv[1:]
    print(json.dumps(measure(Path(library), read_set(Path(folder)).questions[: int(count)])))


if __name__ == "__main__":
    main()
