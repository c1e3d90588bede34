"""Finds, among the evidence for a question, two articles that answer it differently.

Either their sentences are one statement but for the words that answer, or both state a number or a day outright and
the two cannot both be right. What differs beside that is taken for another matter: a false alarm costs trust too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rag.answering.evidence import Evidence
from rag.answering.quantities import are_rounded, clash, read_quantity
from rag.domain import Hit, Span
from rag.likeness.disagreement import Matter, matters
from rag.likeness.likeness import Difference, Phrase, replacement
from rag.likeness.wording import Wording, read_wording
from rag.names import subject_of
from rag.retrieval.questions import Reading, Wanted

Read = Callable[[str], Wording]

COMPARED = 24
"""How many of the best sentences are compared."""
AS_GOOD = 4.8
"""How much less than the best sentence one may score to dispute the answer in nearly the same words."""
AS_CLOSE = 0.5
"""The part of the question's words, by rarity, that it must have about it, seen from the sentence that has most."""
NEARLY_AS_GOOD = 2.1
"""The same as ``AS_GOOD`` for a sentence in words of its own."""
IN_FRONT = 2
"""Sentences from the best on that are asked whether another one in other words disputes them."""
LIKELY = 0.4
"""How likely, to the reader, either sentence must answer at all; .5 is as likely as not."""
SURE = 0.55
"""How sure the reader must be of both then."""

