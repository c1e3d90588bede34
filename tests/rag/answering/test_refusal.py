from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering.evidence import Evidence, gather_evidence
from rag.answering.refusal import filtered_detail, reason_for
from rag.domain import Filters, Hit, Label, Reason, Span
from rag.library.keywords import analyse
from rag.retrieval.questions import Reading, read_question

TEXT = "Otters finished the bridge in 2019."
HIT = Hit("a", "0" * 16, 1, 0.9, "Otter bridge 42", Label.REPORTED, TEXT, 0, len(TEXT), (Span(0, len(TEXT)),),
          published="2023-11-20")  # fmt: skip
COVERED = ("2023-11-20", "2024-05-04")


def read(question: str) -> Reading:
    return read_question(question, analyse)


def evidence(question: str, *, thin: bool = False) -> list[Evidence]:
    return gather_evidence(read(question), [replace(HIT, thin=thin)], analyse, lambda _term: 1.0)


def reason(
    question: str,
    known: dict[str, int],
    *,
    thin: bool = False,
    outlets: tuple[str, ...] = (),
    covered: tuple[str, str] | None = COVERED,
) -> str:
    found, detail = reason_for(
        read(question), evidence(question, thin=thin), outlets, lambda name: known.get(name, 0), covered
    )
    return f"{found}: {detail}"


def test_a_name_no_article_mentions_comes_first() -> None:
    assert reason("Did Kappa meet Otters in 1999?", {"Otters": 2}) == "unknown_name: No article mentions “Kappa”."
    assert (
        reason("Did Kappa and Tengu meet Oni?", {}) == "unknown_name: No article mentions “Kappa”, “Tengu” and “Oni”."
    )


def test_an_outlet_the_library_lacks_comes_before_all() -> None:
    assert reason("What does a Pond article say of Kappa?", {}, outlets=("Pond",)) == (
        "unknown_name: The library has no article of “Pond”."
    )


def test_why_something_happened_that_no_article_tells_of_is_a_false_premise() -> None:
    assert reason("Why did Otters burn their boats?", {"Otters": 1}) == (
        "false_premise: Articles mention “Otters”, but none says that this happened."
    )
    assert reason("Why did Otters finish the bridge?", {"Otters": 1}).startswith("not_stated: ")


def test_a_year_outside_the_days_covered_is_named() -> None:
    assert reason("What did Otters do in 1999?", {"Otters": 1}) == (
        "outside_dates: The articles run from 2023-11-20 to 2024-05-04; the nearest do not speak of “1999”."
    )
    assert reason("What happened in 1999 and 2031?", {}) == (
        "outside_dates: The articles run from 2023-11-20 to 2024-05-04; the nearest do not speak of “1999” and “2031”."
    )


def test_a_year_within_the_days_covered_that_nothing_speaks_of_is_named() -> None:
    assert reason("What did Otters do in 2024?", {"Otters": 1}) == (
        "not_stated: The articles nearest to the question do not speak of “2024”."
    )
    published_then = "What did Otters dig in 2023?"
    assert reason(published_then, {"Otters": 1}).endswith("none states what is asked.")


@pytest.mark.parametrize(
    "question", ["What did Otters do in 2019?", "What did Otters do in 2023?", "What do Otters do?"]
)
def test_a_year_that_an_article_speaks_of_is_not_outside(question: str) -> None:
    assert reason(question, {"Otters": 1}) == "not_stated: Articles mention “Otters”, but none states what is asked."


def test_without_a_dated_article_no_year_is_outside() -> None:
    assert reason("What happened in 1999?", {}, covered=None) == (
        "not_stated: The articles nearest to the question do not speak of “1999”."
    )


def test_thin_pages_alone_are_no_source() -> None:
    assert reason("What do Otters do?", {"Otters": 1}, thin=True) == (
        "thin_only: Only pages without a reported text speak of this; they are no source for a fact."
    )


def test_without_evidence_nothing_is_stated() -> None:
    assert reason_for(read("why so sad"), [], (), lambda _name: 0, None) == (
        Reason.NOT_STATED, "No article states what is asked.",
    )  # fmt: skip


def test_the_detail_of_a_filtered_question_tells_what_narrowed_it() -> None:
    assert filtered_detail(Filters(source=("X",)), None) == "The filters leave no article. Widen them, or ask without."
    assert filtered_detail(Filters(), "1999-01-01") == (
        "No article was published on or before 1999-01-01. Ask as of a later day, or without."
    )
