"""The commands that keep a library, as a user runs them: output, errors, exit codes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ARTICLES
from tests.processes import byline, environment


def test_what_cannot_be_read_is_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.md").write_text(ARTICLES["tanuki.md"], encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    (folder / "page.html").write_text("<html><body><script>1</script></body></html>", encoding="utf-8")
    (folder / "lines.jsonl").write_text(
        '{"id": "a b/ü", "title": "T", "text": "Frogs sing."}\n{broken\n', encoding="utf-8"
    )
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(300_000_000)
    (tmp_path / "empty").mkdir()
    started = time.monotonic()
    made = byline(
        "ingest", str(folder), str(tmp_path / "empty"), str(tmp_path / "gone"), "https://example.org/a", "--json",
        library=tmp_path / "library",
    )  # fmt: skip
    assert made.returncode == 1
    assert time.monotonic() - started < 60
    report = json.loads(made.stdout)
    assert (report["added"], report["changed"]) == (2, 0)
    failed = {Path(failure["path"]).name: failure["problem"] for failure in report["failed"]}
    assert set(failed) == {
        "binary.txt",
        "picture.png",
        "page.html",
        "lines.jsonl",
        "huge.txt",
        "empty",
        "gone",
        "a",
    } or (
        {name.split(",")[0].split(":")[0] for name in failed}
        == {"binary.txt", "picture.png", "page.html", "lines.jsonl", "huge.txt", "empty", "gone", "a"}
    )
    assert all(failure["remedy"] for failure in report["failed"])


def test_prune_asks_before_many_articles_go(tmp_path: Path) -> None:
    folder = tmp_path / "pond"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    library = tmp_path / "library"
    assert byline("ingest", str(folder), library=library).returncode == 0
    (folder / "otter.md").unlink()
    refused = byline("ingest", str(folder), "--prune", library=library, stdin="")
    assert refused.returncode == 1
    assert "1 of the 3 articles" in refused.stderr
    pruned = byline("ingest", str(folder), "--prune", "--yes", "--json", library=library)
    assert (pruned.returncode, json.loads(pruned.stdout)["removed"]) == (0, 1)


def test_status_prints_facts(library: Path) -> None:
    status = json.loads(byline("status", "--json", library=library).stdout)
    assert (status["articles"], status["thin"], status["sources"]) == (3, 1, ["Pond Gazette", "River Times"])


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A library of the three articles that a test may change."""
    folder = tmp_path / "pond"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = byline("ingest", str(folder), library=tmp_path / "library")
    assert made.returncode == 0, made.stderr
    return tmp_path / "library"


def test_remove_takes_articles_out_and_exits_1_for_an_unknown_one(shelf: Path) -> None:
    removed = byline("remove", "otter-bridge", "nobody", "--json", library=shelf)
    assert (removed.returncode, removed.stderr) == (1, "")
    assert json.loads(removed.stdout) == {"removed": ["otter-bridge"], "unknown": ["nobody"]}
    again = byline("remove", "tanuki/shop", library=shelf)
    assert (again.returncode, again.stdout) == (0, "removed tanuki/shop\n")
    assert json.loads(byline("status", "--json", library=shelf).stdout)["articles"] == 1


def test_verify_prints_what_it_counted_and_finds_a_sound_library_sound(library: Path) -> None:
    verified = byline("verify", "--json", library=library)
    assert (verified.returncode, verified.stderr) == (0, "")
    verdict = json.loads(verified.stdout)
    assert list(verdict) == ["ok", "digest", "articles", "revisions", "passages", "seconds", "damages"]
    assert (verdict["ok"], verdict["articles"], verdict["revisions"], verdict["damages"]) == (True, 3, 3, [])
    assert byline("verify", library=library).stdout.startswith("The library is sound: 3 articles, 3 revisions, ")


def test_verify_exits_1_and_names_the_remedy_when_an_article_was_changed_behind_its_back(shelf: Path) -> None:
    (shelf / "seal.json").unlink(missing_ok=True)  # as a crash leaves it; with its seal the library would not open
    with closing(sqlite3.connect(shelf / "catalog.sqlite")) as catalog:
        catalog.execute("UPDATE revisions SET text = replace(text, '42 kinds', '43 kinds')")
        catalog.commit()
    verified = byline("verify", "--json", library=shelf)
    assert verified.returncode == 1, verified.stderr
    verdict = json.loads(verified.stdout)
    assert verdict["ok"] is False
    assert all(set(each) == {"part", "problem", "remedy"} and each["remedy"] for each in verdict["damages"])
    assert verdict["damages"] != []


