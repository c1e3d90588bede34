from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rag.doctor import Check, State, examine
from rag.domain import Encoding
from rag.library.owner import Ownership
from rag.library.schema import RESTORE
from rag.library.shelf import KEYWORDS
from rag.settings import Settings, load_settings
from tests.embedders import HashEmbedder
from tests.endpoints import endpoint, says
from tests.rag.library.filled import ARTICLES
from tests.rag.library.test_schema import set_version
from tests.shelving import open_for, shelve


@pytest.fixture
def settings(tmp_path: Path, settings_for: Callable[[Path], Settings]) -> Settings:
    """Settings for a filled library of the embedded model's identity."""
    made = settings_for(tmp_path / "library")
    fill(made.library)
    return made


def fill(folder: Path, identity: str = "all-MiniLM-L6-v2@53aa51172d14") -> None:
    embedder = HashEmbedder(identity=identity)
    with closing(open_for(embedder, folder)) as library:
        library.adopt(Encoding("all-MiniLM-L6-v2", identity, 160))
        shelve(library, embedder, *ARTICLES)


def found(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in examine(settings)}


def test_a_sound_installation_has_nothing_to_do(settings: Settings) -> None:
    checks = examine(settings)
    assert [check.name for check in checks] == [
        "packages", "library", "owner", "seal", "model", "reader", "rerank model", "disk", "language model",
    ]  # fmt: skip
    assert {check.state for check in checks if check.name != "model"} == {State.OK}
    assert all(not check.remedy for check in checks)


def test_examining_changes_nothing(settings: Settings) -> None:
    before = state(settings.library)
    examine(settings)
    assert state(settings.library) == before


def state(folder: Path) -> dict[Path, tuple[int, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_where_there_is_no_library_it_says_how_to_make_one(tmp_path: Path) -> None:
    check = found(load_settings(library=tmp_path / "none"))["library"]
    assert check == Check(
        "library", State.WARNING, f"{tmp_path / 'none'} holds no library yet", "Make one with: byline ingest FOLDER"
    )
    assert not (tmp_path / "none").exists()


def test_a_catalog_that_is_gone_is_not_taken_for_a_library_that_was_never_filled(settings: Settings) -> None:
    path = settings.library / "catalog.sqlite"
    path.unlink()
    check = found(settings)["library"]
    assert check == Check("library", State.FAULT, f"{path} is gone or empty, though the library was filled", RESTORE)


def test_who_holds_the_library_is_named_with_what_it_does(settings: Settings) -> None:
    held = Ownership(settings.library, "ingest")
    held.report("embedding 3 of 9 articles")
    check = found(settings)["owner"]
    assert check.state is State.WARNING
    assert check.detail.startswith("held by byline ingest (process ")
    assert check.detail.endswith(", embedding 3 of 9 articles)")
    held.open_door("http://127.0.0.1:8000")
    assert found(settings)["owner"].state is State.OK
    held.release()


def test_files_that_changed_since_the_closing_are_named(settings: Settings) -> None:
    (settings.library / "projections" / "1.1" / KEYWORDS / "meta.json").write_text("{")
    check = found(settings)["seal"]
    assert check.state is State.FAULT
    assert check.detail == f"changed since it was closed, 1 in all: projections/1.1/{KEYWORDS}/meta.json"
    (settings.library / "seal.json").unlink()
    assert found(settings)["seal"].state is State.WARNING


def test_a_damaged_a_former_and_a_newer_catalog_are_told_apart(settings: Settings) -> None:
    path = settings.library / "catalog.sqlite"
    for version, state in (("0001", State.WARNING), ("0099", State.FAULT)):
        set_version(path, version)
        assert found(settings)["library"].state is state
    path.write_bytes(b"no database" * 1000)
    assert found(settings)["library"].detail.startswith(f"{path}: SQLite failed (file is not a database)")


def test_a_model_that_is_not_the_librarys_is_a_fault(tmp_path: Path, settings_for: Callable[[Path], Settings]) -> None:
    settings = settings_for(tmp_path / "library")
    fill(settings.library, "hash@1")
    check = found(settings)["model"]
    assert check.state is State.FAULT
    assert check.detail == "the library's vectors are of hash@1, not of all-MiniLM-L6-v2@53aa51172d14"


def test_a_model_that_is_gone_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    check = found(load_settings(library=settings.library, embedding_model=str(tmp_path / "empty")))["model"]
    assert check.state is State.FAULT
    assert "the folder holds no model.safetensors" in check.detail


def test_a_rerank_model_that_is_gone_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    check = found(load_settings(library=settings.library, rerank_model=str(tmp_path / "empty")))["rerank model"]
    assert check.state is State.FAULT
    assert "the folder holds no model.safetensors" in check.detail


def test_whether_the_language_model_can_be_reached_is_told_without_the_key(settings: Settings) -> None:
    def configured(url: str) -> Check:
        made = load_settings(library=settings.library, llm_url=url, llm_model="otter-1b", llm_key="sk-1")
        return found(made)["language model"]

    with endpoint(says("Hello.")) as heard:
        check = configured(heard.url)
    assert check.state is State.OK
    assert check.detail.startswith("otter-1b at 127.0.0.1:")
    assert [set(request.headers) & {"authorization", "x-api-key"} for request in heard.heard] == [set()]
    gone = configured(heard.url)
    assert gone.state is State.WARNING
    assert gone.detail.endswith(" cannot be reached")
