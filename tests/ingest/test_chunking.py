from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunking import SPECIAL_TOKENS, Chunker, find_sentences
from rag.domain import Article, Kind, Passage, Span
from rag.domain.articles import PASSAGE_ID_BYTES
from rag.embedding import SentenceEmbedder
from tests.shelving import make_article

WORDS = Chunker(lambda text: len(text.split()), max_tokens=64, passage_tokens=40)
AWKWARD = (
    "Mr. Sato met Dr. Ueda on Jan. 5 at 3 p.m. in the U.S. capital. They agreed. “It holds,” he said. Nobody clapped.",
    "- One thing.\n- Another thing, which is long.\n- A third\n\n1. First\n2. Second",
    "Heading without a stop\n\nA paragraph.  Two spaces.\tA tab.\u00a0A hard space.\n \nThe end",
    "貉は橋を渡った。狸は店を開いた！本当ですか？はい。" * 30,
    "word " * 3000 + "stop.",
    "comma, " * 500 + "..." + " ;; " * 200 + "stop...",
    "a" * 5000,
    "\u200b \u200b\u2060 \ufeff zero \u200d width \u200b" * 60,
    "😀😃😄 e\u0301e\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 " * 200,
    "مرحبا بالعالم. كيف الحال؟ " * 80,
    "สวัสดีชาวโลก " * 150,
    "same words. same words. same words. " * 60,
    "Line\x0bvertical\x0cfeed\x1cfile\x85next\u2028line\u2029paragraph. End.",
    "https://pond.example/" + "x/" * 1200,
    "1,234,567.89 " * 400,
    "!?.!?.!?. " * 300,
    "A. B. C. D. E. F. G. H. - ... - * • - - x\n- \u200b\n-\n*\n• ",
    "…" * 2000,
    "\n\u200b\n".join(["Otters built a bridge over the river."] * 60),
)


@pytest.fixture(scope="module")
def chunker(embedder: SentenceEmbedder) -> Chunker:
    return Chunker(embedder.count_tokens, max_tokens=embedder.max_tokens, passage_tokens=160)


def check(article: Article, passages: tuple[Passage, ...]) -> None:
    """Every promise of a passage, for all of an article's passages."""
    assert len({passage.id for passage in passages}) == len(passages)
    for passage in passages:
        assert article.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()
        assert re.fullmatch(rf"[0-9a-f]{{{2 * PASSAGE_ID_BYTES}}}", passage.id)
        assert unbulleted(span.of(article.text) for span in passage.sentences) == unbulleted([passage.text])
        assert all(passage.start <= span.start < span.end <= passage.end for span in passage.sentences)
    for section in article.sections:
        inside = [each for each in passages if section.start <= each.start < section.end]
        assert all(before.end <= after.start for before, after in itertools.pairwise(inside))
        assert all(each.end <= section.end and each.kind is section.kind for each in inside)
        whole = article.text[section.start : section.end]
        assert squeezed("".join(each.text for each in inside)) == squeezed(whole)


def squeezed(text: str) -> str:
    return "".join(text.split())


def unbulleted(texts: Iterable[str]) -> str:
    """Sentences leave out white space and bullets, and nothing else."""
    return "".join(character for text in texts for character in squeezed(text) if character not in "-•*")


@pytest.mark.parametrize("text", AWKWARD)
def test_passages_of_awkward_texts_are_exact_whole_and_fit_the_window(
    chunker: Chunker, embedder: SentenceEmbedder, text: str
) -> None:
    article = make_article(
        "a", text.strip(), (Kind.ANALYSIS, "Why It Matters", text.strip()), title="Otters build a bridge"
    )
    passages = chunker.chunk_article(article)
    check(article, passages)
    for passage in passages:
        assert embedder.count_tokens(passage.indexed_text) + SPECIAL_TOKENS <= embedder.max_tokens
    assert {passage.kind for passage in passages} == {Kind.REPORTED, Kind.ANALYSIS}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=400), min_size=1, max_size=3))
def test_passages_of_any_text_are_exact_and_whole(texts: list[str]) -> None:
    """Words are counted by their characters here, so that small texts are cut hard."""
    chunker = Chunker(len, max_tokens=60, passage_tokens=25)
    article = make_article("a", *texts, title="T")
    passages = chunker.chunk_article(article)
    check(article, passages)
    assert all(len(passage.text) <= 31 for passage in passages)  # five quarters of the aim


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab .,;!?…\n\u200b\u3002\u00ad😀é貉-–\"'()0"), max_size=600))
def test_passages_of_marks_and_spaces_are_exact_whole_and_fit(embedder: SentenceEmbedder, text: str) -> None:
    chunker = Chunker(embedder.count_tokens, max_tokens=64, passage_tokens=160)
    article = make_article("a", text, title="Otters build a bridge " * 9)
    passages = chunker.chunk_article(article)
    check(article, passages)
    assert all(embedder.count_tokens(passage.indexed_text) + SPECIAL_TOKENS <= 64 for passage in passages)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_sentences_are_in_order_apart_and_leave_out_only_white_space_and_bullets(text: str) -> None:
    spans = find_sentences(text)
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert unbulleted(span.of(text) for span in spans) == unbulleted([text])


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mr. Sato came on Jan. 5. He left.", ["Mr. Sato came on Jan. 5.", "He left."]),
        ("One.  Two!\nThree", ["One.", "Two!", "Three"]),
        ("A heading\n\n- a point\n•  b\n* c", ["A heading", "a point", "b", "c"]),
        ("-5 degrees.\n- -5 degrees.\n*emphasis*\n-", ["-5 degrees.", "-5 degrees.", "*emphasis*", "-"]),
        ("He left – she did not. 5 * 3 is 15.", ["He left – she did not.", "5 * 3 is 15."]),
        ("橋。店！", ["橋。", "店！"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]) -> None:
    assert [span.of(text) for span in find_sentences(text)] == sentences


