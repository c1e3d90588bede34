from __future__ import annotations

import pytest

from rag.domain import Question, Turn
from rag.retrieval.conversation import rewrite

EARLIER = Turn("What did Ponpoko open in Takamatsu ?! ", "A shop [1]")
BRIDGE = Turn("How long is the bridge over the Kotogawa?", "It is 85 metres long and carries no cars. [1]")
OPENER = Turn("Who opened a shop in Takamatsu?", "The tanuki Ponpoko opened a shop for leaves in Takamatsu. [1]")
MAYOR = Turn("Who praised the leaves?", "Mayor Rin Sato said the shop would bring 300 visitors a day. [1]")
FERRY = Turn("Which ferry crosses the Kotogawa?", "The Ponpoko Maru crosses the Kotogawa twice a day. [1]")


def follow_up(text: str, *turns: Turn) -> str | None:
    return rewrite(Question(text, history=turns))


@pytest.mark.parametrize(
    ("text", "turn", "rewritten"),
    [
        ("When was it finished?", BRIDGE, "When was the bridge over the Kotogawa finished?"),
        ("And who crossed it first?", BRIDGE, "Who crossed the bridge over the Kotogawa first?"),
        ("What did Ueda say about it?", BRIDGE, "What did Ueda say about the bridge over the Kotogawa?"),
        ("Is it fast?", FERRY, "Is the Ponpoko Maru fast?"),
        ("How old is her shop?", EARLIER, "How old is Ponpoko's shop?"),
    ],
)
def test_a_pronoun_gives_way_to_the_one_thing_that_was_named(text: str, turn: Turn, rewritten: str) -> None:
    assert follow_up(text, turn) == rewritten


@pytest.mark.parametrize(
    ("text", "turn", "rewritten"),
    [
        ("Who is she?", MAYOR, "Who is Mayor Rin Sato?"),
        ("What did Ueda say to him?", MAYOR, "What did Ueda say to Mayor Rin Sato?"),
        ("Where was she born?", OPENER, "Where was Ponpoko born?"),
        (
            "Which river did he cross?",
            Turn("When did Jun Hara leave Osaka?", "In May."),
            "Which river did Jun Hara cross?",
        ),
        ("Where had he worked?", Turn("Who led the otters?", "Hiro Mori III."), "Where had Hiro Mori III worked?"),
    ],
)
def test_the_pronoun_of_a_person_is_who_was_asked_for_before_who_was_named(
    text: str, turn: Turn, rewritten: str
) -> None:
    assert follow_up(text, turn) == rewritten


def test_they_are_all_who_were_asked_for() -> None:
    turn = Turn("Who founded the River Times?", "It was founded by Jun Hara, Rin Mori and Hiro Ueda in 1998.")
    assert follow_up("Where did they meet?", turn) == "Where did Jun Hara, Rin Mori and Hiro Ueda meet?"


@pytest.mark.parametrize(
    ("text", "turn", "rewritten"),
    [
        ("How much did the bridge cost?", BRIDGE, "How much did the bridge over the Kotogawa cost?"),
        ("When was the ferry built?", FERRY, "When was the ferry Ponpoko Maru built?"),
        ("Who is the ferry's captain?", FERRY, "Who is Ponpoko Maru's captain?"),
        (
            "What is the title of the paper?",
            Turn("Who wrote the Kotogawa paper?", "Professor Ueda did."),
            "What is the title of the Kotogawa paper?",
        ),
        ("Who sold the company?", Turn("Who led Ponpoko & Sons?", "Rin Mori."), "Who sold the company Ponpoko & Sons?"),
    ],
)
def test_a_noun_that_was_named_gets_its_name(text: str, turn: Turn, rewritten: str) -> None:
    assert follow_up(text, turn) == rewritten


def test_a_place_gives_way_to_its_name() -> None:
    assert follow_up("What did the mayor say there?", EARLIER) == "What did the mayor say in Takamatsu?"


@pytest.mark.parametrize(
    ("text", "before", "rewritten"),
    [
        ("And in 2025?", "How many otters swam in 2024?", "How many otters swam in 2025?"),
        ("What about 2023?", "How many otters swam in 2024?", "How many otters swam in 2023?"),
        ("And on 16 May?", "Who sang on 7 May 2022?", "Who sang on 16 May 2022?"),
        ("And in 2025?", "What did Ponpoko open?", "What did Ponpoko open in 2025?"),
        ("And in Osaka?", "What did Ponpoko open in Takamatsu?", "What did Ponpoko open in Osaka?"),
        ("In Osaka?", "What did Ponpoko open?", "What did Ponpoko open in Osaka?"),
        ("And Sato?", "What did Ponpoko open in Takamatsu?", "What did Sato open in Takamatsu?"),
        ("What about Takamatsu?", "Who was Osaka's mayor in 2024?", "Who was Takamatsu's mayor in 2024?"),
        ("What about the Yodo Bridge?", "When was the Kotogawa Bridge built?", "When was the Yodo Bridge built?"),
        ("And the second?", "How long is Ueda's first bridge?", "How long is Ueda's second bridge?"),
        ("And the red one?", "How much did the blue leaf cost?", "How much did the red leaf cost?"),
    ],
)
def test_what_is_new_takes_its_place_in_the_question_before(text: str, before: str, rewritten: str) -> None:
    assert follow_up(text, Turn(before, "")) == rewritten


