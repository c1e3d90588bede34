"""What the exit codes mean.

0 all well; 1 something given could not be read, nothing was found, or a check found damage or a fault; 2 usage;
3 the question was refused; 74 storage; 75 the library is in use.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

FAILED, USAGE, REFUSED, STORAGE, IN_USE = 1, 2, 3, 74, 75
EXIT_CODES = {
    "SettingsError": USAGE,
    "BadRequest": USAGE,
    "AnswererNotConfigured": USAGE,
    "StorageError": STORAGE,
    "LibraryTooNew": STORAGE,
    "ModelError": STORAGE,
    "ReaderDamaged": STORAGE,
    "LibraryInUse": IN_USE,
    "Interrupted": IN_USE,  # sysexits.h calls 75 a failure that passes: try again
}
"""From our errors to exit codes; any other is 1."""


def name_of(error: Exception) -> str:
    """The name of an error's class, or of what the library's owner handed back."""
    return getattr(error, "error", type(error).__name__)


def leave(code: int) -> NoReturn:
    """End the process at once: Chroma, once its disk has failed, may never let the interpreter come to its end."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def exit_code(error: Exception) -> int:
    """The exit code of a command that ended in one of our errors."""
    return EXIT_CODES.get(name_of(error), FAILED)
