"""What the desk does with a whole library, in the words of the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import ArticleNotFound
from tests.conftest import TANUKI
from ui import schemas as wire
from ui.desk import LocalDesk


def unheard(_progress: wire.ProgressOut) -> None:
    """Progress that a test does not look at."""


def test_remove_says_what_went_and_what_was_never_there(desk: LocalDesk) -> None:
    removed = desk.remove(wire.RemoveIn(ids=["otter-bridge", "nobody"]), unheard)
    assert removed == wire.RemoveOut(removed=["otter-bridge"], unknown=["nobody"])
    with pytest.raises(ArticleNotFound):
        desk.article("otter-bridge")
    assert desk.search(wire.SearchIn.model_validate({"query": "driftwood bridge"})).hits[0].article_id != "otter-bridge"


def test_verify_finds_a_library_sound_and_names_its_state(desk: LocalDesk) -> None:
    first, second = (desk.verify(wire.JobIn(), unheard) for _ in range(2))
    assert (first.ok, first.damages, first.articles, first.revisions) == (True, [], 3, 3)
    assert first.passages == desk.status().passages
    assert first.digest == second.digest
    desk.remove(wire.RemoveIn(ids=["otter-bridge"]), unheard)
    assert desk.verify(wire.JobIn(), unheard).digest != first.digest


def test_a_rebuild_without_a_model_embeds_nothing_and_changes_no_answer(desk: LocalDesk) -> None:
    query = wire.SearchIn.model_validate({"query": "leaves shop"})
    before = desk.search(query).hits
    rebuilt = desk.rebuild(wire.RebuildIn(), unheard)
    assert (rebuilt.passages, rebuilt.embedded) == (desk.status().passages, 0)
    assert desk.search(query).hits == before


def test_compact_counts_bytes_before_and_after(desk: LocalDesk) -> None:
    desk.remove(wire.RemoveIn(ids=["otter-bridge"]), unheard)
    compacted = desk.compact(wire.JobIn(), unheard)
    assert 0 < compacted.bytes_after <= compacted.bytes_before


def test_an_export_is_lines_of_json_and_tells_its_progress(desk: LocalDesk) -> None:
    told: list[wire.ProgressOut] = []
    lines = list(desk.export(wire.JobIn(), told.append))
    assert {"tanuki/shop", "otter-bridge", "thin/kappa"} <= {json.loads(line).get("id") for line in lines}
    assert [line for line in lines if line.splitlines() != [line]] == []
    assert told[-1] == wire.ProgressOut(stage="exporting", done=len(lines), total=None)


def test_an_export_that_is_closed_in_the_middle_lets_the_next_job_begin(desk: LocalDesk) -> None:
    with closing(desk.export(wire.JobIn(), unheard)) as lines:
        next(lines)
    assert desk.verify(wire.JobIn(), unheard).ok


def test_an_ingest_keeps_as_many_superseded_revisions_as_it_is_told(
    make_desk: Callable[[], LocalDesk], corpus: Path
) -> None:
    desk = make_desk()
    for kinds in (42, 43, 44):
        (corpus / "tanuki.md").write_text(TANUKI.replace("42 kinds", f"{kinds} kinds"), encoding="utf-8")
        desk.ingest(wire.IngestIn(paths=[str(corpus)], keep_revisions=1), unheard)
    assert [each.revision for each in desk.article("tanuki/shop").revisions] == [2, 3]
