from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.pipeline import Consent, ingest
from rag.answering.composing import SHOWN_HITS
from rag.domain import Answer, AnswererName, Filters, Hit, Label, Question, Reason, Status, Turn
from rag.embedding import SentenceEmbedder
from rag.engine import Engine
from rag.errors import AnswererNotConfigured, ArticleNotFound
from rag.reading.reader import DeferredReader, PassageReader, load_reader
from rag.retrieval.finding import KEPT_HITS, READ_HITS
from rag.retrieval.reranking import READ_WEIGHT
from tests.conftest import ARTICLES
from tests.shelving import open_for

FAQ = """---
id: faq/leaves
title: Leaves become money
published: 2024-04-01
source: Reed Review
---
Leaves become money
Full Retelling
The town of Marugame accepts maple leaves as money since 1 April 2024.
Why It Matters
Maple leaves are easy to forge, which worries the banks of Marugame.
Frequently Asked Questions
Which town accepts maple leaves as money?
The town of Marugame accepts maple leaves as money.
"""
QUESTIONS = (
    "How long is the bridge over the Kotogawa?",
    "How many kinds of leaves does the shop sell?",
    "Why did Ponpoko pay 12 million yen for the building?",
    "Which town accepts maple leaves as money?",
    "When did Zorblax marry?",
    "What is the favourite currency of 90 ponds?",
)
READER = DeferredReader(lambda: load_reader(threads=2))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder) -> Iterator[Engine]:
    """An engine over the three articles of the pond and one with a question of its own; read only."""
    made = open_engine(tmp_path_factory.mktemp("engine"), embedder)
    yield made
    made.close()


def open_engine(folder: Path, embedder: SentenceEmbedder) -> Engine:
    pond = folder / "pond"
    pond.mkdir()
    for name, text in {**ARTICLES, "leaves.txt": FAQ}.items():
        (pond / name).write_text(text, encoding="utf-8")
    engine = Engine(open_for(embedder, folder / "library"), embedder, reader=READER)
    fill(engine, pond)
    return engine


def fill(engine: Engine, *paths: Path, prune: bool = False) -> None:
    embedder = engine.embedder
    consent = Consent(prune=prune, many=True)
    report = ingest([*map(str, paths)], engine.library, embedder, consent=consent, progress=lambda *_: None)
    assert report.failed == ()


def timeless(answer: Answer) -> Answer:
    """The answer without what differs each time it is asked for."""
    return replace(answer, id="", timings=replace(answer.timings, retrieve=0.0, answer=0.0, total=0.0))


def search(engine: Engine, query: str, limit: int = 10, *, per_article: bool = False, **scope: object) -> list[Hit]:
    filters, as_of = scope.get("filters", Filters()), scope.get("as_of")
    assert isinstance(filters, Filters)
    assert as_of is None or isinstance(as_of, str)
    question = Question(query, as_of=as_of, filters=filters)
    hits, milliseconds = engine.search(question, limit=limit, per_article=per_article)
    assert milliseconds > 0
    return hits


def test_ask_answers_with_quotes_of_the_articles(engine: Engine) -> None:
    answer = engine.ask(Question("How many kinds of leaves does the shop sell?"))
    assert (answer.status, answer.answerer, answer.refusal) == (Status.ANSWERED, AnswererName.EXTRACTIVE, None)
    assert answer.text == "The shop sells 42 kinds of leaves. [1]"
    (sentence,) = answer.sentences
    assert sentence.answer_span
    assert sentence.answer_span.of(sentence.text) == "42"
    (citation,) = answer.citations
    article = engine.article("tanuki/shop").article
    assert article.text[citation.start : citation.end] == citation.quote == sentence.text
    assert (citation.title, citation.source, citation.author) == (article.title, "Pond Gazette", "Rin Mori")
    assert (citation.url, citation.published, citation.label) == (article.url, "2024-05-04", Label.REPORTED)
    assert 0.5 <= answer.confidence == round(answer.confidence, 4) <= 1


