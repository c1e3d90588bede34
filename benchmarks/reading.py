"""Reading and parsing alone: what of an ingest is spent before the library is asked anything.

python -m benchmarks.reading PATH...
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

from ingest.discovery import SourceFile, discover
from ingest.errors import CannotRead
from ingest.parsing import parse_file


def read(paths: Sequence[str]) -> dict[str, float]:
    """Read and parse all articles below the paths: how many, wall and CPU seconds."""
    started, cpu_started, articles = time.perf_counter(), time.process_time(), 0
    for file in discover(paths):
        if isinstance(file, SourceFile):
            articles += sum(not isinstance(found, CannotRead) for found in parse_file(file))
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    return {"articles": articles, "seconds": seconds, "cpu_seconds": cpu_seconds}


def main() -> None:
    """Read and print JSON."""
    print(json.dumps(read(sys.argv[1:])))


if __name__ == "__main__":
    main()
