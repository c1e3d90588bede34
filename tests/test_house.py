"""The house rules that code can check, read from the source itself; nothing of ours is imported here."""

from __future__ import annotations

import ast
import builtins
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WINGS = ("rag", "ingest", "ui")
MAY_IMPORT = {"rag": {"rag"}, "ingest": {"ingest", "rag"}, "ui": {"ui", "ingest", "rag"}}
STANDARD_LIBRARY_ONLY = ("rag.domain", "rag.errors")

LINES_A_FILE = 400
LINES_A_FUNCTION = 60
DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}

EVERYWHERE = {"numpy"}
HOMES = {
    "alembic": ("rag/library/schema.py", "rag/library/migrations/"),
    "charset_normalizer": ("ingest/cleaning.py",),
    "chromadb": ("rag/library/vectors.py",),
    "click": ("ui/",),
    "datasketch": ("rag/likeness/shingles.py",),
    "dateutil": ("ingest/dates.py",),
    "defusedxml": ("ingest/formats/feed.py",),
    "fastapi": ("ui/",),
    "feedparser": ("ingest/formats/feed.py",),
    "filelock": ("rag/library/owner.py",),
    "frontmatter": ("ingest/formats/front_matter.py",),
    "gradio": ("ui/web/",),
    "httpx": (
        "rag/writing/endpoint.py",
        "rag/writing/language_model.py",
        "rag/writing/messages_api.py",
        "ui/handover.py",
    ),
    "llama_index": ("ingest/chunking.py", "rag/writing/language_model.py"),
    "lxml": ("ingest/formats/",),
    "markdown_it": ("ingest/formats/markdown.py",),
    "onnxruntime": ("rag/reading/network.py",),
    "py3langid": ("ingest/languages.py",),
    "pydantic": ("rag/settings.py", "ui/"),
    "pydantic_settings": ("rag/settings.py",),
    "pypdf": ("ingest/formats/pdf.py",),
    "sentence_transformers": ("rag/reading/export.py",),
    "sentencex": ("ingest/chunking.py",),
    "sqlalchemy": ("rag/library/",),
    "starlette": ("ui/",),
    "tantivy": ("rag/library/keywords.py",),
    "tokenizers": ("rag/reading/network.py",),
    "torch": ("rag/reading/export.py",),
    "tqdm": ("ui/terminal.py",),
    "trafilatura": ("ingest/formats/html.py",),
    "uvicorn": ("ui/",),
    "watchfiles": ("ingest/watch.py",),
    "yaml": ("ingest/formats/front_matter.py",),
}
"""Where each third-party package may be imported: a module, or all modules of a folder."""

IMPORTED_AS = {
    "llama-index-core": "llama_index",
    "llama-index-llms-openai-like": "llama_index",
    "markdown-it-py": "markdown_it",
    "python-dateutil": "dateutil",
    "python-frontmatter": "frontmatter",
    "pyyaml": "yaml",
}
NEVER_IMPORTED = {
    "lxml-html-clean": "trafilatura cannot run without it, and does not ask for it itself",
    "onnx": "torch writes the exported graph with it",
    "transformers": "comes with sentence-transformers; named for its security floor",
}