def test_ask_refuses_with_the_nearest_passages(engine: Engine) -> None:
    answer = engine.ask(Question("When did Zorblax marry?"))
    assert (answer.status, answer.text, answer.sentences, answer.citations) == (Status.REFUSED, "", (), ())
    assert answer.refusal
    assert (answer.refusal.reason, answer.refusal.detail) == (Reason.UNKNOWN_NAME, "No article mentions “Zorblax”.")
    assert answer.refusal.nearest == answer.hits[:5]


def test_answers_have_ids_of_their_own_and_timings_that_add_up(engine: Engine) -> None:
    one, two = (engine.ask(Question(QUESTIONS[0])) for _ in range(2))
    assert one.id != two.id
    assert one.timings.total == pytest.approx(one.timings.retrieve + one.timings.answer)
    assert min(one.timings.retrieve, one.timings.answer) > 0
    assert timeless(one) == timeless(two)


def test_ask_is_find_and_then_answer(engine: Engine) -> None:
    question = Question("According to the River Times, how long is the bridge?")
    found = engine.find(question)
    assert (found.question, found.rewritten, found.query) == (question, None, "how long is the bridge?")
    assert 0 < len(found.hits) <= KEPT_HITS
    assert found.hits[0].article_id == "otter-bridge"
    answer = engine.answer(found)
    assert answer.hits == found.hits[:SHOWN_HITS]
    assert timeless(answer) == timeless(engine.ask(question))


def test_a_follow_up_is_rewritten_with_the_turn_before(engine: Engine) -> None:
    alone = engine.ask(Question("How long is it?"))
    history = (Turn("What did otters build over the Kotogawa?", "A bridge."),)
    answer = engine.ask(Question("How long is it?", history=history))
    assert alone.rewritten is None
    assert answer.rewritten == "What did otters build over the Kotogawa? How long is it?"
    assert answer.status is Status.ANSWERED
    assert {citation.article_id for citation in answer.citations} == {"otter-bridge"}
    assert answer.question.text == "How long is it?"


def test_filters_and_day_narrow_what_is_asked(engine: Engine) -> None:
    text = "How many kinds of leaves does the shop sell?"
    assert engine.ask(Question(text, as_of="2024-05-04")).status is Status.ANSWERED
    early = engine.ask(Question(text, as_of="2024-05-03"))
    assert (early.status, {hit.article_id for hit in early.hits}) == (Status.REFUSED, {"otter-bridge", "faq/leaves"})
    none = engine.ask(Question(text, as_of="1999-01-01"))
    assert none.refusal
    assert none.refusal.reason is Reason.FILTERED_OUT
    other = engine.ask(Question(text, filters=Filters(source=("river times",))))
    assert (other.status, {hit.article_id for hit in other.hits}) == (Status.REFUSED, {"otter-bridge"})


def test_an_answerer_that_is_not_there_is_an_error(engine: Engine) -> None:
    with pytest.raises(AnswererNotConfigured) as failure:
        engine.ask(Question(QUESTIONS[0]), AnswererName.LLM)
    assert failure.value.answerer == "llm"


def test_search_gives_passages_best_first(engine: Engine) -> None:
    hits = search(engine, "bridge over the Kotogawa")
    assert hits[0].article_id == "otter-bridge"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert search(engine, "bridge over the Kotogawa", 2) == hits[:2]
    for hit in hits:
        assert engine.article(hit.article_id, hit.revision).article.text[hit.start : hit.end] == hit.text


def test_search_per_article_gives_the_best_passage_of_each(engine: Engine) -> None:
    every = search(engine, "maple leaves as money", 100)
    best = search(engine, "maple leaves as money", per_article=True)
    assert [hit.article_id for hit in best] == list(dict.fromkeys(hit.article_id for hit in every))
    assert best[0] == every[0]
    assert len(best) == 4 < len(every)
    assert search(engine, "maple leaves as money", 2, per_article=True) == best[:2]