_MATTERS = {
    Wanted.PERSON: {Matter.NAME},
    Wanted.PLACE: {Matter.NAME},
    Wanted.NUMBER: {Matter.NUMBER, Matter.CURRENCY},
    Wanted.TIME: {Matter.DATE, Matter.MONTH, Matter.WEEKDAY, Matter.TIME, Matter.NUMBER},
    Wanted.REASON: set(),
    Wanted.THING: set(Matter),
}
"""What a word must be about to answer, though the reader marks other words."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence and the words of it that another one disputes."""

    evidence: Evidence
    words: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two claims of different articles that cannot both answer the question; ``first`` is the better evidence."""

    first: Claim
    second: Claim

    @property
    def claims(self) -> tuple[Claim, Claim]:
        """Both."""
        return self.first, self.second


def find_dispute(reading: Reading, query: str, evidence: Sequence[Evidence]) -> Dispute | None:
    """The dispute that concerns the best evidence, if there is one; ``evidence`` best first."""
    sound = [each for each in evidence[:COMPARED] if not each.hit.thin]
    return next(_disputes(reading, query, sound), None)


def _disputes(reading: Reading, query: str, evidence: Sequence[Evidence]) -> Iterator[Dispute]:
    most = max((each.context for each in evidence), default=0.0)
    asked = frozenset(read_wording(query).keys)
    fitting = [
        each
        for each in evidence
        if each.read >= LIKELY and each.context >= AS_CLOSE * most and _is_of_years(reading, each)
    ]
    read = cache(read_wording)
    for one, other in _pairs(fitting, AS_GOOD):
        difference = replacement(read(one.text), read(other.text))
        if difference and _is_asked_for(difference, one, other, reading, read):
            dispute = _dispute(difference, one, other, read)
            keys = dispute.first.keys, dispute.second.keys
            if not (keys[0] ^ keys[1]) & asked and not are_rounded(*keys):
                yield dispute
    sure = [each for each in fitting if each.read >= SURE and not _has_longer_name(reading, each)]
    for one, other in _pairs(sure, NEARLY_AS_GOOD):
        is_alike = _names_held(reading, one) == _names_held(reading, other)
        if is_alike and one in evidence[:IN_FRONT] and _clash(reading.wanted, one, other, read):
            yield Dispute(_claim(one, read), _claim(other, read))


def _pairs(evidence: Sequence[Evidence], distance: float) -> Iterator[tuple[Evidence, Evidence]]:
    """Sentences of different articles that score nearly as much as the best one."""
    good = [each for each in evidence if each.score >= evidence[0].score - distance]
    for at, one in enumerate(good):
        yield from ((one, other) for other in good[at + 1 :] if _may_dispute(one.hit, other.hit))


def _may_dispute(one: Hit, other: Hit) -> bool:
    """Whether two articles may be about one thing: those whose headlines are two names are about these two."""
    subjects = {subject for hit in (one, other) if (subject := subject_of(hit.title))}
    return one.article_id != other.article_id and len(subjects) < len((one, other))


def _is_of_years(reading: Reading, evidence: Evidence) -> bool:
    """Whether the years that are asked about are named where the sentence stands."""
    around = f"{evidence.hit.title}\n{evidence.hit.text}\n{evidence.hit.published or ''}"
    return all(year in around for year in reading.years)


def _names_held(reading: Reading, evidence: Evidence) -> list[str]:
    """The names asked about that the sentence or the headline has."""
    around = f"{evidence.hit.title}\n{evidence.text}".casefold()
    return [name for name in reading.names if name.casefold() in around]


def _has_longer_name(reading: Reading, evidence: Evidence) -> bool:
    """Whether a name asked about is only a part of one that the sentence has."""
    longer = (re.search(rf"{re.escape(name)}[ -]([A-Z]\w*)", evidence.text) for name in reading.names)
    return any(found is not None and found[1] not in reading.names for found in longer)


def _is_asked_for(difference: Difference, one: Evidence, other: Evidence, reading: Reading, read: Read) -> bool:
    """Whether the words that differ are of the kind that the question wants; where it wants none, those that answer."""
    first, second = _stated(one, difference.first, read), _stated(other, difference.second, read)
    if any(first[matter] and second[matter] for matter in _MATTERS[reading.wanted]):
        return True
    is_marked = _meets(difference.first, one.answer_span) or _meets(difference.second, other.answer_span)
    return is_marked and reading.wanted is Wanted.THING


def _meets(phrase: Phrase, span: Span | None) -> bool:
    return span is not None and phrase.start < span.end and span.start < phrase.end


def _stated(evidence: Evidence, phrase: Phrase, read: Read) -> dict[Matter, set[str]]:
    wording = read(evidence.text)
    return matters(wording, wording.words_of(phrase.start, phrase.end))


def _clash(wanted: Wanted, one: Evidence, other: Evidence, read: Read) -> bool:
    if not (one.answer_span and other.answer_span):
        return False
    first = read_quantity(read(one.text), one.answer_span, wanted)
    second = read_quantity(read(other.text), other.answer_span, wanted)
    if first is None or second is None or not clash(first, second):
        return False
    return not (first.keys <= set(read(other.text).keys) or second.keys <= set(read(one.text).keys))


def _dispute(difference: Difference, one: Evidence, other: Evidence, read: Read) -> Dispute:
    """The words that differ, or the whole of both answers where they are part of them: "June 2020" and not "2020"."""
    phrases = difference.first, difference.second
    spans = [each.answer_span for each in (one, other)]
    wholes = [_around(span, phrase) for span, phrase in zip(spans, phrases, strict=True)]
    shown = wholes if all(wholes) else [Span(each.start, each.end) for each in phrases]
    claims = (
        Claim(evidence, _owner(span.of(evidence.text)), _keys(evidence, phrase, read))
        for evidence, span, phrase in zip((one, other), shown, phrases, strict=True)
        if span
    )
    return Dispute(*claims)


def _around(span: Span | None, phrase: Phrase) -> Span | None:
    return span if span and span.start <= phrase.start and phrase.end <= span.end else None


def _claim(evidence: Evidence, read: Read) -> Claim:
    span = evidence.answer_span or Span(0, len(evidence.text))
    words = span.of(evidence.text)
    return Claim(evidence, words, _keys(evidence, Phrase(words, span.start, span.end), read))


def _keys(evidence: Evidence, phrase: Phrase, read: Read) -> frozenset[str]:
    return frozenset().union(*_stated(evidence, phrase, read).values())


def _owner(words: str) -> str:
    """The words without the sign that they own what follows."""
    return words.removesuffix("'s").removesuffix("’s")
