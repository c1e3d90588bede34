"""What a job says over the wire, in which order, and what happens when nobody listens."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from fastapi.responses import StreamingResponse

from rag.errors import Interrupted, LibraryInUse
from ui import schemas as wire
from ui.api.feed import EVENTS_AHEAD, Feed, Unheard, stream

REPORT = wire.ExportOut(lines=2)
SECONDS = 30


def progress(stage: str, done: int) -> wire.ProgressOut:
    return wire.ProgressOut.model_validate({"stage": stage, "done": done, "total": None})


def read(response: object) -> list[dict[str, Any]]:
    assert isinstance(response, StreamingResponse)
    body = response.body_iterator

    async def collect() -> list[str]:
        return [str(line) async for line in body]

    return [json.loads(line) for line in asyncio.run(collect())]


def test_progress_and_lines_come_in_order_and_the_report_last() -> None:
    def job(feed: Feed) -> wire.ExportOut:
        feed.tell(progress("exporting", 1))
        feed.give({"line": "a"})
        return REPORT

    assert read(stream(job)) == [
        {"progress": {"stage": "exporting", "done": 1, "total": None, "holder": None}},
        {"line": "a"},
        {"report": {"lines": 2}},
    ]


def test_a_job_that_fails_before_it_said_anything_raises_its_error() -> None:
    def job(feed: Feed) -> wire.ExportOut:
        raise LibraryInUse("pond", "byline serve (process 7)")

    with pytest.raises(LibraryInUse):
        stream(job)


def test_a_job_that_fails_in_the_middle_ends_with_its_problem() -> None:
    def job(feed: Feed) -> wire.ExportOut:
        feed.give({"line": "a"})
        raise Interrupted

    assert read(stream(job)) == [
        {"line": "a"},
        {"problem": {"error": "Interrupted", "detail": str(Interrupted())}},
    ]


def test_a_slow_listener_misses_progress_but_no_line() -> None:
    is_full = threading.Event()

    def job(feed: Feed) -> wire.ExportOut:
        for done in range(2 * EVENTS_AHEAD):
            feed.tell(progress("exporting", done))
        is_full.set()
        feed.give({"line": "a"})
        return REPORT

    response = stream(job)
    assert is_full.wait(SECONDS)
    events = read(response)
    assert events[-2:] == [{"line": "a"}, {"report": {"lines": 2}}]
    assert EVENTS_AHEAD <= len(events) <= EVENTS_AHEAD + 3


def test_an_export_ends_when_its_listener_leaves() -> None:
    feed, ended = Feed(), threading.Event()

    def job() -> None:
        try:
            while True:
                feed.give({"line": "a"})
        except Unheard:
            ended.set()

    threading.Thread(target=job, daemon=True).start()
    events = feed.listen()
    assert next(events) == {"line": "a"}
    events.close()
    assert ended.wait(SECONDS)


def test_a_job_that_waits_gives_up_when_its_listener_leaves_and_a_running_one_goes_on() -> None:
    feed = Feed()
    feed.tell(progress("waiting", 0))
    events = feed.listen()
    next(events)
    events.close()
    feed.tell(progress("embedding", 1))
    with pytest.raises(Unheard):
        feed.tell(progress("waiting", 0))
