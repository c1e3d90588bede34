"""Kill -9 in the middle of an insert, update, delete or change of model, and a look at what is left.

Half of the kills come at a random moment of the work, half at one of the writes that the same command
makes when nothing disturbs it: each part of the library, and each kind of call, as often as another.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from tests.faults.articles import Article, make_articles, write_articles
from tests.faults.checks import allow, converge, examine
from tests.faults.commands import HUNG, Commands, Ended, finish
from tests.faults.rounds import Kind, Play, Round
from tests.faults.tracing import Write, draw_write, read_note, tracing, writes_of
from tests.faults.workplace import Workplace, well

ARTICLES, CHANGED = 30, 10
OPERATIONS = ("insert", "update", "prune", "remove", "model")
LOOK_EVERY = 0.002


@dataclass(frozen=True, slots=True)
class Game:
    """An operation, ready to be killed: the library before it, and what it makes of it undisturbed."""

    operation: str
    folder: Path
    command: list[str]
    before: list[Article]
    after: list[Article]
    digest_before: str
    digest_after: str
    seconds: float
    writes: list[Write]


@contextmanager
def opened(workplace: Workplace) -> Iterator[Play]:
    """Rounds that take the operations in turn, and the manner of the kill in turn for each."""
    games = [_prepare(workplace, operation) for operation in OPERATIONS]

    def play(this: Round) -> None:
        game = games[this.number % len(games)]
        library = this.folder / "library"
        shutil.copytree(game.folder / "library", library)
        drawn = Random(f"kill {this.number}")
        this.figures["operation"] = game.operation
        if (this.number // len(games)) % 2:
            _kill_at_a_write(workplace, game, this, drawn)
        else:
            _kill_at_a_moment(workplace, game, this, drawn)
        _recover(workplace, game, this, through_server=drawn.random() < 1 / 2)

    yield play


KIND = Kind(200, opened)


def _kill_at_a_moment(workplace: Workplace, game: Game, this: Round, drawn: Random) -> None:
    library = this.folder / "library"
    running = workplace.commands().start(library, *game.command)
    while not (library / "owner.json").exists() and running.process.poll() is None:
        time.sleep(LOOK_EVERY)
    moment = drawn.uniform(0, game.seconds)
    time.sleep(moment)
    running.process.kill()
    ended = finish(running)
    this.figures |= {"manner": "moment", "moment": round(moment, 3)}
    _note_kill(ended, this)


def _kill_at_a_write(workplace: Workplace, game: Game, this: Round, drawn: Random) -> None:
    library, note = this.folder / "library", this.folder / "trace.txt"
    aim = draw_write(game.writes, drawn)
    prefix = tracing(note, f"{aim.call}:signal=KILL:when={aim.nth}")
    ended = Commands(workplace.commands().variables, prefix).run(library, *game.command)
    last = [write for write in writes_of(read_note(note), library) if write.call == aim.call][-1:]
    this.figures |= {"manner": "write", "aim": asdict(aim), "part": aim.part}
    _note_kill(ended, this)
    if this.figures["killed"]:
        this.figures["hit"] = [f"{write.call} {write.file}" for write in last]


def _note_kill(ended: Ended, this: Round) -> None:
    """A command may end before its moment comes; the round is played all the same, and counted apart."""
    this.figures["killed"] = ended.code == -9
    # Strace may kill a child of the command's; the command may then end as it does when the child failed.
    if (ended.code not in (0, -9) and not ended.is_refusal) or HUNG in ended.said:
        this.fault(f"the command ended otherwise than by the kill: {ended}")


def _recover(workplace: Workplace, game: Game, this: Round, *, through_server: bool) -> None:
    """Open, look at everything, run the same command again, and compare with the undisturbed library."""
    library = this.folder / "library"
    commands = _commands_for(workplace, game, library)
    this.figures["through_server"] = through_server
    if not through_server:
        _verify(commands, game, library, this)
    with commands.serving(library) as server:
        if through_server:
            _verify(commands, game, library, this)
        examine(server, allow(game.before, game.after), this)
        if through_server:
            _run_again(commands, game, library, this)
            examine(server, allow(game.after), this)
    if not through_server:
        _run_again(commands, game, library, this)
    converge(_commands_for(workplace, game, library), library, game.digest_after, this)


def _verify(commands: Commands, game: Game, library: Path, this: Round) -> None:
    verified = commands.run(library, "verify", "--json")
    if verified.code or verified.reply.get("ok") is not True:
        this.fault(f"verify after the kill: {verified}")
    digest = str(verified.reply.get("digest"))
    this.figures["state"] = {game.digest_before: "old", game.digest_after: "new"}.get(digest, "between")
    if game.operation == "model" and this.figures["state"] == "between":
        this.fault("after the kill the library is of neither model")


def _run_again(commands: Commands, game: Game, library: Path, this: Round) -> None:
    again = commands.run(library, *game.command, "--json")
    # What was removed already is unknown to a second remove, which says so by 1.
    if again.code and not (game.operation == "remove" and again.code == 1 and again.reply.get("unknown")):
        this.fault(f"the same command again: {again}")


def _commands_for(workplace: Workplace, game: Game, library: Path) -> Commands:
    """Commands with the model that the library is of: a kill may come before or after it has changed."""
    first = workplace.commands()
    if game.operation == "model" and first.run(library, "status").code == 2:
        return workplace.commands(workplace.models.second)
    return first


def _prepare(workplace: Workplace, operation: str) -> Game:
    """The library before, the same command undisturbed (timed, and traced), and a fresh library as it should be."""
    folder, model = workplace.folder / "kills" / operation, workplace.models.second if operation == "model" else None
    before, after = _states(operation)
    digest_after = workplace.build(folder / "fresh", after, model)
    digest_before = workplace.build(folder, before)
    write_articles(folder / "articles", after)
    command = _command(workplace, operation, folder)
    seconds, writes = _time(workplace.commands(), folder, command), _trace(workplace.commands(), folder, command)
    return Game(operation, folder, command, before, after, digest_before, digest_after, seconds, writes)


def _states(operation: str) -> tuple[list[Article], list[Article]]:
    """All articles before and after the operation."""
    kept, others = range(ARTICLES - CHANGED), range(ARTICLES - CHANGED, ARTICLES)
    before, stay = make_articles(range(ARTICLES)), make_articles(kept)
    return {
        "insert": (stay, before),
        "update": (before, stay + make_articles(others, version=1)),
        "prune": (before, stay),
        "remove": (before, stay),
        "model": (before, before),
    }[operation]


def _command(workplace: Workplace, operation: str, folder: Path) -> list[str]:
    ingest = ["ingest", str(folder / "articles")]
    before, after = _states(operation)
    gone = sorted({article.id for article in before} - {article.id for article in after})
    return {
        "prune": [*ingest, "--prune", "--yes"],
        "remove": ["remove", *gone],
        "model": ["rebuild", "--model", str(workplace.models.second)],
    }.get(operation, ingest)


def _trace(commands: Commands, folder: Path, command: list[str]) -> list[Write]:
    library, note = folder / "traced", folder / "trace.txt"
    shutil.copytree(folder / "library", library)
    well(Commands(commands.variables, tracing(note)).run(library, *command))
    return writes_of(read_note(note), library)


def _time(commands: Commands, folder: Path, command: list[str]) -> float:
    """Seconds from the moment the library is owned to the command's end."""
    library = folder / "timed"
    shutil.copytree(folder / "library", library)
    running = commands.start(library, *command)
    while not (library / "owner.json").exists() and running.process.poll() is None:
        time.sleep(LOOK_EVERY)
    owned = time.monotonic()
    well(finish(running))
    return time.monotonic() - owned
