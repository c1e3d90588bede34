"""Tells whether a file was written to since it was read, without reading it again.

Git's index does the same: a file whose size, times and inode are as they were is the same file. The time of the last
change of an inode (ctime) cannot be set by a program, so copies that keep an old modification time are noticed too.
"""

from __future__ import annotations

import time
from pathlib import Path

READERS = "1"
"""Counts the changes of our own readers: after one, every file is read again."""
TICK = 0.02
"""Seconds within which two writes may leave the same time on a file: the kernel's clock for files ticks at 100 to
1,000 a second."""
NANOSECONDS = 1_000_000_000


def stamp_of(path: Path) -> str | None:
    """The file's stamp, or None if it is gone.

    A file written just now is waited for, so that a write after this call changes it.
    """
    try:
        found = path.stat()
        if (age := time.time() - found.st_ctime_ns / NANOSECONDS) < TICK:
            time.sleep(TICK - max(age, 0))
            found = path.stat()
    except OSError:
        return None
    return f"{READERS}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}"
