"""Plays rounds of faults, or writes the page of their figures.

python -m tests.faults all --rounds 25 --results build/faults.jsonl
python -m tests.faults kills mutations --results build/faults.jsonl
python -m tests.faults report build/faults.jsonl > docs/trust.md

A round that the results hold already is not played again, so what was broken off goes on. Exit code 1: a round failed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults import builds, contention, disk, kills, mutations, questions
from tests.faults.report import write_report
from tests.faults.rounds import Kind, play_rounds, read
from tests.faults.workplace import Unprepared, open_workplace

KINDS = {
    "contention": contention.KIND,
    "kills": kills.KIND,
    "disk": disk.KIND,
    "mutations": mutations.KIND,
    "questions": questions.KIND,
    "builds": builds.KIND,
}
RESULTS = Path("build/faults.jsonl")
ALONE = {"contention", "questions"}
"""Kinds whose figures are seconds of wall: no other is played beside them."""
MEMORY = Path("/dev/shm")
"""Where there is such a disk of memory, rounds are played there: they wait for the disk most of the time."""


def main() -> int:
    """Play or report; gives the exit code."""
    if sys.argv[1:2] == ["report"]:
        print(write_report(read(Path(sys.argv[2]))), end="")
        return 0
    try:
        failed = _play(_parser().parse_args())
    except Unprepared as error:
        print(f"What the rounds begin from could not be made: {error}", file=sys.stderr)
        return 1
    print(", ".join(f"{name}: {number} failed" for name, number in failed.items()), file=sys.stderr)
    return 1 if any(failed.values()) else 0


def _play(given: argparse.Namespace) -> dict[str, int]:
    """How many rounds of each kind failed."""
    kinds = dict(KINDS) if "all" in given.kinds else {name: KINDS[name] for name in given.kinds}
    if "questions" in kinds:
        kinds["questions"] = Kind(kinds["questions"].full, questions.open_game(given.questions))
    given.results.parent.mkdir(parents=True, exist_ok=True)
    failed: dict[str, int] = {}

    def play(name: str) -> None:
        rounds = min(given.rounds or kinds[name].full, kinds[name].full)
        failed[name] = play_rounds(name, kinds[name], rounds, workplace, given.results)

    with open_workplace(given.work) as workplace, ThreadPoolExecutor(given.abreast) as threads:
        for name in [name for name in kinds if name in ALONE]:
            play(name)
        list(threads.map(play, [name for name in kinds if name not in ALONE]))
    return failed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kinds", nargs="+", choices=["all", *KINDS], help="which kinds of rounds")
    parser.add_argument("--rounds", type=int, help="rounds of each kind (default: those of the page of figures)")
    parser.add_argument("--questions", type=int, default=questions.QUESTIONS, help="questions around each re-index")
    parser.add_argument("--abreast", type=int, default=1, help="kinds that are played at the same time")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where rounds are written down")
    parser.add_argument(
        "--work", type=Path, default=_work_folder(), help="where work folders are made (default: %(default)s)"
    )
    return parser


def _work_folder() -> Path:
    return MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())


if __name__ == "__main__":
    sys.exit(main())
