"""Finds the quotes that support a sentence of a language model, or tells that there are none.

A sentence is supported when it stands in an article, or says less than one of its sentences (``derivation``), or does
so with a name in the place of the "he" or "she" that stands for it. Models get numbers, names, subjects and "not"
wrong; none of it passes. What is true in other words does not pass either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.citations import Quoted
from rag.answering.labels import label_sentence
from rag.domain import Hit, Label, Span
from rag.likeness.house_style import MONTH_KEYS, TITLES
from rag.likeness.wording import fold_words
from rag.writing.clauses import Word, is_read_whole, read_words
from rag.writing.derivation import is_derived
from rag.writing.instructions import gives_instructions
from rag.writing.qualifiers import ARTICLES, ENGLISH, FIRST_PERSON, RELATIONS
from rag.writing.written import Written

FEWEST_WORDS = 2
_SOURCE_FIRST = re.compile(
    r"(?:According to|As reported by|In) (?:the )?(?:article|report|passage|story|headline|(?P<source>[^,]{1,60}?))"
    r"(?: article| report)?(?: from [^,]{1,60})?, ",
)
_DAY_FIRST = re.compile(r"(?P<preposition>[Oo]n|[Ii]n) (?P<day>[^,]{3,20}(?:, \d{4})?), ")
_PERSONS = {"he", "she"}


@dataclass(frozen=True, slots=True)
class Support:
    """The quotes that support a sentence, and whether it is one of them word for word."""

    quotes: tuple[Quoted, ...]
    is_verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage that may support what is written, with the one before it, as words."""

    hit: Hit
    span: Span
    text: str
    words: tuple[Word, ...]
    before: Candidate | None = None

    @property
    def quoted(self) -> Quoted:
        """The sentence as a quote."""
        return Quoted(self.hit, self.span)


def read_candidates(hits: Sequence[Hit]) -> list[list[Candidate]]:
    """The sentences of each passage that may be quoted as a support; none that gives instructions."""
    return [list(_candidates(hit)) for hit in hits]


def find_support(written: Written, candidates: Sequence[Sequence[Candidate]]) -> Support | None:
    """The quotes for a sentence, from the passages that it names first; None if it is not supported."""
    words = read_words(written.text)
    if len(words) < FEWEST_WORDS or not is_read_whole(written.text, words):
        return None
    named = [candidates[number - 1] for number in written.numbers if 0 < number <= len(candidates)]
    others = [passage for passage in candidates if not any(passage is each for each in named)]
    in_order = [candidate for passage in (*named, *others) for candidate in passage]
    verbatim = next((each for each in in_order if each.text == written.text), None)
    if verbatim:
        return Support((verbatim.quoted,), is_verbatim=True)
    found = (_support(written.text, candidate) for candidate in in_order)
    return next((quotes for quotes in found if quotes), None)


def _candidates(hit: Hit) -> Iterator[Candidate]:
    before: Candidate | None = None
    for span in hit.sentences:
        text = span.shifted(-hit.start).of(hit.text)
        if gives_instructions(text) or text.rstrip("\"”'’)").endswith(("?", "？")):
            before = None
            continue
        before = Candidate(hit, span, text, tuple(read_words(text)), before)
        yield before


def _support(text: str, candidate: Candidate) -> Support | None:
    said = _without_source(text, candidate.hit)
    words = read_words(said)
    if words and [word.key for word in words] == [word.key for word in candidate.words]:
        return Support((candidate.quoted,))
    if not words or not _is_comparable(said, words, candidate):
        return None
    if _says_less(said, words, candidate.words):
        return Support((candidate.quoted,))
    named = _with_pronoun(words, candidate)
    if named and candidate.before and is_derived(named, candidate.words):
        return Support((candidate.before.quoted, candidate.quoted))
    return None


def _is_comparable(said: str, words: Sequence[Word], candidate: Candidate) -> bool:
    """Whether words may be left out of the candidate at all: it is English, and the same person speaks in both."""
    is_english = any(word.key in ENGLISH for word in candidate.words)
    return is_english and not any(word.key in FIRST_PERSON for word in words) and _tells_who(said, candidate.text)


def _says_less(said: str, words: Sequence[Word], source: Sequence[Word]) -> bool:
    if is_derived(words, source):
        return True
    moved = _DAY_FIRST.match(said)
    if not moved or not _has_day(source, read_words(moved["day"])):
        return False
    return is_derived(read_words(said[moved.end() :]), source)


def _has_day(source: Sequence[Word], day: Sequence[Word]) -> bool:
    """Whether the source has this date after an "on" or "in", and no other numbers that it could be taken for."""
    dates = [at for at, word in enumerate(source) if word.is_number or word.key in MONTH_KEYS]
    return (
        0 < len(dates) == len(day)
        and [source[at].key for at in dates] == [word.key for word in day]
        and source[dates[0] - 1].key in ("on", "in")
    )


def _tells_who(said: str, source: str) -> bool:
    """Whether a sentence names the speaker that its source names, if there is one."""
    return label_sentence(source, Label.REPORTED)[1] in (None, label_sentence(said, Label.REPORTED)[1])


def _without_source(text: str, hit: Hit) -> str:
    """The sentence without an opening that only names the article or its outlet."""
    found = _SOURCE_FIRST.match(text)
    if not found:
        return text
    source = found["source"]
    if source and fold_words(source) != fold_words(hit.source or "") and fold_words(source) != fold_words(hit.title):
        return text
    return text[found.end() :]


def _with_pronoun(words: Sequence[Word], candidate: Candidate) -> list[Word] | None:
    """The sentence with the source's own "he" or "she" in the place of the one name it can stand for."""
    if not candidate.before or not candidate.words or candidate.words[0].key not in _PERSONS:
        return None
    name = _only_person(candidate.before.words)
    length = next((at for at, word in enumerate(words) if not word.is_name), len(words))
    used = [word.key for word in words[:length] if word.key not in TITLES]
    if not name or not used or not set(used) <= set(name) or used[-1] != name[-1]:
        return None
    return [candidate.words[0], *words[length:]]


def _only_person(words: Sequence[Word]) -> list[str] | None:
    """The name that is the subject of a sentence without other names but those behind a preposition, and titles."""
    start = 1 if words and words[0].key in ARTICLES else 0
    end = next((at for at in range(start, len(words)) if not words[at].is_name), len(words))
    name = [word.key for word in words[start:end] if word.key not in TITLES]
    rest = words[end:]
    others = [at for at, word in enumerate(rest) if word.is_name and not word.is_number and not _is_placed(rest, at)]
    people = any(word.key in TITLES or word.key in _PERSONS for word in rest)
    return name if name and not others and not people and not any(word.owns for word in words[start:end]) else None


def _is_placed(words: Sequence[Word], at: int) -> bool:
    while at and words[at].is_name:
        at -= 1
    return words[at].key in RELATIONS and words[at].key not in ("with", "to", "by", "against", "like", "for")
