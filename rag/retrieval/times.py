"""Reads the times that a question names: "in May 2026", "last week", "since 2024", "latest".

A relative time is counted from the day of the question. What is read is a period of days, which retrieval prefers;
nothing depends on the clock of the machine.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
WEEKEND = 5
"""The day of the week on which a weekend begins, Monday being 0."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included; None leaves that end open."""

    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Times:
    """The period that a question names, and whether it asks for the newest there is."""

    period: Period | None = None
    is_latest: bool = False

    def __bool__(self) -> bool:
        """Whether the question names any time."""
        return self.period is not None or self.is_latest


NO_TIMES = Times()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day from which relative times are counted; and how to learn the newest article's, for dates without year."""

    asked: date
    newest: Callable[[], date | None] = lambda: None

    def year_of(self, month: int, day: int) -> int:
        """The year in which that day last was: seen from the day of the question, or from the newest article."""
        seen = min(self.asked, self.newest() or self.asked)
        return seen.year if (month, day) <= (seen.month, seen.day) else seen.year - 1


def read_times(text: str, anchor: Anchor) -> Times:
    """The times that the text names."""
    words = text.casefold()
    return Times(_period(words, anchor), bool(_LATEST.search(words)))


_LATEST = re.compile(
    r"\b(latest|newest|most recent(?:ly)?|(?:up|as) (?:to|of) (?:date|now|today)|so far|currently|at the moment"
    r"|right now|nowadays|these days)\b"
)
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?\.?" if len(name) > 3 else name for name in MONTHS)  # noqa: PLR2004 - "may"
_YEAR = r"(?:1[89]|20)\d\d"
_NUMBER = rf"\d{{1,3}}|an?|{'|'.join(NUMBERS)}|couple of|few"
_UNIT = "day|week|weekend|fortnight|month|quarter|year|decade"
_TIME = re.compile(
    rf"\b(?P<iso>{_YEAR}-\d\d-\d\d)\b"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?\b"
    rf"|\b(?P<month_first>{_MONTH}) (?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<year_last>{_YEAR}))?\b"
    rf"|\b(?P<month_alone>{_MONTH})(?:,? (?P<year_of_month>{_YEAR}))\b"
    r"|\b(?:in|of|since|during|until|by|before|after|last|this|from|to) "
    rf"(?P<bare_month>{'|'.join(MONTHS)})\b(?!,? \d| \w+ed\b)"
    r"|\b(?:(?P<quarter>first|second|third|fourth|last) quarter of|q(?P<q>[1-4])(?: of)?) "
    rf"(?P<year_of_quarter>{_YEAR})\b"
    rf"|\b(?P<half>first|second) half of (?P<year_of_half>{_YEAR})\b"
    rf"|\b(?P<year_alone>{_YEAR})\b(?!['’]?s\b)"
    rf"|\b(?P<decade>(?:1[89]|20)\d0)['’]?s\b"
    rf"|\b(?P<ago>{_NUMBER}) (?P<ago_unit>{_UNIT})s? ago\b"
    rf"|\b(?:last|past|previous|recent) (?P<count>{_NUMBER}) (?P<count_unit>{_UNIT})s?\b"
    rf"|\b(?P<which>last|this|past|previous|current) (?P<unit>{_UNIT})\b"
    rf"|\b(?P<weekday_which>last|this|on) (?P<weekday>{'|'.join(DAYS)})\b"
    r"|\b(?P<named>today|tonight|this (?:morning|afternoon|evening)|yesterday|the day before yesterday)\b"
)
_OPEN = re.compile(
    r"\b(?P<since>since|after|from)\s+(?:the\s+)?$|\b(?P<until>until|till|before|by|up to)\s+(?:the\s+)?$"
)
_EXCLUDED = {"after", "before"}


def _period(words: str, anchor: Anchor) -> Period | None:
    """The span of all times named, each open to one side where "since" or "before" stands before it."""
    found = [_opened(words, match, period) for match, period in _named(words, anchor)]
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    firsts, lasts = [each.first for each in found], [each.last for each in found]
    return Period(
        None if None in firsts else min(day for day in firsts if day),
        None if None in lasts else max(day for day in lasts if day),
    )


def _named(words: str, anchor: Anchor) -> Iterator[tuple[re.Match[str], Period]]:
    for match in _TIME.finditer(words):
        read = next(read for name, read in _READERS.items() if match[name])
        try:
            yield match, read(match, anchor)
        except ValueError:  # such as the 31st of June: no day at all
            continue


def _opened(words: str, match: re.Match[str], period: Period) -> Period:
    before = words[: match.start()]
    lead = re.match(r"(since|after|from|until|till|before|by)\b", match.group())
    found = _OPEN.search(before) if not lead else None
    word = lead.group(1) if lead else (found.group("since") or found.group("until")) if found else None
    if word is None:
        return period
    if word in ("since", "after", "from"):
        first = period.last if word in _EXCLUDED else period.first
        return Period(_next(first) if word in _EXCLUDED else first, None)
    last = period.first if word in _EXCLUDED else period.last
    return Period(None, _before(last) if word in _EXCLUDED else last)


def _next(day: date | None) -> date | None:
    return day + timedelta(1) if day else None


def _before(day: date | None) -> date | None:
    return day - timedelta(1) if day else None


