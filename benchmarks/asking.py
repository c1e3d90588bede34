"""Searches a running server for the questions of a set, as any program does."""

from __future__ import annotations

import time
from collections.abc import Iterable

import httpx

from rag.evaluation.cases import Case
from ui.asker import search_request


def search(client: httpx.Client, questions: Iterable[Case]) -> tuple[dict[str, list[str]], list[float]]:
    """The articles found for each question, best first, and the milliseconds of each call."""
    rankings, times = {}, []
    for question in questions:
        body = search_request(question).model_dump(mode="json", exclude_none=True)
        started = time.perf_counter()
        reply = client.post("/v1/search", json=body).raise_for_status()
        times.append((time.perf_counter() - started) * 1000)
        rankings[question.id] = list(dict.fromkeys(hit["article_id"] for hit in reply.json()["hits"]))
    return rankings, times
