from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import StorageError
from rag.library.keywords import TantivyKeywords, analyse
from rag.library.projections import Era
from tests.rag.library.conformance import BRIDGE, OTTER, POND, ProjectionChecks, entry


class KeywordShelf:
    """Texts as passages without a prefix."""

    def __init__(self, projection: TantivyKeywords) -> None:
        self.projection = projection

    def put(self, texts: Mapping[str, str], era: Era = Era.LIVE) -> None:
        self.projection.add([entry(id_, text) for id_, text in texts.items()], era)

    def find(self, text: str, limit: int, *, past: bool = False) -> list[tuple[str, float]]:
        return self.projection.search(analyse(text), limit, past=past)

    def ids(self, query: str) -> list[str]:
        return [id_ for id_, _ in self.find(query, 10)]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[KeywordShelf]:
    with closing(TantivyKeywords(tmp_path / "keywords")) as projection:
        yield KeywordShelf(projection)


class TestTantivyKeywords(ProjectionChecks):
    """Tantivy passes the checks of every projection."""


def test_what_a_killed_commit_left_does_not_stop_the_same_commit(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    with closing(TantivyKeywords(killed)) as keywords:
        keywords.add([entry(OTTER, "an otter swims"), entry(BRIDGE, "a bridge stands")], Era.LIVE)
    shutil.copytree(killed, whole)
    with closing(TantivyKeywords(whole)) as keywords:
        keywords.remove([OTTER], Era.LIVE)
    for path in whole.iterdir():  # all of the commit but its last step
        if path.name != "meta.json":
            shutil.copy2(path, killed / path.name)
    with closing(TantivyKeywords(killed)) as keywords:
        assert keywords.ids(Era.LIVE) == {OTTER, BRIDGE}
        keywords.remove([OTTER], Era.LIVE)
        assert keywords.ids(Era.LIVE) == {BRIDGE}


def test_a_query_of_stop_words_alone_finds_nothing(shelf: KeywordShelf) -> None:
    shelf.put({OTTER: "the otter is in the pond"})
    assert shelf.ids("is the") == []
    assert shelf.ids("is the otter") == [OTTER]
    assert shelf.ids("") == []


@pytest.mark.parametrize(
    "query",
    [
        "AND otter", "otter OR", "NOT otter", "(otter", "otter)", '"otter', "otter:", "text:otter", "*otter", "otter*",
        "otter~2", "otter^3", "+otter -otter", "[otter TO zebra]", "{otter}", "\\otter", "id:aa otter", "/otter/",
    ],
)  # fmt: skip
def test_query_syntax_is_plain_words(shelf: KeywordShelf, query: str) -> None:
    shelf.put({OTTER: "an otter swims", BRIDGE: "a bridge stands"})
    assert shelf.ids(query) == [OTTER]


def test_operators_are_words_that_can_be_found(shelf: KeywordShelf) -> None:
    shelf.put({OTTER: "a nand gate", BRIDGE: "an xor gate"})
    assert shelf.ids("otter XOR bridge") == [BRIDGE]


def test_words_are_found_in_any_form_case_and_accent(shelf: KeywordShelf) -> None:
    shelf.put({OTTER: "Otters finished the BRIDGES", BRIDGE: "a café in Zürich"})
    assert shelf.ids("finishing bridge") == [OTTER]
    assert shelf.ids("Cafe zurich") == [BRIDGE]


def test_a_word_of_the_headline_counts_less_than_one_of_the_text(shelf: KeywordShelf) -> None:
    shelf.projection.add(
        [entry(OTTER, "bridge wood", "pond"), entry(BRIDGE, "pond wood", "bridge"), entry(POND, "water lily", "x")],
        Era.LIVE,
    )
    assert shelf.ids("bridge") == [OTTER, BRIDGE]


def test_a_word_said_twice_in_the_query_counts_once(shelf: KeywordShelf) -> None:
    shelf.put({OTTER: "otter bridge", POND: "pond water"})
    assert shelf.find("otter otters OTTER", 5) == shelf.find("otter", 5)


def test_document_frequency_counts_passages_headlines_included(shelf: KeywordShelf) -> None:
    shelf.projection.add(
        [entry(OTTER, "bridge otter otter", "otter"), entry(BRIDGE, "wood", "otter"), entry(POND, "bridge")], Era.LIVE
    )
    shelf.put({"00000000000000bb": "otter bridge"}, Era.PAST)
    (otter,), (bridge,) = analyse("Otters"), analyse("bridges")
    assert shelf.projection.document_frequency(otter) == 2
    assert shelf.projection.document_frequency(bridge) == 2
    assert shelf.projection.document_frequency("kappa") == 0


def test_a_term_of_removed_passages_alone_has_no_document_frequency(shelf: KeywordShelf) -> None:
    shelf.put({OTTER: "otter", BRIDGE: "bridge", POND: "otter pond"})
    shelf.projection.remove([OTTER, POND], Era.LIVE)
    assert shelf.projection.document_frequency("otter") == 0
    assert shelf.projection.document_frequency("bridg") == 1


def test_analyse_gives_terms_in_order_without_stop_words() -> None:
    assert analyse("The Otters were building bridges") == ["otter", "were", "build", "bridg"]


def test_analyse_gives_the_terms_of_each_language_in_turn() -> None:
    assert analyse("Die Brücken der Otter", ["de-AT"]) == ["bruck", "ott"]
    assert analyse("Die Brücken der Otter", ["de", "fr", "la"]) == [
        *("bruck", "ott"),
        *("di", "brucken", "der", "otter"),
        *("die", "brucken", "der", "otter"),
    ]


def test_articles_are_found_by_other_forms_of_the_words_of_their_language(shelf: KeywordShelf) -> None:
    shelf.projection.add([replace(entry(OTTER, "Die Brücken stehen"), language="de")], Era.LIVE)
    shelf.projection.add([replace(entry(BRIDGE, "Les ponts tremblaient"), language="fr")], Era.LIVE)
    assert shelf.projection.search(analyse("Brücke", ["de", "fr"]), 5, past=False)[0][0] == OTTER
    assert shelf.projection.search(analyse("trembler", ["de", "fr"]), 5, past=False)[0][0] == BRIDGE


def test_a_stop_word_of_english_is_no_term_in_any_language() -> None:
    assert analyse("the otter", ["fr"]) == ["otter"]


@pytest.mark.parametrize(
    ("passage", "query"),
    [
        ("水獭在河边修建了新的木桥。", "谁修建木桥？"),
        ("カワウソは川に橋を架けた。", "橋を架けた"),
        ("수달이 강에 다리를 놓았다.", "수달 다리"),
    ],
)
def test_what_is_written_without_spaces_is_found_by_a_part(shelf: KeywordShelf, passage: str, query: str) -> None:
    shelf.put({OTTER: passage, BRIDGE: "a bridge stands"})
    assert shelf.ids(query) == [OTTER]


def test_keywords_are_there_after_a_reopening(tmp_path: Path) -> None:
    with closing(TantivyKeywords(tmp_path)) as projection:
        projection.add([entry(OTTER, "otter")], Era.LIVE)
    with closing(TantivyKeywords(tmp_path)) as projection:
        assert projection.ids(Era.LIVE) == {OTTER}
        assert [id_ for id_, _ in projection.search(["otter"], 5, past=False)] == [OTTER]


def test_a_damaged_index_is_a_storage_error(tmp_path: Path) -> None:
    with closing(TantivyKeywords(tmp_path)) as projection:
        projection.add([entry(OTTER, "otter")], Era.LIVE)
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(StorageError) as failure:
        TantivyKeywords(tmp_path)
    assert failure.value.path == str(tmp_path)
    assert failure.value.problem.startswith("Tantivy failed (")
    assert failure.value.remedy == "Check the disk; the keywords are made anew from the catalog by: byline rebuild"


def test_a_file_in_the_folders_place_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "keywords").write_text("not a folder")
    with pytest.raises(StorageError) as failure:
        TantivyKeywords(tmp_path / "keywords")
    assert failure.value.path == str(tmp_path / "keywords")


