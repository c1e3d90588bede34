"""The seal of a library: what its files were like when it was closed well.

It is written at a clean close and taken off before anything changes. So at an opening, a file that differs from the
seal was damaged or exchanged, and a missing seal means that the process before ended in the middle of its work.
Checksums are CRC-32: they guard against slips and decay, not against somebody who means harm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from zlib import crc32

SEAL = "seal.json"
BYTES_A_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Print:
    """What a file is known by: its size, and the CRC-32 of its bytes."""

    size: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """The projections of an encoding as they were closed.

    They are in step with the catalog's ``state``.
    """

    state: str
    files: Mapping[str, Print]


@dataclass(frozen=True, slots=True)
class Seal:
    """The id of the library, the catalog's file, and the projections by the name of their folder."""

    library: str | None
    catalog: Print
    projections: Mapping[str, Sealed] = field(default_factory=dict)


def read_seal(folder: Path) -> Seal | None:
    """The library's seal; None if it was not closed well, or the seal cannot be read."""
    try:
        found = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        projections = {
            name: Sealed(each["state"], {path: Print(**file) for path, file in each["files"].items()})
            for name, each in found["projections"].items()
        }
        return Seal(found["library"], Print(**found["catalog"]), projections)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_seal(folder: Path, seal: Seal) -> None:
    """Seal the library."""
    scratch = folder / f"{SEAL}.partial"
    scratch.write_text(json.dumps(asdict(seal)), encoding="utf-8")
    scratch.replace(folder / SEAL)


def break_seal(folder: Path) -> None:
    """Take the seal off: from now on the files change."""
    (folder / SEAL).unlink(missing_ok=True)


def changed_files(folder: Path, seal: Seal) -> list[str]:
    """The files of a closed library that are not as they were sealed, gone or new."""
    expected = {"catalog.sqlite": seal.catalog}
    found = {"catalog.sqlite": print_of(folder / "catalog.sqlite")}
    for name, sealed in seal.projections.items():
        place = f"projections/{name}"
        expected |= {f"{place}/{path}": each for path, each in sealed.files.items()}
        found |= {f"{place}/{path}": each for path, each in prints_of(folder / place).items()}
    return sorted(path for path in expected | found if expected.get(path) != found.get(path))


def print_of(file: Path) -> Print:
    """What the file is known by."""
    size = checksum = 0
    with file.open("rb") as opened:
        while part := opened.read(BYTES_A_READ):
            size += len(part)
            checksum = crc32(part, checksum)
    return Print(size, checksum)


def prints_of(folder: Path) -> dict[str, Print]:
    """What all files below a folder are known by, by their path in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): print_of(path) for path in files}
