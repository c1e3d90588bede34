from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.merging import missing
from rag.library.history import State


def states(written: str) -> list[State]:
    """``1A@3 2B@5*`` is state A as number 1, seen at 3, and B as number 2, seen at 5, live."""
    found = re.findall(r"(\d+)(\w)(?:@(\d+))?(\*?)", written)
    return [State(int(number), digest, "", seen or number, None, bool(live)) for number, digest, seen, live in found]


def shown(found: list[State]) -> str:
    return " ".join(f"{each.number}{each.digest}{'*' if each.is_live else ''}" for each in found)


@pytest.mark.parametrize(
    ("held", "exported", "added"),
    [
        ("", "1A*", "1A*"),
        ("", "1A 2B 3A*", "1A 2B 3A*"),
        ("", "4A 7B*", "4A 7B*"),  # what came before was trimmed
        ("", "1A 2B* 3C", "1A 3C 2B*"),  # the live one is filed last, whatever its number
        ("", "1A 2B", "1A 2B*"),  # the line of the live one was lost
        ("1A 2B 3A*", "1A 2B 3A*", ""),
        ("1A 2B*", "1A 2B 3A*", "3A*"),
        ("1A*", "1A 2B 3C*", "2B 3C*"),
        ("1A 2B 3C*", "1A 2B*", ""),  # an older export
        ("3C*", "1A 2B*", "1A 2B"),  # an older export of what was trimmed
        ("1A 3C*", "1A 2B 3C*", "2B"),  # a line that was lost, from another copy
        ("1C@9*", "1A 2B 3C*", "2A 3B 4C*"),  # removed, and ingested anew: A is not the newest again
        ("1A@9*", "1A 2B*", "2B*"),  # the export went on from there
        ("1A@1 2B@2 3C@3*", "1B@1 2C@2 3D@4*", "4D*"),
        ("1A@1 2C@3*", "1A@1 2B@2*", "3B 4C*"),  # they parted: C was seen last
        ("1A@1 2B@2*", "1A@1 2C@3*", "3C*"),
        ("1A@1*", "3A@2 4B@3*", "4B*"),  # no state follows itself
        ("5D@1*", "1A@2 2B@3*", "6A 7B*"),  # numbers that fit by chance
        ("", "1A 1B*", "1A 2B*"),
    ],
)
def test_what_an_export_adds_to_a_history(held: str, exported: str, added: str) -> None:
    assert shown(missing(states(held), states(exported))) == added


@pytest.mark.parametrize(
    ("held", "exported", "keep", "added"),
    [
        ("", "1A 2B 3C*", 1, "2B 3C*"),
        ("", "1A 2B 3C*", 0, "3C*"),
        ("3C*", "1A 2B 3C*", 0, ""),
        ("3C*", "1A 2B 3C*", 1, "2B"),
        ("1A@1 2C@3*", "1A@1 2B@2*", 0, ""),
    ],
)
def test_what_would_be_forgotten_at_once_is_not_added(held: str, exported: str, keep: int, added: str) -> None:
    assert shown(missing(states(held), states(exported), keep)) == added


def test_states_that_parted_are_told_apart_by_their_dates_first() -> None:
    held, exported = states("1A@1 2B@2*"), states("1A@1 2C@3*")
    assert shown(missing([held[0], replace(held[1], dated="2024-05-02")], exported)) == "3C 4B*"


def test_a_state_that_is_not_live_any_more_was_superseded_when_the_next_one_was_seen() -> None:
    assert [each.superseded for each in missing(states("3C@7*"), states("1A@1 2B@4*"))] == ["4", "7"]
    assert [each.superseded for each in missing(states("1A@1 2C@3*"), states("1A@1 2B@2*"))] == ["3", None]


