from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import StorageError
from rag.library.projections import Entry, Era
from rag.library.vectors import ChromaVectors
from tests.embedders import HashEmbedder
from tests.rag.library.conformance import BRIDGE, OTTER, POND, ProjectionChecks


def entry(id_: str, vector: np.ndarray[Any, np.dtype[np.float32]]) -> Entry:
    return Entry(id_, "", "", vector)


class VectorShelf:
    """Texts as the vectors of their words."""

    def __init__(self, projection: ChromaVectors) -> None:
        self.projection, self._embedder = projection, HashEmbedder(dimensions=256)

    def put(self, texts: Mapping[str, str], era: Era = Era.LIVE) -> None:
        matrix = self._embedder.embed(list(texts.values()))
        self.projection.add([entry(id_, vector) for id_, vector in zip(texts, matrix, strict=True)], era)

    def find(self, text: str, limit: int, *, past: bool = False) -> list[tuple[str, float]]:
        (vector,) = self._embedder.embed([text])
        return self.projection.search(vector, limit, past=past)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[VectorShelf]:
    with closing(ChromaVectors(tmp_path / "vectors")) as projection:
        yield VectorShelf(projection)


class TestChromaVectors(ProjectionChecks):
    """Chroma passes the checks of every projection."""


def unit(*values: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_scores_are_cosines_and_not_distances(shelf: VectorShelf) -> None:
    shelf.projection.add([entry(OTTER, unit(1, 0)), entry(BRIDGE, unit(0.6, 0.8)), entry(POND, unit(-1, 0))], Era.LIVE)
    found = shelf.projection.search(unit(1, 0), 3, past=False)
    assert [id_ for id_, _ in found] == [OTTER, BRIDGE, POND]
    assert [score for _, score in found] == pytest.approx([1.0, 0.6, -1.0], abs=1e-6)


def test_vectors_are_there_after_a_reopening(tmp_path: Path) -> None:
    with closing(ChromaVectors(tmp_path)) as projection:
        projection.add([entry(OTTER, unit(1, 0)), entry(BRIDGE, unit(0, 1))], Era.LIVE)
    with closing(ChromaVectors(tmp_path)) as projection:
        assert projection.ids(Era.LIVE) == {OTTER, BRIDGE}
        ((id_, score),) = projection.search(unit(0, 1), 1, past=False)
        assert id_ == BRIDGE
        assert score == pytest.approx(1.0)


def test_vectors_are_given_back_as_they_are_held(shelf: VectorShelf) -> None:
    shelf.projection.add([entry(OTTER, unit(0.6, 0.8))], Era.LIVE)
    shelf.projection.add([entry(POND, unit(0, 1))], Era.PAST)
    live, past = (shelf.projection.vectors([OTTER, POND, BRIDGE], era) for era in Era)
    assert {id_: vector.tolist() for id_, vector in live.items()} == {OTTER: pytest.approx([0.6, 0.8])}
    assert {id_: vector.tolist() for id_, vector in past.items()} == {POND: pytest.approx([0.0, 1.0])}


def test_vectors_of_another_length_are_a_storage_error(shelf: VectorShelf, tmp_path: Path) -> None:
    shelf.projection.add([entry(OTTER, unit(1, 0))], Era.LIVE)
    with pytest.raises(StorageError) as failure:
        shelf.projection.add([entry(BRIDGE, unit(1, 0, 0))], Era.LIVE)
    assert failure.value.path == str(tmp_path / "vectors")
    assert failure.value.problem.startswith("Chroma failed (")
    assert failure.value.remedy == "Check the disk; the vectors are made anew from the catalog by: byline rebuild"


def test_a_file_in_the_folders_place_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("not a folder")
    with pytest.raises(StorageError) as failure:
        ChromaVectors(tmp_path / "vectors")
    assert failure.value.path == str(tmp_path / "vectors")
