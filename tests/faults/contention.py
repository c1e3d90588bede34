"""Ingests started together: one runs, the others leave at once and say whom they met; with --wait all run in turn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.faults.articles import make_articles, write_articles
from tests.faults.checks import converge
from tests.faults.commands import Commands, Ended, Started, finish
from tests.faults.rounds import Kind, Play, Round
from tests.faults.workplace import Workplace, digest_of, well

FOLDERS, ARTICLES_A_FOLDER = 4, 200
LEAVES_WITHIN = 2.0
BEFORE_HANDOVER = 3


@contextmanager
def opened(workplace: Workplace) -> Iterator[Play]:
    """Rounds of two, three and four ingests; each third beside a running server."""
    commands, folder = workplace.commands(), workplace.folder / "contention"
    digests = _digests(commands, folder)

    def play(this: Round) -> None:
        folders = [folder / str(number) for number in range(2 + this.number % (FOLDERS - 1))]
        library = this.folder / "library"
        if this.number % BEFORE_HANDOVER == BEFORE_HANDOVER - 1:
            with commands.serving(library):
                _contend(commands, library, folders, this, served=True)
        else:
            _contend(commands, library, folders, this, served=False)
        converge(commands, library, digests[len(folders)], this)

    yield play


KIND = Kind(50, opened)


def _digests(commands: Commands, folder: Path) -> dict[int, str]:
    """The digest of a library of the first folder, of the first two, and so on."""
    digests: dict[int, str] = {}
    for number in range(FOLDERS):
        articles = make_articles(range(number * ARTICLES_A_FOLDER, (number + 1) * ARTICLES_A_FOLDER))
        well(commands.run(folder / "library", "ingest", write_articles(folder / str(number), articles)))
        digests[number + 1] = digest_of(commands, folder / "library")
    return digests


def _contend(commands: Commands, library: Path, folders: list[Path], this: Round, *, served: bool) -> None:
    """Both halves: without --wait, then with it."""
    running = [commands.start(library, "ingest", each) for each in folders]
    ended = _finish_all(running)
    winners = [position for position, each in enumerate(ended) if each.code == 0]
    if len(winners) != 1:
        this.fault(f"{len(winners)} of {len(ended)} ingests ran: {'; '.join(map(str, ended))}")
    # Beside a server the work of both runs in its process, and the loser hears of the winner through it.
    holder = "is in use by byline" if served or not winners else f"ingest (process {running[winners[0]].process.pid}"
    for each in ended:
        _judge_left(each, holder, this)
    this.figures |= {
        "ingests": len(folders),
        "served": served,
        "left_seconds": [round(each.seconds, 2) for each in ended if each.code],
    }
    _verify(commands, library, this)
    started = time.monotonic()
    waited = _finish_all([commands.start(library, "ingest", each, "--wait") for each in folders])
    for each in waited:
        if each.code:
            this.fault(f"with --wait: {each}")
    this.figures |= {"waited_seconds": round(time.monotonic() - started, 2)}


def _finish_all(running: list[Started]) -> list[Ended]:
    with ThreadPoolExecutor(len(running)) as threads:
        return list(threads.map(finish, running))


def _judge_left(ended: Ended, holder: str, this: Round) -> None:
    if ended.code == 0:
        return
    if ended.code != 75 or holder not in ended.said:
        this.fault(f"an ingest that had to leave and name {holder!r}: {ended}")
    if ended.seconds >= LEAVES_WITHIN:
        this.figures["late"] = this.figures.get("late", 0) + 1


def _verify(commands: Commands, library: Path, this: Round) -> None:
    verified = commands.run(library, "verify", "--json")
    if verified.code or verified.reply.get("ok") is not True:
        this.fault(f"verify: {verified}")
