"""Writes the page of what the rounds showed, kind by kind, and says what they do not show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import linear_regression, median, quantiles
from typing import Any

Rounds = list[dict[str, Any]]

INTRODUCTION = """# Trust

Written by `python -m tests.faults report`; do not edit it by hand. `make faults` plays 25 rounds of each kind
(of builds 10) in about a quarter of an hour, `make faults-full` as many as stand here.

Every round runs real `byline` commands and a real `byline serve` as processes of their own, on a small library of
made-up articles of which each sentence tells the article and the state it belongs to. The embedding model is a real
one with one layer and 32 dimensions, so that the time goes into storing, not into arithmetic. *Sound* means that
`byline verify` finds nothing wrong; *the same library* means that its digest is that of a fresh library into which the
same articles went undisturbed. A round fails when anything it looked at was otherwise than it is said here."""

NOT_SHOWN = """## What this does not show

- The loss of power. A killed process leaves to the system what it had written but not yet synced, and the system keeps
  it; a machine that loses power does not. The rounds were played on a disk of memory, which syncs nothing.
- A disk that returns other bytes than it was given while the library is open, or lies about having synced.
- File systems other than the one of this machine, network disks above all.
- Libraries of a size at which an ingest takes hours. The states are the same there; the moments of a kill are more.
- Every moment of a kill. The writes are aimed at by their number in an undisturbed run, and threads make the same
  writes in another order each time; which file was hit is counted as it happened."""

CONTENTION = """Two to four ingests into one library are started at once, each third time beside a running server.
Exactly one runs; the others end with exit code 75 and name the holder. Started again with `--wait`, all of them end
well, one after another. The library is sound after the first half, and after the second the same library as if nobody
had been in the way. The seconds are those of the whole process, start and imports included, with all of them starting
at once; that one took longer than 2 s is counted and fails no round."""
KILLS = """`kill -9` in the middle of a command. After it: the library opens and is sound; every article is exactly in
its old or exactly in its new state, listed once, found by its words and only with words of that state; a question about
it is answered from it; articles that the command was not to change are as they were; after a change of model the
library is of one of the two. The same command, run again (in half of the rounds by a server), ends well, and it is the
same library as without the kill. "Ended first" counts commands that were done before their kill came."""
QUESTIONS = """While `byline serve` runs, a command re-indexes a third of the articles over and over, handing its work
to the server, and clients ask over HTTP without a pause, searches and questions mixed. Each asks for one article. A
reply is wrong when that article is missing from it, or when any hit holds words that are not of a state which was
acknowledged before the question was sent, or begun before the reply came; two states of one article in one reply are
wrong too. "New text answered" is the time from the end of the command until a question about a changed article is
answered from its new text. Resident memory and open files are those of the server after each re-index."""
MUTATIONS = """One file of a closed library is damaged (or made read-only), or the model is not the library's, and then
`verify`, `ask` and `ingest` are run, each third of the rounds beginning with another of them. *Refused*: a command
ended with 74 or 2 and one line that says why. *Repaired*: all went on, and the file had been made anew. *Harmless*: all
went on with the file as it was. In the last two the answer was right, and it was the same library at the end. A crash,
a traceback, or an answer that is wrong or empty fails the round."""
DISK = """*full*: `byline ingest` on a disk with less space than it needs. *server*: the same, handed over to a server
that must go on answering rightly about every article, in its old or its new state. *ENOSPC*, *EIO*: the system call
that the command makes at one point fails, and for ENOSPC all later ones of that name too; where it was another one than
a write to the library, one that wakes a thread above all, another point is drawn. The command ends with 74 and one
line, or, where a failed call did no harm ("absorbed"), well. One run with space makes it the same library as without
the fault."""
BUILDS = """Three hundred articles, each time in another order, under other file names, in one to twenty calls of
`byline ingest`, and with another seed of Python's hashes: always the same library."""