PARENTS = {
    "Protocol": "a protocol",
    "Enum": "an enum",
    "StrEnum": "an enum",
    "IntEnum": "an enum",
    "BaseModel": "a pydantic model",
    "BaseSettings": "a pydantic model",
} | {
    name: "an exception"
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
PARENTS_ASKED_FOR = {
    "click.Group": "click runs all commands through it, so expected failures are shown in one place",
    "TypeDecorator": "SQLAlchemy's way to store a value otherwise than it is used",
    "httpx.BaseTransport": "httpx lets nothing else stand between it and the network",
    "httpx.SyncByteStream": "httpx reads the body of a reply from nothing else",
    "torch.nn.Module": "torch exports nothing else",
}


@dataclass(frozen=True, slots=True)
class Module:
    """A source file, parsed."""

    path: str
    lines: int
    tree: ast.Module

    @property
    def wing(self) -> str:
        return self.path.split("/", 1)[0]

    @property
    def dotted(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass(frozen=True, slots=True)
class Import:
    """A line that imports ``target``, the dotted path of a module."""

    module: Module
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.module.path}:{self.line}: imports {self.target}"

    @property
    def name(self) -> str:
        """The top-level name: one of our wings, or a package."""
        return self.target.split(".")[0]

    @property
    def is_ours(self) -> bool:
        return self.name in WINGS

    @property
    def is_third_party(self) -> bool:
        return not self.is_ours and self.name not in sys.stdlib_module_names


def read_modules(*folders: str) -> list[Module]:
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [_read_module(path) for path in paths]


def imports_of(module: Module) -> Iterator[Import]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Import(module, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield Import(module, node.lineno, "." * node.level + (node.module or ""))


def _read_module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path.relative_to(ROOT).as_posix(), len(text.splitlines()), ast.parse(text))


MODULES = read_modules(*WINGS)
ALL_MODULES = MODULES + read_modules("tests", "benchmarks", "training")
IMPORTS = [found for module in MODULES for found in imports_of(module)]
THIRD_PARTY = [found for found in IMPORTS if found.is_third_party]


def report(faults: list[str]) -> None:
    """Fail with one line a fault, each naming file and line."""
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def test_imports_are_written_in_full() -> None:
    report([f"{found}: write the whole path" for found in IMPORTS if found.target.startswith(".")])


def test_imports_point_from_ui_to_ingest_to_rag() -> None:
    wrong = (found for found in IMPORTS if found.is_ours and found.name not in MAY_IMPORT[found.module.wing])
    report([f"{found}, and imports point one way: ui -> ingest -> rag" for found in wrong])


def test_domain_and_errors_import_only_the_standard_library() -> None:
    assert set(STANDARD_LIBRARY_ONLY) <= {module.dotted for module in MODULES}
    wrong = (
        found
        for room in STANDARD_LIBRARY_ONLY
        for found in IMPORTS
        if _is_below(found.module.dotted, room) and not _is_below(found.target, room)
        if found.is_ours or found.is_third_party
    )
    report([f"{found}, and may import only the standard library" for found in wrong])


def test_each_third_party_package_is_imported_in_its_home_only() -> None:
    strays = (found for found in THIRD_PARTY if found.name not in EVERYWHERE and not _is_home(found))
    report([f"{found}, whose home is {_homes(found.name)}" for found in strays])


def test_each_home_holds_its_package() -> None:
    held = {(found.name, home) for found in THIRD_PARTY for home in HOMES.get(found.name, ()) if _is_in(found, home)}
    homes = ((name, home) for name, places in HOMES.items() for home in places)
    report([f"{home}: imports no {name}; take it out of HOMES" for name, home in homes if (name, home) not in held])


def test_each_third_party_import_is_declared() -> None:
    declared = {_import_name(name) for name in _dependencies()}
    report([f"{found}, which pyproject.toml does not declare" for found in THIRD_PARTY if found.name not in declared])


def test_each_declared_dependency_is_imported_or_explained() -> None:
    imported, lines = {found.name for found in THIRD_PARTY}, _dependencies()
    unused = {name for name in lines if _import_name(name) not in imported}
    report(
        [f"pyproject.toml:{lines[name]}: {name} is imported nowhere" for name in sorted(unused - set(NEVER_IMPORTED))]
        + [f"NEVER_IMPORTED: {name} is imported, or not declared" for name in sorted(set(NEVER_IMPORTED) - unused)]
    )


def test_files_fit_on_a_few_screens() -> None:
    long = (module for module in ALL_MODULES if module.lines > LINES_A_FILE)
    report([f"{module.path}:{module.lines}: is the last line; {LINES_A_FILE} is the limit" for module in long])


def test_functions_fit_on_a_screen() -> None:
    found = ((module, node) for module in ALL_MODULES for node in ast.walk(module.tree))
    functions = ((module, node, _length(node)) for module, node in found if isinstance(node, FUNCTIONS))
    report(
        [
            f"{module.path}:{node.lineno}: {node.name} has {length} lines; {LINES_A_FUNCTION} is the limit"
            for module, node, length in functions
            if length > LINES_A_FUNCTION
        ]
    )


def test_no_module_is_a_drawer() -> None:
    drawers = (module for module in ALL_MODULES if DRAWERS & set(Path(module.path).with_suffix("").parts))
    report([f"{module.path}:1: name it for what it holds" for module in drawers])


def test_public_names_have_docstrings() -> None:
    report([f"{where}: {name} has no docstring" for module in MODULES for where, name in _undocumented(module)])


def test_inheritance_is_one_level_and_from_few_things() -> None:
    classes = {node.name: _bases(node) for module in MODULES for node in _classes(module)}
    report(
        [
            f"{module.path}:{node.lineno}: {node.name}({base}): {fault}"
            for module in MODULES
            for node in _classes(module)
            for base in _bases(node)
            if (fault := _inheritance_fault(base, classes))
        ]
    )


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _is_below(dotted: str, room: str) -> bool:
    return dotted == room or dotted.startswith(room + ".")


def _is_in(found: Import, home: str) -> bool:
    return found.module.path.startswith(home) if home.endswith("/") else found.module.path == home


def _is_home(found: Import) -> bool:
    return any(_is_in(found, home) for home in HOMES.get(found.name, ()))


def _homes(name: str) -> str:
    return " or ".join(HOMES[name]) if name in HOMES else "not chosen yet: add it to HOMES in tests/test_house.py"


def _dependencies() -> dict[str, int]:
    """The distributions that the program declares, and the line each is declared on."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        re.split(r"[\s<>=!~;\[]", dependency)[0].lower().replace("_", "-"): 1
        + next(number for number, line in enumerate(lines) if f'"{dependency}"' in line)
        for dependency in tomllib.loads(text)["project"]["dependencies"]
    }


def _import_name(distribution: str) -> str:
    return IMPORTED_AS.get(distribution, distribution.replace("-", "_"))


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _undocumented(module: Module) -> Iterator[tuple[str, str]]:
    if not ast.get_docstring(module.tree):
        yield f"{module.path}:1", "the module"
    for name, node in _public(module.tree, ""):
        if not ast.get_docstring(node):
            yield f"{module.path}:{node.lineno}", name


Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _public(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, Definition]]:
    """The public classes, functions and methods; what is nested in a function is nobody else's."""
    for node in parent.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public(node, f"{prefix}{node.name}.")


def _classes(module: Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))


