"""Exports that are ingested: libraries come back as they were, and join."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from ingest.formats.exports import export_lines
from ingest.pipeline import Consent, ingest
from ingest.restoring import ARTICLES_A_LOOKUP
from rag.domain import Record
from rag.engine import Engine
from rag.errors import Interrupted
from rag.library.history import HeldRevision
from rag.library.projections import Era
from rag.library.snapshot import Scope
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import retrieve
from tests.embedders import HashEmbedder
from tests.ingest.conftest import Ingesting, counts
from tests.rag.library.filled import shelf_of, wanted
from tests.shelving import open_for

DAYS = ("2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04")


class Libraries:
    """Libraries side by side, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self._opened: dict[str, Ingesting] = {}

    def __getitem__(self, name: str) -> Ingesting:
        if name not in self._opened:
            library = open_for(HashEmbedder(), self._folder / "libraries" / name)
            self._opened[name] = Ingesting(self._stack.enter_context(closing(library)))
        return self._opened[name]

    def export(self, name: str) -> Path:
        """A file that holds an export of a library."""
        lines = export_lines(Engine(self[name].library, self[name].embedder))
        path = self._folder / f"{name}.jsonl"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    def close(self) -> None:
        self._stack.close()


@pytest.fixture
def libraries(tmp_path: Path) -> Iterator[Libraries]:
    with closing(Libraries(tmp_path)) as made:
        yield made


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of articles with and without ids; ``publish`` writes their later states."""
    for number in range(3):
        publish(tmp_path / "news", f"w{number}", f"Otters number {number}.", DAYS[0])
    (tmp_path / "news" / "plain.md").write_text("# Frogs vote\n\nThe frogs of Uji vote.\n", encoding="utf-8")
    return tmp_path / "news"


def publish(folder: Path, id_: str, text: str, updated: str | None = None) -> None:
    facts = {"id": id_, "title": "Pond news", "text": text, "language": "en", "updated": updated}
    folder.mkdir(exist_ok=True)
    entities = [{"name": "Uji", "type": "City"}]
    (folder / f"{id_}.json").write_text(json.dumps(facts | {"entities": entities}), encoding="utf-8")


def history(ingesting: Ingesting) -> list[HeldRevision]:
    return list(Engine(ingesting.library, ingesting.embedder).history())


def digest(ingesting: Ingesting) -> str:
    verdict = ingesting.library.verify(lambda _stage, _done, _total: None)
    assert verdict.damages == ()
    return verdict.digest


def records(ingesting: Ingesting) -> list[Record]:
    with ingesting.library.snapshot() as snapshot:
        return [snapshot.record(each.article.id, each.state.number) for each in history(ingesting)]


def found_as_of(ingesting: Ingesting) -> list[list[tuple[str, int, str]]]:
    """What is found now and on each of the days."""
    with ingesting.library.snapshot() as snapshot:
        scopes = [Scope(as_of=day) for day in (None, *DAYS)]
        queries = [read_query("otters number frogs", scope, snapshot, ingesting.embedder) for scope in scopes]
        hits = [retrieve(snapshot, query, 20) for query in queries]
    return [sorted((hit.article_id, hit.revision, hit.text) for hit in found) for found in hits]


def stated(ingesting: Ingesting, id_: str) -> list[tuple[int, str, bool]]:
    return [
        (each.state.number, each.article.text, each.state.is_live)
        for each in history(ingesting)
        if each.article.id == id_
    ]


def assert_same(restored: Ingesting, original: Ingesting) -> None:
    assert digest(restored) == digest(original)
    assert history(restored) == history(original)
    assert records(restored) == records(original)
    assert found_as_of(restored) == found_as_of(original)
    for projection in shelf_of(restored.library).projections:
        assert {era: projection.ids(era) for era in Era} == wanted(original.library)


def test_a_library_with_a_past_comes_back_as_it_was(libraries: Libraries, news: Path) -> None:
    original = libraries["original"]
    original.run(news)
    publish(news, "w0", "Otters rest.", DAYS[1])
    publish(news, "w1", "Otters build.")
    (news / "w2.json").unlink()
    original.run(news, prune=True, many=True)
    publish(news, "w0", "Otters number 0.", DAYS[2])  # a state that came back
    publish(news, "w3", "Kappa trade.", DAYS[2])
    original.run(news)
    for text in ("Kappa rest.", "Kappa sleep."):
        publish(news, "w3", text, DAYS[3])
        original.run(news, keep_revisions=1)
    original.library.remove(["w1"])
    report = libraries["copy"].run(libraries.export("original"))
    assert [(each.article.id, each.state.number) for each in history(original)] == [
        ("news/plain.md", 1), ("w0", 1), ("w0", 2), ("w0", 3), ("w3", 2), ("w3", 3),
    ]  # fmt: skip
    assert counts(report) == (3, 0, 0, 0)
    assert (report.passages, report.embedded, report.failed) == (6, 5, ())
    assert_same(libraries["copy"], original)


def test_a_live_revision_that_is_not_the_last_one_stays_live(libraries: Libraries, news: Path) -> None:
    original = libraries["original"]
    for number in range(3):
        publish(news, "w0", f"Otters {number}.", DAYS[number])
        original.run(news)
    with original.library._catalog.writing() as connection:
        second = "SELECT pk FROM revisions WHERE number = 2"
        connection.exec_driver_sql(f"UPDATE articles SET live = ({second}) WHERE id = 'w0'")
        connection.exec_driver_sql("UPDATE revisions SET superseded = NULL WHERE number >= 2")
    original.library._shelf_in_step().bring_in_step(original.library._catalog)
    libraries["copy"].run(libraries.export("original"))
    assert stated(original, "w0") == [(1, "Otters 0.", False), (2, "Otters 1.", True), (3, "Otters 2.", False)]
    assert_same(libraries["copy"], original)


def test_restoring_twice_changes_nothing_and_embeds_nothing(libraries: Libraries, news: Path) -> None:
    for text in ("Otters rest.", "Otters number 0."):
        libraries["original"].run(news)
        publish(news, "w0", text, DAYS[1])
    libraries["original"].run(news)
    export = libraries.export("original")
    copy = libraries["copy"]
    copy.run(export)
    copy.library._catalog.note("last_ingest", last := "2001-01-01T00:00:00+00:00")
    before = history(copy)
    report = copy.run(export)
    assert counts(report) == (0, 0, 4, 0)
    assert (report.passages, report.embedded) == (0, 0)
    assert copy.library.statistics().last_ingest == last
    assert history(copy) == before
    assert counts(libraries["original"].run(export)) == (0, 0, 4, 0)


def test_progress_is_counted_in_revisions(libraries: Libraries, news: Path) -> None:
    libraries["original"].run(news)
    publish(news, "w0", "Otters rest.")
    libraries["original"].run(news)
    export = libraries.export("original")
    libraries["copy"].run(export)
    assert libraries["copy"].heard[-1] == ("embedding", 5, 5)
    assert [done for _, done, _ in libraries["copy"].heard] == sorted(done for _, done, _ in libraries["copy"].heard)
    libraries["copy"].run(export)
    assert libraries["copy"].heard == [("embedding", done, 5) for done in (1, 3, 4, 5)]


def test_a_restore_that_was_broken_off_goes_on(libraries: Libraries, tmp_path: Path) -> None:
    folder, count = tmp_path / "ponds", ARTICLES_A_LOOKUP + 1
    folder.mkdir()
    for number in range(count):
        publish(folder, f"w{number:03}", f"Otters number {number}.", DAYS[0])
    libraries["original"].run(folder)
    for name in ("w000", f"w{count - 1}"):
        publish(folder, name, "Otters rest.", DAYS[1])
    libraries["original"].run(folder)
    export, copy = libraries.export("original"), libraries["copy"]

    def stop(stage: str, done: int, total: int | None) -> None:
        if (stage, total) == ("embedding", count + 2) and done > ARTICLES_A_LOOKUP + 1:
            raise Interrupted

    with pytest.raises(Interrupted):
        ingest([str(export)], copy.library, copy.embedder, consent=Consent(), progress=stop)
    assert copy.library.statistics().articles == ARTICLES_A_LOOKUP
    report = copy.run(export)
    assert (counts(report), report.embedded) == ((1, 0, ARTICLES_A_LOOKUP, 0), 2)
    assert_same(copy, libraries["original"])


def test_a_damaged_line_is_named_and_another_copy_fills_the_gap(libraries: Libraries, news: Path) -> None:
    for text in ("Otters rest.", "Otters build."):
        libraries["original"].run(news)
        publish(news, "w1", text)
    libraries["original"].run(news)
    export = libraries.export("original")
    whole = export.read_text(encoding="utf-8")
    export.write_text(whole.replace("Otters rest", "Otters rust"), encoding="utf-8")
    copy = libraries["copy"]
    report = copy.run(export)
    (failed,) = report.failed
    assert (failed.path, failed.problem) == (f"{export}, line 5", "is not as it was exported")
    assert counts(report) == (4, 0, 0, 0)
    assert stated(copy, "w1") == [(1, "Otters number 1.", False), (3, "Otters build.", True)]
    export.write_text(whole, encoding="utf-8")
    report = copy.run(export)
    assert (counts(report), report.embedded, report.failed) == ((0, 1, 3, 0), 1, ())
    assert_same(copy, libraries["original"])


def test_what_was_trimmed_comes_back_below_the_live_revision(libraries: Libraries, news: Path) -> None:
    original = libraries["original"]
    original.run(news)
    publish(news, "w0", "Otters rest.", DAYS[1])
    original.run(news)
    export, before = libraries.export("original"), history(original)
    publish(news, "w0", "Otters build.", DAYS[2])
    original.run(news, keep_revisions=0)
    assert stated(original, "w0") == [(3, "Otters build.", True)]
    assert counts(original.run(export, keep_revisions=0)) == (0, 0, 4, 0)
    assert counts(original.run(export)) == (0, 1, 3, 0)
    (first, second, third) = [each.state for each in history(original) if each.article.id == "w0"]
    assert [first, second.number] == [before[1].state, 2]
    assert (second.superseded, third.number, third.is_live) == (third.seen, 3, True)
    assert [hits[0] for hits in found_as_of(original)] == [
        ("news/plain.md", 1, "The frogs of Uji vote."),
        ("w0", 1, "Otters number 0."),
        ("w0", 2, "Otters rest."),
        ("w0", 3, "Otters build."),
        ("w0", 3, "Otters build."),
    ]
    digest(original)


def test_two_libraries_join(libraries: Libraries, news: Path) -> None:
    here, there = libraries["here"], libraries["there"]
    publish(news, "w0", "Otters rest.", DAYS[0])
    here.run(news)
    there.run(news)
    publish(news, "w0", "Otters build.", DAYS[1])
    here.run(news)
    publish(news, "w0", "Otters sleep.", DAYS[2])
    publish(news, "w4", "Kappa trade.")
    there.run(news)
    assert counts(here.run(libraries.export("there"))) == (1, 1, 3, 0)
    assert stated(here, "w0") == [
        (1, "Otters rest.", False), (2, "Otters build.", False), (3, "Otters sleep.", True),
    ]  # fmt: skip
    assert counts(there.run(libraries.export("here"))) == (0, 1, 4, 0)
    assert there.texts("w0") == ["Otters rest.", "Otters sleep.", "Otters build.", "Otters sleep."]
    assert digest(here) == digest(there)
    assert counts(there.run(libraries.export("here"))) == (0, 0, 5, 0)
    assert counts(here.run(libraries.export("there"))) == (0, 0, 5, 0)


def test_the_folder_an_article_came_from_is_read_again_after_a_restore(libraries: Libraries, news: Path) -> None:
    original = libraries["original"]
    original.run(news)
    publish(news, "w0", "Otters rest.")
    original.run(news)
    later = libraries.export("original")
    copy = libraries["copy"]
    publish(news, "w0", "Otters number 0.", DAYS[0])
    copy.run(news)
    assert counts(copy.run(later)) == (0, 1, 3, 0)
    assert copy.texts("w0")[-1] == "Otters rest."
    assert counts(copy.run(news)) == (0, 1, 3, 0)
    assert copy.texts("w0")[-1] == "Otters number 0."


def test_a_prune_after_a_restore_removes_what_is_gone_from_the_folder(libraries: Libraries, news: Path) -> None:
    libraries["original"].run(news)
    copy = libraries["copy"]
    copy.run(libraries.export("original"))
    (news / "w2.json").unlink()
    assert counts(copy.run(news, prune=True, many=True)) == (0, 0, 3, 1)
    assert copy.ids() == ["news/plain.md", "w0", "w1"]


def test_an_export_in_a_folder_is_restored_and_what_it_holds_is_not_pruned(libraries: Libraries, news: Path) -> None:
    libraries["original"].run(news)
    libraries.export("original").rename(news / "backup.NDJSON")
    for name in ("w1", "w2"):
        (news / f"{name}.json").unlink()
    copy = libraries["copy"]
    for added, unchanged in ((4, 2), (0, 6)):
        assert counts(copy.run(news, prune=True)) == (added, 0, unchanged, 0)
    assert_same(copy, libraries["original"])


def test_an_article_that_only_stands_at_the_same_place_is_refused(libraries: Libraries, news: Path) -> None:
    other = news.parent / "other" / "news"
    other.mkdir(parents=True)
    (other / "plain.md").write_text("# Badgers\n\nThe badgers sing.\n", encoding="utf-8")
    libraries["here"].run(news)
    libraries["there"].run(other)
    report = libraries["here"].run(export := libraries.export("there"))
    (failed,) = report.failed
    assert failed.path == f"{export}, article 'news/plain.md'"
    assert failed.problem == f"the article has no id of its own, and {news} already has one at the same place"
    assert libraries["here"].texts("news/plain.md") == ["The frogs of Uji vote."]


def test_a_held_article_keeps_its_root(libraries: Libraries, news: Path) -> None:
    libraries["there"].run(news)
    publish(news, "w0", "Otters rest.")
    libraries["there"].run(news)
    export = libraries.export("there")
    publish(news, "w0", "Otters number 0.", DAYS[0])
    moved = news.rename(news.parent / "moved")
    here = libraries["here"]
    here.run(moved / "w0.json")
    here.run(export)
    assert here.texts("w0")[-1] == "Otters rest."
    assert here.library.live_ids(str(moved)) == {"w0"}
    assert here.library.live_ids(str(news)) == {"news/plain.md", "w1", "w2"}


def test_an_export_of_a_newer_byline_is_refused_whole(libraries: Libraries, tmp_path: Path) -> None:
    path = tmp_path / "new.jsonl"
    path.write_text(json.dumps({"byline_export": 2, "revisions": 1}) + '\n{"id": "a", "text": "b"}\n')
    report = libraries["here"].run(path)
    assert [str(each) for each in report.failed] == [
        f"{path}: is an export of a newer Byline (format 2; this one reads 1). Bring this Byline up to date"
    ]
    assert libraries["here"].ids() == []
