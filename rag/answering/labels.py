"""What kind of claim a sentence makes: its section's label, or attributed when it says who said it."""

from __future__ import annotations

import re

from rag.domain import Label

_SPEECH = "said|says|told|announced|argued|argues|warned|claimed|claims|stated|wrote|added|estimated|estimates|reported"
_NAME = r"(?:[A-Z][\w.'’-]*)(?:\s+(?:of|for|de|van|von|the|and|&|[A-Z][\w.'’-]*))*"
_ACCORDING = re.compile(rf"\b[Aa]ccording to (?:the )?({_NAME})")
_SPEAKER_FIRST = re.compile(rf"^(?:The )?({_NAME})(?:,[^,]{{1,60}},)? (?:{_SPEECH})\b")
_SPEAKER_ASIDE = re.compile(rf", ({_NAME}), (?:{_SPEECH})\b")
_SPEAKER_LAST = re.compile(rf"[,”\"] (?:{_SPEECH}) (?:the )?({_NAME})|[,”\"] ({_NAME}) (?:{_SPEECH})\b")
_PRONOUNS = {"He", "She", "It", "They", "We", "I", "This", "That"}


def label_sentence(sentence: str, section_label: Label) -> tuple[Label, str | None]:
    """The sentence's label and, if it is attributed, to whom. Only reported words can be attributed."""
    if section_label is not Label.REPORTED:
        return section_label, None
    speaker = _speaker(sentence)
    return (Label.ATTRIBUTED, speaker) if speaker else (Label.REPORTED, None)


def _speaker(sentence: str) -> str | None:
    for pattern in (_ACCORDING, _SPEAKER_ASIDE, _SPEAKER_FIRST, _SPEAKER_LAST):
        found = pattern.search(sentence)
        if found:
            name = next(group for group in found.groups() if group).rstrip(".")
            return None if name in _PRONOUNS else name
    return None
