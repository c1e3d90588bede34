"""Selects the sentences of an answer from the evidence: those that answer, a digest, a list, or two sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.answering.refusal import rests_on_thin
from rag.domain import Label
from rag.likeness.likeness import repeats
from rag.unspaced import count_words

if TYPE_CHECKING:
    from rag.answering.evidence import Evidence
    from rag.answering.requests import Request
    from rag.retrieval.questions import Analyse

WEIGHED = 24
"""How many sentences are compared with the question by meaning too, and may be chosen."""
LONGEST_ANSWER = 60
"""Words; a first sentence that is longer stands alone."""
MOST_SENTENCES = 3
LIKELY_SAID = 0.8
"""How likely the sentences shown must hold the answer before no more are added: see docs/decisions.md."""
LIKELY_TO_ADD = 0.005
"""How likely a further sentence must be the one that answers."""
COST_OF_A_WORD = 0.02
"""What a word of a further sentence takes from its log odds: two short ones say more than a long one."""
MOST_ITEMS, LONGEST_LIST = 5, 150
"""Sentences and words of a list or a digest."""
LIKELY_ITEM = 0.06
"""As LIKELY_TO_ADD, of a list, to which sentences are added however likely the answer is said already."""
OF_A_SUBJECT = 0.4
"""The part of a subject's words, by rarity, that a sentence of a digest has with its neighbours."""
OF_A_SIDE = 0.6
"""The share of a side's words that a sentence has which speaks of it."""


def select(request: Request, evidence: Sequence[Evidence], analyse: Analyse) -> list[Evidence]:
    """The sentences of the answer; ``evidence`` is best first. Thin articles may add to an answer, never carry it."""
    if not evidence or rests_on_thin(evidence):
        return []  # what speaks of it best is no source, and what is left speaks of something else
    sound = [each for each in evidence if not each.hit.thin]
    if request.subject:
        return _newest(sound) or choose(sound[:WEIGHED])
    if request.sides:
        return _side_by_side(request.sides, sound, analyse) or choose(sound[:WEIGHED])
    if request.is_list:
        return choose(sound[:WEIGHED], most=MOST_ITEMS, longest=LONGEST_LIST, enough=1.0, least=LIKELY_ITEM)
    return choose(sound[:WEIGHED])


def choose(
    evidence: Sequence[Evidence],
    *,
    most: int = MOST_SENTENCES,
    longest: int = LONGEST_ANSWER,
    enough: float = LIKELY_SAID,
    least: float = LIKELY_TO_ADD,
) -> list[Evidence]:
    """The sentences that answer, the best and then the worthiest: so many that the answer is likely among them."""
    best, *others = evidence
    total = sum(_odds(each, best) for each in evidence)
    chosen, words, said = [best], count_words(best.text), 1 / total
    for each in sorted(others, key=_worth, reverse=True):
        likely = _odds(each, best) / total
        if len(chosen) == most or said >= enough:
            break
        longer = words + count_words(each.text)
        if likely >= least and longer <= longest and not any(_says_again(each, other) for other in chosen):
            chosen.append(each)
            words, said = longer, said + likely
    return chosen


def _odds(evidence: Evidence, best: Evidence) -> float:
    """How likely a sentence is to be the one that answers, beside the best."""
    return math.exp(evidence.score - best.score)


def _worth(evidence: Evidence) -> float:
    return evidence.score - COST_OF_A_WORD * count_words(evidence.text)


def missing_sides(sides: Sequence[str], chosen: Sequence[Evidence], analyse: Analyse) -> list[str]:
    """The sides of a comparison of which no sentence that was chosen speaks."""
    return [side for side in sides if not _on(side, sides, chosen, analyse)]


def _newest(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best reported sentence on the subject of each dated article, newest first."""
    best: dict[str, Evidence] = {}
    for each in evidence:
        is_report = each.hit.label is Label.REPORTED and each.hit.published and each.context > OF_A_SUBJECT
        if is_report and not any(_says_again(each, other) for other in best.values()):
            best.setdefault(each.hit.article_id, each)
    newest = sorted(best.values(), key=lambda each: each.hit.published or "", reverse=True)
    return newest[:MOST_ITEMS]


def _side_by_side(sides: Sequence[str], evidence: Sequence[Evidence], analyse: Analyse) -> list[Evidence]:
    """The best sentence on each side, in the order of the question."""
    return list(dict.fromkeys(filter(None, (_on(side, sides, evidence, analyse) for side in sides))))


def _on(side: str, sides: Sequence[str], evidence: Sequence[Evidence], analyse: Analyse) -> Evidence | None:
    """The first sentence that speaks of a side, by itself or, where no other side is spoken of, with its headline."""
    terms = set(analyse(side))
    others = [set(analyse(other)) for other in sides if other != side]
    for each in evidence:
        said = set(analyse(each.text))
        whole = said.union(analyse(each.hit.title))
        is_anothers = any(_speak_of(other, whole) for other in others)
        if _speak_of(terms, said if is_anothers else whole):
            return each
    return None


def _speak_of(side: set[str], terms: set[str]) -> bool:
    held = len(side & terms)
    return held > 0 and held >= OF_A_SIDE * len(side)


def _says_again(evidence: Evidence, said: Evidence) -> bool:
    """Whether a sentence is another's over again, most often in a near-copy of its article."""
    is_elsewhere = evidence.hit.article_id != said.hit.article_id
    return evidence.text == said.text or (is_elsewhere and repeats(evidence.text, said.text))
