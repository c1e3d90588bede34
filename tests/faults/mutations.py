"""Damage to one file of a closed library, or another model than its own: refused, repaired or harmless, never wrong."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests.faults.articles import Article, make_articles
from tests.faults.checks import converge, is_right
from tests.faults.commands import Commands, Ended
from tests.faults.models import Models
from tests.faults.rounds import Kind, Play, Round
from tests.faults.workplace import Workplace

ARTICLES = 60
FILES = {
    "catalog": "catalog.sqlite",
    "vectors' sqlite": "*chroma.sqlite3",
    "vectors' graph": "*/data_level0.bin",
    "keywords' list": "*keywords/meta.json",
    "seal": "seal.json",
    "vectors' header": "*/header.bin",
    "keywords' terms": "*.term",
    "keywords' postings": "*.idx",
    "vectors' lengths": "*/length.bin",
    "keywords' columns": "*.fast",
    "vectors' links": "*/link_lists.bin",
    "keywords' store": "*.store",
    "keywords' managed list": "*.managed.json",
    "keywords' lengths": "*.fieldnorm",
    "owner's lock": "owner.lock",
    "keywords' positions": "*.pos",
    "owner's note": "owner.json",
}
"""The kinds of files of a library, by patterns of their paths in it; a closed library may lack some."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is done to which file, or instead of a file which model is wrong."""

    harm: str
    file: str


