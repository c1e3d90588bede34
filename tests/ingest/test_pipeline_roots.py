"""Where articles came from: what a prune may remove, and what two folders may share."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import PruneNeedsConsent
from tests.ingest.conftest import Ingesting, counts, write


def test_without_prune_nothing_is_removed(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    (wire / "1.json").unlink()
    assert counts(ingesting.run(wire, many=True)) == (0, 0, 9, 0)
    assert "w1" in ingesting.ids()


def test_a_fifth_may_be_pruned_and_more_needs_consent(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    for number in range(2):
        (wire / f"{number}.json").unlink()
    assert counts(ingesting.run(wire, prune=True)) == (0, 0, 8, 2)
    for number in range(2, 4):
        (wire / f"{number}.json").unlink()
    write(wire / "new.json", id="new", text="Kappa.")
    with pytest.raises(PruneNeedsConsent) as failure:
        ingesting.run(wire, prune=True)
    assert (failure.value.root, failure.value.gone, failure.value.held) == (str(wire), 2, 9)
    assert str(failure.value) == (
        f"2 of the 9 articles from {wire} are gone from there; that many are removed only with --yes. "
        "The new and changed articles are in the library; nothing was removed."
    )
    assert ingesting.ids() == ["new", *(f"w{number}" for number in range(2, 10))]
    assert counts(ingesting.run(wire, prune=True, many=True)) == (0, 0, 7, 2)
    assert ingesting.ids() == ["new", *(f"w{number}" for number in range(4, 10))]


def test_an_unattended_prune_of_many_is_reported_and_left_out_while_the_rest_goes_on(
    ingesting: Ingesting, wire: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    for number in range(5):
        write(other / f"{number}.json", id=f"o{number}", text=f"Kappa number {number}.")
    ingesting.run(wire, other)
    for path in (wire / "0.json", wire / "1.json", wire / "2.json", other / "0.json"):
        path.unlink()
    write(wire / "new.json", id="new", text="Kappa.")
    report = ingesting.run(wire, other, prune=True, unattended=True)
    assert counts(report) == (1, 0, 11, 1)
    assert [str(problem) for problem in report.failed] == [
        f"{wire}: was not pruned: 3 of the 11 articles from there are gone. That many are removed only with --yes"
    ]
    assert {"w0", "w1", "w2", "new"} < set(ingesting.ids())
    assert "o0" not in ingesting.ids()


def test_nothing_is_removed_from_any_root_before_consent_is_asked_for(
    ingesting: Ingesting, wire: Path, tmp_path: Path
) -> None:
    other = tmp_path / "xyz"
    for number in range(5):
        write(other / f"{number}.json", id=f"x{number}", text=f"Kappa number {number}.")
    ingesting.run(wire, other)
    before = ingesting.ids()
    (wire / "0.json").unlink()  # a tenth of this root: needs no consent
    for number in range(3):
        (other / f"{number}.json").unlink()
    with pytest.raises(PruneNeedsConsent, match=r"nothing was removed\.$"):
        ingesting.run(wire, other, prune=True)
    assert ingesting.ids() == before


def test_a_root_with_a_read_error_is_not_pruned(ingesting: Ingesting, wire: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for number in range(5):
        write(other / f"{number}.json", id=f"o{number}", text=f"Kappa number {number}.")
    ingesting.run(wire, other)
    (wire / "1.json").unlink()
    (wire / "2.json").write_text("{")
    (other / "1.json").unlink()
    report = ingesting.run(wire, other, prune=True, many=True)
    assert counts(report) == (0, 0, 12, 1)
    assert {"w1", "w2"} < set(ingesting.ids())
    assert "o1" not in ingesting.ids()


def test_a_root_that_is_gone_or_empty_is_not_pruned(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    for path in wire.iterdir():
        path.unlink()
    assert counts(ingesting.run(wire, prune=True, many=True)) == (0, 0, 0, 0)
    wire.rmdir()
    report = ingesting.run(wire, prune=True, many=True)
    assert (counts(report), [each.problem for each in report.failed]) == ((0, 0, 0, 0), ["does not exist"])
    assert len(ingesting.ids()) == 10


def test_only_the_given_root_is_pruned(ingesting: Ingesting, wire: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other" / "1.json", id="o1", text="Kappa.")
    write(tmp_path / "other" / "2.json", id="o2", text="Kappa two.")
    ingesting.run(wire, other.parent)
    other.unlink()
    (wire / "1.json").unlink()
    assert counts(ingesting.run(wire, prune=True)) == (0, 0, 9, 1)
    assert "o1" in ingesting.ids()
    assert "w1" not in ingesting.ids()


def test_an_article_that_moved_to_another_root_of_the_run_is_not_pruned(
    ingesting: Ingesting, wire: Path, tmp_path: Path
) -> None:
    """It was just read, below another folder: removing it would lose an article that is there."""
    other = tmp_path / "other"
    write(other / "0.json", id="o0", text="Kappa.")
    ingesting.run(wire, other)
    (wire / "1.json").rename(other / "1.json")
    ingesting.run(wire, other, prune=True)
    assert "w1" in ingesting.ids()


def test_an_article_that_another_root_gave_since_is_not_pruned(
    ingesting: Ingesting, wire: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "other" / "1.json", id="o1", text="Kappa.").parent
    ingesting.run(wire)
    (wire / "1.json").rename(other / "w.json")
    ingesting.run(other)
    ingesting.run(wire, prune=True)
    assert "w1" in ingesting.ids()


@pytest.mark.parametrize("name", ["a.txt", "a#b.txt"])
@pytest.mark.parametrize("at_once", [False, True])
def test_folders_of_the_same_name_do_not_mix_articles_without_an_id(
    ingesting: Ingesting,
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
    reports = [ingesting.run(first, second)] if at_once else [ingesting.run(first), ingesting.run(second)]
    assert ingesting.texts(f"news/{name}") == ["Otters build a bridge."]
    (problem,) = reports[-1].failed
    assert str(problem) == (
        f"{second / name}: the article has no id of its own, and {first} already has one at the same place. "
        "Give it an id or a url, or rename a folder"
    )


def test_an_article_without_an_id_is_known_by_its_place_when_it_is_read_again(
    ingesting: Ingesting, tmp_path: Path
) -> None:
    path = tmp_path / "news" / "a.txt"
    path.parent.mkdir()
    path.write_text("Otters build a bridge.")
    ingesting.run(path.parent)
    path.write_text("Otters rest.")
    report = ingesting.run(path)
    assert (counts(report), report.failed) == ((0, 1, 0, 0), ())
    assert counts(ingesting.run(path.parent)) == (0, 0, 1, 0)
    assert ingesting.texts("news/a.txt") == ["Otters build a bridge.", "Otters rest."]


def test_a_problem_of_two_same_named_folders_keeps_the_second_from_being_pruned(
    ingesting: Ingesting, tmp_path: Path
) -> None:
    for place in ("one", "two"):
        path = tmp_path / place / "news" / "a.txt"
        path.parent.mkdir(parents=True)
        path.write_text(f"Otters in {place}.")
    ingesting.run(tmp_path / "one" / "news")
    report = ingesting.run(tmp_path / "two" / "news", prune=True, many=True)
    assert counts(report) == (0, 0, 0, 0)
    assert ingesting.texts("news/a.txt") == ["Otters in one."]


def test_a_file_that_two_paths_reach_is_read_once(ingesting: Ingesting, tmp_path: Path) -> None:
    """A folder and its own subfolder: the article below both is one article."""
    path = tmp_path / "news" / "deep" / "a.txt"
    path.parent.mkdir(parents=True)
    path.write_text("Otters build a bridge.")
    report = ingesting.run(tmp_path / "news", path.parent)
    assert counts(report) == (1, 0, 0, 0)
    assert ingesting.ids() == ["news/deep/a.txt"]


def test_the_same_folder_twice_is_read_once(ingesting: Ingesting, wire: Path) -> None:
    assert counts(ingesting.run(wire, wire)) == (10, 0, 0, 0)
    assert counts(ingesting.run(wire, wire / "3.json", prune=True)) == (0, 0, 10, 0)


def test_an_article_in_two_roots_changes_its_root_with_its_state(ingesting: Ingesting, tmp_path: Path) -> None:
    write(tmp_path / "one" / "a.json", id="a", text="Otters rest.")
    ingesting.run(tmp_path / "one")
    write(tmp_path / "two" / "a.json", id="a", text="Otters build.")
    assert counts(ingesting.run(tmp_path / "two")) == (0, 1, 0, 0)
    assert ingesting.library.live_ids(str(tmp_path / "one")) == set()
    assert ingesting.library.live_ids(str(tmp_path / "two")) == {"a"}


def test_a_file_given_alone_prunes_nothing_of_its_folder(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    before = ingesting.ids()
    assert counts(ingesting.run(wire / "0.json", prune=True, many=True)) == (0, 0, 1, 0)
    assert ingesting.ids() == before


def test_a_folder_that_was_not_pruned_is_named(ingesting: Ingesting, wire: Path) -> None:
    ingesting.run(wire)
    (wire / "1.json").unlink()
    (wire / "2.json").write_text("{")
    report = ingesting.run(wire, prune=True, many=True)
    assert (report.failed[-1].path, report.failed[-1].problem) == (
        str(wire),
        "was not pruned, for not all of it could be read",
    )
