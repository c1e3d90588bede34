"""``byline eval`` as a user runs it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.processes import byline

QUESTIONS: list[dict[str, Any]] = [
    {"id": "shop", "question": "When did Ponpoko open a shop?", "answers": ["3 May 2024"], "type": "date",
     "relevant_article_ids": ["tanuki/shop"]},
    {"id": "kinds", "question": "How many kinds of leaves does the shop sell?", "answers": ["42"], "type": "number",
     "relevant_article_ids": ["tanuki/shop"]},
    {"id": "kinds too", "question": "How many kinds of leaves does the shop sell?", "answers": ["17"],
     "relevant_article_ids": ["nowhere"]},
    {"id": "mayor", "question": "Who is the mayor of Gondor?", "unanswerable": True},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return path


def test_eval_measures_what_is_found_and_answered(library: Path, questions: Path) -> None:
    ran = byline("eval", str(questions), "--json", library=library)
    assert (ran.returncode, ran.stderr) == (
        0, "byline: the library has no article with the relevant_article_ids nowhere\n",
    )  # fmt: skip
    found = json.loads(ran.stdout)
    assert (found["questions"], found["failed"], found["against"]) == (4, [], None)
    assert (found["retrieval"]["questions"], found["retrieval"]["hit1"]) == (3, 0.6667)
    assert (found["answers"]["questions"], found["answers"]["gold_first"]) == (3, 0.6667)
    assert found["citations"]["quotes"] == found["citations"]["quotes_exact"] > 0
    assert (found["refusals"]["refused_unanswerable"], found["refusals"]["refused_answerable"]) == (1.0, 0.0)
    assert found["types"].keys() == {"date", "number"}
    assert found["worst"] == ["kinds too"]
    first = found["rows"][0]
    assert (first["id"], first["status"], first["found"][0]["article_id"]) == ("shop", "answered", "tanuki/shop")
    assert "3 May 2024" in first["answer"]


@pytest.mark.usefixtures("server")
def test_eval_asks_a_running_server(served_library: Path, questions: Path) -> None:
    served = json.loads(byline("eval", str(questions), "--json", library=served_library).stdout)
    assert [row["scores"].get("hit1") for row in served["rows"]] == [1.0, 1.0, 0.0, None]
    assert served["citations"]["quotes"] == served["citations"]["quotes_exact"] > 0


def test_eval_shows_a_table_and_the_worst_questions(library: Path, questions: Path) -> None:
    shown = byline("eval", str(questions), "--limit", "3", library=library).stdout
    assert shown.startswith("3 questions over ")
    assert "  first is relevant                                    0.667\n" in shown
    assert re.search(r"^  quotes exact +([1-9]\d*) of \1$", shown, re.MULTILINE)
    assert "\nthe worst questions\n  kinds too: How many kinds of leaves does the shop sell?\n" in shown
    assert "    expected nowhere, not found\n" in shown


def test_eval_against_an_earlier_run_tells_what_changed_and_fails_when_it_got_worse(
    library: Path, tmp_path: Path
) -> None:
    asked = [QUESTIONS[0] | {"id": str(number)} for number in range(12)]
    questions, earlier = tmp_path / "many.jsonl", tmp_path / "earlier.json"
    questions.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    earlier.write_text(byline("eval", str(questions), "--json", library=library).stdout, encoding="utf-8")
    same = byline("eval", str(questions), "--against", str(earlier), library=library)
    assert same.returncode == 0
    assert "  nDCG@10                          +0.000 (+0.000 to +0.000, 12 questions) no sure change\n" in same.stdout
    assert same.stdout.splitlines()[-1].startswith("Nothing got worse beyond what chance explains; ")
    questions.write_text("\n".join(json.dumps(each | {"answers": ["4 May"]}) for each in asked), encoding="utf-8")
    worse = byline("eval", str(questions), "--against", str(earlier), library=library)
    assert worse.returncode == 1
    fell = "(-1.000 to -1.000, 12 questions) worse\n    fell: 0, 1, 2 and 9 more\n"
    assert f"  gold in the first sentence       -1.000 {fell}" in worse.stdout
    assert worse.stdout.endswith("\nIt got worse: gold in the first sentence, gold in the answer.\n")
    questions.write_text(json.dumps(asked[0]) + '\n{"question": "Who?"}', encoding="utf-8")
    gone = ", ".join(map(str, range(1, 12)))
    fewer = byline("eval", str(questions), "--against", str(earlier), library=library)
    assert fewer.stderr.splitlines() == [
        "byline: nothing is known of the answers to the questions 2",
        f"byline: not compared, since they are not asked now, or are others: the earlier run's questions {gone}",
    ]


def test_a_bad_line_is_named_the_others_are_asked_and_eval_fails(library: Path, questions: Path) -> None:
    with questions.open("a", encoding="utf-8") as file:
        file.write('\n{"id": "long", "question": "%s"}' % ("x" * 3000))
        file.write('\n{"question": "Who?", "filters": {"outlet": "A"}}')
    ran = byline("eval", str(questions), "--json", library=library)
    assert ran.returncode == 1
    found = json.loads(ran.stdout)
    assert (found["questions"], [each["line"] for each in found["failed"]]) == (4, [5, 6])
    _, first, second = ran.stderr.splitlines()
    mend = "Mend the line, or take it out; the others were asked."
    assert first == f"byline: {questions}, line 5: question: String should have at most 2000 characters. {mend}"
    assert second == f"byline: {questions}, line 6: filters.outlet: Extra inputs are not permitted. {mend}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read ([Errno 2] No such file or directory"),
        ("", "it holds no questions"),
        ("{", "line 1: it is no JSON"),
    ],
)
def test_a_file_without_questions_is_a_usage_error(
    library: Path, tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "q.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    ran = byline("eval", str(path), library=library)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"byline: {path}: ")
    assert said in ran.stderr


def test_an_earlier_run_that_is_none_is_a_usage_error(library: Path, questions: Path) -> None:
    ran = byline("eval", str(questions), "--against", str(questions), library=library)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"byline: {questions}: it is not what byline eval --json prints. "
        "Keep a run with: byline eval QUESTIONS --json > FILE\n"
    )
