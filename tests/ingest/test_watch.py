"""What counts as a change of watched folders and files, in real folders, as the system tells it."""

from __future__ import annotations

import queue
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from ingest.discovery import LIBRARY_MARK
from ingest.watch import Pace, changes

QUICK = Pace(quiet=0.1)


class Patience:
    """Stops the watching when it is told to, or when what a test waits for has not come for long."""

    def __init__(self) -> None:
        self._deadline = time.monotonic() + 60

    def is_set(self) -> bool:
        return time.monotonic() > self._deadline

    def set(self) -> None:
        self._deadline = 0


@pytest.fixture
def pond(tmp_path: Path) -> Path:
    (tmp_path / "pond").mkdir()
    return tmp_path / "pond"


def follow(*paths: Path, pace: Pace = QUICK, stop: Patience | None = None) -> Iterator[tuple[str, ...]]:
    """Watching that has begun: the round at the start is over. The library is in the first of the paths."""
    given = [str(path) for path in paths]
    watching = changes(given, stop or Patience(), library=paths[0] / "library", pace=pace)
    assert next(watching) == tuple(str(path) for path in paths if path.exists())
    return watching


@pytest.mark.parametrize(
    "change",
    [
        lambda pond: (pond / "new.md").write_text("Frogs."),
        lambda pond: (pond / "old.md").write_text("Frogs sing."),
        lambda pond: (pond / "old.md").rename(pond / "renamed.md"),
        lambda pond: (pond / "old.md").unlink(),
        lambda pond: shutil.copytree(pond / "deep", pond / "copied" / "deep"),
        lambda pond: (pond / "deep" / "er" / "a.md").write_text("Otters rest."),
        lambda pond: (pond / "deep").rename(pond.parent / "elsewhere"),
        lambda pond: (pond / "linked" / "b.md").write_text("Kappa."),
    ],
    ids=["created", "changed", "renamed", "deleted", "a tree", "far below", "moved out", "behind a link"],
)
def test_a_change_is_told_once_though_nobody_waited_for_it_when_it_happened(
    pond: Path, change: Callable[[Path], object]
) -> None:
    (pond / "old.md").write_text("Frogs.")
    (pond / "deep" / "er").mkdir(parents=True)
    (pond / "deep" / "er" / "a.md").write_text("Otters.")
    (pond.parent / "behind").mkdir()
    (pond / "linked").symlink_to(pond.parent / "behind")
    stop = Patience()
    watching = follow(pond, stop=stop, pace=Pace(quiet=1))
    change(pond)
    assert next(watching) == (str(pond),)
    stop.set()
    assert list(watching) == []


def test_what_an_ingest_passes_over_is_no_change_and_neither_is_the_library(pond: Path) -> None:
    """The library's files change with each ingest: it would go on forever."""
    for name in ("library", "others", ".git"):
        (pond / name).mkdir()
    (pond / "others" / LIBRARY_MARK).touch()
    stop, told = Patience(), queue.Queue[tuple[str, ...]]()
    watching = follow(pond, stop=stop)
    thread = Thread(target=lambda: deque(map(told.put, watching)))
    thread.start()
    witness = follow(pond / ".git", pace=Pace(quiet=1))  # it takes longer, so whatever is told has been told before
    for name in ("README.md", ".draft.md", "questions-1.jsonl", "library/owner.json", "others/a.md", ".git/index.md"):
        (pond / name).write_text("Frogs.")
    next(witness)
    assert told.empty()
    (pond / "a.md").write_text("Frogs.")
    assert told.get(timeout=60) == (str(pond),)
    stop.set()
    thread.join()
    assert told.empty()


def test_steady_change_is_told_though_it_is_never_quiet(pond: Path) -> None:
    watching = follow(pond, pace=Pace(quiet=1000, longest=0.5))
    (pond / "a.md").write_text("Frogs.")
    assert next(watching) == (str(pond),)


def test_a_folder_that_goes_is_waited_for_and_watched_again(pond: Path) -> None:
    other = pond.parent / "other"
    other.mkdir()
    watching = follow(pond, other)
    for _ in range(2):
        shutil.rmtree(pond)
        assert next(watching) == (str(other),)
        (other / "b.md").write_text("Frogs.")
        assert next(watching) == (str(other),)
        pond.mkdir()
        assert next(watching) == (str(pond), str(other))
        (pond / "a.md").write_text("Frogs.")
        assert next(watching) == (str(pond), str(other))


def test_a_folder_that_is_replaced_at_once_is_watched_in_its_new_state(pond: Path) -> None:
    watching = follow(pond)
    shutil.rmtree(pond)
    pond.mkdir()
    assert next(watching) == (str(pond),)
    (pond / "a.md").write_text("Frogs.")
    assert next(watching) == (str(pond),)


def test_a_link_that_is_turned_to_another_folder_is_followed(pond: Path) -> None:
    link, other = pond.parent / "current", pond.parent / "other"
    other.mkdir()
    link.symlink_to(pond)
    watching = follow(link)
    (pond.parent / "next").symlink_to(other)
    (pond.parent / "next").replace(link)
    assert next(watching) == (str(link),)
    (other / "a.md").write_text("Frogs.")
    assert next(watching) == (str(link),)


def test_nothing_that_is_there_is_waited_for(pond: Path) -> None:
    later = pond.parent / "later" / "a.md"
    watching = follow(later)
    later.parent.mkdir()
    later.write_text("Frogs.")
    assert next(watching) == (str(later),)


def test_of_a_single_file_only_itself_counts(pond: Path) -> None:
    file, stop = pond / "a.md", Patience()
    file.write_text("Frogs.")
    watching = follow(file, stop=stop)
    for change in (
        lambda: file.write_text("Frogs sing."),
        lambda: (pond / "a.tmp").write_text("Frogs rest.") and (pond / "a.tmp").replace(file),
    ):
        change()
        assert next(watching) == (str(file),)
    file.unlink()
    assert next(watching) == ()
    neighbours, everything = follow(pond / "b.md", stop=stop), follow(pond, pace=Pace(quiet=1))
    (pond / "c.md").write_text("Kappa.")
    next(everything)
    stop.set()
    assert list(neighbours) == []


def test_links_to_nothing_and_in_circles_do_not_hinder_it(pond: Path) -> None:
    (pond / "nothing").symlink_to(pond / "gone")
    (pond / "circle").symlink_to(pond)
    watching = follow(pond)
    (pond / "a.md").write_text("Frogs.")
    assert next(watching) == (str(pond),)