@pytest.mark.parametrize(
    ("text", "before", "rewritten"),
    [
        ("Why?", "When did the otters leave Takamatsu?", "Why did the otters leave Takamatsu?"),
        ("Until when?", "Did Ponpoko close her shop?", "Until when did Ponpoko close her shop?"),
        ("By whom?", "When was the bridge finished?", "By whom was the bridge finished?"),
        ("Why not?", "Did Sato sell leaves?", "Why didn't Sato sell leaves?"),
        ("Why not?", "Will Sato sell leaves?", "Why won't Sato sell leaves?"),
    ],
)
def test_a_bare_question_asks_the_one_before_anew(text: str, before: str, rewritten: str) -> None:
    assert follow_up(text, Turn(before, "")) == rewritten


@pytest.mark.parametrize("text", ["Why?", "How much?", "By whom?", "Really?", "Who else?", "And the ferries?"])
def test_one_that_fits_nowhere_stands_behind_the_question_before(text: str) -> None:
    assert follow_up(text, EARLIER) == f"What did Ponpoko open in Takamatsu? {text}"


@pytest.mark.parametrize(
    "text",
    ["And when did that happen exactly?", "Who was the first to say that?", "What was the reason for this?"],
)
def test_one_about_what_was_said_stands_behind_the_question_before(text: str) -> None:
    assert follow_up(text, EARLIER) == f"What did Ponpoko open in Takamatsu? {text}"


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("Which of them stayed in town?", "Ponpoko, Takamatsu: which of them stayed in town?"),
        ("How old is it?", "Ponpoko, Takamatsu: how old is it?"),
        ("How old is the shop?", "Ponpoko, Takamatsu: how old is the shop?"),
        ("Is that otter old?", "Ponpoko, Takamatsu: is that otter old?"),
        ("And how did Ueda get home?", "Ponpoko, Takamatsu: how did Ueda get home?"),
    ],
)
def test_where_it_is_not_plain_what_is_meant_the_names_stand_in_front(text: str, rewritten: str) -> None:
    assert follow_up(text, EARLIER) == rewritten


def test_without_a_name_the_whole_question_stands_in_front() -> None:
    assert follow_up("Do they swim?", Turn("What do otters eat?", "Fish.")) == "What do otters eat? Do they swim?"


def test_what_is_spoken_of_without_a_name_may_be_meant() -> None:
    turn = Turn("When did the ferry reach Kobe?", "At noon.")
    assert follow_up("Was it late?", turn) == "Kobe: was it late?"


@pytest.mark.parametrize(
    "text",
    [
        "Who built the bridge over the Kotogawa?",
        "Andorra is where on the map?",
        "How does an itch start?",
        "Did Ueda sell his shop?",
        "Who wrote the Kotogawa song in the kitchen of his house?",
        "Who says that otters sleep?",
        "Which is the bird that sings?",
        "How many otters signed the driftwood treaty?",
        "How many otters are there?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(text: str) -> None:
    assert follow_up(text, EARLIER) is None


def test_without_a_turn_before_nothing_is_rewritten() -> None:
    assert follow_up("Why?") is None


def test_each_turn_is_rewritten_with_those_before_it() -> None:
    turns = (
        Turn("How many otters swam in the Kotogawa in 2023?", "About 40. [1]"),
        Turn("And in 2024?", "More than 60. [1]"),
    )
    assert follow_up("And in the Yodo?", *turns) == "How many otters swam in the Yodo in 2024?"
    assert (
        follow_up("Where is she now?", MAYOR, Turn("How old is she?", "She is 51.")) == "Where is Mayor Rin Sato now?"
    )


def test_a_new_topic_is_what_the_next_question_leans_on() -> None:
    assert follow_up("How long is it?", EARLIER, Turn("Who built the Kotogawa Bridge?", "Otters.")) == (
        "How long is the Kotogawa Bridge?"
    )


def test_of_shortened_questions_only_the_last_is_kept() -> None:
    turns = (Turn("When did snow fall here?", "In May."), Turn("What about rain?", "In June."))
    assert follow_up("And hail?", *turns) == "When did snow fall here? And hail?"
    assert follow_up("Why?", *turns) == "When did snow fall here? What about rain? Why?"