def test_sentences_are_packed_whole_between_two_and_five_quarters_of_the_aim() -> None:
    sentences = [f"Sentence number {number} has exactly seven words." for number in range(60)]
    passages = WORDS.chunk_article(make_article("a", " ".join(sentences)))
    assert " ".join(passage.text for passage in passages) == " ".join(sentences)
    assert {len(passage.sentences) for passage in passages} <= {3, 4, 5, 6}  # 20 to 46 words: the window's room
    first = passages[1].sentences[0]
    assert first == Span(passages[1].start, passages[1].start + len(sentences[len(passages[0].sentences)]))


def test_a_sentence_put_in_changes_few_passages_wherever_it_stands() -> None:
    sentences = [f"Otter {number * 7919 % 1000} of pond {number} has built {number % 9} dams." for number in range(120)]
    before = {passage.id for passage in WORDS.chunk_article(make_article("a", " ".join(sentences)))}
    changed = []
    for place in range(120):
        edited = [*sentences[:place], "Nobody else knew anything of it.", *sentences[place:]]
        after = {passage.id for passage in WORDS.chunk_article(make_article("a", " ".join(edited)))}
        changed.append(len(after - before))
    assert len(before) > 20
    assert max(changed) <= 7
    assert sum(changed) / len(changed) < 3


def test_a_sentence_too_long_for_a_passage_is_cut_at_its_clauses() -> None:
    clause = " ".join(["leaf"] * 30)
    (first, second) = WORDS.chunk_article(make_article("a", f"{clause}, {clause}."))
    assert (first.text, second.text) == (f"{clause},", f"{clause}.")
    assert first.sentences == (Span(first.start, first.end),)


def test_a_passage_never_spans_two_sections() -> None:
    article = make_article("a", "Short.", (Kind.BACKGROUND, "Context", "Also short."), "Third.")
    assert [(each.text, each.kind, each.start) for each in WORDS.chunk_article(article)] == [
        ("Short.", Kind.REPORTED, 0), ("Also short.", Kind.BACKGROUND, 8), ("Third.", Kind.REPORTED, 21),
    ]  # fmt: skip


def test_headline_and_heading_stand_before_the_text_but_are_not_quoted() -> None:
    article = make_article("a", (Kind.FAQ, "Who sells leaves?", "Tanuki do."), "Nobody else.", title="Leaves")
    first, second = WORDS.chunk_article(article)
    assert (first.prefix, first.text) == ("Leaves\nWho sells leaves?", "Tanuki do.")
    assert first.indexed_text == "Leaves\nWho sells leaves?\nTanuki do."
    assert (second.prefix, second.indexed_text) == ("Leaves", "Leaves\nNobody else.")


def test_a_long_headline_takes_at_most_a_quarter_of_the_window(embedder: SentenceEmbedder) -> None:
    chunker = Chunker(embedder.count_tokens, max_tokens=embedder.max_tokens, passage_tokens=400)
    article = make_article("a", "word " * 400, title="Otters " * 300)
    passages = chunker.chunk_article(article)
    check(make_article("a", "word " * 400), passages)
    for passage in passages:
        assert 0 < embedder.count_tokens(passage.prefix) <= embedder.max_tokens // 4
        assert passage.prefix.startswith("Otters Otters")
        assert embedder.count_tokens(passage.indexed_text) + SPECIAL_TOKENS <= embedder.max_tokens


def test_the_window_is_filled_to_its_last_token_and_no_further() -> None:
    chunker = Chunker(lambda text: len(text.split()), max_tokens=64, passage_tokens=400)
    title = " ".join(["otter"] * 16)
    first, second = chunker.chunk_article(make_article("a", " ".join(["leaf"] * 50), title=title))
    assert (first.prefix, len(first.text.split()), len(second.text.split())) == (title, 46, 4)
    assert len(first.indexed_text.split()) + SPECIAL_TOKENS == 64


def test_an_article_without_text_has_no_passages() -> None:
    assert WORDS.chunk_article(make_article("a")) == ()


def test_ids_are_the_same_in_every_run() -> None:
    article = make_article("a", "Otters build.", (Kind.ANALYSIS, "Why", "It matters."), title="Otters")
    assert [passage.id for passage in WORDS.chunk_article(article)] == ["d49e2a4105a8f306", "226256432a1c2eee"]


def test_an_edited_paragraph_changes_the_ids_of_its_passages_only() -> None:
    before = make_article("a", "Otters build.", "Otters rest.", "Otters play.")
    after = make_article("a", "Otters build.", "Otters sleep a lot.", "Otters play.")
    old, new = WORDS.chunk_article(before), WORDS.chunk_article(after)
    assert [one.id == two.id for one, two in zip(old, new, strict=True)] == [True, False, True]


def test_ids_tell_article_kind_headline_and_words_apart() -> None:
    articles = (
        make_article("a", "Otters."), make_article("b", "Otters."), make_article("a", "Otters!"),
        make_article("a", (Kind.ANALYSIS, "", "Otters.")), make_article("a", "Otters.", title="Another"),
    )  # fmt: skip
    ids = [passage.id for article in articles for passage in WORDS.chunk_article(article)]
    assert len(set(ids)) == 5


def test_the_same_words_twice_in_an_article_get_two_ids() -> None:
    article = make_article("a", "Otters build.", "Otters build.", "Otters build.")
    ids = [passage.id for passage in WORDS.chunk_article(article)]
    assert Counter(ids).most_common(1)[0][1] == 1
    assert len(ids) == 3
    (alone,) = WORDS.chunk_article(make_article("a", "Otters build."))
    assert ids[0] == alone.id
