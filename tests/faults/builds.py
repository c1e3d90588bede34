"""The same articles built in other orders, files, calls and hash seeds: one digest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.faults.articles import Article, make_articles
from tests.faults.checks import converge
from tests.faults.rounds import Kind, Play, Round
from tests.faults.workplace import Workplace

ARTICLES = 300
SPLITS = (1, 2, 3, 7, 20)


@contextmanager
def opened(workplace: Workplace) -> Iterator[Play]:
    """Rounds of one build each."""
    articles = make_articles(range(ARTICLES))
    digest = workplace.build(workplace.folder / "builds", articles)

    def play(this: Round) -> None:
        drawn = Random(f"build {this.number}")
        calls = SPLITS[this.number % len(SPLITS)]
        commands = workplace.commands(PYTHONHASHSEED=str(1 + this.number))
        for part in _shuffled(this.folder, articles, calls, drawn):
            ended = commands.run(this.folder / "library", "ingest", part)
            if ended.code:
                this.fault(f"ingest: {ended}")
        this.figures["calls"] = calls
        converge(commands, this.folder / "library", digest, this)

    yield play


KIND = Kind(10, opened)


def _shuffled(folder: Path, articles: list[Article], calls: int, drawn: Random) -> list[Path]:
    """The articles in another order, under other names, in so many folders."""
    order = drawn.sample(articles, len(articles))
    parts = [folder / f"part-{call:02d}" for call in range(calls)]
    for position, article in enumerate(order):
        part = parts[drawn.randrange(calls)]
        part.mkdir(exist_ok=True)
        (part / f"{position:05d}-{drawn.getrandbits(32):08x}.md").write_text(article.written, encoding="utf-8")
    return [part for part in parts if part.exists()]