def write_report(results: Rounds) -> str:
    """The whole page."""
    if not results:
        return f"{INTRODUCTION}\n\nNo rounds have been played yet.\n"
    sections = [
        _section(title, text, [each for each in results if each["kind"] == kind], tables)
        for kind, (title, text, tables) in SECTIONS.items()
        if any(each["kind"] == kind for each in results)
    ]
    return "\n\n".join([INTRODUCTION, _summary(results), *sections, NOT_SHOWN]) + "\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def last_quarter_slope(values: Sequence[float], steps: Sequence[float]) -> float:
    """By how much ``values`` grow with one step, by least squares, over the last quarter."""
    start = len(values) * 3 // 4
    return linear_regression(steps[start:], values[start:]).slope if len(values) - start > 1 else 0.0


def _summary(results: Rounds) -> str:
    names = [kind for kind in SECTIONS if any(each["kind"] == kind for each in results)]
    by_kind = {kind: [each for each in results if each["kind"] == kind] for kind in names}
    return table(
        ["kind", "rounds", "failed", "minutes"],
        [
            [kind, len(rounds), _failed(rounds), f"{sum(each['seconds'] for each in rounds) / 60:.0f}"]
            for kind, rounds in by_kind.items()
        ],
    )


def _section(title: str, text: str, rounds: Rounds, tables: Callable[[Rounds], str]) -> str:
    faults = [f"- round {each['round']}: {fault}" for each in rounds for fault in each["faults"]]
    parts = [
        f"## {title}",
        text,
        _made(rounds),
        tables(rounds),
        *(["What failed:\n\n" + "\n".join(faults)] * bool(faults)),
    ]
    return "\n\n".join(parts)


def _made(rounds: Rounds) -> str:
    days = sorted({each["made"][:10] for each in rounds})
    commits = ", ".join(sorted({each["commit"] for each in rounds}))
    machines = "; ".join(sorted({each["machine"] for each in rounds}))
    loads = [each["load"] for each in rounds]
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"*{when}, commit {commits}, {machines}. Load average {min(loads)} to {max(loads)}.*"


def _failed(rounds: Rounds) -> int:
    return sum(bool(each["faults"]) for each in rounds)


def _contention(rounds: Rounds) -> str:
    left = sorted(seconds for each in rounds for seconds in each.get("left_seconds", ()))
    tenths = quantiles(left, n=20, method="inclusive") if len(left) > 1 else left * 20
    return table(
        ["rounds", "failed", "ingests that left", "their seconds: median, 95 %, most", "of them 2 s or more"],
        [
            [
                len(rounds),
                _failed(rounds),
                len(left),
                f"{median(left):.1f}, {tenths[18]:.1f}, {left[-1]:.1f}" if left else "",
                sum(seconds >= 2 for seconds in left),
            ]
        ],
    )


def _kills(rounds: Rounds) -> str:
    heads = [
        "command",
        "rounds",
        "failed",
        "killed at a moment",
        "killed at a write",
        "ended first",
        "old, new, between",
    ]
    played = [each for each in rounds if "state" in each]
    operations = list(dict.fromkeys(each["operation"] for each in played))
    rows = [_kill_row(name, [each for each in played if each["operation"] == name]) for name in operations]
    files = Counter(_kind_of_file(hit) for each in played for hit in each.get("hit", ()))
    hits = table(["the write it was killed at", "rounds"], [[file, count] for file, count in files.most_common()])
    return f"{table(heads, [*rows, _kill_row('all', rounds)])}\n\n{hits}"


def _kill_row(name: str, rounds: Rounds) -> list[object]:
    killed = Counter(each.get("manner") for each in rounds if each.get("killed"))
    states = Counter(each.get("state") for each in rounds)
    found = ", ".join(str(states[state]) for state in ("old", "new", "between"))
    ended = sum(each.get("killed") is False for each in rounds)
    return [name, len(rounds), _failed(rounds), killed["moment"], killed["write"], ended, found]


