"""Whether a sentence only says less than another: its words, in their order, with nothing left out that qualifies them.

What is left out must be whole: a clause, a phrase with its preposition, a word before a noun. So nothing that is kept
gets another subject, object or owner. This loses true sentences, and is meant to: what is doubtful is not derived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from rag.likeness.house_style import TITLES
from rag.writing.clauses import Word
from rag.writing.qualifiers import (
    ARTICLES,
    AUXILIARIES,
    COORDINATORS,
    DROPPED_AT_WILL,
    OF_CLAUSES,
    OF_NUMBERS,
    OF_SENTENCES,
    RELATIONS,
    RELATIVES,
    SPEECH,
    changes_a_noun,
    is_qualifier,
)

MOST_MODIFIERS = 3
"""Words that may be left out before a noun."""
_OPENERS = COORDINATORS | RELATIVES


def is_derived(written: Sequence[Word], source: Sequence[Word]) -> bool:
    """Whether the words written follow from the source's by leaving words out."""
    kept = [word for word in written if word.key not in ARTICLES]
    places = _align(kept, source)
    return bool(places) and _keeps_owners(kept, source, places) and _drops_well(source, places)


def _align(kept: Sequence[Word], source: Sequence[Word]) -> list[int]:
    """The place of each word in the source, in rising order with the fewest breaks; empty if there is none."""
    where: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(source):
        where[word.key].append(at)
    paths: dict[int, tuple[int, list[int]]] = {-1: (0, [])}
    for word in kept:
        reached: dict[int, tuple[int, list[int]]] = {}
        for at in where[word.key]:
            earlier = [
                (breaks + _is_break(source, last, at), path) for last, (breaks, path) in paths.items() if last < at
            ]
            if earlier:
                breaks, path = min(earlier, key=lambda each: each[0])
                reached[at] = breaks, [*path, at]
        paths = reached
    return min(paths.values(), key=lambda each: each[0])[1] if paths else []


def _is_break(source: Sequence[Word], last: int, at: int) -> int:
    return int(any(word.key not in ARTICLES for word in source[last + 1 : at]))


def _keeps_owners(kept: Sequence[Word], source: Sequence[Word], places: Sequence[int]) -> bool:
    return all(word.owns == source[at].owns for word, at in zip(kept, places, strict=True))


def _drops_well(source: Sequence[Word], places: Sequence[int]) -> bool:
    held = set(places)
    used = {source[at].clause for at in places}
    dropped = [at for at in range(len(source)) if at not in held and source[at].key not in ARTICLES]
    return (
        not any(_qualifies(source, at, places) for at in dropped)
        and all(_is_head_droppable(source, places, clause) for clause in sorted(used))
        and all(_is_gap_droppable(source, last, at) for last, at in pairwise([*places, len(source)]))
    )


def _qualifies(source: Sequence[Word], at: int, places: Sequence[int]) -> bool:
    """Whether leaving this word out would change what is claimed by the words that are kept."""
    key, clause = source[at].key, source[at].clause
    used = {source[place].clause for place in places}
    if key in OF_SENTENCES:
        return True
    if key == "or":
        return clause in used or clause - 1 in used
    if clause not in used:
        return _reaches_over(source, at, used)
    return key in OF_CLAUSES or _changes_what_follows(source, at, places)


def _reaches_over(source: Sequence[Word], at: int, used: set[int]) -> bool:
    """Whether a word of a clause that is left out speaks of one that is kept: "..., Sato added", "only because"."""
    key, clause = source[at].key, source[at].clause
    if key in SPEECH and clause in (0, source[-1].clause):
        return True
    following = source[at + 1] if at + 1 < len(source) else None
    return key in OF_CLAUSES and following is not None and following.key in _OPENERS and following.clause in used


def _changes_what_follows(source: Sequence[Word], at: int, places: Sequence[int]) -> bool:
    """Whether the next word that is kept belongs to a quantifier or the like, and not to a phrase after its noun."""
    key = source[at].key
    following = next((place for place in places if place > at), None)
    if following is None or source[following].clause != source[at].clause:
        return False
    between = [word.key for word in source[at + 1 : following]]
    if key in OF_NUMBERS:
        return source[following].is_number and set(between) <= {"to", "than"}
    return changes_a_noun(key) and not any(each in RELATIONS and each != "of" for each in between)


