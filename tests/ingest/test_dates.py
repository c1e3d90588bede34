from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dates import parse_date


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-05-04", "2026-05-04"),
        (" 2026-05-04\n", "2026-05-04"),
        ("2024-03-14T09:30:00+08:00", "2024-03-14T09:30:00+08:00"),
        ("2024-03-14T09:30:00Z", "2024-03-14T09:30:00+00:00"),
        ("2024-03-14T09:30:00.123456+00:00", "2024-03-14T09:30:00+00:00"),
        ("2024-03-14 09:30", "2024-03-14T09:30:00"),
        ("2024/3/4", "2024-03-04"),
        ("2024年3月4日", "2024-03-04"),
        ("Tue, 12 Mar 2024 09:30:00 GMT", "2024-03-12T09:30:00+00:00"),
        ("Tue, 12 Mar 2024 09:30:00 +0530", "2024-03-12T09:30:00+05:30"),
        ("12 March 2024", "2024-03-12"),
        ("March 12, 2024", "2024-03-12"),
        ("12 Sept. 2024", "2024-09-12"),
        ("March 12th, 2024 at 9:30 pm", "2024-03-12T21:30:00"),
        ("13/04/2024", "2024-04-13"),
        ("D:20240312093000+01'00'", "2024-03-12T09:30:00+01:00"),
        ("D:20240312093000-03'30'", "2024-03-12T09:30:00-03:30"),
        ("D:20240312093000Z", "2024-03-12T09:30:00+00:00"),
        ("D:20240312", "2024-03-12"),
        (date(2026, 5, 4), "2026-05-04"),
        (datetime(2026, 5, 4, 9, 30, tzinfo=UTC), "2026-05-04T09:30:00+00:00"),
    ],
)
def test_parse_date_reads_the_forms_publishers_write(value: object, read: str) -> None:
    assert parse_date(value) == read


@pytest.mark.parametrize(
    "value",
    [
        None, "", 2024, True, "2024", "March 2024", "12 March", "Monday", "10:30", "yesterday", "2024-05",
        "D:2024", "2024-13-45", "0000-00-00", "D:20241345", "2024-03-12junk", "soon after the 12th",
        "1" * 400,
    ],
)  # fmt: skip
def test_parse_date_fills_nothing_in(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize("value", ["03/04/2024", "3.4.2024", "12/3/24", "01-02-2024 10:30"])
def test_a_date_with_two_readings_is_no_date(value: str) -> None:
    assert parse_date(value) is None


def test_a_zone_known_by_name_only_is_left_out_where_the_name_has_several_readings() -> None:
    assert parse_date("12 March 2024 09:30 IST") == "2024-03-12T09:30:00"


@settings(deadline=None)
@given(st.text())
def test_parse_date_survives_any_text(text: str) -> None:
    read = parse_date(text)
    assert read is None or date.fromisoformat(read[:10]).isoformat() == read[:10]


@settings(deadline=None)
@given(st.dates(), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "D:%Y%m%d"]))
def test_parse_date_reads_back_any_day(day: date, form: str) -> None:
    if day.year >= 1000:
        assert parse_date(day.strftime(form)) == day.isoformat()
