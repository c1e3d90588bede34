"""The command line as a whole: its commands, their help, and what stops all of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT, byline, environment
from ui.cli.main import main

COMMANDS = sorted(main.commands)


def test_the_commands_are_those_of_the_readme() -> None:
    assert COMMANDS == [
        "articles", "ask", "chat", "compact", "doctor", "eval", "export", "ingest", "rebuild", "remove", "search",
        "serve", "settings", "show", "status", "verify",
    ]  # fmt: skip
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"byline {name}" not in readme] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    shown = byline(name, "--help")
    assert shown.returncode == 0
    assert "Example:\n" in shown.stdout
    assert f"byline {name}" in shown.stdout


def test_help_imports_nothing_heavy() -> None:
    shown = byline("--help", PYTHONPROFILEIMPORTTIME="1", PYTHONWARNINGS="error")
    heavy = {"torch", "chromadb", "gradio", "llama_index", "sqlalchemy", "onnxruntime", "pydantic", "fastapi", "httpx"}
    imported = {line.rsplit("|", 1)[1].strip() for line in shown.stderr.splitlines() if "|" in line}
    assert imported & heavy == set()
    assert "rag.errors" in imported


def test_a_bad_setting_names_the_variable_and_the_remedy(library: Path) -> None:
    asked = byline("status", library=library, BYLINE_PASSAGE_TOKENS="many")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.startswith("byline: BYLINE_PASSAGE_TOKENS: 'many' cannot be used (")
    assert asked.stderr.count("\n") == 1


ENDLESS = """
import threading
threading.Thread(target=threading.Event().wait).start()
from ui.cli.main import main
main()
"""


def test_a_storage_error_ends_the_process_whatever_still_runs_in_it(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file", encoding="utf-8")
    command = [sys.executable, "-c", ENDLESS, "status"]
    ended = subprocess.run(
        command, env=environment(tmp_path / "library"), capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (74, "")
    assert ended.stderr.startswith(f"byline: {tmp_path / 'library'}: cannot be used as a library (")