def _is_head_droppable(source: Sequence[Word], places: Sequence[int], clause: int) -> bool:
    """Whether what is left out before the first word kept of a clause was not its subject."""
    start = next(at for at, word in enumerate(source) if word.clause == clause)
    kept = [at for at in places if source[at].clause == clause and source[at].key not in _OPENERS]
    if start and source[start].key in RELATIVES and start - 1 not in places:
        return False  # what "who" and "that" take up is left out
    head = list(source[start : min(kept, default=start)])
    if head and (head[0].key in COORDINATORS or (start and head[0].key in RELATIVES)):
        head = head[1:]
    words = [word for word in head if word.key not in ARTICLES and word.key not in TITLES]
    if _says_nothing(words):
        return True
    if words[0].key in RELATIONS:
        return len(words) > 1 and all(word.is_number for word in words[1:])
    return len(words) == 1 and head[0].key in ARTICLES and not _is_name_cut(words[0], source[min(kept)])


def _is_gap_droppable(source: Sequence[Word], last: int, at: int) -> bool:
    """Whether what is left out between two words that are kept, or after the last, is whole."""
    clause = source[last].clause
    if at < len(source) and source[at].clause == clause:
        return _is_phrase_droppable(source, last, at)
    end = next((each for each in range(last + 1, at) if source[each].clause != clause), at)
    if end < at < len(source) and not _are_insertions(source, end, source[at].clause):
        return False
    words = [word for word in source[last + 1 : end] if word.key not in ARTICLES]
    if _says_nothing(words):
        return True
    # What goes on after a clause that was cut short might have been a part of what was cut: a list, say.
    return at == len(source) and source[last + 1].key in RELATIONS and not source[last].owns


def _are_insertions(source: Sequence[Word], start: int, stop: int) -> bool:
    """Whether each clause from ``start`` up to the clause ``stop`` stands by itself, and is no part of a list."""
    heads = [at for at in range(start, len(source)) if source[at].clause != source[at - 1].clause]
    skipped = [source[at].key for at in heads if source[at].clause < stop]
    return all(key in _OPENERS or key in ARTICLES or key in RELATIONS for key in skipped)


def _is_phrase_droppable(source: Sequence[Word], last: int, at: int) -> bool:
    """Whether the words between two of one clause are a phrase with its preposition, or stand before a noun."""
    gap = source[last + 1 : at]
    words = [word for word in gap if word.key not in ARTICLES]
    if source[last].owns and words:
        return _is_modifier(words, source[at])
    if _says_nothing(words):
        return True
    if gap[0].key in RELATIONS:
        return _begins_phrase(source[at]) and not _governs(words)
    return (gap[0].key in ARTICLES or source[last].is_number) and _is_modifier(words, source[at])


def _says_nothing(words: Sequence[Word]) -> bool:
    return all(word.key in DROPPED_AT_WILL or _is_adverb(word) for word in words)


def _begins_phrase(word: Word) -> bool:
    """Whether a word cannot be the rest of the phrase before it, whose object it would be."""
    opens = (word.key in RELATIONS and word.key != "of") or word.key in AUXILIARIES or word.key in ("next", "last")
    return opens or word.key.endswith("ed")


def _governs(words: Sequence[Word]) -> bool:
    """Whether the last preposition of what is left out has its object in what is kept."""
    return words[-1].key in RELATIONS or all(word.key in RELATIONS or is_qualifier(word.key) for word in words)


def _is_modifier(words: Sequence[Word], noun: Word) -> bool:
    is_plain = not any(word.key in RELATIONS or word.is_number for word in words)
    return is_plain and len(words) <= MOST_MODIFIERS and not _is_name_cut(words[-1], noun)


def _is_name_cut(word: Word, following: Word) -> bool:
    """Whether leaving a word out would make another name of the next: "South Africa"."""
    return word.is_name and following.is_name


def _is_adverb(word: Word) -> bool:
    return word.key.endswith("ly") and not word.is_name