HISTORIES = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=5).flatmap(
    lambda digests: st.builds(
        lambda gaps, seen, live: _history(digests, gaps, seen, live),
        st.lists(st.integers(1, 3), min_size=len(digests), max_size=len(digests)),
        st.lists(st.integers(10, 99), min_size=len(digests), max_size=len(digests)),
        st.integers(0, len(digests) - 1),
    )
)


def _history(digests: list[str], gaps: list[int], seen: list[int], live: int) -> list[State]:
    numbers = [sum(gaps[: place + 1]) for place in range(len(gaps))]
    return [
        State(number, digest, "", str(moment), None, place == live)
        for place, (number, digest, moment) in enumerate(zip(numbers, digests, sorted(seen), strict=True))
    ]


def file(held: list[State], added: list[State]) -> list[State]:
    """The history once they are filed."""
    filed = {each.number: each for each in held}
    for each in added:
        assert each.number not in filed
        if each.is_live:
            filed = {number: replace(other, is_live=False) for number, other in filed.items()}
        filed[each.number] = each
    return [filed[number] for number in sorted(filed)]


@settings(max_examples=300)
@given(HISTORIES | st.just([]), HISTORIES)
def test_nothing_is_lost_and_one_state_is_live(held: list[State], exported: list[State]) -> None:
    added = missing(held, exported)
    joined = file(held, added)
    assert [each.number for each in joined if each.is_live] == [
        each.number for each in (added[-1:] if added and added[-1].is_live else held) if each.is_live
    ]
    assert [each.digest for each in joined if each in held or replace(each, is_live=True) in held] == [
        each.digest for each in held
    ]
    assert {each.digest for each in exported} <= {each.digest for each in joined}


def as_ingested(history: list[State]) -> list[State]:
    """The history of an article that was only ever ingested: no state follows itself, and the last one is live."""
    changes = [each for place, each in enumerate(history) if place == 0 or each.digest != history[place - 1].digest]
    return [replace(each, is_live=each is changes[-1]) for each in changes]


def trim(history: list[State], keep: int) -> list[State]:
    """As a library forgets."""
    past = [each for each in history if not each.is_live]
    return [each for each in history if each.is_live or each in past[len(past) - min(keep, len(past)) :]]


@settings(max_examples=300)
@given(HISTORIES | st.just([]), HISTORIES, st.integers(0, 3))
def test_a_library_that_forgets_comes_to_an_end_too(held: list[State], exported: list[State], keep: int) -> None:
    held, exported = trim(as_ingested(held) if held else [], keep), as_ingested(exported)
    for _ in range(2):
        held = trim(file(held, missing(held, exported, keep)), keep)
    assert missing(held, exported, keep) == []


@settings(max_examples=300)
@given(HISTORIES, HISTORIES)
def test_libraries_that_take_turns_come_to_an_end(here: list[State], there: list[State]) -> None:
    for _ in range(3):
        here = file(here, missing(here, there))
        there = file(there, missing(there, here))
    assert (missing(here, there), missing(there, here)) == ([], [])


@given(HISTORIES)
def test_a_fresh_library_gets_each_state_with_its_number(exported: list[State]) -> None:
    added = missing([], exported)
    assert [replace(each, superseded=None) for each in sorted(added, key=lambda each: each.number)] == exported
    assert [each.is_live for each in added] == [False] * (len(added) - 1) + [True]


@settings(max_examples=300)
@given(HISTORIES | st.just([]), HISTORIES)
def test_restoring_once_is_enough(held: list[State], exported: list[State]) -> None:
    held, exported = as_ingested(held) if held else [], as_ingested(exported)
    assert missing(file(held, missing(held, exported)), exported) == []


@settings(max_examples=300)
@given(HISTORIES, HISTORIES)
def test_what_is_appended_ends_with_the_live_state(held: list[State], exported: list[State]) -> None:
    held, exported = as_ingested(held), as_ingested(exported)
    joined = file(held, missing(held, exported))
    assert joined[-1].is_live
    assert all(not earlier.is_live for earlier, _ in pairwise(joined))
