from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.answering import NEAREST, Draft, ExtractiveAnswerer
from rag.answering.selection import LONGEST_ANSWER, MOST_SENTENCES
from rag.domain import Filters, Hit, Kind, Label, Question, Reason, WarningKind
from rag.embedding import SentenceEmbedder
from rag.library.library import Library
from rag.library.snapshot import Scope
from rag.reading.reader import DeferredReader, load_reader
from rag.retrieval.finding import READ_HITS
from rag.retrieval.query import read_query
from rag.retrieval.reranking import rerank
from rag.retrieval.retrieval import retrieve
from tests.shelving import make_article, open_for, shelve

ARTICLES = (
    make_article(
        "shop",
        "The tanuki Ponpoko opened a shop for leaves in Takamatsu on 3 May 2024. The shop sells 42 kinds of "
        "leaves. Mayor Sato said the shop would bring 300 visitors a day to the town.",
        title="Tanuki opens a shop in Takamatsu",
        published="2024-05-04",
        source="Pond Gazette",
    ),
    make_article(
        "bridge",
        "Otters finished a bridge over the Kotogawa on 18 November 2023. The bridge is 85 metres long and carries "
        "no cars.",
        (Kind.BACKGROUND, "Context", "The Kotogawa is a river that floods every spring."),
        title="Otters build a bridge over the Kotogawa",
        published="2023-11-20",
        source="River Times",
    ),
    make_article(
        "kappa",
        (
            Kind.ANALYSIS,
            "Why It Matters",
            ("The kappa economy matters because cucumbers are the favourite currency of 90 ponds."),
        ),
        (Kind.PREDICTION, "What Happens Next", ("Kappa are likely to open a cucumber exchange within six months.")),
        title="The rise of the kappa economy",
        published="2024-06-01",
        source="Pond Gazette",
    ),
    make_article(
        "price",
        "Cedar bark prices in Matsuyama doubled in 2024.",
        (
            Kind.ANALYSIS,
            "Why It Matters",
            ("Dear cedar bark in Matsuyama would mostly hurt the roofers of old temples."),
        ),
        (
            Kind.PREDICTION,
            "What Happens Next",
            ("Cedar bark roofers in Matsuyama will probably ask the province of Ehime for help by autumn."),
        ),
        title="Cedar bark doubles in price",
        published="2024-03-02",
    ),
)
Setting = tuple[Library, SentenceEmbedder]
READER = DeferredReader(lambda: load_reader(threads=2))


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder) -> Iterator[Setting]:
    with closing(open_for(embedder, tmp_path_factory.mktemp("answering"))) as library:
        shelve(library, embedder, *ARTICLES)
        yield library, embedder


def ask(setting: Setting, text: str, filters: Filters | None = None, as_of: str | None = None) -> Draft:
    library, embedder = setting
    question = Question(text, as_of=as_of, filters=filters or Filters())
    with library.snapshot() as snapshot:
        query = read_query(text, Scope(question.filters, as_of), snapshot, embedder)
        hits = rerank(text, retrieve(snapshot, query, 50), READER, READ_HITS)
        return ExtractiveAnswerer(embedder).answer(question, query.text, hits, snapshot)


def said(draft: Draft) -> list[str]:
    assert [sentence.text for sentence in draft.sentences] == [citation.quote for citation in draft.citations]
    return [sentence.text for sentence in draft.sentences]


def refused(draft: Draft) -> str:
    assert draft.refusal
    assert (draft.sentences, draft.citations, draft.warnings) == ((), (), ())
    return f"{draft.refusal.reason}: {draft.refusal.detail}"


def test_an_answer_is_a_quote_with_its_citation(setting: Setting) -> None:
    draft = ask(setting, "How long is the bridge over the Kotogawa?")
    assert said(draft)[0] == "The bridge is 85 metres long and carries no cars."
    sentence, citation = draft.sentences[0], draft.citations[0]
    assert sentence.citations == (1,)
    assert sentence.answer_span
    assert sentence.answer_span.of(sentence.text) == "85 metres long"
    assert (citation.number, citation.article_id, citation.revision) == (1, "bridge", 1)
    assert ARTICLES[1].text[citation.start : citation.end] == citation.quote
    assert (citation.label, citation.source, citation.published) == (Label.REPORTED, "River Times", "2023-11-20")
    assert (draft.refusal, draft.warnings) == (None, ())
    assert 0.5 <= draft.confidence <= 1


