"""What the command line shows of jobs."""

from __future__ import annotations

import pytest

from rag.domain import SentenceStatus, WarningKind
from tests.ui.test_rendering import a_citation, a_sentence, an_answer
from ui import schemas as wire
from ui.terminal import ProgressBar, show_answer, show_checks, show_compacted, show_rebuilt, show_removed, show_verdict


def test_warnings_stand_between_the_answer_and_its_citations() -> None:
    outlets = "Pond Wire (sample), Pond Gazette (sample) and River Times (sample)"
    warning = {
        "kind": WarningKind.NEAR_COPIES,
        "text": f"3 articles, 1 independent: {outlets} carry the same story.",
        "citations": [1],
    }
    text = "The shop sells 42 kinds of leaves. [1]"
    answer = an_answer(text=text, sentences=[a_sentence()], citations=[a_citation()], warnings=[warning])
    assert show_answer(answer).splitlines() == [
        text,
        "! 3 articles, 1 independent: Pond Wire (sample), Pond Gazette (sample) and River Times (sample)",
        "  carry the same story.",
        "",
        "[1] Tanuki opens a shop (Pond Gazette, 2024-05-04, reported, tanuki/shop)",
        "",
        f"confidence {answer.confidence:.0%}",
    ]


def test_sentences_stand_in_lines_of_their_own_with_what_explains_them() -> None:
    first = a_sentence(text="She sells leaves.", gloss="“She” = Sato")
    second = a_sentence(text="She sells wood.", citations=[1, 2], status=SentenceStatus.DISPUTED)
    answer = an_answer(sentences=[first, second], citations=[a_citation(), a_citation(number=2)])
    assert show_answer(answer).splitlines()[:2] == [
        "She sells leaves. (“She” = Sato) [1]",
        "She sells wood. (disputed) [1] [2]",
    ]


def test_what_a_refused_follow_up_was_taken_for_is_shown() -> None:
    refusal = {"reason": "not_stated", "detail": "No article states what is asked.", "nearest": []}
    answer = an_answer(rewritten="When did Sato dive?", status="refused", refusal=refusal)
    assert show_answer(answer).splitlines() == [
        "(asked as: When did Sato dive?)",
        "The articles do not say. No article states what is asked.",
    ]


def test_removed_articles_and_unknown_ones_have_a_line_each() -> None:
    shown = show_removed(wire.RemoveOut(removed=["a b/ü"], unknown=["nobody"]))
    assert shown == "removed a b/ü\nnot in the library: nobody. List what is with: byline articles"


def test_a_verdict_ends_with_the_damage_and_its_remedy() -> None:
    damage = wire.DamageOut(part="keywords", problem="2 passages are missing", remedy="Run: byline rebuild")
    verdict = wire.VerifyOut(
        ok=False, digest="d1", articles=3, revisions=4, passages=12, seconds=1.25, damages=[damage]
    )  # fmt: skip
    assert show_verdict(verdict).splitlines() == [
        "The library is damaged: 3 articles, 4 revisions, 12 passages; checked in 1.2 s",
        "digest d1",
        "damage: keywords: 2 passages are missing. Run: byline rebuild",
    ]
    sound = verdict.model_copy(update={"ok": True, "damages": []})
    assert show_verdict(sound).startswith("The library is sound: 3 articles")


def test_a_rebuild_names_the_model_that_answers_now() -> None:
    shown = show_rebuilt(wire.RebuildOut(model="m@1", passages=12, embedded=0, seconds=0.5))
    assert shown == "12 passages, 0 embedded in 0.5 s; the library answers with m@1"


def test_compacting_shows_what_it_brought() -> None:
    shown = show_compacted(wire.CompactOut(bytes_before=12_000_000, bytes_after=3_000_000, seconds=0.5))
    assert shown == "12.0 MB before, 3.0 MB after, in 0.5 s"


def test_checks_show_the_remedy_below_what_is_not_well() -> None:
    checks = [
        wire.CheckOut(name="library", state="ok", detail="3 articles", remedy=""),
        wire.CheckOut(name="disk", state="fault", detail="1 MB free", remedy="Free some space"),
    ]
    assert show_checks(wire.DoctorOut(ok=False, checks=checks)).splitlines() == [
        "ok       library      3 articles",
        "fault    disk         1 MB free",
        "                      Free some space",
    ]


def test_whom_a_job_waits_for_is_said_once_and_no_bar_is_drawn_where_nobody_looks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with ProgressBar("article") as bar:
        for _ in range(2):
            bar(wire.ProgressOut(stage="waiting", done=0, total=None, holder="byline serve (process 7)"))
        bar(wire.ProgressOut(stage="embedding", done=1, total=3))
    assert capsys.readouterr() == ("", "byline: waiting for byline serve (process 7)\n")
