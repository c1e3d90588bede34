from __future__ import annotations

import re
from typing import Any

from rag.answering.disagreement import find_dispute
from rag.answering.evidence import Evidence
from rag.answering.settlement import DISPUTED, Settlement, settle
from rag.domain import Caution, Hit, WarningKind
from rag.retrieval.questions import read_question
from tests.rag.answering.evidences import make_evidence

QUESTION = "Who opened the shop for leaves in Takamatsu?"
SHOP = "The tanuki Ponpoko opened a shop for leaves in Takamatsu in May."
RISE = "The toll of the flood in Takamatsu rose to 5 otters, the town said."


def said(name: str, article_id: str, **facts: Any) -> Evidence:
    return make_evidence(SHOP.replace("Ponpoko", name), name, article_id, source=article_id.title(), **facts)


def rose(number: str, article_id: str, published: str) -> Evidence:
    text = RISE.replace("5", number)
    return make_evidence(text, number, article_id, source=article_id.title(), published=published)


def settled(
    *evidence: Evidence, question: str = QUESTION, chosen: int = 1, notes: dict[str, str] | None = None
) -> Settlement | None:
    reading = read_question(question, lambda text: re.findall(r"\w+", text.lower()))
    dispute = find_dispute(reading, question, evidence)
    assert dispute

    def text_of(hit: Hit) -> str:
        return f"{hit.text}\n\n{(notes or {}).get(hit.article_id, '')}"

    return settle(dispute, evidence[:chosen], evidence, text_of)


def test_a_disagreement_shows_both_sides_the_newer_first_and_lowers_confidence() -> None:
    old, new = said("Ponpoko", "gazette", published="2024-05-04"), said("Bunbuku", "times", published="2024-05-06")
    settlement = settled(old, new)
    assert settlement
    assert settlement.chosen == (new, old)
    assert (settlement.kind, settlement.text) == (
        WarningKind.DISAGREEMENT,
        "Articles disagree: “Bunbuku” (Times, 2024-05-06), “Ponpoko” (Gazette, 2024-05-04).",
    )
    assert (settlement.capped(0.9), settlement.capped(0.5)) == (DISPUTED, 0.5)


def test_undated_articles_stand_in_the_order_of_the_evidence() -> None:
    settlement = settled(said("Ponpoko", "gazette"), said("Bunbuku", "times"))
    assert settlement
    assert [each.hit.article_id for each in settlement.chosen] == ["gazette", "times"]


def test_a_lone_outlier_among_outlets_is_named() -> None:
    others = make_evidence("Bunbuku, a tanuki, sells leaves at Takamatsu in a shop.", "Bunbuku", "wire", source="Wire")
    settlement = settled(said("Ponpoko", "gazette"), said("Bunbuku", "times"), others)
    assert settlement
    assert settlement.text == (
        "Articles disagree: “Ponpoko” (Gazette, undated), “Bunbuku” (Times, undated)."
        " Gazette stands alone against 2 outlets."
    )


def test_what_moved_on_is_told_by_the_newer_and_no_disagreement() -> None:
    old, new = rose("5", "gazette", "2024-05-04"), rose("7", "times", "2024-06-04")
    settlement = settled(old, new, question="What is the toll of the flood in Takamatsu?")
    assert settlement
    assert (settlement.chosen, settlement.kind, settlement.text) == (
        (old, new),
        WarningKind.LATER,
        "A newer article says otherwise: “7” (Times, 2024-06-04), “5” (Gazette, 2024-05-04).",
    )
    assert settlement.capped(0.9) == 0.9


def test_nothing_is_said_where_the_newer_stands_first_already() -> None:
    question = "What is the toll of the flood in Takamatsu?"
    assert settled(rose("7", "times", "2024-06-04"), rose("5", "gazette", "2024-05-04"), question=question) is None


def test_on_one_day_even_what_moves_is_a_disagreement() -> None:
    question = "What is the toll of the flood in Takamatsu?"
    settlement = settled(rose("7", "times", "2024-06-04"), rose("5", "gazette", "2024-06-04"), question=question)
    assert settlement
    assert settlement.kind is WarningKind.DISAGREEMENT


def test_a_correction_wins_over_what_it_corrects() -> None:
    old, new = said("Bunbuku", "gazette", published="2024-05-04"), said("Ponpoko", "times", published="2024-05-06")
    note = "Correction: an earlier version of this article called the tanuki Bunbuku."
    settlement = settled(old, new, notes={"times": note})
    assert settlement
    assert (settlement.chosen, settlement.kind, settlement.text) == (
        (new,),
        WarningKind.CORRECTION,
        f"“Bunbuku” (Gazette, 2024-05-04) was corrected: “{note}” (Times, 2024-05-06).",
    )


def test_the_same_dispute_between_copies_is_not_told_twice() -> None:
    settlement = settled(said("Ponpoko", "gazette"), said("Bunbuku", "times"))
    assert settlement
    copies = Caution(
        WarningKind.DISAGREEMENT, "Copies of one story disagree: “Ponpoko” (a, b), “Bunbuku” (c, d).", (1,)
    )
    other = Caution(WarningKind.NEAR_COPIES, "2 articles, 1 independent.", (1,))
    assert settlement.cautions((), (copies, other)) == (
        Caution(WarningKind.DISAGREEMENT, settlement.text, ()),
        other,
    )
