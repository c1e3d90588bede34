"""Read the dates that articles carry, in the forms publishers write them.

Nothing is guessed: a date that is incomplete or has two readings is no date.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_PDF = re.compile(r"D:(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?(?:(Z)|([+-]\d{2})'?(\d{2})?'?)?")
# Parsing fills what is missing from a default: what differs between the two was not in the text.
_DEFAULTS = (datetime(1996, 1, 1, 0), datetime(2004, 2, 2, 1))  # noqa: DTZ001 - placeholders without a zone
_LENGTHS = range(6, 65)  # of the shortest and the longest written date


def parse_date(value: object) -> str | None:
    """The ISO date or moment, its zone kept as given; None for anything incomplete or ambiguous."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or len(value.strip()) not in _LENGTHS:
        return None
    return _parse_text(value.strip())


def _parse_text(text: str) -> str | None:
    if text.startswith("D:"):
        return _parse_pdf(text)
    year_first = _YEAR_FIRST.match(text)
    if year_first:
        year, month, day = year_first.groups()
        text = f"{year}-{month:0>2}-{day:0>2}{text[year_first.end() :]}"
        return _parse_iso(text) or _parse_free(text, day_first=False)
    return _parse_mail(text) or _parse_both_ways(text)


def _parse_iso(text: str) -> str | None:
    try:
        if len(text) == len("2026-05-04"):
            return date.fromisoformat(text).isoformat()
        return datetime.fromisoformat(text).isoformat(timespec="seconds")
    except ValueError:
        return None


def _parse_mail(text: str) -> str | None:
    """RFC 822, as feeds write it: ``Tue, 12 Mar 2024 09:30:00 GMT``."""
    if ":" not in text:
        return None
    try:
        return parsedate_to_datetime(text).isoformat(timespec="seconds")
    except (ValueError, TypeError, OverflowError):
        return None


def _parse_pdf(text: str) -> str | None:
    found = _PDF.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, utc, zone_hours, zone_minutes = found.groups()
    try:
        if not hour:
            return date(int(year), int(month), int(day)).isoformat()
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))  # noqa: DTZ001
        if utc or zone_hours:
            moment = moment.replace(tzinfo=_zone(int(zone_hours or 0), int(zone_minutes or 0)))
        return moment.isoformat()
    except ValueError:
        return None


def _zone(hours: int, minutes: int) -> timezone:
    return timezone(timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes))


def _parse_both_ways(text: str) -> str | None:
    day_first = _parse_free(text, day_first=True)
    return day_first if day_first == _parse_free(text, day_first=False) else None


def _parse_free(text: str, *, day_first: bool) -> str | None:
    """A date in words or numbers; the time only if the text has one."""
    from dateutil import parser

    try:
        one, two = (parser.parse(text, default=each, dayfirst=day_first, tzinfos=_known_zone) for each in _DEFAULTS)
    except (ValueError, OverflowError, TypeError):
        return None
    if one.date() != two.date():
        return None
    return one.isoformat(timespec="seconds") if one.hour == two.hour else one.date().isoformat()


def _known_zone(_name: str | None, offset: int | None) -> timezone | None:
    """The zone of a numeric offset; zones by name ("IST") have several readings and are left out."""
    return None if offset is None else timezone(timedelta(seconds=offset))
