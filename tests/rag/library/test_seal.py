from __future__ import annotations

from pathlib import Path

import pytest

from rag.library.seal import SEAL, Print, Seal, Sealed, break_seal, print_of, prints_of, read_seal, write_seal

WRITTEN = Seal("abcd", Print(5, 7), {"1.1": Sealed("abc", {"vectors/x.bin": Print(3, 9)})})


def test_a_seal_is_read_as_it_was_written_until_it_is_broken(tmp_path: Path) -> None:
    assert read_seal(tmp_path) is None
    write_seal(tmp_path, WRITTEN)
    assert read_seal(tmp_path) == WRITTEN
    break_seal(tmp_path)
    break_seal(tmp_path)
    assert read_seal(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"catalog": {"size": 1}}', '{"catalog": 1, "projections": {}}']
)
def test_a_seal_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / SEAL).write_text(content)
    assert read_seal(tmp_path) is None


def test_a_print_tells_any_change_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"otter" * 500_000)
    before = print_of(file)
    assert before.size == 2_500_000
    file.write_bytes(b"otter" * 499_999 + b"ottex")
    assert print_of(file).size == before.size
    assert print_of(file) != before


def test_prints_name_all_files_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x").write_bytes(b"")
    (tmp_path / "y").write_bytes(b"otter")
    assert list(prints_of(tmp_path)) == ["a/b/x", "y"]
    assert prints_of(tmp_path)["a/b/x"] == Print(0, 0)
