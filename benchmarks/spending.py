"""Runs a command as a child and notes what it used.

python -S -E spending.py NOTE.json COMMAND...

A module of its own because a process starts with its parent's peak memory until it execs: this parent is tiny.
"""

import json
import os
import sys
import time


def main() -> None:
    """Run the command, write the note, end with the command's exit code."""
    note, *command = sys.argv[1:]
    started = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    spent = {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_bytes": used.ru_maxrss * 1024,
    }
    with open(note, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib would only make this process larger
        json.dump(spent, file)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
