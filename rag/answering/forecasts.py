"""Whether a sentence tells what is to come, and nothing that has happened."""

from __future__ import annotations

import re

_COMING = re.compile(
    r"\b(?:will|won[’']t|shall|would|could|may|might)\b(?! have\b)(?! not have\b)"
    r"|\b(?:is|are) (?:\w+ly |still |also |now |all )?(?:not )?(?:expected|(?:un)?likely|due|scheduled|set to|forecast"
    r"|predicted|projected|poised|going to|about to|bound to|to [a-z]+)\b"
)
_ABILITY = re.compile(r"\bcould(?: not|n[’']t)\b")
_CONDITION = re.compile(r"^(?:If|When|Unless|Once|Until|As soon as|By|After|Should)\b[^,]*, ")
_PURPOSE = re.compile(r"\b(?:strateg(?:y|ies)|goals?|aims?|ideas?|purpose|ways?|tasks?|jobs?|missions?|solutions?) $")
"""Before "is to": what something is for, and not what is to come."""
_UNKNOWN = re.compile(r"(?:What|Who|Whether|How|Why|Where|Which)\b")
"""At the head of a sentence that speaks of what is not known now."""
_HAPPENED = re.compile(
    r"\b(?:is|are|was|were|has|have|had|did|does|do|said|rose|fell|won|came|took|ran|began|met|sold|bought|held|spent"
    r"|broke|lost|led|made|became|went|gave|beat|got|kept|left|put|saw|sent|set|stood|told|wrote|grew|hit|paid|built"
    r"|brought|fled|found|shut|struck|drew|rejects?|plans?|wants?|hopes?|says)\b"
    r"|(?<!\bthe )(?<!\ba )(?<!\ban )\b[a-z]+ed\b"
)


def is_forecast(sentence: str) -> bool:
    """Whether its main verb, and no finite verb before that, is in the future or tells what may come."""
    if _UNKNOWN.match(sentence):
        return False
    claim = _CONDITION.sub("", sentence)
    coming = _COMING.search(claim)
    if coming is None or _ABILITY.match(claim, coming.start()):
        return False
    before = claim[: coming.start()]
    return not _HAPPENED.search(before) and not _PURPOSE.search(before)
