"""The loop in which every system is asked."""

from __future__ import annotations

import os

import psutil
import pytest

from benchmarks.asking import WARMING, Meter, ask_all, own_meter
from rag.evaluation.cases import Case


def test_every_question_is_asked_once_after_some_that_are_not_counted() -> None:
    questions = [Case(f"q{number}", f"How many leaves in shop {number}?") for number in range(WARMING + 2)]
    asked: list[str] = []

    def rank(question: Case) -> list[str]:
        asked.append(question.id)
        return [f"article-{question.id}"]

    found = ask_all(questions, rank, Meter(lambda: 0.014 * len(asked), lambda: 42_000_000))
    ids = [question.id for question in questions]
    assert asked == [*ids[:WARMING], *ids]
    assert found["rankings"] == {id_: [f"article-{id_}"] for id_ in ids}
    assert len(found["query_ms"]) == len(ids)
    assert found["query_cpu_ms"] == pytest.approx(14)
    assert found["resident_bytes"] == 42_000_000


def test_a_process_reads_its_own_memory_as_others_do() -> None:
    others = psutil.Process(os.getpid()).memory_info().rss
    assert own_meter().resident_bytes() == pytest.approx(others, rel=0.05)