@pytest.mark.parametrize("size", [1, 40, 900])
def test_within_some_passages_the_best_of_them_are_found_exactly(shelf: KeywordShelf, size: int) -> None:
    """A few are looked for one by one, many are picked from the best of all: both find the same."""
    ids = [f"{number:016x}" for number in range(1000)]
    shelf.put({id_: "otter " * (1 + number % 7) + "pond " * (number % 5) for number, id_ in enumerate(ids)})
    within = set(ids[::-1][:size])
    everything = shelf.projection.search(["otter", "pond"], 1000, past=False)
    best = shelf.projection.search(["otter", "pond"], 20, past=False, within=within)
    assert dict(best) == pytest.approx(dict([pair for pair in everything if pair[0] in within][:20]))
    assert shelf.projection.search(["otter"], 20, past=True, within=set()) == []


def test_live_passages_are_found_behind_any_number_of_better_past_ones(shelf: KeywordShelf) -> None:
    shelf.put({f"{number:016x}": "an otter" for number in range(1, 21)}, Era.PAST)
    shelf.put({OTTER: "an otter swims in a wide and quiet river", BRIDGE: "a bridge"})
    assert [id_ for id_, _ in shelf.find("otter", 1)] == [OTTER]
    assert len(shelf.find("otter", 30)) == 1
    assert OTTER not in [id_ for id_, _ in shelf.find("otter", 20, past=True)]
