from __future__ import annotations

import os
from pathlib import Path

from ingest.stamps import READERS, stamp_of


def test_a_file_that_is_left_alone_keeps_its_stamp(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("otter")
    assert stamp_of(tmp_path / "a") == stamp_of(tmp_path / "a")
    assert str(stamp_of(tmp_path / "a")).startswith(f"{READERS}:5:")


def test_a_write_just_after_changes_the_stamp_though_size_and_time_are_as_before(tmp_path: Path) -> None:
    file = tmp_path / "a"
    stamps = []
    for number in range(5):
        file.write_text(f"otter {number}")
        os.utime(file, ns=(1, 1))  # as a copy does that keeps the times
        stamps.append(stamp_of(file))
    assert len(set(stamps)) == 5


def test_another_file_in_its_place_has_another_stamp(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text("otter")
    before = stamp_of(tmp_path / "a")
    (tmp_path / "b").replace(tmp_path / "a")
    assert stamp_of(tmp_path / "a") != before


def test_a_file_that_is_gone_has_no_stamp(tmp_path: Path) -> None:
    """It may go between the moment it is found and the moment it is read; the rest must go on."""
    assert stamp_of(tmp_path / "a") is None