def test_what_somebody_said_is_attributed(setting: Setting) -> None:
    draft = ask(setting, "How many visitors a day would the shop bring to the town?")
    assert said(draft)[0] == "Mayor Sato said the shop would bring 300 visitors a day to the town."
    assert (draft.citations[0].label, draft.citations[0].attributed_to) == (Label.ATTRIBUTED, "Mayor Sato")


@pytest.mark.parametrize(
    ("question", "filters", "kind"),
    [
        ("Whom would dear cedar bark in Matsuyama hurt?", Filters(label=(Label.ANALYSIS,)), WarningKind.ANALYSIS_ONLY),
        (
            "What will cedar bark roofers in Matsuyama ask Ehime for?",
            Filters(label=(Label.PREDICTION,)),
            WarningKind.PREDICTION_ONLY,
        ),
    ],
)
def test_analysis_and_prediction_never_pose_as_reporting(
    setting: Setting, question: str, filters: Filters, kind: WarningKind
) -> None:
    draft = ask(setting, question, filters)
    assert {citation.article_id for citation in draft.citations} == {"price"}
    assert {citation.label for citation in draft.citations} == set(filters.label)
    (warning,) = draft.warnings
    assert (warning.kind, warning.citations) == (kind, tuple(range(1, len(draft.citations) + 1)))


@pytest.mark.parametrize(
    "question",
    [
        "Why does the kappa economy matter?",
        "When will kappa open a cucumber exchange?",
        "What is the favourite currency of 90 ponds?",
    ],
)
def test_thin_articles_never_carry_an_answer(setting: Setting, question: str) -> None:
    assert refused(ask(setting, question)) == (
        "thin_only: Only pages without a reported text speak of this; they are no source for a fact."
    )
    assert (
        ask(setting, question, Filters(article_id=("kappa",))).refusal
        == ask(setting, question, Filters(article_id=("kappa",))).refusal
    )
    assert refused(ask(setting, question, Filters(article_id=("kappa",)))).startswith("thin_only: ")


