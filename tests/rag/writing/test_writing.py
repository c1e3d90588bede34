from __future__ import annotations

from rag.domain import AnswererName, Caution, SentenceStatus, Span, WarningKind
from rag.errors import EndpointFailed
from rag.writing.language_model import Role
from rag.writing.prompts import AGAIN, INSTRUCTIONS, MOST_PASSAGES
from tests.rag.answering.passages import draft_of, passage
from tests.rag.writing.adversary import BRIDGE, PASSAGES, SHOP
from tests.rag.writing.scripted import ScriptedModel, write

QUESTION = "How many kinds of leaves does the shop sell?"
DRAFT = draft_of(SHOP, 1, "42")
LENGTH = "The bridge is 85 metres long."
PRICE = "Ponpoko paid 12 million yen for the building."
LIE = "The shop sells 43 kinds of leaves."


def withheld(text: str) -> Caution:
    return Caution(WarningKind.DEGRADED, text)


def test_sentences_are_given_as_they_are_checked_with_the_citations_that_are_new() -> None:
    written = f"{PRICE} [1] The shop sells 42 kinds of leaves. [1] {LENGTH} [2]"
    given, draft = write(ScriptedModel(written), QUESTION, DRAFT, PASSAGES)
    assert [each.sentence.text for each in given] == [PRICE, "The shop sells 42 kinds of leaves.", LENGTH]
    assert [each.sentence.citations for each in given] == [(1,), (2,), (3,)]
    assert [[citation.number for citation in each.citations] for each in given] == [[1], [2], [3]]
    assert tuple(each.sentence for each in given) == draft.sentences
    assert tuple(citation for each in given for citation in each.citations) == draft.citations
    assert (draft.answerer, draft.confidence, draft.refusal, draft.warnings) == (AnswererName.LLM, 0.9, None, ())


def test_a_sentence_that_is_a_quote_is_quoted_and_one_that_says_less_is_verified() -> None:
    _, draft = write(ScriptedModel(f"The shop sells 42 kinds of leaves. [1] {LENGTH} [2]"), QUESTION, DRAFT, PASSAGES)
    assert [each.status for each in draft.sentences] == [SentenceStatus.QUOTED, SentenceStatus.VERIFIED]
    assert [each.answer_span for each in draft.sentences] == [Span(15, 17), None]


def test_a_quote_is_cited_once_however_often_it_supports() -> None:
    _, draft = write(ScriptedModel(f"{PRICE} [1] Ponpoko paid 12 million yen. [1]"), QUESTION, DRAFT, PASSAGES)
    assert [each.citations for each in draft.sentences] == [(1,), (1,)]
    assert len(draft.citations) == 1


def test_what_is_not_supported_is_asked_for_again_once() -> None:
    model = ScriptedModel(f"{LENGTH} [2] {LIE} [1]", "The shop sells 42 kinds of leaves. [1]")
    _, draft = write(model, QUESTION, DRAFT, PASSAGES)
    assert [each.text for each in draft.sentences] == [LENGTH, "The shop sells 42 kinds of leaves."]
    assert draft.warnings == ()
    assert [message.role for message in model.asked[1][2:]] == [Role.ASSISTANT, Role.USER]
    assert model.asked[1][:2] == model.asked[0]
    assert model.asked[1][3].text == AGAIN.format(failed=f"- {LIE}")


def test_what_is_not_supported_the_second_time_either_is_withheld_and_counted() -> None:
    _, draft = write(ScriptedModel(f"{LENGTH} [2] {LIE} [1]", f"{LIE} [1]"), QUESTION, DRAFT, PASSAGES)
    assert [each.text for each in draft.sentences] == [LENGTH]
    assert draft.warnings == (
        withheld("1 sentence of the language model was withheld: the articles do not support it."),
    )
    _, draft = write(ScriptedModel(f"{LENGTH} {LIE} {LIE}", "Nothing to add."), QUESTION, DRAFT, PASSAGES)
    assert draft.warnings == (
        withheld("2 sentences of the language model were withheld: the articles do not support them."),
    )


def test_when_all_is_withheld_the_extractive_answer_stands_and_says_so() -> None:
    given, draft = write(ScriptedModel(f"{LIE} [1]", f"{LIE} [2]"), QUESTION, DRAFT, PASSAGES)
    assert (given, draft.sentences, draft.citations) == ([], DRAFT.sentences, DRAFT.citations)
    assert draft.answerer is AnswererName.EXTRACTIVE
    assert draft.warnings == (
        withheld(
            "The articles do not support what the language model wrote (1 sentence withheld). "
            "These are the articles' own words."
        ),
    )


def test_a_model_that_finds_nothing_leaves_the_extractive_answer_and_is_not_asked_again() -> None:
    model = ScriptedModel("NOT STATED")
    _, draft = write(model, QUESTION, DRAFT, PASSAGES)
    assert (draft.sentences, draft.answerer, len(model.asked)) == (DRAFT.sentences, AnswererName.EXTRACTIVE, 1)
    assert draft.warnings == (
        withheld("The language model found no answer in the passages. These are the articles' own words."),
    )