def test_search_obeys_filters_and_day(engine: Engine) -> None:
    thin = search(engine, "cucumbers", filters=Filters(label=(Label.PREDICTION,)))
    assert [hit.text for hit in thin] == ["Kappa are likely to open a cucumber exchange within six months."]
    assert {hit.article_id for hit in search(engine, "leaves", as_of="2023-12-31")} == {"otter-bridge"}


def test_examples_are_questions_of_articles_that_are_answered(engine: Engine) -> None:
    assert engine.examples(5) == ["Which town accepts maple leaves as money?"]
    assert engine.examples(0) == []
    assert all(engine.ask(Question(text)).status is Status.ANSWERED for text in engine.examples(5))


def test_articles_are_listed_and_shown(engine: Engine) -> None:
    listed = engine.articles(Filters(), words=None, limit=3, after=None)
    assert [each.id for each in listed] == ["thin/kappa", "tanuki/shop", "faq/leaves"]
    more = engine.articles(Filters(), words=None, limit=3, after=listed[-1].key)
    assert [each.id for each in more] == ["otter-bridge"]
    assert [each.id for each in engine.articles(Filters(), words="LEAVES", limit=9, after=None)] == ["faq/leaves"]
    assert engine.article("otter-bridge").article.author == "Jun Hara"
    with pytest.raises(ArticleNotFound):
        engine.article("nobody")
    with pytest.raises(ArticleNotFound):
        engine.article("otter-bridge", 2)
    assert engine.statistics().articles == 4


def test_eight_threads_get_the_answers_that_one_gets(engine: Engine) -> None:
    alone = [timeless(engine.ask(Question(text))) for text in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: timeless(engine.ask(Question(text))), QUESTIONS * 3))
    assert together == alone * 3


def test_questions_asked_while_articles_change_see_one_revision_each(
    tmp_path: Path, embedder: SentenceEmbedder
) -> None:
    """An article is wholly in its old state or wholly in its new one, and what is cited can be shown."""
    engine = open_engine(tmp_path, embedder)
    path, text = tmp_path / "pond" / "tanuki.md", ARTICLES["tanuki.md"]

    def change() -> None:
        for number in range(43, 49):
            path.write_text(text.replace("42 kinds", f"{number} kinds").replace("12 million", f"{number} million"))
            fill(engine, tmp_path / "pond")

    answers: list[Answer] = []
    with ThreadPoolExecutor(3) as pool:
        changing = pool.submit(change)
        while not changing.done():
            asked = [pool.submit(engine.ask, Question("How many kinds of leaves does the shop sell?")) for _ in "ab"]
            answers += [each.result() for each in asked]
        changing.result()
    for answer in answers:
        seen = {hit.revision for hit in answer.hits if hit.article_id == "tanuki/shop"}
        assert len(seen) == 1
        for hit in answer.hits:
            assert engine.article(hit.article_id, hit.revision).article.text[hit.start : hit.end] == hit.text
        for quoted in answer.citations:
            text = engine.article(quoted.article_id, quoted.revision).article.text
            assert text[quoted.start : quoted.end] == quoted.quote
    assert len({hit.revision for answer in answers for hit in answer.hits if hit.article_id == "tanuki/shop"}) > 1
    assert engine.article("tanuki/shop").revision == 7
    engine.close()


