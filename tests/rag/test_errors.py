from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import ingest.errors
import rag.errors
from rag.errors import BylineError

ROOT = Path(__file__).resolve().parent.parent.parent


def raise_and_look(name: str, *arguments: object) -> tuple[str, dict[str, object]]:
    error = getattr(rag.errors, name, None) or getattr(ingest.errors, name)
    made = error(*arguments)
    assert isinstance(made, BylineError)
    return str(made), vars(made)


CASES = [
    (
        "SettingsError",
        {"name": "BYLINE_PORT", "problem": "'x' is no number", "remedy": "Give one."},
        "BYLINE_PORT: 'x' is no number. Give one.",
    ),
    (
        "LibraryInUse",
        {"path": "/l", "holder": "byline serve (process 7)"},
        "The library /l is in use by byline serve (process 7). Wait for it to finish, or stop it.",
    ),
    (
        "StorageError",
        {"path": "/l", "problem": "the disk is full", "remedy": "Free space"},
        "/l: the disk is full. Free space",
    ),
    (
        "LibraryTooNew",
        {"path": "/l", "found": "0009", "known": "0001"},
        (
            "The library /l has schema 0009; this Byline knows schemas up to 0001. "
            "Use the newer Byline, or another --library."
        ),
    ),
    (
        "ModelError",
        {"model": "m", "problem": "it is damaged", "remedy": "Delete it", "role": "Reranking model"},
        "Reranking model m: it is damaged. Delete it",
    ),
    (
        "ReaderDamaged",
        {"file": "/reader/model.onnx", "remedy": "Install it again"},
        "/reader/model.onnx, a part of Byline, is damaged or missing. Install it again",
    ),
    (
        "ArticleNotFound",
        {"article_id": "a b/貉", "revision": None},
        "There is no article 'a b/貉' in the library. List them with: byline articles",
    ),
    (
        "ArticleNotFound",
        {"article_id": "a", "revision": 3},
        "There is no revision 3 of article 'a' in the library. List them with: byline show 'a' --json",
    ),
    (
        "Interrupted",
        {},
        "The server is stopping, and broke the work off. Run it again: it goes on where it was.",
    ),
    (
        "AnswererNotConfigured",
        {"answerer": "llm"},
        (
            "The answerer 'llm' is not configured: set BYLINE_LLM_URL and BYLINE_LLM_MODEL, "
            'or ask with the answerer "extractive".'
        ),
    ),
    (
        "EndpointFailed",
        {"endpoint": "127.0.0.1:11434", "problem": "cannot be reached"},
        "The language model at 127.0.0.1:11434 cannot be reached.",
    ),
    (
        "BadRequest",
        {"field": "as_of", "problem": "is no day", "remedy": "Write YYYY-MM-DD"},
        "as_of: is no day. Write YYYY-MM-DD",
    ),
    ("Forbidden", {"path": "/etc", "problem": "is outside", "remedy": "Stay inside"}, "/etc: is outside. Stay inside"),
    (
        "CannotRead",
        {"path": "a.md, line 3", "problem": "is empty", "remedy": "Fill it"},
        "a.md, line 3: is empty. Fill it",
    ),
    (
        "PruneNeedsConsent",
        {"root": "/wire", "gone": 3, "held": 9},
        (
            "3 of the 9 articles from /wire are gone from there; that many are removed only with --yes. "
            "The new and changed articles are in the library; nothing was removed."
        ),
    ),
]


@pytest.mark.parametrize(("name", "data", "message"), CASES)
def test_an_error_keeps_its_data_and_says_what_to_do_next(name: str, data: dict[str, object], message: str) -> None:
    assert raise_and_look(name, *data.values()) == (message, data)


def classes_of(module: ModuleType) -> list[str]:
    return [
        name
        for name, found in vars(module).items()
        if inspect.isclass(found) and issubclass(found, BylineError) and found.__module__ == module.__name__
    ]


def test_the_tree_that_is_drawn_names_exactly_the_classes_of_the_module() -> None:
    tree = (rag.errors.__doc__ or "").split("\n\n")[1]
    drawn = re.findall(r"^(?:[├└]── )?(\w+)", tree, re.MULTILINE)
    assert drawn == classes_of(rag.errors)


def test_the_tree_of_ingest_hangs_from_ours() -> None:
    tree = (ingest.errors.__doc__ or "").split("\n\n")[1]
    drawn = re.findall(r"^(?:[├└]── )?(\w+)", tree, re.MULTILINE)
    assert drawn == ["BylineError", *classes_of(ingest.errors)]


def test_every_case_of_the_tree_is_tested() -> None:
    ours = {*classes_of(rag.errors), *classes_of(ingest.errors)} - {"BylineError"}
    assert {name for name, _, _ in CASES} == ours


def error_modules() -> list[str]:
    """All modules of ours that define a class, found in the source: importing all of them would be slow."""
    paths = [path for wing in ("rag", "ingest", "ui") for path in sorted((ROOT / wing).rglob("*.py"))]
    found = []
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bases = {ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases}
        if any(base.rsplit(".", 1)[-1] in {"BylineError", *classes_of(rag.errors)} for base in bases):
            found.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found


def test_every_error_of_ours_keeps_what_it_was_given() -> None:
    """Also those that a room of its own defines: whatever the constructor takes can be read again, but for the text."""
    modules = error_modules()
    assert {"rag.errors", "ingest.errors"} <= set(modules)
    for module in modules:
        for name in classes_of(import_module(module)):
            error = getattr(import_module(module), name)
            if error is BylineError:
                continue
            names = list(inspect.signature(error.__init__).parameters)[1:]
            made = error(*(f"the {each}" for each in names))
            kept = {key: value for key, value in vars(made).items() if not key.startswith("_")}
            given = {each: f"the {each}" for each in names}
            assert all(given[key] == value for key, value in kept.items()), name
            assert set(given) - set(kept) <= {"detail"}, f"{module}.{name} forgets some of {names}"
            assert all(str(value) in str(made) for value in given.values()) or kept, name
            assert str(made), name
