from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.reencoding import reencode
from rag.domain import Encoding, Question
from rag.engine import Engine
from rag.errors import ModelError
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

FIRST, WIDE = HashEmbedder(), HashEmbedder(identity="wide@1", dimensions=96)
MODELS = {"tests": FIRST, "wide": WIDE}
ARTICLES = [make_article(f"otter/{number}", f"Otters number {number} rest. " * 10) for number in range(5)]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    library = open_for(FIRST, tmp_path)
    shelve(library, FIRST, *ARTICLES)
    shelve(library, FIRST, make_article("otter/0", "Otter zero has left."))
    with closing(Engine(library, FIRST, MODELS.__getitem__)) as engine:
        yield engine


def best(engine: Engine, query: str, as_of: str | None = None) -> str:
    hits, _ = engine.search(Question(query, as_of=as_of), limit=1, per_article=False)
    return hits[0].article_id


def test_another_model_is_built_switched_to_and_left_again_without_embedding(engine: Engine) -> None:
    heard: list[tuple[str, int, int | None]] = []
    rebuilt = reencode(engine, "wide", None, lambda *step: heard.append(step))
    assert (rebuilt.model, rebuilt.passages, rebuilt.embedded) == ("wide", 6, 6)
    assert heard == [("embedding", 0, 6), ("embedding", 6, 6)]
    assert engine.embedder is WIDE
    assert engine.library.live
    assert engine.library.live.encoding == Encoding("wide", "wide@1", 160)
    assert best(engine, "otter zero has left") == "otter/0"
    assert engine.verify(lambda *_step: None).damages == ()
    given = len(FIRST.given)
    assert reencode(engine, "tests", None, lambda *_step: None).embedded == 0
    assert len(FIRST.given) == given
    assert engine.embedder is FIRST
    assert best(engine, "otters number 3 rest") == "otter/3"


def test_going_back_embeds_only_what_has_come_since(engine: Engine) -> None:
    reencode(engine, "wide", None, lambda *_step: None)
    shelve(engine.library, WIDE, make_article("kappa", "Kappa trade."))
    assert reencode(engine, "tests", None, lambda *_step: None).embedded == 1
    assert best(engine, "kappa trade") == "kappa"


def test_another_length_chunks_anew(engine: Engine) -> None:
    rebuilt = reencode(engine, "tests", 24, lambda *_step: None)
    assert rebuilt.passages > 6
    assert engine.library.live
    assert engine.library.live.encoding == Encoding("tests", "hash@1", 24)


def test_a_model_that_fails_leaves_the_one_in_use(engine: Engine) -> None:
    def fail(name: str) -> HashEmbedder:
        raise ModelError(name, "its folder is gone", "Check the name")

    engine._load = fail
    with pytest.raises(ModelError):
        reencode(engine, "gone", None, lambda *_step: None)
    assert best(engine, "otters number 3 rest") == "otter/3"
    assert engine.library.live
    assert engine.library.live.encoding.identity == "hash@1"


def test_what_was_built_before_a_break_is_not_built_again(engine: Engine) -> None:
    class Broken(Exception):
        """The process stops."""

    def stop(_stage: str, done: int, _total: int | None) -> None:
        if done:
            raise Broken

    with pytest.raises(Broken):
        reencode(engine, "wide", None, stop)
    assert engine.embedder is FIRST
    assert best(engine, "otters number 3 rest") == "otter/3"
    assert reencode(engine, "wide", None, lambda *_step: None).embedded == 0
    assert engine.embedder is WIDE
