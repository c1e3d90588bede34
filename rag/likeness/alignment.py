"""Lay the words of two texts side by side: which word of one answers to which of the other, and what lies between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.likeness.wording import Wording

MOST_STEPS = 1_000_000
"""Words that recur so often that aligning them takes more are left unaligned: a table, or a text meant to hurt."""

LONGEST_NAME = 4
"""In words."""

ALONE = -1


@dataclass(frozen=True, slots=True)
class Gap:
    """Words of each text between the same two words; one side may be empty."""

    here: range
    there: range

    def widened(self, aligned: Alignment) -> Gap:
        """With the word before and the word after, as far as there are any."""
        before = 1 if self.here.start and self.there.start else 0
        after = 1 if self.here.stop < len(aligned.first.keys) and self.there.stop < len(aligned.second.keys) else 0
        here = range(self.here.start - before, self.here.stop + after)
        return Gap(here, range(self.there.start - before, self.there.stop + after))


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts; ``partners`` has for each word of the first its like in the second, in rising order, or ALONE."""

    first: Wording
    second: Wording
    partners: tuple[int, ...]

    def words_in_runs(self, shortest: int) -> int:
        """How many words of the first stand in the second in runs of ``shortest`` at least."""
        return sum(length for length in self._runs() if length >= shortest)

    def gaps(self) -> Iterator[Gap]:
        """What lies between the words that have partners, in order; of longer stretches what ends or opens a sentence.

        So a word that was replaced is seen beside the word in its place, even where the next paragraph was cut.
        """
        for gap in self._stretches():
            here, there = self.first.split(gap.here), self.second.split(gap.there)
            if len(here) != len(there):
                yield gap
            else:
                yield from (Gap(*each) for each in zip(here, there, strict=True) if each[0] or each[1])

    def _stretches(self) -> Iterator[Gap]:
        at, like = 0, 0
        ends = [(each, partner) for each, partner in enumerate(self.partners) if partner != ALONE]
        for end, finish in [*ends, (len(self.partners), len(self.second.keys))]:
            if end > at or finish > like:
                yield Gap(range(at, end), range(like, finish))
            at, like = end + 1, finish + 1

    def is_in_like_sentences(self, gap: Gap) -> bool:
        """Whether the sentences round a gap are one sentence but for it.

        Half of the shorter one's other words must agree, and for a phrase longer than a name as many as are replaced.
        """
        here, there = self.first.sentence_round(gap.here), self.second.sentence_round(gap.there)
        others = min(len(here) - len(gap.here), len(there) - len(gap.there))
        alike = sum(1 for at in here if self.partners[at] in there)
        return 0 < others <= 2 * alike and max(len(gap.here), len(gap.there)) <= max(LONGEST_NAME, alike)

    def _runs(self) -> Iterator[int]:
        length, following = 0, ALONE
        for partner in self.partners:
            if partner != following:
                yield length
                length = 0
            if partner != ALONE:
                length, following = length + 1, partner + 1
        yield length


def align(first: Wording, second: Wording) -> Alignment:
    """The two texts with equal sentences laid side by side, and then the equal words between those."""
    partners = [ALONE] * len(first.keys)
    one, other = first.sentence_ranges(), second.sentence_ranges()
    left, right = [first.keys_in(each) for each in one], [second.keys_in(each) for each in other]
    for is_equal, here, there in _blocks(left, right):
        words, likes = _words(one, here), _words(other, there)
        if is_equal:
            partners[words.start : words.stop] = likes
            continue
        for is_same, part, like in _blocks(first.keys_in(words), second.keys_in(likes)):
            if is_same:
                start = words.start + part.start
                partners[start : start + len(part)] = range(likes.start + like.start, likes.start + like.stop)
    return Alignment(first, second, tuple(partners))


def _words(sentences: Sequence[range], some: range) -> range:
    return range(sentences[some[0]].start, sentences[some[-1]].stop) if some else range(0)


def _blocks(first: Sequence[Hashable], second: Sequence[Hashable]) -> Iterator[tuple[bool, range, range]]:
    """Stretches of both sequences in turn, and whether they are equal."""
    if first == second or _steps(first, second) > MOST_STEPS:
        yield first == second, range(len(first)), range(len(second))
        return
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for tag, start, end, begin, finish in matcher.get_opcodes():
        yield tag == "equal", range(start, end), range(begin, finish)


def _steps(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    one, other = Counter(first), Counter(second)
    return sum(times * other[each] for each, times in one.items())
