from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import StorageError
from rag.library.keywords import TantivyKeywords
from rag.library.projections import is_panic
from rag.library.vectors import ChromaVectors


class PanicException(BaseException):
    """What Rust code raises when it breaks off."""


def test_a_panic_is_told_by_its_name() -> None:
    assert is_panic(PanicException())
    assert not is_panic(ValueError())
    assert not is_panic(KeyboardInterrupt())


def test_a_panic_below_a_projection_is_a_storage_error_and_an_interrupt_is_not(tmp_path: Path) -> None:
    vectors, keywords = ChromaVectors(tmp_path / "vectors"), TantivyKeywords(tmp_path / "keywords")
    for failing in (vectors._translated, keywords._committing):
        with pytest.raises(StorageError, match=r"failed \(no space\)"), failing():
            raise PanicException("no space")
        with pytest.raises(KeyboardInterrupt), failing():
            raise KeyboardInterrupt
