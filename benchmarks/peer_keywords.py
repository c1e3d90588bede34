"""Ranks a set with bm25s, the keyword search of the peers; runs in the peers' environment.

python -m benchmarks.peer_keywords PEER FOLDER WORK
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import bm25s  # type: ignore[import-not-found]
import Stemmer  # type: ignore[import-not-found]

from benchmarks.sets import read_articles, read_set

DEPTH = 10


def rank(peer: str, folder: Path) -> dict[str, Any]:
    """The ten best articles of each question, over headline and whole text, and what it cost.

    ``bm25s`` is the package with its own defaults and English stop words, ``bm25s-tuned`` has the usual
    k1 and b for long texts and an English stemmer.
    """
    found = read_set(folder)
    articles = list(read_articles(found.articles))
    stemmer = Stemmer.Stemmer("english") if peer == "bm25s-tuned" else None
    started = time.perf_counter()
    tokens = bm25s.tokenize(
        [f"{each.title}\n{each.text}" for each in articles], stopwords="en", stemmer=stemmer, show_progress=False
    )
    index = bm25s.BM25(k1=0.9, b=0.4) if stemmer else bm25s.BM25()
    index.index(tokens, show_progress=False)
    seconds = time.perf_counter() - started
    rankings, times = {}, []
    for question in found.judged:
        asked = time.perf_counter()
        words = bm25s.tokenize([question.text], stopwords="en", stemmer=stemmer, show_progress=False)
        numbers, _ = index.retrieve(words, k=min(DEPTH, len(articles)), show_progress=False)
        times.append((time.perf_counter() - asked) * 1000)
        rankings[question.id] = [articles[int(number)].id for number in numbers[0]]
    return {"rankings": rankings, "query_ms": times, "index_seconds": seconds}


def main() -> None:
    """Rank and print JSON; the work folder is not needed, since indexing takes seconds."""
    peer, folder, _ = sys.argv[1:]
    print(json.dumps(rank(peer, Path(folder))))


if __name__ == "__main__":
    main()
