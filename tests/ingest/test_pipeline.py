from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.chunking import Chunker
from ingest.errors import CannotRead, PruneNeedsConsent
from ingest.pipeline import PASSAGES_A_COMMIT, Consent, Report, ingest
from rag.library.library import Library
from rag.library.snapshot import Scope
from tests.embedders import HashEmbedder

PARAGRAPHS = [" ".join([f"{name}{number}" for number in range(39)]) + "." for name in ("otter", "bridge", "pond", "leaf")]


class Desk:
    """A library with its embedder, and what an ingest of paths does to it."""

    def __init__(self, library: Library) -> None:
        self.library, self.embedder = library, HashEmbedder()
        self.heard: list[tuple[str, int, int | None]] = []

    def ingest(self, *paths: Path, prune: bool = False, many: bool = False) -> Report:
        def hear(stage: str, done: int, total: int | None) -> None:
            self.heard.append((stage, done, total))

        self.heard, self.embedder.given = [], []
        chunker = Chunker(self.embedder.count_tokens, max_tokens=64, passage_tokens=40)
        report = ingest(
            [str(path) for path in paths], self.library, self.embedder, chunker,
            consent=Consent(prune=prune, many=many), progress=hear,
        )  # fmt: skip
        assert report.embedded == len(self.embedder.given)
        assert report.seconds > 0
        return report

    def ids(self) -> list[str]:
        with self.library.snapshot() as snapshot:
            return sorted(each.id for each in snapshot.listings(Scope()))

    def texts(self, article_id: str) -> list[str]:
        """The texts of an article's revisions, in order."""
        with self.library.snapshot() as snapshot:
            numbers = [each.number for each in snapshot.record(article_id).revisions]
            return [snapshot.text(article_id, number) for number in numbers]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Library(tmp_path / "library", HashEmbedder().identity, "test")) as library:
        yield Desk(library)


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    """A folder of ten articles, each with an id."""
    for number in range(10):
        write(tmp_path / "wire" / f"{number}.json", id=f"w{number}", text=f"Otters number {number}.")
    return tmp_path / "wire"


def write(path: Path, **facts: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"title": "Pond news", "language": "en"} | facts), encoding="utf-8")
    return path


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed


def problems(report: Report) -> list[tuple[str, str]]:
    return [(Path(each.path).name, each.problem) for each in report.failed]


def test_a_first_run_adds_everything(desk: Desk, wire: Path) -> None:
    report = desk.ingest(wire)
    assert replace(report, seconds=0.0) == Report(10, 0, 0, 0, (), passages=10, embedded=10, seconds=0.0)
    assert desk.ids() == [f"w{number}" for number in range(10)]


def test_added_changed_unchanged_and_removed_are_counted(desk: Desk, wire: Path) -> None:
    desk.ingest(wire)
    write(wire / "0.json", id="w0", text="Otters rest.")
    write(wire / "10.json", id="w10", text="Kappa trade.")
    (wire / "1.json").unlink()
    report = desk.ingest(wire, prune=True)
    assert counts(report) == (1, 1, 8, 1)
    assert (report.passages, report.embedded, report.failed) == (2, 2, ())
    assert desk.texts("w0") == ["Otters number 0.", "Otters rest."]
    assert "w1" not in desk.ids()


def test_a_second_run_embeds_nothing_and_leaves_the_catalog_as_it_is(desk: Desk, wire: Path, tmp_path: Path) -> None:
    write(wire / "twice.json", id="w0", text="Otters rest.", published="2024-01-01")
    desk.ingest(wire)
    catalog = tmp_path / "library" / "catalog.sqlite"
    before = state(catalog)
    last = desk.library.statistics().last_ingest
    for _ in range(2):
        report = desk.ingest(wire, prune=True)
        assert counts(report) == (0, 0, 10, 0)
        assert (report.passages, report.embedded) == (0, 0)
    assert state(catalog) == before
    assert desk.library.statistics().last_ingest == last


def state(catalog: Path) -> list[tuple[str, int, bytes]]:
    """Name, time of change and bytes of the catalog's files."""
    files = sorted(catalog.parent.glob("catalog.sqlite*"))
    return [(file.name, file.stat().st_mtime_ns, file.read_bytes()) for file in files if not file.name.endswith("-shm")]


