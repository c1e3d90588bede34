"""A disk that is full or fails: the command says so and the server goes on answering; with space, one run mends all."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from tests.faults.articles import make_articles, write_articles
from tests.faults.checks import allow, converge, examine
from tests.faults.commands import Commands, Ended
from tests.faults.rounds import Kind, Play, Round
from tests.faults.tracing import Write, draw_write, read_note, tracing, writes_of
from tests.faults.workplace import Workplace, well

ARTICLES, CHANGED = 40, 20
BEFORE = make_articles(range(ARTICLES))
AFTER = make_articles(range(CHANGED)) + make_articles(range(CHANGED, ARTICLES + CHANGED), version=1)
ERRORS = ("ENOSPC", "EIO")
MANNERS = ("full", "ENOSPC", "server", "EIO")
FAILING = ("pwrite64", "write", "fsync", "fdatasync", "ftruncate")
STORAGE = 74
SPACE = 64 << 20
MOST_LEFT = 300 << 10
"""Bytes left on the full disk at most; the ingest needs more."""
DRAWS = 8
"""Writes that are drawn, until one fails and nothing fails beside it that is no file of the library."""


@dataclass(frozen=True, slots=True)
class Game:
    """A library on a disk, and the articles that bring it into its new state."""

    commands: Commands
    library: Path
    articles: Path

    def ingest(self) -> Ended:
        """Bring the library into its new state."""
        return self.commands.run(self.library, "ingest", self.articles, "--json")


@contextmanager
def opened(workplace: Workplace) -> Iterator[Play]:
    """Rounds that take the manners in turn. Without root no disk can be made, and all faults are injected."""
    commands, folder = workplace.commands(), workplace.folder / "disk"
    digest, writes = _prepare(workplace, folder)

    def play(this: Round) -> None:
        drawn, manner = Random(f"disk {this.number}"), MANNERS[this.number % len(MANNERS)]
        injected = manner if manner in ERRORS else None if os.geteuid() == 0 else "ENOSPC"
        this.figures["manner"] = injected or manner
        with nullcontext(this.folder) if injected else small_disk(this.folder / "disk") as disk:
            game = Game(commands, shutil.copytree(folder / "library", disk / "library"), folder / "articles")
            if injected:
                _inject(game, folder / "library", writes, drawn, injected, this)
            else:
                this.figures["left"] = drawn.randrange(MOST_LEFT)
                (_serve_on_full if manner == "server" else _ingest_on_full)(game, this)
            converge(commands, game.library, digest, this)

    yield play


KIND = Kind(40, opened)


def _prepare(workplace: Workplace, folder: Path) -> tuple[str, list[Write]]:
    """The library before and the articles after; gives the digest to come to, and the writes on the way."""
    digest = workplace.build(folder / "fresh", AFTER)
    workplace.build(folder, BEFORE)
    articles = write_articles(folder / "articles", AFTER)
    library, note = shutil.copytree(folder / "library", folder / "traced"), folder / "trace.txt"
    well(Commands(workplace.commands().variables, tracing(note)).run(library, "ingest", articles))
    return digest, [write for write in writes_of(read_note(note), library) if write.call in FAILING]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of SPACE bytes for as long as the block lasts. Needs root."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SPACE}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def _filled(disk: Path, left: int) -> Iterator[None]:
    """No more than ``left`` bytes are free for as long as the block lasts."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 16)):
                pass
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
        file.truncate(file.tell() - left)
    try:
        yield
    finally:
        ballast.unlink()


def _ingest_on_full(game: Game, this: Round) -> None:
    with _filled(game.library.parent, this.figures["left"]):
        _judge(game.ingest(), this)
    _ingest_again(game, this)


def _serve_on_full(game: Game, this: Round) -> None:
    with game.commands.serving(game.library) as server:
        with _filled(game.library.parent, this.figures["left"]):
            _judge(game.ingest(), this)
            examine(server, allow(BEFORE, AFTER), this)
        _ingest_again(game, this)
        examine(server, allow(AFTER), this)


def _inject(game: Game, fresh: Path, writes: list[Write], drawn: Random, error: str, this: Round) -> None:
    """Let one write to the library fail.

    strace counts calls, and threads take turns: what it hits may be what wakes a thread, which on no machine fails
    with its disk, and which Chroma's runtime does not survive. Then the round is played again with another write.
    """
    for this.figures["draws"] in range(1, DRAWS + 1):
        ended, is_disk = _ingest_failing(game, draw_write(writes, drawn), error, this)
        if is_disk:
            _judge(ended, this, may_go_well=True)
            break
        shutil.rmtree(game.library)
        shutil.copytree(fresh, game.library)
    _ingest_again(game, this)


def _ingest_failing(game: Game, aim: Write, error: str, this: Round) -> tuple[Ended, bool]:
    """An ingest in which a write fails, and whether all that failed was written to the library."""
    note = this.folder / "trace.txt"
    note.unlink(missing_ok=True)
    # A disk stays full, and a fault of the disk comes once. But stderr, too, is written by ``write``.
    onwards = "+" if error == "ENOSPC" and aim.call != "write" else ""
    prefix = tracing(note, f"{aim.call}:error={error}:when={aim.nth}{onwards}")
    ended = Game(Commands(game.commands.variables, prefix), game.library, game.articles).ingest()
    injected = [line for line in read_note(note) if "(INJECTED)" in line]
    hit = writes_of(injected, game.library)
    this.figures |= {"aim": asdict(aim), "injected": len(injected), "hit": sorted({write.part for write in hit})}
    return ended, 0 < len(hit) == len(injected)


def _judge(ended: Ended, this: Round, *, may_go_well: bool = False) -> None:
    this.figures |= {"code": ended.code, "message": ended.said.strip()[:500]}
    if ended.is_crash or not ((ended.code == STORAGE and ended.is_refusal) or (ended.code == 0 and may_go_well)):
        this.fault(f"an ingest whose disk failed: {ended}")


def _ingest_again(game: Game, this: Round) -> None:
    again = game.ingest()
    if again.code:
        this.fault(f"the same ingest again: {again}")