def test_an_endpoint_that_fails_at_the_second_attempt_leaves_what_was_checked() -> None:
    model = ScriptedModel(f"{LENGTH} [2] {LIE} [1]", EndpointFailed("pond.example", "broke off"))
    _, draft = write(model, QUESTION, DRAFT, PASSAGES)
    assert [each.text for each in draft.sentences] == [LENGTH]
    assert [each.text for each in draft.warnings] == [
        "The language model broke off; the answer may not be complete.",
        "1 sentence of the language model was withheld: the articles do not support it.",
    ]


def test_a_few_words_point_at_the_quote_that_holds_them() -> None:
    _, draft = write(ScriptedModel("42 kinds."), QUESTION, DRAFT, PASSAGES)
    (sentence,) = draft.sentences
    assert (sentence.text, sentence.status) == ("The shop sells 42 kinds of leaves.", SentenceStatus.QUOTED)
    assert sentence.answer_span
    assert sentence.answer_span.of(sentence.text) == "42 kinds"
    assert draft.answerer is AnswererName.LLM


def test_a_sentence_in_other_words_points_at_the_quote_that_has_all_that_it_adds_to_the_question() -> None:
    question = "How many sorts of leaves can one buy there?"
    _, draft = write(ScriptedModel("One can buy 42 sorts of leaves there. [1]"), question, DRAFT, PASSAGES)
    assert [(each.text, each.status) for each in draft.sentences] == [
        ("The shop sells 42 kinds of leaves.", SentenceStatus.QUOTED)
    ]
    for other in ("One can buy 43 sorts of leaves there.", "One cannot buy 42 sorts of leaves there."):
        _, draft = write(ScriptedModel(other, other), question, DRAFT, PASSAGES)
        assert draft.answerer is AnswererName.EXTRACTIVE


def test_a_few_words_point_at_no_part_of_a_word_and_at_nothing_that_was_not_chosen() -> None:
    for words in ("4", "leave", "85 metres", "Takamatsu"):
        _, draft = write(ScriptedModel(words, words), QUESTION, DRAFT, PASSAGES)
        assert draft.answerer is AnswererName.EXTRACTIVE


def test_a_sentence_whose_quote_no_longer_stands_is_withheld() -> None:
    from rag.engine import returned
    from rag.writing.writing import WritingAnswerer
    from tests.rag.writing.scripted import count_words

    model = ScriptedModel(f"{LENGTH} [2]", f"{LENGTH} [2]")
    draft = returned(WritingAnswerer(model, count_words).write(QUESTION, DRAFT, PASSAGES, lambda *_: ((), ())))
    assert draft.answerer is AnswererName.EXTRACTIVE


def test_the_passages_quoted_come_first_and_thin_ones_never() -> None:
    thin = passage("Kappa open an exchange.", title="Kappa", number=9, thin=True)
    model = ScriptedModel("NOT STATED")
    write(model, QUESTION, draft_of(BRIDGE, 1), [thin, SHOP, BRIDGE])
    system, asked = model.asked[0]
    assert system.text == INSTRUCTIONS
    assert asked.text.index("[1] (Otters build") < asked.text.index("[2] (Tanuki opens")
    assert "Kappa" not in asked.text
    assert asked.text.endswith(f"</passages>\n\nQuestion: {QUESTION}")


def test_a_window_without_room_for_all_passages_is_said() -> None:
    model = ScriptedModel(f"{LENGTH} [2]", window=600)
    _, draft = write(model, QUESTION, DRAFT, PASSAGES[:2] * MOST_PASSAGES)
    assert draft.warnings == ()
    model = ScriptedModel("The shop sells 42 kinds of leaves. [1]", window=420)
    _, draft = write(model, QUESTION, DRAFT, PASSAGES)
    assert draft.warnings == (
        Caution(WarningKind.WINDOW, "The language model's window of 420 tokens had room for 1 of 4 passages."),
    )
    model = ScriptedModel(window=300)
    _, draft = write(model, QUESTION, DRAFT, PASSAGES)
    assert model.asked == []
    assert draft.warnings == (
        withheld(
            "The language model's window is too small for a passage (BYLINE_LLM_WINDOW). "
            "These are the articles' own words."
        ),
    )


def test_an_endpoint_that_has_cut_the_prompt_is_found_out() -> None:
    _, draft = write(ScriptedModel(f"{LENGTH} [2]", tokens_read=100), QUESTION, DRAFT, PASSAGES)
    (warning,) = draft.warnings
    assert warning.kind is WarningKind.WINDOW
    assert warning.text.startswith("The language model read 100 of about ")
    assert warning.text.endswith(" tokens: its window is smaller than BYLINE_LLM_WINDOW says.")