def test_rebuild_embeds_nothing_without_a_model(shelf: Path) -> None:
    rebuilt = byline("rebuild", "--json", library=shelf)
    assert (rebuilt.returncode, rebuilt.stderr) == (0, "")
    report = json.loads(rebuilt.stdout)
    assert list(report) == ["model", "passages", "embedded", "seconds"]
    assert report["embedded"] == 0
    assert byline("ask", "How many kinds of leaves does the shop sell?", library=shelf).returncode == 0


def test_passages_of_another_length_need_a_model(library: Path) -> None:
    refused = byline("rebuild", "--passage-tokens", "200", library=library)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "byline: request: passages of another length need embedding: name the model too. "
        "See --help for an example\n"
    )


def test_compact_prints_bytes_before_and_after(shelf: Path) -> None:
    compacted = byline("compact", "--json", library=shelf)
    assert (compacted.returncode, compacted.stderr) == (0, "")
    assert list(json.loads(compacted.stdout)) == ["bytes_before", "bytes_after", "seconds"]


def test_export_writes_the_same_lines_to_a_file_and_to_standard_output(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    written = byline("export", str(file), library=library)
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {"tanuki/shop", "otter-bridge", "thin/kappa"} <= {line.get("id") for line in lines}
    assert byline("export", "-", library=library).stdout == file.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["articles.jsonl"]


def test_an_export_that_is_ingested_into_a_new_library_makes_the_same_library(shelf: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "all.jsonl", tmp_path / "new"
    tanuki = tmp_path / "pond" / "tanuki.md"
    tanuki.write_text(ARTICLES["tanuki.md"].replace("42 kinds", "43 kinds"), encoding="utf-8")
    assert byline("ingest", str(tanuki), library=shelf).returncode == 0
    assert byline("export", str(file), library=shelf).returncode == 0
    made = json.loads(byline("ingest", str(file), "--json", library=new).stdout)
    assert (made["added"], made["changed"], made["failed"]) == (3, 0, [])
    verdicts = [json.loads(byline("verify", "--json", library=each).stdout) for each in (shelf, new)]
    assert verdicts[0] | {"seconds": 0} == verdicts[1] | {"seconds": 0}
    assert byline("export", "-", library=new).stdout == file.read_text(encoding="utf-8")
    shown = [byline("show", "tanuki/shop", "--json", library=each).stdout for each in (shelf, new)]
    assert shown[0] == shown[1]
    again = json.loads(byline("ingest", str(file), "--json", library=new).stdout)
    assert (again["added"], again["changed"], again["unchanged"], again["embedded"]) == (0, 0, 3, 0)


def test_an_export_that_cannot_be_written_is_a_storage_error(library: Path, tmp_path: Path) -> None:
    refused = byline("export", str(tmp_path / "gone" / "articles.jsonl"), library=library)
    assert refused.returncode == 74
    assert refused.stderr == (
        f"byline: {tmp_path / 'gone' / 'articles.jsonl'}: cannot be written (No such file or directory). "
        "Name another file, or - for standard output\n"
    )


def test_an_export_ends_when_nobody_reads_it_any_more(library: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    unbuffered = environment(library) | {"PYTHONUNBUFFERED": "1"}
    with os.fdopen(writing, "wb") as unread:
        command = [sys.executable, "-m", "ui", "export", "-"]
        ended = subprocess.run(command, env=unbuffered, stdout=unread, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_an_export_into_a_device_leaves_the_device_one(library: Path) -> None:
    assert byline("export", "/dev/null", library=library).returncode == 0
    assert Path("/dev/null").is_char_device()


def test_ingest_keeps_no_former_revision_when_it_is_told_so(shelf: Path, tmp_path: Path) -> None:
    file = tmp_path / "pond" / "tanuki.md"
    file.write_text(ARTICLES["tanuki.md"].replace("42 kinds", "43 kinds"), encoding="utf-8")
    assert byline("ingest", str(file), "--keep-revisions", "0", library=shelf).returncode == 0
    shown = json.loads(byline("show", "tanuki/shop", "--json", library=shelf).stdout)
    assert [each["revision"] for each in shown["revisions"]] == [2]
