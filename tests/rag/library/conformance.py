"""What every projection must do. A test module names a ``shelf`` fixture and inherits these checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.library.projections import Entry, Era

if TYPE_CHECKING:
    from rag.library.projections import Projection

OTTER, BRIDGE, POND = "00000000000000aa", "fedcba9876543210", "000000000000000c"
NO_VECTOR = np.zeros(1, dtype=np.float32)


def entry(id_: str, text: str, prefix: str = "") -> Entry:
    """A passage for a projection that does not look at vectors."""
    return Entry(id_, prefix, text, NO_VECTOR)


class Shelf(Protocol):
    """A projection, driven by words alone."""

    @property
    def projection(self) -> Projection:
        """The projection."""

    def put(self, texts: Mapping[str, str], era: Era = Era.LIVE) -> None:
        """Add or replace passages by their texts."""

    def find(self, text: str, limit: int, *, past: bool = False) -> list[tuple[str, float]]:
        """Search with the words of a text."""


class ProjectionChecks:
    """Inherited by the tests of each projection."""

    def test_an_empty_projection_finds_nothing(self, shelf: Shelf) -> None:
        assert shelf.find("otter", 10) == shelf.find("otter", 10, past=True) == []
        for era in Era:
            assert (shelf.projection.count(era), shelf.projection.ids(era)) == (0, set())

    def test_what_was_added_is_held(self, shelf: Shelf) -> None:
        shelf.put({OTTER: "otter", BRIDGE: "bridge"})
        shelf.put({POND: "pond"})
        assert shelf.projection.ids(Era.LIVE) == {OTTER, BRIDGE, POND}
        assert (shelf.projection.count(Era.LIVE), shelf.projection.count(Era.PAST)) == (3, 0)

    def test_search_gives_the_best_first_with_falling_scores(self, shelf: Shelf) -> None:
        shelf.put({POND: "pond water", BRIDGE: "otter bridge wood stone", OTTER: "otter"})
        found = shelf.find("otter", 2)
        assert [id_ for id_, _ in found] == [OTTER, BRIDGE]
        assert found[0][1] > found[1][1] > 0

    def test_search_gives_no_more_than_asked_for(self, shelf: Shelf) -> None:
        shelf.put({OTTER: "otter", BRIDGE: "otter bridge"})
        assert [id_ for id_, _ in shelf.find("otter", 1)] == [OTTER]
        assert shelf.find("otter", 0) == []

    def test_a_limit_beyond_the_count_gives_all(self, shelf: Shelf) -> None:
        shelf.put({OTTER: "otter", BRIDGE: "otter bridge", POND: "otter pond water"})
        assert {id_ for id_, _ in shelf.find("otter", 1000)} == {OTTER, BRIDGE, POND}

    def test_past_passages_are_found_only_when_asked_for(self, shelf: Shelf) -> None:
        shelf.put({OTTER: "otter bridge wood"})
        shelf.put({BRIDGE: "otter"}, Era.PAST)
        assert [id_ for id_, _ in shelf.find("otter", 5)] == [OTTER]
        assert [id_ for id_, _ in shelf.find("otter", 5, past=True)] == [BRIDGE, OTTER]
        assert (shelf.projection.ids(Era.LIVE), shelf.projection.ids(Era.PAST)) == ({OTTER}, {BRIDGE})

    def test_a_passage_that_moves_between_the_eras_is_found_once_all_the_time(self, shelf: Shelf) -> None:
        shelf.put({OTTER: "otter"})
        shelf.put({OTTER: "otter"}, Era.PAST)
        assert [id_ for id_, _ in shelf.find("otter", 5, past=True)] == [OTTER]
        assert (shelf.projection.count(Era.LIVE), shelf.projection.count(Era.PAST)) == (1, 1)
        shelf.projection.remove([OTTER], Era.LIVE)
        assert [id_ for id_, _ in shelf.find("otter", 5, past=True)] == [OTTER]
        assert shelf.find("otter", 5) == []

    def test_adding_an_id_again_replaces_it(self, shelf: Shelf) -> None:
        shelf.put({OTTER: "otter", BRIDGE: "bridge"})
        shelf.put({OTTER: "pond", BRIDGE: "otter"})
        assert shelf.projection.count(Era.LIVE) == 2
        assert [id_ for id_, _ in shelf.find("otter", 1)] == [BRIDGE]
        assert [id_ for id_, _ in shelf.find("pond", 1)] == [OTTER]

    def test_what_was_removed_is_not_found(self, shelf: Shelf) -> None:
        shelf.put({OTTER: "otter", BRIDGE: "otter bridge"})
        shelf.projection.remove([OTTER], Era.LIVE)
        assert [id_ for id_, _ in shelf.find("otter", 10)] == [BRIDGE]
        assert (shelf.projection.count(Era.LIVE), shelf.projection.ids(Era.LIVE)) == (1, {BRIDGE})

    def test_unknown_ids_are_ignored_when_removing(self, shelf: Shelf) -> None:
        shelf.put({OTTER: "otter"})
        shelf.projection.remove([POND, BRIDGE], Era.LIVE)
        shelf.projection.remove([OTTER], Era.PAST)
        shelf.projection.remove([], Era.LIVE)
        assert shelf.projection.ids(Era.LIVE) == {OTTER}

    def test_more_records_than_one_call_of_the_store_takes(self, shelf: Shelf) -> None:
        ids = [f"{number:016x}" for number in range(5600)]
        shelf.put({id_: f"water{id_}" for id_ in ids} | {ids[5599]: "otter"})
        assert shelf.projection.count(Era.LIVE) == 5600
        assert shelf.projection.ids(Era.LIVE) == set(ids)
        assert [id_ for id_, _ in shelf.find("otter", 1)] == [ids[5599]]
        shelf.projection.remove(ids[:5599], Era.LIVE)
        assert shelf.projection.ids(Era.LIVE) == {ids[5599]}
