from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

from rag.answering.answering import Draft, ExtractiveAnswerer
from rag.answering.disagreement import find_dispute
from rag.answering.evidence import Evidence
from rag.answering.settlement import DISPUTED, Settlement, settle
from rag.domain import Article, Caution, Hit, Question, SentenceStatus, WarningKind
from rag.embedding import SentenceEmbedder
from rag.library.snapshot import Scope
from rag.reading.reader import PassageReader
from rag.retrieval.query import read_query
from rag.retrieval.questions import read_question
from rag.retrieval.reranking import rerank
from rag.retrieval.retrieval import retrieve
from tests.rag.answering.evidences import make_evidence
from tests.shelving import make_article, open_for, shelve

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


SPAN = "Otters finished a bridge over the Kotogawa in Kochi. The bridge is 85 metres long and carries no cars."
LENGTH = "How long is the bridge over the Kotogawa?"
NOTE = "Correction: an earlier version of this article said that the bridge was 90 metres long."


def bridge_article(id_: str, *parts: str, **facts: Any) -> Article:
    return make_article(id_, *parts, title="Otters build a bridge over the Kotogawa", **facts)


def answered(folder: Path, embedder: SentenceEmbedder, reader: PassageReader, *articles: Article) -> Draft:
    with closing(open_for(embedder, folder)) as library:
        shelve(library, embedder, *articles, make_article("shop", SHOP, title="A tanuki opens a shop"))
        with library.snapshot() as snapshot:
            query = read_query(LENGTH, Scope(), snapshot, embedder)
            hits = rerank(LENGTH, retrieve(snapshot, query, 20), reader, 12)
            return ExtractiveAnswerer(embedder).answer(Question(LENGTH), LENGTH, hits, snapshot)


def test_both_articles_are_quoted_and_marked(tmp_path: Path, embedder: SentenceEmbedder, reader: PassageReader) -> None:
    draft = answered(
        tmp_path,
        embedder,
        reader,
        bridge_article("old", SPAN, published="2023-11-20", source="River Times"),
        bridge_article("new", SPAN.replace("85", "90"), published="2023-11-22", source="Pond Gazette"),
    )
    assert [(each.text, each.status, each.citations) for each in draft.sentences] == [
        ("The bridge is 90 metres long and carries no cars.", SentenceStatus.DISPUTED, (1,)),
        ("The bridge is 85 metres long and carries no cars.", SentenceStatus.DISPUTED, (2,)),
        ("Otters finished a bridge over the Kotogawa in Kochi.", SentenceStatus.QUOTED, (3,)),
    ]
    assert draft.warnings == (
        Caution(
            WarningKind.DISAGREEMENT,
            "Articles disagree: “90 metres long” (Pond Gazette, 2023-11-22),"
            " “85 metres long” (River Times, 2023-11-20).",
            (1, 2),
        ),
    )
    assert draft.confidence == DISPUTED


def test_the_article_that_corrects_is_quoted_alone(
    tmp_path: Path, embedder: SentenceEmbedder, reader: PassageReader
) -> None:
    draft = answered(
        tmp_path,
        embedder,
        reader,
        bridge_article("old", SPAN.replace("85", "90"), published="2023-11-20", source="River Times"),
        bridge_article("new", SPAN, NOTE, published="2023-11-22", source="Pond Gazette"),
    )
    assert [each.text for each in draft.sentences] == [
        "The bridge is 85 metres long and carries no cars.",
        "Otters finished a bridge over the Kotogawa in Kochi.",
    ]
    assert [(each.kind, each.text) for each in draft.warnings] == [
        (
            WarningKind.CORRECTION,
            f"“90 metres long” (River Times, 2023-11-20) was corrected: “{NOTE}” (Pond Gazette, 2023-11-22).",
        ),
    ]
