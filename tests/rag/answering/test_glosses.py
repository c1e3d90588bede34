from __future__ import annotations

import pytest

from rag.answering.glosses import find_gloss, find_person

SATO = "Mayor Rin Sato opened the bridge in Takamatsu on Monday."
UEDA = "Goro Ueda built it."


@pytest.mark.parametrize(
    ("before", "sentence", "gloss"),
    [
        ([SATO], "She came by boat.", "“She” = Mayor Rin Sato"),
        ([SATO], "Her boat is new.", "“Her” = Mayor Rin Sato"),
        ([SATO, "The crowd cheered."], "“It will hold,” she said.", "“she” = Mayor Rin Sato"),
        ([SATO], "The mayor came by boat.", "“The mayor” = Mayor Rin Sato"),
        (["The River Bank lent the money."], "It wants it back by May.", "“It” = River Bank"),
        (["Kestrel Motors sold 300 boats."], "The company paid no tax.", "“The company” = Kestrel Motors"),
    ],
)
def test_a_pronoun_with_one_name_before_it_is_explained(before: list[str], sentence: str, gloss: str) -> None:
    assert find_gloss(sentence, before) == gloss


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ([], "She came by boat."),
        ([SATO, UEDA], "She came by boat."),
        (["Mayor Rin Sato met Goro Ueda."], "He came by boat."),
        (["Mayor Rin Sato and her husband opened the bridge."], "He came by boat."),
        (["Mr Goro Ueda built the bridge."], "She came by boat."),
        ([SATO], "Ponpoko came by boat, and she was late."),
        (["The River Bank lent the money."], "It is likely that it wants it back."),
        (["The bridge is in Takamatsu."], "It carries no cars."),
        ([SATO], "The bridge carries no cars."),
    ],
)
def test_where_it_is_not_plain_who_is_meant_nothing_is_explained(before: list[str], sentence: str) -> None:
    assert find_gloss(sentence, before) is None


def test_who_she_is_in_what_she_said() -> None:
    assert find_person("“It will hold,” she said.", [SATO]) == "Mayor Rin Sato"
    assert find_person("“It will hold,” she said.", [SATO, UEDA]) is None
