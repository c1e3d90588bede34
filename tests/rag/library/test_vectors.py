from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StorageError
from rag.library.vectors import ChromaVectors
from tests.embedders import HashEmbedder
from tests.rag.library.conformance import BRIDGE, OTTER, POND, ProjectionChecks


class VectorShelf:
    """Texts as the vectors of their words."""

    def __init__(self, projection: ChromaVectors) -> None:
        self.projection, self._embedder = projection, HashEmbedder(dimensions=256)

    def put(self, texts: Mapping[str, str]) -> None:
        self.projection.add(list(texts), self._embedder.embed(list(texts.values())))

    def find(self, text: str, limit: int) -> list[tuple[str, float]]:
        (vector,) = self._embedder.embed([text])
        return self.projection.search(vector, limit)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[VectorShelf]:
    with closing(ChromaVectors(tmp_path / "vectors")) as projection:
        yield VectorShelf(projection)


class TestChromaVectors(ProjectionChecks):
    """Chroma passes the checks of every projection."""


def unit(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_scores_are_cosines_and_not_distances(shelf: VectorShelf) -> None:
    shelf.projection.add([OTTER, BRIDGE, POND], np.array([unit(1, 0), unit(0.6, 0.8), unit(-1, 0)]))
    found = shelf.projection.search(unit(1, 0), 3)
    assert [id_ for id_, _ in found] == [OTTER, BRIDGE, POND]
    assert [score for _, score in found] == pytest.approx([1.0, 0.6, -1.0], abs=1e-6)


def test_vectors_are_there_after_a_reopening(tmp_path: Path) -> None:
    with closing(ChromaVectors(tmp_path)) as projection:
        projection.add([OTTER, BRIDGE], np.array([unit(1, 0), unit(0, 1)]))
    with closing(ChromaVectors(tmp_path)) as projection:
        assert projection.ids() == {OTTER, BRIDGE}
        ((id_, score),) = projection.search(unit(0, 1), 1)
        assert id_ == BRIDGE
        assert score == pytest.approx(1.0)


def test_vectors_of_another_length_are_a_storage_error(shelf: VectorShelf, tmp_path: Path) -> None:
    shelf.projection.add([OTTER], np.array([unit(1, 0)]))
    with pytest.raises(StorageError) as failure:
        shelf.projection.add([BRIDGE], np.array([unit(1, 0, 0)]))
    assert failure.value.path == str(tmp_path / "vectors")
    assert failure.value.problem.startswith("Chroma failed (")
    assert failure.value.remedy == "Check the disk; the vectors are rebuilt from the catalog if you delete this folder"


def test_a_file_in_the_folders_place_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("not a folder")
    with pytest.raises(StorageError) as failure:
        ChromaVectors(tmp_path / "vectors")
    assert failure.value.path == str(tmp_path / "vectors")