def cut(file: Path, _other: Path) -> None:
    """The second half is gone."""
    os.truncate(file, file.stat().st_size // 2)


def empty(file: Path, _other: Path) -> None:
    """All is gone but the name."""
    os.truncate(file, 0)


def zero(file: Path, _other: Path) -> None:
    """As long as before, and nothing but zeros."""
    file.write_bytes(bytes(file.stat().st_size))


def delete(file: Path, _other: Path) -> None:
    """Gone."""
    file.unlink()


def exchange(file: Path, other: Path) -> None:
    """The same file of another library, sound in itself."""
    if other.exists():
        shutil.copyfile(other, file)
    else:
        file.write_bytes(b"{}")


def flip(share: float) -> Callable[[Path, Path], None]:
    """One byte is another, at this share of the file's length."""

    def harm(file: Path, _other: Path) -> None:
        held = bytearray(file.read_bytes()) or bytearray(1)
        held[int(share * (len(held) - 1))] ^= 0xFF
        file.write_bytes(held)

    return harm


HARMS: dict[str, Callable[[Path, Path], None]] = {
    "cut": cut,
    "flipped at the start": flip(0.0),
    "deleted": delete,
    "exchanged": exchange,
    "flipped in the middle": flip(0.5),
    "zeroed": zero,
    "emptied": empty,
    "flipped near the end": flip(0.97),
}
READ_ONLY = "read-only"
MODEL = "the model"
NOTE = "owner's note"
KILLED = '{"pid": 1, "command": "serve", "url": "http://127.0.0.1:9", "secret": "x"}'
MODELS = ("another named", "folder gone", "weights changed", "export damaged", "other dimensions")


def list_cases() -> list[Case]:
    """All cases, always in this order: any beginning of the list spreads over files and harms alike."""
    files, harms = list(FILES), [*HARMS, READ_ONLY]
    turns = range(len(files) * len(harms))
    cases = [Case(harms[(turn + 2 * (turn // len(files))) % len(harms)], files[turn % len(files)]) for turn in turns]
    for position, model in enumerate(MODELS):
        cases.insert(4 + 5 * position, Case(model, MODEL))
    return cases


@contextmanager
def opened(workplace: Workplace) -> Iterator[Play]:
    """Rounds of one case each, in the order of ``list_cases``."""
    mine, others = make_articles(range(ARTICLES)), make_articles(range(ARTICLES, 2 * ARTICLES))
    sound, other = workplace.folder / "mutations", workplace.folder / "mutations-other"
    digest = workplace.build(sound, mine)
    workplace.build(other, others)
    cases = list_cases()

    def play(this: Round) -> None:
        case = cases[this.number % len(cases)]
        shutil.copytree(sound / "library", this.folder / "library")
        this.figures |= {"harm": case.harm, "file": case.file}
        meet = _meet_model if case.file == MODEL else _meet_damage
        meet(Game(workplace, case, sound / "articles", other / "library", digest), this)

    yield play


KIND = Kind(65, opened)


@dataclass(frozen=True, slots=True)
class Game:
    """A case, and what it needs: the articles of the library, another library, the digest of the sound one."""

    workplace: Workplace
    case: Case
    articles: Path
    other: Path
    digest: str


def _meet_damage(game: Game, this: Round) -> None:
    library = this.folder / "library"
    file = _find(library, game.case.file)
    if file is None:
        this.figures["outcome"] = "no such file"
        return
    commands = _harm(game, file, library)
    harmed = _sha256(file)
    ended = _run_all(commands, game, this)
    if file.exists():
        file.chmod(0o644)
    refused, last = any(each.is_refusal for each in ended.values()), list(ended.values())[-1]
    if not last.is_refusal or game.case.harm == READ_ONLY:
        converge(game.workplace.commands(), library, game.digest, this)
    this.figures["outcome"] = "refused" if refused else "harmless" if _sha256(file) == harmed else "repaired"


def _harm(game: Game, file: Path, library: Path) -> Commands:
    """Do what the case says to the file; gives the commands that then meet it."""
    commands = game.workplace.commands()
    if game.case.harm == READ_ONLY:
        file.chmod(0o444)
        return Commands(commands.variables, _read_only(file))
    HARMS[game.case.harm](file, _find(game.other, game.case.file) or library / "absent")
    return commands


def _find(library: Path, kind: str) -> Path | None:
    """The first file of a kind; the note that a closed library lacks is that of an owner who was killed."""
    if kind == NOTE:
        (library / FILES[NOTE]).write_text(KILLED, encoding="utf-8")
    paths = sorted(path for path in library.rglob("*") if path.is_file())
    return next((path for path in paths if fnmatch(str(path.relative_to(library)), FILES[kind])), None)


def _read_only(file: Path) -> list[str]:
    """What runs a command for which the file cannot be written: to root, chmod means nothing."""
    if os.geteuid():
        return []
    bind = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    return ["unshare", "-m", "sh", "-c", bind, str(file)]


def _run_all(commands: Commands, game: Game, this: Round) -> dict[str, Ended]:
    """Verify, ask and ingest; each third of the rounds begins with another of them."""
    asked = Article(this.number % ARTICLES)
    lines = {
        "verify": ["verify", "--json"],
        "ask": ["ask", asked.question, "--json"],
        "ingest": ["ingest", str(game.articles), "--json"],
    }
    names = list(lines)
    turn = this.number % len(names)
    ended = {name: commands.run(this.folder / "library", *lines[name]) for name in names[turn:] + names[:turn]}
    _judge(ended, asked, this)
    this.figures["messages"] = {name: _message(each) for name, each in ended.items()}
    return ended


def _judge(ended: dict[str, Ended], asked: Article, this: Round) -> None:
    for name, each in ended.items():
        if each.is_crash:
            this.fault(f"{name} crashed: {each}")
        elif each.code and not each.is_refusal and not (name == "verify" and each.code == 1 and _has_damages(each)):
            this.fault(f"{name} neither succeeded nor said clearly why not: {each}")
    if not ended["ask"].code and not is_right(ended["ask"].reply, asked):
        this.fault(f"ask gave a wrong answer: {ended['ask']}")


def _has_damages(verified: Ended) -> bool:
    damages = verified.reply.get("damages", [])
    return bool(damages) and all(each["part"] and each["problem"] and each["remedy"] for each in damages)


def _message(ended: Ended) -> str:
    damages = [f"{each['part']}: {each['problem']}" for each in ended.reply.get("damages", [])]
    return f"{ended.code} {'; '.join(damages) or ended.said.strip()}"[:500].strip()


def _meet_model(game: Game, this: Round) -> None:
    """Model and export are copies, so that other rounds have theirs whole."""
    cache, models = this.folder / "cache", game.workplace.models
    model = Path(shutil.copytree(models.first, this.folder / "models" / "first"))
    shutil.copytree(game.workplace.folder / "cache", cache)
    named = _spoil(models, game.case.harm, model, cache)
    ended = _run_all(game.workplace.commands(named, BYLINE_CACHE=str(cache)), game, this)
    converge(game.workplace.commands(), this.folder / "library", game.digest, this)
    this.figures["outcome"] = "refused" if any(each.is_refusal for each in ended.values()) else "harmless"


def _spoil(models: Models, harm: str, model: Path, cache: Path) -> Path:
    """Do what the case says; gives the model to be named."""
    if harm == "another named":
        return models.second
    if harm == "other dimensions":
        return models.wider
    if harm == "folder gone":
        shutil.rmtree(model)
    elif harm == "weights changed":
        flip(0.5)(model / "model.safetensors", model)
    else:
        for export in cache.glob("models/first@*/model.onnx"):
            flip(0.5)(export, export)
    return model


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "gone"
