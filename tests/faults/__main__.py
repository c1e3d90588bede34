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
from pathlib import Path

from tests.faults import builds, contention, disk, kills, mutations, questions
from tests.faults.report import write_report
from tests.faults.rounds import Kind, play_rounds, read
from tests.faults.workplace import open_workplace

KINDS = {
    "contention": contention.KIND,
    "kills": kills.KIND,
    "questions": questions.KIND,
    "mutations": mutations.KIND,
    "disk": disk.KIND,
    "builds": builds.KIND,
}
RESULTS = Path("build/faults.jsonl")
MEMORY = Path("/dev/shm")
"""Where there is such a disk of memory, rounds are played there: they wait for the disk most of the time."""


def main() -> int:
    """The command."""
    if sys.argv[1:2] == ["report"]:
        print(write_report(read(Path(sys.argv[2]))), end="")
        return 0
    given = _parser().parse_args()
    kinds = dict(KINDS) if "all" in given.kinds else {name: KINDS[name] for name in given.kinds}
    if "questions" in kinds:
        kinds["questions"] = Kind(kinds["questions"].full, questions.open_game(given.questions))
    given.results.parent.mkdir(parents=True, exist_ok=True)
    workplace = open_workplace(given.work)
    failed = {
        name: play_rounds(name, kind, given.rounds or kind.full, workplace, given.results)
        for name, kind in kinds.items()
    }
    print(", ".join(f"{name}: {number} failed" for name, number in failed.items()), file=sys.stderr)
    return 1 if any(failed.values()) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kinds", nargs="+", choices=["all", *KINDS], help="which kinds of rounds")
    parser.add_argument("--rounds", type=int, help="rounds of each kind (default: what the page of figures is made of)")
    parser.add_argument("--questions", type=int, default=questions.QUESTIONS, help="questions around each re-index")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where rounds are written down")
    parser.add_argument("--work", type=Path, default=_work_folder(), help="the work folder (default: %(default)s)")
    return parser


def _work_folder() -> Path:
    return (MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())) / "byline-faults"


if __name__ == "__main__":
    sys.exit(main())
