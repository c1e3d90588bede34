"""The command line as a user runs it: output, errors, exit codes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.conftest import ARTICLES
from tests.processes import ROOT, byline
from ui.cli import main

COMMANDS = sorted(main.commands)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the three articles."""
    folder, library = tmp_path_factory.mktemp("pond"), tmp_path_factory.mktemp("cli") / "library"
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = byline("ingest", str(folder), library=library)
    assert made.returncode == 0, made.stderr
    return library


def test_the_commands_are_those_of_the_readme() -> None:
    assert COMMANDS == ["articles", "ask", "chat", "ingest", "search", "serve", "settings", "show", "status"]
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


def test_ask_prints_the_quote_and_where_it_stands(library: Path) -> None:
    asked = byline("ask", "When did Ponpoko open a shop?", library=library)
    assert (asked.returncode, asked.stderr) == (0, "")
    text, _, citations = asked.stdout.partition("\n\n")
    assert text.startswith("The tanuki Ponpoko opened a shop for leaves in Takamatsu on 3 May 2024. [1]")
    first = citations.splitlines()[0]
    assert first == "[1] Tanuki opens a shop in Takamatsu (Pond Gazette, 2024-05-04, reported, tanuki/shop)"


def test_ask_json_is_the_reply_of_the_api(library: Path) -> None:
    answer = json.loads(byline("ask", "When did Ponpoko open a shop?", "--json", library=library).stdout)
    assert answer["citations"][0]["quote"] == answer["sentences"][0]["text"]
    assert (answer["status"], answer["answerer"], answer["refusal"]) == ("answered", "extractive", None)


def test_a_refusal_exits_3_and_names_the_nearest_articles(library: Path) -> None:
    asked = byline("ask", "Who is the mayor of Gondor?", library=library)
    assert (asked.returncode, asked.stderr) == (3, "")
    assert asked.stdout.startswith("The articles do not say. No article mentions “Gondor”.\n\nNearest articles:\n  ")


def test_a_thin_page_is_no_source(library: Path) -> None:
    asked = byline("ask", "What is the favourite currency of ponds in the kappa economy?", "--json", library=library)
    assert asked.returncode == 3
    assert json.loads(asked.stdout)["refusal"]["reason"] == "thin_only"


def test_a_question_comes_from_standard_input_for_a_dash(library: Path) -> None:
    asked = byline("ask", "-", library=library, stdin="How many kinds of leaves does the shop sell?\n")
    assert asked.stdout.startswith("The shop sells 42 kinds of leaves. [1]")


def test_a_question_of_20000_characters_is_a_usage_error_in_one_line(library: Path) -> None:
    asked = byline("ask", "x" * 20_000, library=library)
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr == ("byline: question: String should have at most 2000 characters. See --help for an example\n")


def test_filters_have_the_names_of_the_api(library: Path) -> None:
    found = byline(
        "search", "shop", "--source", "Pond Gazette", "--published-to", "2024-05-10", "--json", library=library
    )
    assert {hit["article_id"] for hit in json.loads(found.stdout)["hits"]} == {"tanuki/shop"}
    none = byline("search", "shop", "--source", "Nobody", library=library)
    assert (none.returncode, none.stdout.strip()) == (1, "")
    assert none.stderr == "byline: nothing was found. Try other words, or fewer filters.\n"


def test_show_prints_the_article_and_an_unknown_id_exits_1(library: Path) -> None:
    shown = byline("show", "otter-bridge", library=library)
    assert shown.stdout.startswith("Otters build a bridge over the Kotogawa\nRiver Times · Jun Hara · 2023-11-20\n")
    unknown = byline("show", "nobody", library=library)
    assert unknown.returncode == 1
    assert unknown.stderr == "byline: There is no article 'nobody' in the library. List them with: byline articles\n"


def test_articles_are_listed_newest_first(library: Path) -> None:
    listed = byline("articles", "--from", "2024-01-01", library=library)
    assert listed.stdout == (
        "2024-06-01  Pond Gazette  The rise of the kappa economy  (thin/kappa)\n"
        "2024-05-04  Pond Gazette  Tanuki opens a shop in Takamatsu  (tanuki/shop)\n"
    )


def test_chat_leans_on_the_turn_before(library: Path) -> None:
    talked = byline(
        "chat", "--json", library=library, stdin="How long is the bridge over the Kotogawa?\nWhen was it finished?\n\n"
    )
    first, second = map(json.loads, talked.stdout.splitlines())
    assert first["rewritten"] is None
    assert second["rewritten"] == "How long is the bridge over the Kotogawa? When was it finished?"
    assert "18 November 2023" in second["text"]


def test_status_and_settings_print_facts(library: Path) -> None:
    status = json.loads(byline("status", "--json", library=library).stdout)
    assert (status["articles"], status["thin"], status["sources"]) == (3, 1, ["Pond Gazette", "River Times"])
    settings = byline("settings", "--json", BYLINE_PORT="9000")
    assert {"name": "BYLINE_PORT", "value": "9000"}.items() <= json.loads(settings.stdout)[-2].items()


def test_a_bad_setting_names_the_variable_and_the_remedy(library: Path) -> None:
    asked = byline("status", library=library, BYLINE_PASSAGE_TOKENS="many")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.startswith("byline: BYLINE_PASSAGE_TOKENS: 'many' cannot be used (")
    assert asked.stderr.count("\n") == 1


def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    asked = byline("ask", "When?", library=tmp_path / "new")
    assert asked.returncode == 3
    assert (
        asked.stdout
        == "The articles do not say. The library is empty. Put articles into it with: byline ingest FOLDER\n"
    )


def test_what_cannot_be_read_is_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.md").write_text(ARTICLES["tanuki.md"], encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    (folder / "page.html").write_text("<html><body><script>1</script></body></html>", encoding="utf-8")
    (folder / "lines.jsonl").write_text(
        '{"id": "a b/ü", "title": "T", "text": "Frogs sing."}\n{broken\n', encoding="utf-8"
    )
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(300_000_000)
    (tmp_path / "empty").mkdir()
    started = time.monotonic()
    made = byline(
        "ingest", str(folder), str(tmp_path / "empty"), str(tmp_path / "gone"), "https://example.org/a", "--json",
        library=tmp_path / "library",
    )  # fmt: skip
    assert made.returncode == 1
    assert time.monotonic() - started < 60
    report = json.loads(made.stdout)
    assert (report["added"], report["changed"]) == (2, 0)
    failed = {Path(failure["path"]).name: failure["problem"] for failure in report["failed"]}
    assert set(failed) == {
        "binary.txt",
        "picture.png",
        "page.html",
        "lines.jsonl",
        "huge.txt",
        "empty",
        "gone",
        "a",
    } or (
        {name.split(",")[0].split(":")[0] for name in failed}
        == {"binary.txt", "picture.png", "page.html", "lines.jsonl", "huge.txt", "empty", "gone", "a"}
    )
    assert all(failure["remedy"] for failure in report["failed"])


def test_prune_asks_before_many_articles_go(tmp_path: Path) -> None:
    folder = tmp_path / "pond"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    library = tmp_path / "library"
    assert byline("ingest", str(folder), library=library).returncode == 0
    (folder / "otter.md").unlink()
    refused = byline("ingest", str(folder), "--prune", library=library, stdin="")
    assert refused.returncode == 1
    assert "1 of the 3 articles" in refused.stderr
    pruned = byline("ingest", str(folder), "--prune", "--yes", "--json", library=library)
    assert (pruned.returncode, json.loads(pruned.stdout)["removed"]) == (0, 1)
