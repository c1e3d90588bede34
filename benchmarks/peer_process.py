"""The two processes of a peer: one makes its index in a folder, the other opens that and is asked.

python -m benchmarks.peer_KIND index PEER ARTICLES.jsonl FOLDER
python -m benchmarks.peer_KIND ask PEER SET FOLDER

Both run in the peers' environment and print JSON: the number of passages, and what ``asking.ask_all`` gives.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.asking import ask_all, own_meter
from benchmarks.sets import PlainArticle, read_articles, read_set

DEPTH = 10
"""Articles that are ranked for a question."""
PASSAGES = 100
"""Passages asked for at first; more when they belong to fewer than ten articles."""
DEEPER = 5
"""How many times as many passages are asked for then."""

Ranker = Callable[[str], list[str]]
"""Gives the ids of the ten best articles for the text of a question, best first."""


@dataclass(frozen=True, slots=True)
class Peer:
    """How an index is made in a folder that is there, which gives its number of passages, and how it is opened."""

    make: Callable[[Sequence[PlainArticle], Path], int]
    open: Callable[[Path], Ranker]


def main(peers: Mapping[str, Peer]) -> None:
    """Do what the arguments say with one of the peers, and print JSON."""
    match sys.argv[1:]:
        case ["index", name, articles, folder]:
            print(json.dumps(peers[name].make(list(read_articles(Path(articles))), Path(folder))))
        case ["ask", name, set_folder, folder]:
            rank = peers[name].open(Path(folder))
            questions = read_set(Path(set_folder)).judged
            print(json.dumps(ask_all(questions, lambda question: rank(question.text), own_meter())))
        case _:
            sys.exit(__doc__)


def best_articles(search: Callable[[int], Iterable[str]], passages: int) -> list[str]:
    """Ten articles, each by its best passage.

    ``search`` gives the articles of as many passages as it is told, best first; ``passages`` is how many there are.
    """
    depth = min(PASSAGES, passages)
    while True:
        ids = list(dict.fromkeys(search(depth)))
        if len(ids) >= DEPTH or depth >= passages:
            return ids[:DEPTH]
        depth = min(depth * DEEPER, passages)


def threads() -> int:
    """How many threads this process was told to use."""
    return int(os.environ["OMP_NUM_THREADS"])


def write_ids(articles: Iterable[PlainArticle], folder: Path) -> None:
    """Keep the ids of the articles beside an index that knows them by number only."""
    (folder / "ids.json").write_text(json.dumps([each.id for each in articles]), encoding="utf-8")


def read_ids(folder: Path) -> list[str]:
    """The ids that ``write_ids`` kept."""
    ids: list[str] = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
    return ids
