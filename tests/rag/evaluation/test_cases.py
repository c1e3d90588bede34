from __future__ import annotations

import json

import pytest

from rag.evaluation.cases import BadLine, Case, read_cases


def test_a_line_becomes_a_case_with_what_it_carries() -> None:
    line = {
        "id": "q1",
        "question": "Who opened the bridge?",
        "answers": ["the mayor"],
        "relevant_article_ids": ["bridge/1", 7],
        "type": "person",
        "label": "human",
        "asked": "2026-05-04",
        "as_of": "2026-05-01",
        "filters": {"source": "Harbour Ledger"},
        "history": [{"question": "What is new?", "answer": "A bridge."}],
        "unknown": "passed over",
    }
    (case,), bad = read_cases([json.dumps(line), "", "  "])
    assert bad == []
    assert case == Case(
        id="q1",
        text="Who opened the bridge?",
        answers=("the mayor",),
        relevant=frozenset({"bridge/1", "7"}),
        type="person",
        label="human",
        carried={"asked": "2026-05-04", "as_of": "2026-05-01", "filters": {"source": "Harbour Ledger"}},
        history=({"question": "What is new?", "answer": "A bridge."},),
    )


def test_a_line_without_an_id_has_its_number() -> None:
    cases, _ = read_cases(['{"question": "Why?"}', "", '{"question": "When?", "unanswerable": true}'])
    assert [(case.id, case.unanswerable) for case in cases] == [("1", False), ("3", True)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "it is no JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))"),
        ("[1]", "it is not a JSON object"),
        ('{"id": "q"}', 'it has no "question"'),
        ('{"question": " "}', 'it has no "question"'),
        ('{"question": 3}', 'it has no "question"'),
        ('{"question": "Why?", "answers": "so"}', '"answers" is not a list'),
        ('{"question": "Why?", "history": {"a": 1}}', '"history" is not a list'),
        ('{"question": "Why?", "id": "first"}', "the id 'first' was given before"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(line: str, problem: str) -> None:
    first, last = '{"id": "first", "question": "Who?"}', '{"id": "last", "question": "Where?"}'
    cases, bad = read_cases([first, line, last])
    assert [case.text for case in cases] == ["Who?", "Where?"]
    assert bad == [BadLine(2, problem)]


def test_what_the_asker_would_not_take_is_a_bad_line_too() -> None:
    def check(case: Case) -> None:
        if len(case.text) > 5:
            raise ValueError("it is too long")

    cases, bad = read_cases(['{"question": "Who?"}', '{"question": "Whoever?"}'], check)
    assert [case.text for case in cases] == ["Who?"]
    assert bad == [BadLine(2, "it is too long")]
