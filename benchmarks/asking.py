"""Asks a running server the questions of a set, and measures what comes back."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx

from benchmarks.measures import DEPTH, Outcome, measure_answers, measure_rankings, quantile
from benchmarks.sets import Asked


def search(client: httpx.Client, questions: Iterable[Asked]) -> tuple[dict[str, list[str]], list[float]]:
    """The articles found for each question, best first, and the milliseconds of each call."""
    rankings, times = {}, []
    for question in questions:
        reply, milliseconds = _post(client, "/v1/search", question.search_request(DEPTH))
        rankings[question.id] = list(dict.fromkeys(hit["article_id"] for hit in reply["hits"]))
        times.append(milliseconds)
    return rankings, times


def measure_search(client: httpx.Client, questions: Sequence[Asked]) -> dict[str, Any]:
    """Retrieval over the questions with relevant articles, in all and by the label of the question."""
    rankings, times = search(client, questions)
    pairs = [(rankings[question.id], question.relevant) for question in questions]
    labels = sorted({question.label for question in questions if question.label})
    return {
        "questions": len(questions),
        **measure_rankings(pairs),
        "by_label": {label: _of_label(label, rankings, questions) for label in labels},
        "search_ms_p50": quantile(times, 0.5),
        "search_ms_p95": quantile(times, 0.95),
    }


def measure_asking(client: httpx.Client, questions: Sequence[Asked]) -> dict[str, Any]:
    """Answers, refusals, and whether each quote stands in its article where it says."""
    outcomes, times, quotes = [], [], [0, 0]

    @cache
    def text_of(article_id: str, revision: int) -> str:
        reply = client.get(f"/v1/articles/{quote(article_id, safe='')}", params={"revision": revision})
        return str(reply.raise_for_status().json()["text"])

    for question in questions:
        answer, milliseconds = _post(client, "/v1/answers", question.answer_request())
        times.append(milliseconds)
        outcomes.append(_outcome(question, answer))
        for citation in answer["citations"]:
            text = text_of(citation["article_id"], citation["revision"])
            quotes[text[citation["start"] : citation["end"]] == citation["quote"] != ""] += 1
    return {
        **measure_answers(outcomes),
        "quotes_exact": quotes[True],
        "quotes_not_exact": quotes[False],
        "answer_ms_p50": quantile(times, 0.5),
        "answer_ms_p95": quantile(times, 0.95),
    }


def _post(client: httpx.Client, path: str, body: dict[str, Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    reply = client.post(path, json=body).raise_for_status()
    return reply.json(), (time.perf_counter() - started) * 1000


def _of_label(label: str, rankings: dict[str, list[str]], questions: Sequence[Asked]) -> dict[str, Any]:
    pairs = [(rankings[question.id], question.relevant) for question in questions if question.label == label]
    return {"questions": len(pairs), "ndcg10": measure_rankings(pairs)["ndcg10"]}


def _outcome(question: Asked, answer: dict[str, Any]) -> Outcome:
    return Outcome(
        golds=question.answers,
        unanswerable=question.unanswerable,
        refused=answer["status"] == "refused",
        confidence=answer["confidence"],
        sentences=tuple(sentence["text"] for sentence in answer["sentences"]),
    )
