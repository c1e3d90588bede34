from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.chunking import find_sentences
from rag.domain import Hit, Label, Opinion, Span
from rag.errors import ReaderDamaged
from rag.reading import weights
from rag.reading.reader import UNREAD, DeferredReader, PassageReader
from tests.conftest import OTTER

BRIDGE = OTTER.rpartition("---\n")[2].strip()
QUESTION = "How long is the bridge over the Kotogawa?"


def make_hit(text: str, title: str = "Otters build a bridge over the Kotogawa", start: int = 0) -> Hit:
    sentences = tuple(span.shifted(start) for span in find_sentences(text))
    return Hit("a", "0", 1, 0.5, title, Label.REPORTED, text, start, start + len(text), sentences)


def phrases(hit: Hit, opinion: Opinion) -> list[str]:
    return [phrase.of(hit.text) if phrase else "" for phrase in opinion.phrases]


@pytest.mark.parametrize(
    ("question", "sentence", "phrase"),
    [
        (QUESTION, "It is 85 metres long and carries no cars.", "85 metres"),
        (
            "When did otters finish the bridge?",
            "Otters finished a bridge over the Kotogawa on 18 November 2023.",
            "18 November 2023",
        ),
        (
            "Who said that the bridge cost nothing?",
            "According to Professor Ueda, the bridge cost nothing, since the otters used driftwood.",
            "Professor Ueda",
        ),
    ],
)
def test_the_sentence_that_answers_is_told_with_its_words(
    reader: PassageReader, question: str, sentence: str, phrase: str
) -> None:
    hit = make_hit(BRIDGE, start=40)
    (opinion,) = reader.read(question, [hit])
    best = opinion.sentences.index(opinion.best)
    assert hit.sentences[best].shifted(-hit.start).of(hit.text) == sentence
    assert phrase in phrases(hit, opinion)[best]
    assert opinion.best > 0


def test_a_passage_that_does_not_say_is_told_from_one_that_does(reader: PassageReader) -> None:
    hits = [make_hit("The shop sells 42 kinds of leaves. Mayor Sato came.", "Tanuki opens a shop"), make_hit(BRIDGE)]
    shop, bridge = reader.read(QUESTION, hits)
    assert shop.best < 0 < bridge.best


def test_an_opinion_is_the_same_whatever_else_is_read(reader: PassageReader) -> None:
    texts = [BRIDGE, "Otters rest.", f"{BRIDGE}\n\n{BRIDGE}", "A shop sells leaves in Takamatsu."] * 5
    hits = [make_hit(text) for text in texts]
    together = reader.read(QUESTION, hits)
    assert [len(opinion.sentences) for opinion in together] == [len(hit.sentences) for hit in hits]
    for hit, opinion in zip(hits, together, strict=True):
        (alone,) = reader.read(QUESTION, [hit])
        assert alone == opinion


def test_what_stands_beyond_what_is_read_is_not_believed_to_answer(reader: PassageReader) -> None:
    hit = make_hit("Otters rest by the old pond in the shade of the reeds all day. " * 30)
    (opinion,) = reader.read(QUESTION, [hit])
    assert opinion.sentences[0] > opinion.sentences[-1] == UNREAD
    assert opinion.phrases[-1] is None


def test_odd_texts_are_read(reader: PassageReader) -> None:
    hits = [make_hit("貉は橋を架けた。"), make_hit("x"), replace(make_hit("\u200b"), sentences=(Span(0, 1),))]
    for question in ("", "otter " * 300, "橋?"):
        assert [len(opinion.sentences) for opinion in reader.read(question, hits)] == [1, 1, 1]
    assert reader.read(QUESTION, []) == []


def test_a_deferred_reader_is_loaded_once_when_it_reads(reader: PassageReader) -> None:
    loaded: list[str] = []

    def load() -> PassageReader:
        loaded.append("once")
        return reader

    deferred = DeferredReader(load)
    assert loaded == []
    hits = [make_hit(BRIDGE)]
    assert deferred.read(QUESTION, hits) == deferred.read(QUESTION, hits) == reader.read(QUESTION, hits)
    assert loaded == ["once"]


def test_a_reader_that_is_not_the_one_that_belongs_here_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(weights.READER_SHA256, "tokenizer.json", "0" * 64)
    with pytest.raises(ReaderDamaged) as failure:
        weights.find_reader()
    file = weights.READER / "tokenizer.json"
    assert str(failure.value) == (
        f"{file}, a part of Byline, is damaged or missing. Install it again with: make install"
    )
