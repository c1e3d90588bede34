"""Whether two texts are one story, and where they disagree; decided on the words themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.likeness.alignment import ALONE, Alignment, Gap, align
from rag.likeness.disagreement import contradicts, disagrees, matters
from rag.likeness.wording import FEWEST_WORDS, Wording, read_wording

CONTAINED = 0.7
"""The part of the shorter text's words that must stand in the longer, in runs of ``RUN`` at least, in one story."""

RUN = 3
REPEATED = 0.8
"""The part of a sentence's words that must stand in another, in such runs, for it to say nothing new."""

FEWEST_SHARED = 3
"""Words that two sentences must share to be one statement but for what is replaced."""
BESIDE = 0.2
"""Words, as a part of those shared, that either may have beside."""
LONGEST_REPLACED = 6
"""In words; what is longer is another statement."""

SHARED_SHINGLES = 0.3
"""With fewer of the shorter text's runs in the longer, the words need not be aligned."""


class Likeness(StrEnum):
    """What two texts are to each other."""

    NEAR_COPY = "near_copy"
    """The same story, or a part of it: one source."""
    DISAGREEING = "disagreeing"
    """The same story, but a name, number or date was replaced by another, or a "not" put in or taken out."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a text, and where they stand in it, in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What one text says and, in the same place, the other."""

    first: Phrase
    second: Phrase

    def turned(self) -> Difference:
        """The same seen from the other text."""
        return Difference(self.second, self.first)


def compare(first: Wording, second: Wording) -> Likeness:
    """What two texts are to each other; the same whichever comes first."""
    aligned = _align_story(first, second)
    if aligned is None:
        return Likeness.DIFFERENT
    return Likeness.NEAR_COPY if _agrees(aligned) else Likeness.DISAGREEING


def differences(first: Wording, second: Wording) -> tuple[Difference, ...]:
    """Where two texts of one story disagree, in the order of the first; none unless they are DISAGREEING."""
    aligned = _align_story(first, second)
    if aligned is None:
        return ()
    found = tuple(_differences(aligned))
    is_turned = aligned.first.text != first.text
    return tuple(each.turned() for each in found) if is_turned else found


def repeats(sentence: str, said: str) -> bool:
    """Whether a sentence only says again, perhaps in another outlet's style, what stands in another."""
    aligned = align(read_wording(sentence), read_wording(said))
    keys = aligned.first.keys
    return keys == aligned.second.keys or (aligned.words_in_runs(RUN) >= REPEATED * len(keys) and _agrees(aligned))


def replacement(first: Wording, second: Wording) -> Difference | None:
    """Where two sentences disagree that are one statement but for a single name, number or date, or a "not".

    Two that differ in more are two statements, each perhaps true of its own matter, and so are two that share little.
    """
    longer, shorter = sorted((len(set(each.keys)) for each in (first, second)), reverse=True)
    if len(set(first.keys) & set(second.keys)) < max(FEWEST_SHARED, shorter - LONGEST_REPLACED - BESIDE * longer):
        return None
    aligned = align(first, second)
    found = tuple(_differences(aligned))
    replaced = {(_matter_keys(first, each.first), _matter_keys(second, each.second)) for each in found}
    return found[0] if len(replaced) == 1 and _is_one_statement(aligned, found) else None


def _is_one_statement(aligned: Alignment, replaced: Sequence[Difference]) -> bool:
    """Whether the sentences agree, all but a few words, in what is not replaced."""
    shared = sum(partner != ALONE for partner in aligned.partners)
    for wording, phrases in (
        (aligned.first, [each.first for each in replaced]),
        (aligned.second, [each.second for each in replaced]),
    ):
        lengths = [len(wording.words_of(each.start, each.end)) for each in phrases]
        beside = len(wording.keys) - shared - sum(lengths)
        if max(lengths) > LONGEST_REPLACED or beside > BESIDE * shared:
            return False
    return shared >= FEWEST_SHARED


def _matter_keys(wording: Wording, phrase: Phrase) -> frozenset[str]:
    return frozenset().union(*matters(wording, wording.words_of(phrase.start, phrase.end)).values())


def _align_story(first: Wording, second: Wording) -> Alignment | None:
    """The two texts, the shorter first, with their words aligned; None if they are not one story."""
    shorter, longer = sorted((first, second), key=lambda each: (len(each.keys), each.text))
    if len(shorter.keys) < FEWEST_WORDS or _shared(shorter, longer) < SHARED_SHINGLES:
        return None
    aligned = align(shorter, longer)
    return aligned if aligned.words_in_runs(RUN) >= CONTAINED * len(shorter.keys) else None


def _agrees(aligned: Alignment) -> bool:
    return not any(True for _ in _differences(aligned))


def _shared(shorter: Wording, longer: Wording) -> float:
    """The part of the shorter text's runs of words that the longer has too."""
    one, other = (set(zip(*(each.keys[at:] for at in range(RUN)), strict=False)) for each in (shorter, longer))
    return len(one & other) / len(one)


def _differences(aligned: Alignment) -> Iterator[Difference]:
    first, second = aligned.first, aligned.second
    for gap in aligned.gaps():
        if not aligned.is_in_like_sentences(gap):
            continue
        if disagrees(first, gap.here, second, gap.there):
            yield _difference(aligned, gap)
        elif contradicts(first, gap.here, second, gap.there):
            yield _difference(aligned, gap.widened(aligned))


def _difference(aligned: Alignment, gap: Gap) -> Difference:
    return Difference(_phrase(aligned.first, gap.here), _phrase(aligned.second, gap.there))


def _phrase(wording: Wording, words: range) -> Phrase:
    start, end = wording.spans[words[0]][0], wording.spans[words[-1]][1]
    return Phrase(wording.text[start:end], start, end)