def test_an_edited_paragraph_embeds_only_the_passages_it_touches(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "wire" / "a.json", id="a", text=" ".join(PARAGRAPHS))
    report = desk.ingest(path)
    assert (report.passages, report.embedded) == (4, 4)
    write(path, id="a", text=" ".join([*PARAGRAPHS[:2], PARAGRAPHS[2].replace("pond7", "kappa"), PARAGRAPHS[3]]))
    report = desk.ingest(path)
    assert counts(report) == (0, 1, 0, 0)
    assert (report.passages, report.embedded) == (4, 1)
    assert desk.embedder.given == ["Pond news\n" + PARAGRAPHS[2].replace("pond7", "kappa")]


def test_a_new_fact_about_an_article_embeds_nothing(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "wire" / "a.json", id="a", text="Otters rest.")
    desk.ingest(path)
    write(path, id="a", text="Otters rest.", author="Rin Mori")
    report = desk.ingest(path)
    assert counts(report) == (0, 1, 0, 0)
    assert (report.passages, report.embedded) == (1, 0)


def test_an_article_that_goes_back_embeds_nothing_and_gets_a_third_revision(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "wire" / "a.json"
    for text, embedded in (("Otters build.", 1), ("Otters rest.", 1), ("Otters build.", 0)):
        report = desk.ingest(write(path, id="a", text=text))
        assert report.embedded == embedded
    assert desk.texts("a") == ["Otters build.", "Otters rest.", "Otters build."]
    assert counts(desk.ingest(path)) == (0, 0, 1, 0)


def test_the_same_id_twice_in_a_run_gives_two_revisions_by_date(desk: Desk, tmp_path: Path) -> None:
    write(tmp_path / "wire" / "1.json", id="a", text="Newer.", published="2024-01-01", updated="2024-03-01")
    write(tmp_path / "wire" / "2.json", id="a", text="Older.", published="2024-01-01")
    assert counts(desk.ingest(tmp_path / "wire")) == (1, 0, 0, 0)
    assert desk.texts("a") == ["Older.", "Newer."]
    assert counts(desk.ingest(tmp_path / "wire")) == (0, 0, 1, 0)
    assert desk.texts("a") == ["Older.", "Newer."]


def test_an_id_that_moves_to_another_file_keeps_its_identity(desk: Desk, wire: Path) -> None:
    desk.ingest(wire)
    (wire / "deeper").mkdir()
    (wire / "3.json").rename(wire / "deeper" / "three.json")
    report = desk.ingest(wire, prune=True, many=True)
    assert counts(report) == (0, 0, 10, 0)
    assert desk.texts("w3") == ["Otters number 3."]


def test_a_broken_file_among_good_ones_is_reported_and_the_rest_goes_on(desk: Desk, wire: Path) -> None:
    (wire / "4.json").write_text("{", encoding="utf-8")
    (wire / "5.md").write_bytes(b"")
    (wire / "page.docx").write_bytes(b"PK")
    report = desk.ingest(wire)
    assert counts(report) == (9, 0, 0, 0)
    assert problems(report) == [
        ("4.json", "is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))"),
        ("5.md", "holds no text"),
        ("page.docx", "not an article format Byline reads (.atom .htm .html .json .jsonl .markdown .md .ndjson .pdf "
         ".rss .text .txt .xml)"),
    ]  # fmt: skip
    assert all(isinstance(each, CannotRead) for each in report.failed)


def test_progress_is_heard_while_reading_and_while_embedding(desk: Desk, wire: Path) -> None:
    desk.ingest(wire)
    assert desk.heard[:10] == [("reading", number, None) for number in range(1, 11)]
    assert desk.heard[10:] == [*(("embedding", number, 10) for number in range(1, 11)), ("embedding", 10, 10)]
    desk.ingest(wire)
    assert desk.heard == [("reading", number, None) for number in range(1, 11)]


def test_articles_are_committed_in_windows(desk: Desk, tmp_path: Path) -> None:
    """What was committed before a later window failed stays, whole."""
    lines = [json.dumps({"id": f"a{number}", "title": "T", "text": f"Otter {number}."}) for number in range(1100)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    given = FailingEmbedder(after=PASSAGES_A_COMMIT)
    desk.embedder = given
    with pytest.raises(RuntimeError, match="^the embedder broke$"):
        desk.ingest(tmp_path / "many.jsonl")
    assert desk.library.statistics().articles == PASSAGES_A_COMMIT
    desk.embedder = HashEmbedder()
    report = desk.ingest(tmp_path / "many.jsonl")
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


def test_without_prune_nothing_is_removed(desk: Desk, wire: Path) -> None:
    desk.ingest(wire)
    (wire / "1.json").unlink()
    assert counts(desk.ingest(wire, many=True)) == (0, 0, 9, 0)
    assert "w1" in desk.ids()


def test_a_fifth_may_be_pruned_and_more_needs_consent(desk: Desk, wire: Path) -> None:
    desk.ingest(wire)
    for number in range(2):
        (wire / f"{number}.json").unlink()
    assert counts(desk.ingest(wire, prune=True)) == (0, 0, 8, 2)
    for number in range(2, 4):
        (wire / f"{number}.json").unlink()
    write(wire / "new.json", id="new", text="Kappa.")
    with pytest.raises(PruneNeedsConsent) as failure:
        desk.ingest(wire, prune=True)
    assert (failure.value.root, failure.value.gone, failure.value.held) == (str(wire), 2, 9)
    assert str(failure.value) == (
        f"2 of the 9 articles from {wire} are gone from there; that many are removed only with --yes. "
        "The new and changed articles are in the library; nothing was removed."
    )
    assert desk.ids() == ["new", *(f"w{number}" for number in range(2, 10))]
    assert counts(desk.ingest(wire, prune=True, many=True)) == (0, 0, 7, 2)
    assert desk.ids() == ["new", *(f"w{number}" for number in range(4, 10))]


def test_nothing_is_removed_from_any_root_before_consent_is_asked_for(desk: Desk, wire: Path, tmp_path: Path) -> None:
    other = tmp_path / "xyz"
    for number in range(5):
        write(other / f"{number}.json", id=f"x{number}", text=f"Kappa number {number}.")
    desk.ingest(wire, other)
    before = desk.ids()
    (wire / "0.json").unlink()  # a tenth of this root: needs no consent
    for number in range(3):
        (other / f"{number}.json").unlink()
    with pytest.raises(PruneNeedsConsent, match=r"nothing was removed\.$"):
        desk.ingest(wire, other, prune=True)
    assert desk.ids() == before


def test_a_root_with_a_read_error_is_not_pruned(desk: Desk, wire: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for number in range(5):
        write(other / f"{number}.json", id=f"o{number}", text=f"Kappa number {number}.")
    desk.ingest(wire, other)
    (wire / "1.json").unlink()
    (wire / "2.json").write_text("{")
    (other / "1.json").unlink()
    report = desk.ingest(wire, other, prune=True, many=True)
    assert counts(report) == (0, 0, 12, 1)
    assert {"w1", "w2"} < set(desk.ids())
    assert "o1" not in desk.ids()


def test_a_root_that_is_gone_or_empty_is_not_pruned(desk: Desk, wire: Path) -> None:
    desk.ingest(wire)
    for path in wire.iterdir():
        path.unlink()
    assert counts(desk.ingest(wire, prune=True, many=True)) == (0, 0, 0, 0)
    wire.rmdir()
    report = desk.ingest(wire, prune=True, many=True)
    assert (counts(report), problems(report)) == ((0, 0, 0, 0), [("wire", "does not exist")])
    assert len(desk.ids()) == 10


def test_only_the_given_root_is_pruned(desk: Desk, wire: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other" / "1.json", id="o1", text="Kappa.")
    write(tmp_path / "other" / "2.json", id="o2", text="Kappa two.")
    desk.ingest(wire, other.parent)
    other.unlink()
    (wire / "1.json").unlink()
    assert counts(desk.ingest(wire, prune=True)) == (0, 0, 9, 1)
    assert "o1" in desk.ids()
    assert "w1" not in desk.ids()


def test_an_article_that_moved_to_another_root_of_the_run_is_not_pruned(desk: Desk, wire: Path, tmp_path: Path) -> None:
    """It was just read, below another folder: removing it would lose an article that is there."""
    other = tmp_path / "other"
    write(other / "0.json", id="o0", text="Kappa.")
    desk.ingest(wire, other)
    (wire / "1.json").rename(other / "1.json")
    desk.ingest(wire, other, prune=True)
    assert "w1" in desk.ids()


def test_an_article_that_another_root_gave_since_is_not_pruned(desk: Desk, wire: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other" / "1.json", id="o1", text="Kappa.").parent
    desk.ingest(wire)
    (wire / "1.json").rename(other / "w.json")
    desk.ingest(other)
    desk.ingest(wire, prune=True)
    assert "w1" in desk.ids()


@pytest.mark.parametrize("name", ["a.txt", "a#b.txt"])
@pytest.mark.parametrize("at_once", [False, True])
def test_folders_of_the_same_name_do_not_mix_articles_without_an_id(
    desk: Desk,
    tmp_path: Path,
    at_once: bool,  # noqa: FBT001
    name: str,
) -> None:
    """Without an id an article is known by folder name and path; two such are not revisions of one another."""
    for place, text in (("one", "Otters build a bridge."), ("two", "Kappa trade cucumbers.")):
        path = tmp_path / place / "news" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    first, second = tmp_path / "one" / "news", tmp_path / "two" / "news"
    reports = [desk.ingest(first, second)] if at_once else [desk.ingest(first), desk.ingest(second)]
    assert desk.texts(f"news/{name}") == ["Otters build a bridge."]
    (problem,) = reports[-1].failed
    assert str(problem) == (
        f"{second / name}: the article has no id of its own, and {first} already has one at the same place. "
        "Give it an id or a url, or rename a folder"
    )


def test_a_problem_of_two_same_named_folders_keeps_the_second_from_being_pruned(desk: Desk, tmp_path: Path) -> None:
    for place in ("one", "two"):
        path = tmp_path / place / "news" / "a.txt"
        path.parent.mkdir(parents=True)
        path.write_text(f"Otters in {place}.")
    desk.ingest(tmp_path / "one" / "news")
    report = desk.ingest(tmp_path / "two" / "news", prune=True, many=True)
    assert counts(report) == (0, 0, 0, 0)
    assert desk.texts("news/a.txt") == ["Otters in one."]


def test_a_file_that_two_paths_reach_is_read_once(desk: Desk, tmp_path: Path) -> None:
    """A folder and its own subfolder: the article below both is one article."""
    path = tmp_path / "news" / "deep" / "a.txt"
    path.parent.mkdir(parents=True)
    path.write_text("Otters build a bridge.")
    report = desk.ingest(tmp_path / "news", path.parent)
    assert counts(report) == (1, 0, 0, 0)
    assert desk.ids() == ["news/deep/a.txt"]


def test_the_same_folder_twice_is_read_once(desk: Desk, wire: Path) -> None:
    assert counts(desk.ingest(wire, wire)) == (10, 0, 0, 0)
    assert counts(desk.ingest(wire, wire / "3.json", prune=True)) == (0, 0, 10, 0)


def test_an_article_in_two_roots_changes_its_root_with_its_state(desk: Desk, tmp_path: Path) -> None:
    write(tmp_path / "one" / "a.json", id="a", text="Otters rest.")
    desk.ingest(tmp_path / "one")
    write(tmp_path / "two" / "a.json", id="a", text="Otters build.")
    assert counts(desk.ingest(tmp_path / "two")) == (0, 1, 0, 0)
    assert desk.library.live_ids(str(tmp_path / "one")) == set()
    assert desk.library.live_ids(str(tmp_path / "two")) == {"a"}


def test_nothing_given_does_nothing(desk: Desk) -> None:
    assert counts(desk.ingest()) == (0, 0, 0, 0)


def test_an_article_without_passages_is_held_too(desk: Desk, tmp_path: Path) -> None:
    write(tmp_path / "wire" / "a.json", id="a", title="Only a headline", text="")
    report = desk.ingest(tmp_path / "wire")
    assert (counts(report), report.passages, report.failed) == ((1, 0, 0, 0), 0, ())
    assert desk.library.statistics().thin == 1