def test_an_answer_has_at_most_three_sentences_and_sixty_words(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    short = [
        f"The Kotogawa bridge is painted {colour} by otters." for colour in ("red", "blue", "green", "white", "black")
    ]
    long = [
        f"The ferry of Naoshima is {word} and {' and '.join([word] * 18)}." for word in ("slow", "loud", "cheap", "old")
    ]
    with closing(open_for(embedder, tmp_path)) as library:
        shelve(library, embedder, make_article("bridge", *short), make_article("ferry", *long))
        few = said(ask((library, embedder), "What colour is the Kotogawa bridge painted by otters?"))
        brief = said(ask((library, embedder), "What is the ferry of Naoshima like?"))
    assert len(few) == MOST_SENTENCES == 3
    assert set(few) <= set(short)
    assert len(set(few)) == 3
    assert 0 < sum(len(text.split()) for text in brief) <= LONGEST_ANSWER == 60
    assert len(brief) == 1


def test_the_same_words_of_two_articles_are_quoted_once(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    words = "The Kotogawa bridge carries 300 otters a day."
    with closing(open_for(embedder, tmp_path)) as library:
        shelve(library, embedder, make_article("a", words), make_article("b", words))
        assert said(ask((library, embedder), "How many otters does the Kotogawa bridge carry a day?")) == [words]


def test_the_quotes_of_an_answer_stand_in_the_articles(setting: Setting) -> None:
    texts = {article.id: article.text for article in ARTICLES}
    for text in ("What did Ponpoko open?", "How many kinds of leaves does the shop sell?", "What carries no cars?"):
        for citation in ask(setting, text).citations:
            assert texts[citation.article_id][citation.start : citation.end] == citation.quote


def test_an_empty_library_refuses(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    with closing(open_for(embedder, tmp_path)) as library:
        draft = ask((library, embedder), "What did Ponpoko open?")
        filtered = ask((library, embedder), "What did Ponpoko open?", Filters(source=("X",)), "1999-01-01")
    assert refused(draft) == "empty_library: The library is empty. Put articles into it with: byline ingest FOLDER"
    assert refused(filtered) == refused(draft)
    assert draft.confidence == 0.0


@pytest.mark.parametrize(
    ("filters", "as_of", "detail"),
    [
        (Filters(source=("Nobody",)), None, "The filters leave no article. Widen them, or ask without."),
        (Filters(published_from="2025-01-01"), None, "The filters leave no article. Widen them, or ask without."),
        (
            Filters(),
            "2023-11-19",
            "No article was published on or before 2023-11-19. Ask as of a later day, or without.",
        ),
    ],
)
def test_a_question_with_everything_filtered_out_is_refused(
    setting: Setting, filters: Filters, as_of: str | None, detail: str
) -> None:
    draft = ask(setting, "What did Ponpoko open?", filters, as_of)
    assert refused(draft) == f"filtered_out: {detail}"
    assert draft.refusal
    assert draft.refusal.nearest == ()


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("When did Zorblax marry?", "unknown_name: No article mentions “Zorblax”."),
        (
            "Which treaty was signed in 1848?",
            "outside_dates: The articles run from 2023-11-20 to 2024-06-01; the nearest do not speak of “1848”.",
        ),
        (
            "What is the blood type of Sato?",
            "not_stated: Articles mention “Sato”, but none states what is asked.",
        ),
        ("how do volcanoes erupt under water", "not_stated: No article states what is asked."),
    ],
)
def test_what_the_articles_do_not_say_is_refused_with_the_reason(setting: Setting, question: str, refusal: str) -> None:
    draft = ask(setting, question)
    assert refused(draft) == refusal
    assert draft.refusal
    assert len(draft.refusal.nearest) == NEAREST == 5
    assert draft.confidence < 0.5


def test_the_nearest_passages_come_best_first(setting: Setting) -> None:
    draft = ask(setting, "What is the blood type of Mayor Sato?")
    assert draft.refusal
    scores = [hit.score for hit in draft.refusal.nearest]
    assert scores == sorted(scores, reverse=True)
    assert draft.refusal.nearest[0].article_id == "shop"


def test_hits_whose_article_is_gone_meanwhile_give_a_refusal_and_no_error(
    tmp_path: Path, embedder: SentenceEmbedder
) -> None:
    """Retrieval and answering read two states of the library: an article may be removed in between."""
    with closing(open_for(embedder, tmp_path)) as library:
        shelve(library, embedder, *ARTICLES)
        text = "How long is the bridge over the Kotogawa?"
        with library.snapshot() as snapshot:
            hits: list[Hit] = retrieve(snapshot, read_query(text, Scope(), snapshot, embedder), 50)
        library.remove(["bridge"])
        with library.snapshot() as snapshot:
            draft = ExtractiveAnswerer(embedder).answer(Question(text), text, hits, snapshot)
    assert all(citation.article_id != "bridge" for citation in draft.citations)
    assert draft.sentences or draft.refusal


def test_an_answer_all_of_whose_quotes_are_withheld_is_a_refusal(setting: Setting) -> None:
    """Nothing true is left to say, so the status must not be that of an answer."""
    library, embedder = setting
    text = "How long is the bridge over the Kotogawa?"
    with library.snapshot() as snapshot:
        hits = retrieve(snapshot, read_query(text, Scope(), snapshot, embedder), 50)
        altered = [replace(hit, text=hit.text.replace("e", "3")) for hit in hits]
        draft = ExtractiveAnswerer(embedder).answer(Question(text), text, altered, snapshot)
    assert (draft.sentences, draft.citations) == ((), ())
    assert draft.refusal
    assert draft.refusal.reason is Reason.NOT_STATED


def test_the_latest_on_a_subject_is_a_digest_newest_first(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    told = {
        "2024-03-01": "Otters began a pier at Naoshima on Friday.",
        "2024-05-01": "A storm tore two piles from the pier of Naoshima.",
        "2024-04-01": "The pier at Naoshima reached the first buoy.",
    }
    with closing(open_for(embedder, tmp_path)) as library:
        shelve(library, embedder, *(make_article(day, text, published=day) for day, text in told.items()))
        draft = ask((library, embedder), "What is the latest on the pier of Naoshima?")
    assert said(draft) == [told["2024-05-01"], told["2024-04-01"], told["2024-03-01"]]
    assert [citation.published for citation in draft.citations] == ["2024-05-01", "2024-04-01", "2024-03-01"]


def test_of_two_things_each_is_quoted_and_one_that_is_missing_is_told(setting: Setting) -> None:
    draft = ask(setting, "Compare the Takamatsu shop and the Kotogawa bridge")
    assert [citation.article_id for citation in draft.citations] == ["shop", "bridge"]
    assert not [warning for warning in draft.warnings if warning.kind is WarningKind.PARTIAL]
    draft = ask(setting, "Compare the Kotogawa bridge with the Naoshima lighthouse.")
    assert {citation.article_id for citation in draft.citations} == {"bridge"}
    assert draft.warnings[0].text == "The articles found do not speak of “the Naoshima lighthouse”."