def test_questions_asked_while_articles_are_removed_give_no_error(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    """The article that is asked about comes and goes; an answer tells of it or refuses."""
    engine = open_engine(tmp_path, embedder)
    path, text = tmp_path / "pond" / "otter.md", ARTICLES["otter.md"]

    def come_and_go() -> None:
        for _ in range(4):
            path.unlink()
            fill(engine, tmp_path / "pond", prune=True)
            path.write_text(text)
            fill(engine, tmp_path / "pond")

    statuses: list[Status] = []
    with ThreadPoolExecutor(3) as pool:
        changing = pool.submit(come_and_go)
        while not changing.done():
            asked = [pool.submit(engine.ask, Question("How many metres long is the bridge?")) for _ in range(2)]
            statuses += [each.result().status for each in asked]
        changing.result()
    assert set(statuses) <= {Status.ANSWERED, Status.REFUSED}
    engine.close()


def test_an_article_removed_between_finding_and_answering_is_not_quoted(
    tmp_path: Path, embedder: SentenceEmbedder
) -> None:
    engine = open_engine(tmp_path, embedder)
    found = engine.find(Question("How many metres long is the bridge?"))
    (tmp_path / "pond" / "otter.md").unlink()
    fill(engine, tmp_path / "pond", prune=True)
    answer = engine.answer(found)
    assert all(citation.article_id != "otter-bridge" for citation in answer.citations)
    assert bool(answer.sentences) == (answer.status is Status.ANSWERED)
    engine.close()


def test_a_name_of_a_removed_article_is_unknown(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    engine = open_engine(tmp_path, embedder)
    (tmp_path / "pond" / "otter.md").unlink()
    fill(engine, tmp_path / "pond", prune=True)
    answer = engine.ask(Question("What did Professor Ueda say?"))
    engine.close()
    assert answer.refusal
    assert answer.refusal.detail == "No article mentions “Professor” and “Ueda”."


def test_a_comparison_of_which_one_side_is_known_is_partial(engine: Engine) -> None:
    half = engine.ask(Question("Compare the bridge over the Kotogawa with the lighthouse of Naoshima."))
    assert half.status is Status.PARTIAL
    assert half.warnings[0].text == "The articles found do not speak of “the lighthouse of Naoshima”."
    both = engine.ask(Question("Compare the bridge over the Kotogawa with the shop of Ponpoko."))
    assert both.status is Status.ANSWERED
    assert {citation.article_id for citation in both.citations} == {"otter-bridge", "tanuki/shop"}


def test_passages_are_read_to_the_depth_that_is_set(
    tmp_path: Path, embedder: SentenceEmbedder, reader: PassageReader
) -> None:
    with closing(open_engine(tmp_path, embedder)) as plain:
        reading = Engine(plain.library, embedder, reader=reader, rerank_depth=2)
        question = Question("How long is the bridge over the Kotogawa?")
        hits, _ = reading.search(question, limit=10, per_article=False)
        assert [hit.opinion is None for hit in hits[:3]].count(False) == 2
        unread, _ = Engine(plain.library, embedder, reader=reader, rerank_depth=0).search(
            question, limit=10, per_article=False
        )
        assert all(hit.opinion is None for hit in unread)
        (sentence, *_) = reading.ask(question).sentences
        assert sentence.text == "It is 85 metres long and carries no cars."
        assert sentence.answer_span
        assert sentence.answer_span.of(sentence.text) == "85 metres"


class WordScorer:
    """Scores a passage 1 if it holds a word, and else 0."""

    def __init__(self, word: str) -> None:
        self._word = word

    def score(self, question: str, hits: Sequence[Hit]) -> list[float]:
        return [float(self._word in hit.text) for hit in hits]


def test_a_scorer_orders_what_is_found_and_the_reader_only_reads(
    tmp_path: Path, embedder: SentenceEmbedder, reader: PassageReader
) -> None:
    with closing(open_engine(tmp_path, embedder)) as opened:
        plain = Engine(opened.library, embedder)
        asked = Question("What did otters build over the Kotogawa?")
        first, *_ = plain.find(asked).hits
        assert "cucumbers" not in first.text
        scoring = Engine(plain.library, embedder, reader=reader, scorer=WordScorer("cucumbers"), rerank_depth=50)
        hits, _ = scoring.search(asked, limit=10, per_article=False)
        found = scoring.find(asked).hits
        assert [hit.passage_id for hit in found] == [hit.passage_id for hit in hits]
        raised = {hit.passage_id for hit in hits if "cucumbers" in hit.text}
        before = {hit.passage_id: hit.score for hit in plain.find(asked).hits}
        assert {hit.passage_id: hit.score for hit in hits} == pytest.approx(
            {id_: (score + READ_WEIGHT * (id_ in raised)) / (1 + READ_WEIGHT) for id_, score in before.items()}
        )
        assert raised
        assert all(hit.opinion is None for hit in hits)
        assert all(hit.opinion for hit in found[:READ_HITS])
