from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.discovery import SourceFile, discover
from ingest.errors import CannotRead

KNOWN = ".atom .htm .html .json .jsonl .markdown .md .ndjson .pdf .rss .text .txt .xml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "wire"
    root.mkdir()
    return root


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Tanuki return\n\nThe tanuki are back.")
    return path


def found(*paths: Path | str) -> list[str]:
    return [item.relative for item in discover(map(str, paths)) if isinstance(item, SourceFile)]


def problems(*paths: Path | str) -> list[str]:
    return [str(item) for item in discover(map(str, paths)) if isinstance(item, CannotRead)]


def test_discover_finds_files_of_all_formats_below_a_folder_in_order(folder: Path) -> None:
    for name in ("b.HTML", "a/two.md", "a/one.jsonl", "c.pdf"):
        write(folder / name)
    assert found(folder) == ["a/one.jsonl", "a/two.md", "b.HTML", "c.pdf"]
    assert problems(folder) == []


def test_a_single_file_has_its_folder_as_root(folder: Path) -> None:
    path = write(folder / "one.txt")
    assert list(discover([str(path)])) == [SourceFile(path, folder, "one.txt")]


def test_origin_is_root_name_and_relative_path(folder: Path) -> None:
    assert SourceFile(folder / "a" / "x.md", folder, "a/x.md").origin == "wire/a/x.md"


def test_discover_passes_over_hidden_files_and_files_that_describe_a_corpus(folder: Path) -> None:
    for name in (".git/x.md", ".draft.md", "README.md", "LICENSE.txt", "NOTICE", "questions-b.jsonl", "a.md"):
        write(folder / name)
    write(folder / "conversations.jsonl")
    assert found(folder) == ["a.md"]
    assert problems(folder) == []


def test_a_described_file_that_is_given_by_name_is_read(folder: Path) -> None:
    assert found(write(folder / "README.md")) == ["README.md"]


def test_discover_names_a_file_that_is_no_article(folder: Path) -> None:
    write(folder / "a.md")
    path = write(folder / "table.xlsx")
    assert problems(folder) == [
        (
            f"{path}: not an article format Byline reads ({KNOWN}). "
            "Convert it to one of these, or keep it elsewhere"
        )
    ]


def test_discover_refuses_an_address() -> None:
    assert problems("https://harbour.example/a.html") == [
        (
            "https://harbour.example/a.html: is an address, and only local paths are read so far. "
            "Save the page as a file, and give that"
        )
    ]


def test_discover_names_a_missing_path(folder: Path) -> None:
    assert problems(folder / "gone") == [f"{folder / 'gone'}: does not exist. Check the path"]


def test_discover_names_an_empty_folder(folder: Path) -> None:
    write(folder / "README.md")
    assert problems(folder) == [f"{folder}: holds no article files. Byline reads {KNOWN}"]


def test_discover_names_a_path_no_system_can_hold() -> None:
    assert problems("a\0b") == ["a\0b: is not a usable path (embedded null byte). Check the path"]


def test_links_in_a_circle_end(folder: Path) -> None:
    write(folder / "a" / "x.md")
    (folder / "a" / "up").symlink_to(folder)
    (folder / "self").symlink_to("self")
    assert found(folder) == ["a/x.md"]
    assert problems(folder) == [
        (
            f"{folder / 'self'}: not an article format Byline reads ({KNOWN}). "
            "Convert it to one of these, or keep it elsewhere"
        )
    ]


def test_a_pipe_and_a_dangling_link_are_named_and_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "to-nothing.txt").symlink_to("nothing.txt")
    assert problems(folder) == [
        f"{folder / name}: is no regular file, or a link to nothing. Remove it from there"
        for name in ("pipe.txt", "to-nothing.txt")
    ]


def test_a_file_given_twice_comes_once(folder: Path) -> None:
    path = write(folder / "a.md")
    assert found(path, folder, folder) == ["a.md"]
    assert problems(path, folder, folder) == []


NOBODY = 65534


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user who may not read everything, if we are root."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_discover_names_a_folder_that_may_not_be_listed() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others from above
        folder = Path(name)
        folder.chmod(0o755)
        closed = folder / "closed"
        write(closed / "a.md")
        closed.chmod(0)
        with without_rights():
            told = problems(folder)
        closed.chmod(0o700)
    assert told == [f"{closed}: cannot be listed (Permission denied). Check its permissions"]


def test_a_name_that_is_not_utf_8_is_shown_with_its_bytes(folder: Path) -> None:
    write(folder / os.fsdecode(b"caf\xe9.md"))
    assert found(folder) == ["caf\\xe9.md"]


def test_a_library_inside_the_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "catalog.sqlite").write_bytes(b"")
    (tmp_path / "library" / "owner.json").write_text("{}", encoding="utf-8")
    (tmp_path / "frogs.md").write_text("# Frogs", encoding="utf-8")
    assert [file.relative for file in discover([str(tmp_path)]) if isinstance(file, SourceFile)] == ["frogs.md"]
    assert len(list(discover([str(tmp_path)]))) == 1
