from __future__ import annotations

from dataclasses import fields, replace

import pytest

from rag.answering.confidence import Signals, read_signals
from rag.answering.evidence import gather_evidence
from rag.domain import Hit, Label, Span
from rag.library.keywords import analyse
from rag.retrieval.questions import read_question

TEXT = "Otters finished the bridge in 2019."
HIT = Hit("a", "0" * 16, 1, 0.9, "Otter bridge 42", Label.REPORTED, TEXT, 0, len(TEXT), (Span(0, len(TEXT)),),
          published="2023-11-20")  # fmt: skip
OTHER = replace(HIT, article_id="b", passage_id="1" * 16, title="Kappa dive", score=0.1)


def signals(question: str, hits: tuple[Hit, ...] = (HIT,), unknown: tuple[str, ...] = ()) -> Signals:
    reading = read_question(question, analyse)
    best = gather_evidence(reading, hits, analyse, lambda _term: 1.0)[0]
    return read_signals(reading, best, hits, unknown)


def test_confidence_is_a_probability_that_falls_with_unknown_names_alone() -> None:
    names = [field.name for field in fields(Signals)]
    low = Signals(**dict.fromkeys(names, 0.0))
    high = replace(Signals(**dict.fromkeys(names, 1.0)), strange=0.0)
    assert 0 < low.confidence < 0.05
    assert 0.9 < high.confidence < 1
    assert replace(high, strange=1.0).confidence < high.confidence
    assert all(replace(low, **{name: 1.0}).confidence >= low.confidence for name in names if name != "strange")


@pytest.mark.parametrize(
    ("question", "named", "numbered", "dated"),
    [
        ("Did Otters finish?", 1.0, 1.0, 1.0),
        ("Did Otters and Kappa finish?", 0.5, 1.0, 1.0),
        ("Did 42 finish in 2019?", 1.0, 1.0, 1.0),
        ("Did 42 of 77 finish in 2023?", 1.0, 0.5, 1.0),  # the year of publication
        ("Did they finish in 2019 or in 2020?", 1.0, 1.0, 0.5),
        ("Did Otter finish?", 1.0, 1.0, 1.0),
        ("Did Tter finish?", 0.0, 1.0, 1.0),
    ],
)
def test_names_numbers_and_years_are_looked_for_in_headline_and_passage(
    question: str, named: float, numbered: float, dated: float
) -> None:
    found = signals(question)
    assert (found.named, found.numbered, found.dated) == (named, numbered, dated)


def test_a_year_that_the_passage_does_not_speak_of_makes_an_answer_unsure() -> None:
    assert signals("Did Otters finish in 2017?").confidence < 0.5 * signals("Did Otters finish in 2019?").confidence


def test_of_a_day_the_passage_need_not_tell_the_year() -> None:
    told = "On January 6 otters swam."
    hit = replace(HIT, text=told, end=len(told), sentences=(Span(0, len(told)),))
    asked = ("on January 6, 2021", "on January 7, 2021", "in 2021", "on January 6, 2021 and in 2019")
    assert [signals(f"Did otters swim {when}?", (hit,)).dated for when in asked] == [1.0, 0.0, 0.0, 0.0]


def test_names_may_be_held_by_the_best_passages_together() -> None:
    found = signals("Did Otters and Kappa finish the bridge?", (HIT, OTHER))
    assert (found.named, found.together) == (0.5, 1.0)


def test_unknown_names_are_counted_up_to_two() -> None:
    assert [signals("Who?", unknown=("x",) * count).strange for count in range(4)] == [0.0, 0.5, 1.0, 1.0]
