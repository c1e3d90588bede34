"""The commands that ask and read, as a user runs them: output, errors, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.processes import byline


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


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (["ask", ""], "question: nothing was written"),
        (["ask", "Who?", "--as-of", "2024-02-31"], "--as-of: it is not a day; write YYYY-MM-DD"),
        (["search", "otters", "--published-from", "soon"], "--published-from: it is not a day; write YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_read_is_named_as_it_was_typed(library: Path, given: list[str], problem: str) -> None:
    asked = byline(*given, library=library)
    assert (asked.returncode, asked.stderr) == (2, f"byline: {problem}. See --help for an example\n")


def test_filters_have_the_names_of_the_api(library: Path) -> None:
    found = byline(
        "search", "shop", "--source", "Pond Gazette", "--published-to", "2024-05-10", "--json", library=library
    )
    assert {hit["article_id"] for hit in json.loads(found.stdout)["hits"]} == {"tanuki/shop"}
    none = byline("search", "shop", "--source", "Nobody", library=library)
    assert (none.returncode, none.stdout.strip()) == (1, "")
    assert none.stderr.endswith("Try other words or fewer filters; the outlets are listed by: byline status\n")


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
    assert second["rewritten"] == "When was the bridge over the Kotogawa finished?"
    assert "18 November 2023" in second["text"]


def test_questions_from_a_file_are_said_above_their_answers(library: Path) -> None:
    talked = byline("chat", library=library, stdin="When did the bridge over the Kotogawa open?\nWho is Zork?\n")
    lines = talked.stdout.splitlines()
    assert lines[:2] == ["", "? When did the bridge over the Kotogawa open?"]
    assert lines[lines.index("? Who is Zork?") - 1] == ""


def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    asked = byline("ask", "When?", library=tmp_path / "new")
    assert asked.returncode == 3
    assert (
        asked.stdout
        == "The articles do not say. The library is empty. Put articles into it with: byline ingest FOLDER\n"
    )
