"""Weighs the sentences of the hits as evidence for a question, and finds the words in them that answer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.domain import Hit, Label, Span
from rag.retrieval.mentions import MONTHS
from rag.retrieval.questions import Analyse, Reading, Wanted
from rag.unspaced import count_words

Rarity = Callable[[str], float]
"""An index term's inverse document frequency: higher is rarer."""

FEATURES = ("coverage", "context", "hit", "fit", "meaning", "read")
WEIGHTS = (0.72, 1.94, 5.38, 0.4, 1.94, 9.84)
"""Fitted by training/fit_evidence.py, which is where the figures are."""
LONGEST = 70
"""Sentences of more words are lists and boilerplate more often than answers."""
SHORTEST = 4
LONGEST_TYPE_LINE = 7
"""Words of a line that tells what an entity is; the facts of a background's list are longer, or have figures."""
UNDECIDED = 0.5
"""What the reader is taken to think where it has read nothing at all."""
SURE = 10.0
"""Log odds beyond which the reader's sureness grows no more."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit and what speaks for it, each 0 to 1.

    ``coverage``: the share of the question's terms, weighed by rarity, that the sentence itself holds;
    ``context``: the same with headline and neighbouring sentences; ``fit``: whether it holds the kind of
    answer that is wanted; ``read``: how sure the reader is that it answers, 0 where it read others only;
    ``meaning``: its cosine to the question, set for the best candidates only.
    """

    hit: Hit
    span: Span
    text: str
    coverage: float
    context: float
    fit: float
    answer_span: Span | None
    read: float = 0.0
    meaning: float = 0.0

    @property
    def features(self) -> tuple[float, ...]:
        """What speaks for the sentence, in the order of ``FEATURES``."""
        return (self.coverage, self.context, self.hit.score, self.fit, self.meaning, self.read)

    @property
    def score(self) -> float:
        """How well the sentence answers: log odds, of which only differences within one question mean anything."""
        return sum(weight * value for weight, value in zip(WEIGHTS, self.features, strict=True))


def gather_evidence(reading: Reading, hits: Sequence[Hit], analyse: Analyse, rarity: Rarity) -> list[Evidence]:
    """The sentences of the hits as evidence, best first, each sentence of an article once."""
    weights = {term: rarity(term) for term in reading.terms}
    seen: set[tuple[str, int, int]] = set()
    found: list[Evidence] = []
    unread = 0.0 if any(hit.opinion for hit in hits) else UNDECIDED
    for hit in hits:
        sentences = [span.shifted(-hit.start).of(hit.text) for span in hit.sentences]
        terms = [set(analyse(sentence)) for sentence in sentences]
        title = set(analyse(hit.title))
        for index, (span, text) in enumerate(zip(hit.sentences, sentences, strict=True)):
            key = (hit.article_id, span.start, span.end)
            if key in seen or not _is_quotable(text, hit.label):
                continue
            seen.add(key)
            around = title.union(*terms[max(0, index - 1) : index + 2])
            shaped = find_answer(text, reading)
            found.append(
                Evidence(
                    hit=hit,
                    span=span,
                    text=text,
                    coverage=_share(weights, terms[index]),
                    context=_share(weights, around),
                    fit=float(shaped is not None),
                    answer_span=_phrase(hit, index) or shaped,
                    read=_sureness(hit, index, unread),
                )
            )
    return sorted(found, key=lambda evidence: -evidence.score)


def _share(weights: dict[str, float], terms: set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in terms) / total if total else 0.0


def _sureness(hit: Hit, index: int, unread: float) -> float:
    """The reader's log odds of a sentence, moved to 0..1."""
    if hit.opinion is None:
        return unread
    return min(1.0, max(0.0, 0.5 + hit.opinion.sentences[index] / (2 * SURE)))


def _phrase(hit: Hit, index: int) -> Span | None:
    """The words of a sentence that answer, as the reader sees it, within the sentence."""
    phrase = hit.opinion.phrases[index] if hit.opinion else None
    return phrase.shifted(hit.start - hit.sentences[index].start) if phrase else None


def _is_quotable(text: str, label: Label) -> bool:
    is_sentence = SHORTEST <= count_words(text) <= LONGEST and not text.endswith(("?", "？"))
    return is_sentence and not (label is Label.BACKGROUND and _is_type_line(text))


def _is_type_line(text: str) -> bool:
    """Whether it tells only what an entity is, as "Engineering company in Osaka" does: it says so of nobody."""
    return count_words(text) <= LONGEST_TYPE_LINE and text[-1].isalpha() and not any(map(str.isdigit, text))


_DAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_DATE = (
    rf"(?:\d{{1,2}}\s(?:{MONTHS})|(?:{MONTHS})\s\d{{1,2}}(?!\d)|\b(?:{MONTHS}))(?:,?\s(?:1[89]|20)\d\d)?"
    r"|\b(?:1[89]|20)\d\d\b"
)
_AMOUNT = (
    r"[$€£¥]\s?\d[\d,.]*(?:\s(?:thousand|million|billion|trillion))?"
    r"|\d[\d,.]*(?:\s(?:thousand|million|billion|trillion|per\s?cent|percent))?%?"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|half)\b"
)
_NAME = r"[A-Z][\w’'-]+(?:\s(?:of|the|de|van|von|al|bin)\s[A-Z][\w’'-]+|\s[A-Z][\w’'.-]*)*"
_SHAPES = {
    Wanted.TIME: re.compile(rf"{_DATE}|\b(?:{_DAY})\b"),
    Wanted.NUMBER: re.compile(rf"{_DATE}|(?P<answer>{_AMOUNT})", re.IGNORECASE),
    Wanted.PERSON: re.compile(_NAME),
    Wanted.PLACE: re.compile(rf"(?<=\bin ){_NAME}|(?<=\bat ){_NAME}|(?<=\bnear ){_NAME}|(?<=\boff ){_NAME}"),
    Wanted.REASON: re.compile(
        r"\b(?:because|since|due to|owing to|so that|in order to|after|over|to avoid|to keep)\b.*"
    ),
}


def find_answer(text: str, reading: Reading) -> Span | None:
    """The words of the sentence that have the shape of the answer wanted and are not the question's own."""
    shape = _SHAPES.get(reading.wanted)
    if shape is None:
        return None
    asked = {*reading.names, *reading.numbers, *reading.years}
    for match in shape.finditer(text):
        if "answer" in match.groupdict() and not match["answer"]:
            continue  # a date is no amount
        words = set(re.findall(r"[\w.,-]*\w", match.group()))
        if words and not words <= asked and (match.start() or reading.wanted is not Wanted.PERSON or len(words) > 1):
            words_found = match.group()
            kept = words_found if reading.wanted is Wanted.REASON else words_found.rstrip(".")
            return Span(match.start(), match.start() + len(kept))
    return None


def rarity_of(document_frequency: Callable[[str], int], passages: int) -> Rarity:
    """Inverse document frequency over ``passages`` passages, as BM25 has it."""

    def rarity(term: str) -> float:
        frequency = document_frequency(term)
        return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))

    return rarity
