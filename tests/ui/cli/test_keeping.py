"""The commands that keep a library, as a user runs them: output, errors, exit codes."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.conftest import ARTICLES
from tests.processes import byline


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