def _bases(node: ast.ClassDef) -> list[str]:
    """A class's bases as they are written, without type parameters."""
    return [ast.unparse(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases]


def _inheritance_fault(base: str, classes: dict[str, list[str]]) -> str | None:
    """Why ``base`` may not be inherited from; None if it may."""
    if base in PARENTS_ASKED_FOR:
        return None
    base = base.rsplit(".", 1)[-1]
    if base in PARENTS:
        return None
    if base not in classes:
        return "not a protocol, exception, enum or pydantic model, nor in PARENTS_ASKED_FOR of tests/test_house.py"
    if any(parent in classes for parent in classes[base]):
        return f"{base} inherits from a class of ours itself, and one level is the limit"
    if not any(parent in PARENTS for parent in classes[base]):
        return f"{base} is not a protocol, exception, enum or pydantic model"
    return None


@pytest.mark.parametrize(
    ("base", "fault"),
    [
        ("Exception", None),
        ("OurError", None),
        ("NarrowError", "NarrowError inherits from a class of ours itself, and one level is the limit"),
        ("Plain", "Plain is not a protocol, exception, enum or pydantic model"),
    ],
)
def test_the_rule_of_inheritance_tells_right_from_wrong(base: str, fault: str | None) -> None:
    classes = {"OurError": ["Exception"], "NarrowError": ["OurError"], "Plain": []}
    assert _inheritance_fault(base, classes) == fault


def _module(text: str, path: str = "rag/example.py") -> Module:
    return Module(path, len(text.splitlines()), ast.parse(text))


def test_imports_are_found_wherever_they_stand() -> None:
    text = "def f():\n    import chromadb.config\nif TYPE_CHECKING:\n    from lxml import html\nfrom .a import b\n"
    found = sorted((each.line, each.target) for each in imports_of(_module(text)))
    assert found == [(2, "chromadb.config"), (4, "lxml"), (5, ".a")]


def test_docstrings_are_missed_only_where_others_would_look() -> None:
    text = '"""A module."""\nclass A:\n def b(self): ...\n def _c(self): ...\ndef d():\n def e(): ...\ndef _f(): ...\n'
    assert list(_undocumented(_module(text))) == [
        ("rag/example.py:2", "A"),
        ("rag/example.py:3", "A.b"),
        ("rag/example.py:5", "d"),
    ]


def test_reports_name_every_fault() -> None:
    with pytest.raises(pytest.fail.Exception) as failure:
        report(["a.py:1: one", "b.py:2: two"])
    assert failure.value.msg == "a.py:1: one\nb.py:2: two"
