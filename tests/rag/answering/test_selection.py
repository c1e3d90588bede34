from __future__ import annotations

from dataclasses import replace

from rag.answering.evidence import Evidence
from rag.answering.requests import Request
from rag.answering.selection import LONGEST_LIST, MOST_ITEMS, choose, missing_sides, select
from rag.domain import Hit, Label, Span

LATEST, LIST = Request(subject="the otters' bridge"), Request(is_list=True)
SIDES = ("the bridge", "the pier")


def analyse(text: str) -> list[str]:
    return [word.strip(".,’'").casefold() for word in text.split() if word.casefold() not in {"the", "of", "a"}]


def evidence(article_id: str, text: str, published: str | None = None, label: Label = Label.REPORTED) -> Evidence:
    span = Span(0, len(text))
    hit = Hit(article_id, f"{article_id}/1", 1, 1.0, "Pond", label, text, 0, len(text), (span,), published=published)
    return Evidence(hit, span, text, coverage=1.0, context=1.0, fit=1.0, answer_span=None)


def test_a_sentence_of_a_near_copy_is_not_quoted_again_unless_it_disagrees() -> None:
    said = evidence("wire", "On 3 May 2024 about 300 otters crossed the new bridge of Kotogawa at noon.")
    again = evidence("copy", "On May 3, 2024 about three hundred otters crossed the new bridge of Kotogawa.")
    disagreeing = evidence("other", "On 3 May 2024 about 400 otters crossed the new bridge of Kotogawa at noon.")
    of_its_own = evidence("wire", "On 3 May 2024 about 300 otters crossed the new bridge of Kotogawa.")
    assert choose([said, again, replace(said, hit=again.hit), disagreeing]) == [said, disagreeing]
    assert choose([said, of_its_own]) == [said, of_its_own]


def test_sentences_passed_over_leave_their_place_to_others() -> None:
    said = evidence("wire", "About 300 otters crossed the new bridge of Kotogawa at noon, and no car was seen.")
    further = evidence("other", "The bridge has been open since Monday.")
    copies = [replace(said, hit=replace(said.hit, article_id=f"copy/{number}")) for number in range(5)]
    assert choose([said, *copies, further]) == [said, further]


def test_of_further_sentences_that_are_as_likely_the_short_ones_are_said() -> None:
    said = evidence("wire", "The bridge opened.")
    long = evidence("other", "Otters" + " and more otters" * 15 + " swam.")
    short = [evidence(town, f"{town} has a ferry.") for town in ("Kure", "Naoshima")]
    assert choose([said, long, *short]) == [said, *short]
    assert choose([said, long]) == [said, long]


def test_what_hardly_answers_is_not_said() -> None:
    said = replace(evidence("wire", "The bridge opened."), read=1.0)
    assert choose([said, replace(said, text="It has no lights.", read=0.0)], enough=1.0) == [said]


def test_a_digest_has_one_report_an_article_newest_first() -> None:
    old, new = (evidence(day, f"Otters worked on the bridge on {day}.", day) for day in ("2024-05-01", "2024-06-01"))
    again = replace(evidence("x", "They worked on.", "2024-06-01"), hit=new.hit)
    undated, guess = (
        evidence("undated", "Otters dive."),
        evidence("guess", "Otters may dive.", "2024-07-01", Label.PREDICTION),
    )
    beside = replace(evidence("beside", "Minks dance.", "2024-08-01"), context=0.3)
    assert select(LATEST, [old, undated, guess, beside, new, again], analyse) == [new, old]
    in_part = replace(beside, context=0.45)
    assert select(LATEST, [old, in_part, new], analyse) == [in_part, new, old]


def test_a_digest_is_short() -> None:
    many = [evidence(str(day), f"On day {day} otters built pier {day}.", f"2024-05-{day}") for day in range(10, 20)]
    assert [each.hit.article_id for each in select(LATEST, many, analyse)] == ["19", "18", "17", "16", "15"]
    assert MOST_ITEMS == 5


def test_without_dated_reports_a_digest_is_an_ordinary_answer() -> None:
    undated = evidence("undated", "Otters dive.")
    assert select(LATEST, [undated], analyse) == [undated]


def test_a_list_has_more_sentences_than_an_answer() -> None:
    towns = ("Takamatsu", "Matsuyama", "Naoshima", "Sakaide", "Onomichi", "Imabari", "Kure")
    many = [evidence(town, f"The town of {town} has a ferry.") for town in towns]
    assert len(select(Request(), many, analyse)) == 3
    assert select(LIST, many, analyse) == many[:5]
    long = [replace(each, text=each.text + " It sails." * 30) for each in many]
    assert select(LIST, long, analyse) == long[:2]
    assert LONGEST_LIST == 150


def test_sides_stand_beside_each_other_in_the_order_of_the_question() -> None:
    pier, bridge = evidence("a", "The pier is old."), evidence("b", "The bridge is new.")
    other = evidence("c", "The bridge is red.")
    assert select(Request(sides=SIDES), [pier, bridge, other], analyse) == [bridge, pier]
    assert missing_sides(SIDES, [bridge, pier], analyse) == []


def test_a_sentence_on_both_sides_stands_alone() -> None:
    both, bridge = evidence("a", "The pier is older than the bridge."), evidence("b", "The bridge is new.")
    assert select(Request(sides=SIDES), [both, bridge], analyse) == [both]


def test_a_side_of_which_nothing_speaks_is_missing() -> None:
    bridge = evidence("b", "The bridge is new.")
    assert select(Request(sides=SIDES), [bridge], analyse) == [bridge]
    assert missing_sides(SIDES, [bridge], analyse) == ["the pier"]


def test_a_headline_on_both_sides_tells_of_neither() -> None:
    pier = evidence("a", "It carries no cars.")
    both = replace(pier, hit=replace(pier.hit, title="The pier and the bridge"))
    alone = replace(pier, hit=replace(pier.hit, title="The pier"))
    assert missing_sides(SIDES, [both], analyse) == ["the bridge", "the pier"]
    assert missing_sides(SIDES, [alone], analyse) == ["the bridge"]
    assert missing_sides(SIDES, [replace(alone, text="The bridge carries no cars.")], analyse) == ["the pier"]


def test_thin_articles_alone_carry_nothing() -> None:
    thin = evidence("a", "The pier is old.")
    thin = replace(thin, hit=replace(thin.hit, thin=True))
    assert [select(request, [thin], analyse) for request in (Request(), LIST, LATEST, Request(sides=SIDES))] == [[]] * 4
    assert select(Request(), [], analyse) == []
