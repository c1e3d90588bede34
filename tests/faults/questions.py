"""Questions while a command re-indexes beside the server; also the soak: what the server's process comes to hold."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import httpx

from tests.faults.articles import Article, squeeze, write_articles
from tests.faults.checks import is_right
from tests.faults.commands import Commands, Server
from tests.faults.rounds import Kind, Play, Round
from tests.faults.workplace import Workplace, well

ARTICLES, TURNS = 60, 3
"""A re-index changes one article in three, each time others."""
CLIENTS = 3
QUESTIONS = 200
FRESH_WITHIN = 2.0
FAULTS_TOLD = 5


@dataclass(slots=True)
class Game:
    """The server and its articles: of each, the state last acknowledged and the newest that was begun."""

    commands: Commands
    server: Server
    folder: Path
    questions: int
    acknowledged: list[int] = field(default_factory=lambda: [0] * ARTICLES)
    begun: list[int] = field(default_factory=lambda: [0] * ARTICLES)

    def write(self, changed: list[int]) -> None:
        """New states of some articles, as files."""
        for number in changed:
            self.begun[number] += 1
            article = Article(number, self.begun[number])
            (self.folder / "articles" / f"{number:05d}.md").write_text(article.written, encoding="utf-8")

    def acknowledge(self, changed: list[int]) -> None:
        """The command that was to commit them has ended well."""
        for number in changed:
            self.acknowledged[number] = self.begun[number]


@dataclass(slots=True)
class Tally:
    """What the clients of a round met."""

    asked: int = 0
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, seconds: float, error: str | None, wrong: list[str]) -> None:
        """Count a question."""
        with self.lock:
            self.asked += 1
            self.slowest = max(self.slowest, seconds)
            self.wrong += wrong
            self.errors += [error] if error else []


def open_game(questions: int) -> Callable[[Workplace], AbstractContextManager[Play]]:
    """Rounds of one re-index each, with at least so many questions around it; one server for all of them."""

    @contextmanager
    def opened(workplace: Workplace) -> Iterator[Play]:
        commands, folder = workplace.commands(), workplace.folder / "questions"
        shutil.rmtree(folder, ignore_errors=True)
        articles = write_articles(folder / "articles", [Article(number) for number in range(ARTICLES)])
        well(commands.run(folder / "library", "ingest", articles))
        with commands.serving(folder / "library") as server:
            game = Game(commands, server, folder, questions)
            yield lambda this: _play(game, this)

    return opened


KIND = Kind(100, open_game(QUESTIONS))


def _play(game: Game, this: Round) -> None:
    changed = list(range(this.number % TURNS, ARTICLES, TURNS))
    game.write(changed)
    tally, enough = Tally(), threading.Event()
    with ThreadPoolExecutor(CLIENTS) as threads:
        for client in range(CLIENTS):
            threads.submit(_ask_on, game, tally, enough, Random(f"client {this.number} {client}"))
        try:
            ended = game.commands.run(game.folder / "library", "ingest", game.folder / "articles", "--json")
            if ended.code or ended.reply.get("changed") != len(changed):
                this.fault(f"re-index: {ended}")
            else:
                game.acknowledge(changed)
                this.figures["fresh_seconds"] = _freshness(game, Random(this.number).choice(changed), this)
            while tally.asked < game.questions and game.server.process.poll() is None:
                time.sleep(0.05)
        finally:
            enough.set()
    _conclude(game, tally, this)
    this.figures["index_seconds"] = round(ended.seconds, 2)


def _ask_on(game: Game, tally: Tally, enough: threading.Event, drawn: Random) -> None:
    while not enough.is_set():
        number, searches = drawn.randrange(ARTICLES), drawn.random() < 1 / 2
        oldest, started = list(game.acknowledged), time.monotonic()
        error, wrong = None, []
        try:
            reply = _search(game, number) if searches else game.server.ask(Article(number).question)
        except (httpx.HTTPError, ValueError, KeyError) as problem:
            error = f"{type(problem).__name__}: {problem}"
        else:
            wrong = _judge(reply, Article(number), oldest, list(game.begun))
        tally.add(time.monotonic() - started, error, wrong)


def _search(game: Game, number: int) -> dict[str, Any]:
    return {"hits": game.server.search(f"{Article(number).name} depot")}


def _judge(reply: Mapping[str, Any], asked: Article, oldest: list[int], newest: list[int]) -> list[str]:
    """What is wrong with a reply, when each article may be in the states from its oldest to its newest."""
    found: dict[int, set[int]] = {}
    for hit in reply["hits"]:
        number = int(hit["article_id"].rsplit("/", 1)[1])
        words = squeeze(hit["text"])
        versions = {version for version in range(newest[number] + 1) if words in _text(number, version)}
        found[number] = found.get(number, versions) & versions
    wrong = [
        f"article {number} is in states {sorted(versions)}, and may be in one of {oldest[number]} to {newest[number]}"
        for number, versions in found.items()
        if len(versions) != 1 or not oldest[number] <= min(versions) <= newest[number]
    ]
    if asked.number not in found:
        wrong.append(f"article {asked.number} is missing")
    states = [Article(asked.number, version) for version in sorted(found.get(asked.number, ()))]
    if "sentences" in reply and not any(is_right(reply, state) for state in states):
        wrong.append(f"article {asked.number}: answered {reply['text']!r}")
    return wrong


@cache
def _text(number: int, version: int) -> str:
    return squeeze(Article(number, version).text)


def _freshness(game: Game, number: int, this: Round) -> float:
    """Seconds from the command's end until a question is answered from the new state."""
    article, committed = Article(number, game.begun[number]), time.monotonic()
    while not is_right(game.server.ask(article.question), article):
        if time.monotonic() - committed > FRESH_WITHIN:
            this.fault(f"{article.id} was not answered from its new state within {FRESH_WITHIN} s of the commit")
            break
    return round(time.monotonic() - committed, 3)


def _conclude(game: Game, tally: Tally, this: Round) -> None:
    for text in (tally.errors + tally.wrong)[:FAULTS_TOLD]:
        this.fault(text)
    if game.server.process.poll() is not None:
        this.fault(f"the server ended: {''.join(game.server.said)[-2000:]}")
        return
    this.figures |= {
        "questions": tally.asked,
        "errors": len(tally.errors),
        "wrong": len(tally.wrong),
        "slowest_seconds": round(tally.slowest, 2),
        "server": game.server.process.pid,
    } | footprint(game.server.process.pid)


def footprint(pid: int) -> dict[str, int]:
    """What a process holds: resident bytes, open files, threads."""
    process = Path("/proc") / str(pid)
    status = dict(line.split(":", 1) for line in (process / "status").read_text(encoding="utf-8").splitlines())
    return {
        "resident": int(status["VmRSS"].split()[0]) << 10,
        "open_files": len(list((process / "fd").iterdir())),
        "threads": int(status["Threads"]),
    }
