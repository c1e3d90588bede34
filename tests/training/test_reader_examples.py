from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from training.reader_examples import LONGEST, SHARES, Group, read_groups

BIRDS = ("heron", "egret", "bittern", "stork", "crane", "avocet", "plover", "lapwing", "curlew", "godwit", "dunlin")
HARBOURS = 60
SEED = 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty passages, two of each place, each with a question, in the first of the sets; the others are empty."""
    folder = tmp_path_factory.mktemp("sets")
    for name in SHARES:
        (folder / f"{name}.jsonl").touch()
    rows = []
    for number in range(HARBOURS):
        bird = BIRDS[number % len(BIRDS)]
        sentences = [f"The harbour of Quay {number // 2} opened in {1800 + number}."]
        sentences += [f"Fact {each} of harbour {number} is plain." for each in range(number % 20)]
        sentences += [f"Its emblem since {1900 + number} has been a {bird}."]
        rows.append(
            {
                "question": f"What is the emblem of Quay {number}?",
                "title": f"Quay {number}",
                "sentences": sentences,
                "answer_sentences": [len(sentences) - 1],
                "answers": [bird],
            }
        )
    (folder / f"{next(iter(SHARES))}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def read(folder: Path, *, held_back: bool = False) -> list[Group]:
    return read_groups(folder, lambda _word: ["banner"], held_back=held_back, seed=SEED)


def test_every_question_is_learnt_from_or_held_back(folder: Path) -> None:
    asked = Counter(group[0].question for held_back in (False, True) for group in read(folder, held_back=held_back))
    assert asked == {f"What is the emblem of Quay {number}?": 1 for number in range(HARBOURS)}


def test_one_seed_draws_the_same_again(folder: Path) -> None:
    assert read(folder) == read(folder)


def test_the_first_passage_answers_and_no_other_does(folder: Path) -> None:
    for first, *others in read(folder):
        assert [first.sentences[place].split()[-1].rstrip(".") for place in first.answering] == list(first.answers)
        assert len(first.sentences) <= LONGEST
        for other in others:
            assert not other.answering
            assert other.kind in {"taken out", "alike", "altered"}


def test_an_altered_question_is_asked_of_the_passage_that_answers_the_other(folder: Path) -> None:
    altered = [(first, each) for first, *others in read(folder) for each in others if each.kind == "altered"]
    assert altered
    for first, each in altered:
        assert each.question != first.question
        assert any(first.answers[0] in sentence for sentence in each.sentences)


def test_other_kinds_ask_the_same_and_do_not_hold_the_answer(folder: Path) -> None:
    silent = [(first, each) for first, *others in read(folder) for each in others if each.kind != "altered"]
    assert {each.kind for _, each in silent} == {"taken out", "alike"}
    for first, each in silent:
        assert each.question == first.question
        assert first.answers[0] not in " ".join(each.sentences)


def test_a_passage_is_held_back_whatever_is_asked_of_it(folder: Path) -> None:
    """Titles are lost by chance, so that some passages show none."""
    held, learnt = ({group[0].title for group in read(folder, held_back=each)} - {""} for each in (True, False))
    assert held
    assert not held & learnt
