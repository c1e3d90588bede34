from __future__ import annotations

from datetime import date

import pytest

from rag.retrieval.times import Anchor, Period, Times, read_times

ASKED = Anchor(date(2026, 11, 25))  # a Wednesday


def period(first: str | None, last: str | None) -> Period:
    return Period(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What did the council decide on 2026-05-04?", "2026-05-04", "2026-05-04"),
        ("What was signed on 4 May 2026?", "2026-05-04", "2026-05-04"),
        ("What was signed on May 4th, 2026?", "2026-05-04", "2026-05-04"),
        ("What was signed on the 4th of May?", "2026-05-04", "2026-05-04"),
        ("What was signed on December 4?", "2025-12-04", "2025-12-04"),
        ("What happened in May 2026?", "2026-05-01", "2026-05-31"),
        ("What happened in Feb. 2024?", "2024-02-01", "2024-02-29"),
        ("What happened in May?", "2026-05-01", "2026-05-31"),
        ("What happened in December?", "2025-12-01", "2025-12-31"),
        ("Who won in 2025?", "2025-01-01", "2025-12-31"),
        ("What did it earn in the third quarter of 2025?", "2025-07-01", "2025-09-30"),
        ("What did it earn in Q1 2025?", "2025-01-01", "2025-03-31"),
        ("What did it earn in the second half of 2025?", "2025-07-01", "2025-12-31"),
        ("Which laws date from the 1990s?", "1990-01-01", None),
        ("Which laws were passed in the 1990s?", "1990-01-01", "1999-12-31"),
        ("What changed since 2024?", "2024-01-01", None),
        ("What changed since May 2025?", "2025-05-01", None),
        ("What changed after May 2025?", "2025-06-01", None),
        ("What was known before 4 May 2026?", None, "2026-05-03"),
        ("What was known by May 2026?", None, "2026-05-31"),
        ("What changed between 2024 and May 2025?", "2024-01-01", "2025-05-31"),
        ("What happened today?", "2026-11-25", "2026-11-25"),
        ("What happened yesterday?", "2026-11-24", "2026-11-24"),
        ("What happened the day before yesterday?", "2026-11-23", "2026-11-23"),
        ("What happened on Monday?", "2026-11-23", "2026-11-23"),
        ("What happened last Wednesday?", "2026-11-18", "2026-11-18"),
        ("What happened this week?", "2026-11-18", "2026-11-25"),
        ("What happened last week?", "2026-11-16", "2026-11-22"),
        ("What happened in the past week?", "2026-11-18", "2026-11-25"),
        ("What happened last weekend?", "2026-11-21", "2026-11-22"),
        ("What happened this month?", "2026-11-01", "2026-11-25"),
        ("What happened last month?", "2026-10-01", "2026-10-31"),
        ("What happened last quarter?", "2026-07-01", "2026-09-30"),
        ("What happened last year?", "2025-01-01", "2025-12-31"),
        ("What happened three days ago?", "2026-11-22", "2026-11-22"),
        ("What happened two weeks ago?", "2026-11-09", "2026-11-15"),
        ("What happened a year ago?", "2025-01-01", "2025-12-31"),
        ("What happened in the last 10 days?", "2026-11-15", "2026-11-25"),
        ("What happened over the past few months?", "2026-08-25", "2026-11-25"),
        ("What happened over the last decade?", "2010-01-01", "2019-12-31"),
        ("What happened since last week?", "2026-11-16", None),
    ],
)
def test_a_time_becomes_a_period(text: str, first: str | None, last: str | None) -> None:
    assert read_times(text, ASKED).period == period(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "Who may vote?",
        "Who marched on the capital?",
        "What is PUE?",
        "How many people on June 31?",
        "Where is the 2nd plant?",
    ],
)
def test_no_time_is_read_where_none_is_named(text: str) -> None:
    assert read_times(text, ASKED) == Times()
    assert not read_times(text, ASKED)


@pytest.mark.parametrize("text", ["What is the latest on the bridge?", "Who currently leads it?", "The newest model?"])
def test_the_newest_is_asked_for(text: str) -> None:
    assert read_times(text, ASKED) == Times(is_latest=True)


def test_the_last_day_of_a_month_goes_back_to_one_that_there_is() -> None:
    assert read_times("in the past month", Anchor(date(2026, 3, 31))).period == period("2026-02-28", "2026-03-31")


def test_a_period_holds_its_ends() -> None:
    assert period("2026-05-01", "2026-05-31").holds(date(2026, 5, 1))
    assert period("2026-05-01", "2026-05-31").holds(date(2026, 5, 31))
    assert not period("2026-05-01", "2026-05-31").holds(date(2026, 6, 1))
    assert period(None, "2026-05-31").holds(date(1900, 1, 1))
    assert period("2026-05-01", None).holds(date(2100, 1, 1))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on October 18th", "2023-10-18", "2023-10-18"),
        ("in December", "2022-12-01", "2022-12-31"),
        ("on 18 October 2024", "2024-10-18", "2024-10-18"),
        ("yesterday", "2026-11-24", "2026-11-24"),
    ],
)
def test_a_date_without_a_year_is_the_last_that_the_articles_reach(text: str, first: str, last: str) -> None:
    anchor = Anchor(date(2026, 11, 25), newest=lambda: date(2023, 11, 30))
    assert read_times(text, anchor).period == period(first, last)
    assert read_times(text, Anchor(date(2023, 6, 1), newest=lambda: date(2026, 1, 1))).period is not None