def _of_day(year: int, month: int, day: int) -> Period:
    found = date(year, month, day)
    return Period(found, found)


def _of_months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, start=1) if month.startswith(name.rstrip(".")[:3]))


def _iso(match: re.Match[str], _anchor: Anchor) -> Period:
    day = date.fromisoformat(match["iso"])
    return Period(day, day)


def _day_month(match: re.Match[str], anchor: Anchor) -> Period:
    day, month = int(match["day"]), _month(match["month"])
    return _of_day(int(match["year"] or anchor.year_of(month, day)), month, day)


def _month_day(match: re.Match[str], anchor: Anchor) -> Period:
    day, month = int(match["day_last"]), _month(match["month_first"])
    return _of_day(int(match["year_last"] or anchor.year_of(month, day)), month, day)


def _month_year(match: re.Match[str], _anchor: Anchor) -> Period:
    year, month = int(match["year_of_month"]), _month(match["month_alone"])
    return _of_months(year, month, month)


def _bare_month(match: re.Match[str], anchor: Anchor) -> Period:
    month = _month(match["bare_month"])
    return _of_months(anchor.year_of(month, 1), month, month)


def _quarter(match: re.Match[str], _anchor: Anchor) -> Period:
    names = ("first", "second", "third", "fourth")
    number = int(match["q"]) if match["q"] else 4 if match["quarter"] == "last" else names.index(match["quarter"]) + 1
    return _of_months(int(match["year_of_quarter"]), 3 * number - 2, 3 * number)


def _half(match: re.Match[str], _anchor: Anchor) -> Period:
    first = 1 if match["half"] == "first" else 7
    return _of_months(int(match["year_of_half"]), first, first + 5)


def _year(match: re.Match[str], _anchor: Anchor) -> Period:
    return _of_months(int(match["year_alone"]), 1, 12)


def _decade(match: re.Match[str], _anchor: Anchor) -> Period:
    year = int(match["decade"])
    return Period(date(year, 1, 1), date(year + 9, 12, 31))


def _ago(match: re.Match[str], anchor: Anchor) -> Period:
    count, unit = _count(match["ago"]), match["ago_unit"]
    around = _back(anchor.asked, count, unit)
    if unit == "day":
        return Period(around, around)
    return _unit_of(around, unit)


def _last_many(match: re.Match[str], anchor: Anchor) -> Period:
    return Period(_back(anchor.asked, _count(match["count"]), match["count_unit"]), anchor.asked)


def _this_or_last(match: re.Match[str], anchor: Anchor) -> Period:
    unit = match["unit"]
    if match["which"] in ("this", "current"):  # people say "this week" on a Monday of what was on Friday
        return Period(
            min(_unit_of(anchor.asked, unit).first or anchor.asked, _back(anchor.asked, 1, "week")), anchor.asked
        )
    if match["which"] == "past":
        return Period(_back(anchor.asked, 1, unit), anchor.asked)
    return _unit_of(_back(anchor.asked, 1, unit), unit)


def _weekday(match: re.Match[str], anchor: Anchor) -> Period:
    back = (anchor.asked.weekday() - DAYS.index(match["weekday"])) % 7
    if match["weekday_which"] == "last" and back == 0:
        back = 7
    day = anchor.asked - timedelta(back)
    return Period(day, day)


def _named_day(match: re.Match[str], anchor: Anchor) -> Period:
    back = 2 if "before" in match["named"] else 1 if match["named"] == "yesterday" else 0
    day = anchor.asked - timedelta(back)
    return Period(day, day)


def _count(word: str) -> int:
    """The number that a word stands for; "a few" is three."""
    if word.isdigit():
        return int(word)
    loose = {"a": 1, "an": 1, "couple of": 2, "few": 3}
    return loose[word] if word in loose else NUMBERS.index(word) + 1


def _back(day: date, count: int, unit: str) -> date:
    """So many units before the day."""
    days = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}
    if unit in days:
        return day - timedelta(days[unit] * count)
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit] * count
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _unit_of(day: date, unit: str) -> Period:
    """The week, month, quarter, year or decade in which a day lies."""
    monday = day - timedelta(day.weekday())
    quarter, decade = 3 * ((day.month - 1) // 3) + 1, day.year // 10 * 10
    return {
        "day": Period(day, day),
        "week": Period(monday, monday + timedelta(6)),
        "fortnight": Period(monday - timedelta(7), monday + timedelta(6)),
        "weekend": Period(monday + timedelta(WEEKEND), monday + timedelta(6)),
        "month": _of_months(day.year, day.month, day.month),
        "quarter": _of_months(day.year, quarter, quarter + 2),
        "year": _of_months(day.year, 1, 12),
        "decade": Period(date(decade, 1, 1), date(decade + 9, 12, 31)),
    }[unit]


_READERS: dict[str, Callable[[re.Match[str], Anchor], Period]] = {
    "iso": _iso,
    "day": _day_month,
    "day_last": _month_day,
    "month_alone": _month_year,
    "bare_month": _bare_month,
    "year_of_quarter": _quarter,
    "year_of_half": _half,
    "year_alone": _year,
    "decade": _decade,
    "ago": _ago,
    "count": _last_many,
    "unit": _this_or_last,
    "weekday": _weekday,
    "named": _named_day,
}
