from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import CannotRead
from ingest.pipeline import Report
from ingest.writing import PASSAGES_A_COMMIT
from tests.embedders import HashEmbedder
from tests.ingest.conftest import Ingesting, counts, write

PARAGRAPHS = [
    " ".join([f"{name}{number}" for number in range(39)]) + "." for name in ("otter", "bridge", "pond", "leaf")
]


def problems(report: Report) -> list[tuple[str, str]]:
    return [(Path(each.path).name, each.problem) for each in report.failed]


def test_a_first_run_adds_everything(ingesting: Ingesting, wire: Path) -> None:
    report = ingesting.run(wire)
    assert replace(report, seconds=0.0) == Report(10, 0, 0, 0, (), passages=10, embedded=10, seconds=0.0)
    assert ingesting.ids() == [f"w{number}" for number in range(10)]


def test_added_changed_unchanged_and_removed_are_counted(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    write(wire / "0.json", id="w0", text="Otters rest.")
    write(wire / "10.json", id="w10", text="Kappa trade.")
    (wire / "1.json").unlink()
    report = ingesting.run(wire, prune=True)
    assert counts(report) == (1, 1, 8, 1)
    assert (report.passages, report.embedded, report.failed) == (2, 2, ())
    assert ingesting.texts("w0") == ["Otters number 0.", "Otters rest."]
    assert "w1" not in ingesting.ids()


def test_a_second_run_embeds_nothing_and_leaves_the_catalog_as_it_is(
    ingesting: Ingesting, wire: Path, tmp_path: Path
) -> None:
    write(wire / "twice.json", id="w0", text="Otters rest.", published="2024-01-01")
    ingesting.run(wire)
    catalog = tmp_path / "library" / "catalog.sqlite"
    ingesting.library._catalog.note("last_ingest", last := "2001-01-01T00:00:00+00:00")
    before = state(catalog)
    for _ in range(2):
        report = ingesting.run(wire, prune=True)
        assert counts(report) == (0, 0, 10, 0)
        assert (report.passages, report.embedded) == (0, 0)
    assert state(catalog) == before
    assert ingesting.library.statistics().last_ingest == last


def state(catalog: Path) -> list[tuple[str, int, bytes]]:
    """Name, time of change and bytes of the catalog's files."""
    files = sorted(catalog.parent.glob("catalog.sqlite*"))
    return [(file.name, file.stat().st_mtime_ns, file.read_bytes()) for file in files if not file.name.endswith("-shm")]


def test_an_edited_paragraph_embeds_only_the_passages_it_touches(ingesting: Ingesting, tmp_path: Path) -> None:
    path = write(tmp_path / "wire" / "a.json", id="a", text=" ".join(PARAGRAPHS))
    report = ingesting.run(path)
    assert (report.passages, report.embedded) == (4, 4)
    write(path, id="a", text=" ".join([*PARAGRAPHS[:2], PARAGRAPHS[2].replace("pond7", "kappa"), PARAGRAPHS[3]]))
    report = ingesting.run(path)
    assert counts(report) == (0, 1, 0, 0)
    assert (report.passages, report.embedded) == (4, 1)
    assert ingesting.embedder.given == ["Pond news\n" + PARAGRAPHS[2].replace("pond7", "kappa")]


def test_a_new_fact_about_an_article_embeds_nothing(ingesting: Ingesting, tmp_path: Path) -> None:
    path = write(tmp_path / "wire" / "a.json", id="a", text="Otters rest.")
    ingesting.run(path)
    write(path, id="a", text="Otters rest.", author="Rin Mori")
    report = ingesting.run(path)
    assert counts(report) == (0, 1, 0, 0)
    assert (report.passages, report.embedded) == (1, 0)


def test_an_article_that_goes_back_embeds_nothing_and_gets_a_third_revision(
    ingesting: Ingesting, tmp_path: Path
) -> None:
    path = tmp_path / "wire" / "a.json"
    for text, embedded in (("Otters build.", 1), ("Otters rest.", 1), ("Otters build.", 0)):
        report = ingesting.run(write(path, id="a", text=text))
        assert report.embedded == embedded
    assert ingesting.texts("a") == ["Otters build.", "Otters rest.", "Otters build."]
    assert counts(ingesting.run(path)) == (0, 0, 1, 0)


def test_the_same_id_twice_in_a_run_gives_two_revisions_by_date(ingesting: Ingesting, tmp_path: Path) -> None:
    write(tmp_path / "wire" / "1.json", id="a", text="Newer.", published="2024-01-01", updated="2024-03-01")
    write(tmp_path / "wire" / "2.json", id="a", text="Older.", published="2024-01-01")
    assert counts(ingesting.run(tmp_path / "wire")) == (1, 0, 0, 0)
    assert ingesting.texts("a") == ["Older.", "Newer."]
    assert counts(ingesting.run(tmp_path / "wire")) == (0, 0, 1, 0)
    assert ingesting.texts("a") == ["Older.", "Newer."]


def test_an_id_that_moves_to_another_file_keeps_its_identity(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    (wire / "deeper").mkdir()
    (wire / "3.json").rename(wire / "deeper" / "three.json")
    report = ingesting.run(wire, prune=True, many=True)
    assert counts(report) == (0, 0, 10, 0)
    assert ingesting.texts("w3") == ["Otters number 3."]


def test_a_broken_file_among_good_ones_is_reported_and_the_rest_goes_on(ingesting: Ingesting, wire: Path) -> None:
    (wire / "4.json").write_text("{", encoding="utf-8")
    (wire / "5.md").write_bytes(b"")
    (wire / "page.docx").write_bytes(b"PK")
    report = ingesting.run(wire)
    assert counts(report) == (9, 0, 0, 0)
    assert problems(report) == [
        ("4.json", "is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))"),
        ("5.md", "holds no text"),
        (
            "page.docx",
            (
                "not an article format Byline reads (.atom .htm .html .json .jsonl .markdown .md .ndjson .pdf "
                ".rss .text .txt .xml)"
            ),
        ),
    ]
    assert all(isinstance(each, CannotRead) for each in report.failed)


def test_progress_is_heard_while_reading_and_while_embedding(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    assert ingesting.heard[:10] == [("reading", number, None) for number in range(1, 11)]
    assert ingesting.heard[10:] == [*(("embedding", number, 10) for number in range(1, 11)), ("embedding", 10, 10)]
    ingesting.run(wire)
    assert ingesting.heard == [("reading", number, None) for number in range(1, 11)]


def test_articles_are_committed_in_windows(ingesting: Ingesting, tmp_path: Path) -> None:
    """What was committed before a later window failed stays, whole."""
    lines = [json.dumps({"id": f"a{number}", "title": "T", "text": f"Otter {number}."}) for number in range(1100)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    given = FailingEmbedder(after=PASSAGES_A_COMMIT)
    ingesting.embedder = given
    with pytest.raises(RuntimeError, match=r"^the embedder broke$"):
        ingesting.run(tmp_path / "many.jsonl")
    assert ingesting.library.statistics().articles == PASSAGES_A_COMMIT
    ingesting.embedder = HashEmbedder()
    report = ingesting.run(tmp_path / "many.jsonl")
    assert counts(report) == (1100 - PASSAGES_A_COMMIT, 0, PASSAGES_A_COMMIT, 0)
    assert report.embedded == 1100 - PASSAGES_A_COMMIT


class FailingEmbedder(HashEmbedder):
    """Breaks once it has embedded so many texts."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def embed(self, texts, progress=None):  # type: ignore[no-untyped-def]
        if len(self.given) >= self._after:
            raise RuntimeError("the embedder broke")
        return super().embed(texts, progress)


def test_nothing_given_does_nothing(ingesting: Ingesting) -> None:
    assert counts(ingesting.run()) == (0, 0, 0, 0)


def test_an_article_without_passages_is_held_too(ingesting: Ingesting, tmp_path: Path) -> None:
    write(tmp_path / "wire" / "a.json", id="a", title="Only a headline", text="")
    report = ingesting.run(tmp_path / "wire")
    assert (counts(report), report.passages, report.failed) == ((1, 0, 0, 0), 0, ())
    assert ingesting.library.statistics().thin == 1