def _kind_of_file(hit: str) -> str:
    """A call and a file, without what is different each time: ids and random names."""
    call, _, file = hit.partition(" ")
    name = file.rsplit("/", 1)[-1]
    stem, dot, ending = name.rpartition(".")
    part = next((part for part in ("vectors", "keywords") if part in file), "")
    shown = f"*.{ending}" if part == "keywords" and dot and stem else "a new file" if name.startswith(".tmp") else name
    return f"{call} {part}{'/' * bool(part)}{shown}"


def _questions(rounds: Rounds) -> str:
    played = [each for each in rounds if "resident" in each]
    asked = [sum(each["questions"] for each in played[: number + 1]) / 1000 for number in range(len(played))]
    memory = [each["resident"] / 2**20 for each in played]
    files = [float(each["open_files"]) for each in played]
    rows = [
        ["re-indexes", len(rounds)],
        ["questions", sum(each["questions"] for each in played)],
        ["errors", sum(each["errors"] for each in played)],
        ["wrong or missing", sum(each["wrong"] for each in played)],
        ["new text answered, s: median, most", _middle_and_most([each["fresh_seconds"] for each in played])],
        [
            "slowest reply of each re-index, s: median, most",
            _middle_and_most([each["slowest_seconds"] for each in played]),
        ],
        ["servers that it took (more than 1: the rounds were broken off)", len({each["server"] for each in played})],
        ["resident memory, MB: first, median, last", _first_middle_last(memory)],
        ["its growth in the last quarter, MB for 1,000 questions", f"{last_quarter_slope(memory, asked):+.2f}"],
        ["open files: first, median, last", _first_middle_last(files)],
        ["their growth in the last quarter, for 1,000 questions", f"{last_quarter_slope(files, asked):+.2f}"],
    ]
    return table(["what", "figure"], rows)


def _middle_and_most(values: Sequence[float]) -> str:
    return f"{median(values):.2f}, {max(values):.2f}" if values else ""


def _first_middle_last(values: Sequence[float]) -> str:
    return f"{values[0]:.0f}, {median(values):.0f}, {values[-1]:.0f}" if values else ""


def _mutations(rounds: Rounds) -> str:
    outcomes = Counter("failed" if each["faults"] else each.get("outcome", "failed") for each in rounds)
    counted = table(list(outcomes), [list(outcomes.values())])
    rows = [
        [each["file"], each["harm"], "**failed**" if each["faults"] else each["outcome"], _first_message(each)]
        for each in sorted(rounds, key=lambda each: (each["file"], each["harm"]))
    ]
    return f"{counted}\n\n{table(['file', 'harm', 'outcome', 'what was said first'], rows)}"


def _first_message(each: dict[str, Any]) -> str:
    told = [f"{name} {message}" for name, message in each.get("messages", {}).items() if message != "0"]
    return told[0] if told else ""


def _disk(rounds: Rounds) -> str:
    rows = []
    for manner in dict.fromkeys(each["manner"] for each in rounds):
        played = [each for each in rounds if each["manner"] == manner]
        codes = Counter(each.get("code") for each in played)
        parts = Counter(part for each in played for part in each.get("hit", ()))
        hit = ", ".join(f"{part} {count}" for part, count in parts.most_common())
        rows.append([manner, len(played), _failed(played), codes[74], codes[0], hit])
    return table(["manner", "rounds", "failed", "ended with 74", "absorbed", "parts of the library hit"], rows)


def _builds(rounds: Rounds) -> str:
    calls = sorted({each["calls"] for each in rounds if "calls" in each})
    return table(["builds", "failed", "calls of ingest"], [[len(rounds), _failed(rounds), ", ".join(map(str, calls))]])


SECTIONS: dict[str, tuple[str, str, Callable[[Rounds], str]]] = {
    "contention": ("One at a time", CONTENTION, _contention),
    "kills": ("Killed in the middle", KILLS, _kills),
    "questions": ("Asked in the meantime", QUESTIONS, _questions),
    "mutations": ("Damaged from outside", MUTATIONS, _mutations),
    "disk": ("No space, a failing disk", DISK, _disk),
    "builds": ("Built in another order", BUILDS, _builds),
}
