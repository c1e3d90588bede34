"""Makes a follow-up question stand on its own, by rule: what it leans on is put in its place.

A pronoun gives way to the name it stands for, "And in 2024?" to the question before with that date in it, and a bare
"When?" to that question asked anew. Where no rule is sure of the words, the names of the question before are put in
front; or the whole of it, where what was said of them counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain import Question, Turn
from rag.retrieval.antecedents import CLASS, PRONOUN, meant_by_noun, meant_by_pronoun
from rag.retrieval.ellipsis import carry_over, is_bare, is_shortened, without_lead
from rag.retrieval.mentions import AUXILIARIES, PREPOSITIONS, find_names, places, subjects, topic
from rag.unspaced import count_words

SHORT = 2
"""A question of so few words names no subject of its own."""

_MARKERS = re.compile(r"\s*\[\d+\]")
_OBJECT = re.compile(rf"\W*$|\s+(?:{PREPOSITIONS})\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"his|her|its|their", re.IGNORECASE)
_THERE = re.compile(r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere(?=\W*$)", re.IGNORECASE)
_SAYING = r"\w*(?:agree|believe|claim|hope|know|knew|mean|say|said|show|think|thought|warn|writ|wrote)\w*"
_POINTER = re.compile(
    rf"\b(?:these|those|such an?|(?:{PREPOSITIONS}|{AUXILIARIES}|caused) (?:that|this))\b(?! (?:week|month|year)\b)"
    r"|\b(?:this|that|hers|theirs)\W*$|\bthe (?:same|former|latter)\b|^who else\b"
    # "bought that old shop", but neither "said that otters sleep" nor "the bird that sings"
    rf"|\b(?!(?:the|an?) )\S+ (?!{_SAYING} )\S+ that(?: [a-z-]+){{1,2}}\W*$",
    re.IGNORECASE,
)
_STATEMENT = re.compile(rf"\b(?:this|that)(?:\W*$| (?=happen|possible|{PREPOSITIONS}))", re.IGNORECASE)
_NOUN = re.compile(
    rf"\bthe ((?:first |last )?(?!(?:{PREPOSITIONS})\b)[a-z-]+)\b(?! (?:{PREPOSITIONS}|that|which|who)\b)"
)
_GOES_ON = re.compile(rf"\W*$|['’]s\b| (?:{AUXILIARIES}|[a-z-]+ed)\b")
_VERB = re.compile(rf"\b(?:{AUXILIARIES})\b", re.IGNORECASE)


def rewrite(question: Question) -> str | None:
    """The question as it reads without the turns before it, when it leans on them; else None."""
    turns: list[Turn] = []
    for turn in question.history:
        turns.append(Turn(_alone(turn.question, turns), _MARKERS.sub("", turn.answer)))
    alone = _alone(question.text, turns)
    return None if alone == question.text else alone


def _alone(text: str, turns: Sequence[Turn]) -> str:
    if not turns or not _leans(text, turns):
        return text
    before = turns[-1].question
    return carry_over(text, before) or _resolved(text, turns) or _behind_names(text, before) or _joined(text, before)


def _leans(text: str, turns: Sequence[Turn]) -> bool:
    return (
        count_words(text) <= SHORT
        or without_lead(text) != text
        or is_bare(text)
        or bool(_THERE.search(text) or _POINTER.search(text))
        or _free_pronoun(text) is not None
        or _takes_up_a_noun(text, turns)
    )


def _free_pronoun(text: str) -> re.Match[str] | None:
    """The first pronoun that no name before it explains, as one does in "Did Sato sell her shop?"."""
    verb = _VERB.search(text)
    names = [name.start for name in find_names(text) if not verb or name.start > verb.start()]
    for pronoun in PRONOUN.finditer(text):
        if not any(start < pronoun.start() for start in names) or _OBJECT.match(text, pronoun.end()):
            return pronoun
    return None


def _takes_up_a_noun(text: str, turns: Sequence[Turn]) -> bool:
    """Whether it speaks of "the bridge" without telling which, and brings no new name that could tell."""
    noun = _NOUN.search(text)
    if not noun:
        return False
    said = " ".join(f"{turn.question} {turn.answer}" for turn in turns)
    is_known = bool(CLASS.fullmatch(noun[1])) or re.search(rf"\b{noun[1]}\b", said) is not None
    if is_known and _OBJECT.match(text, noun.end()):
        return True
    is_new = any(name.text not in said for name in find_names(text))
    return not is_new and (is_known or bool(_GOES_ON.match(text, noun.end())))


def _behind_names(text: str, before: str) -> str | None:
    """The question behind the names of the one before; not one that asks on about what was said of them.

    Names that only tell where or when are not enough: "What did otters build in Osaka?" speaks of no name.
    """
    names = find_names(before)
    is_topic = subjects(before) or any(name.owns for name in names)
    if not is_topic or is_shortened(text) or _STATEMENT.search(text):
        return None
    plain = without_lead(text)
    return f"{', '.join(dict.fromkeys(map(topic, names)))}: {plain[0].lower()}{plain[1:]}"


def _joined(text: str, before: str) -> str:
    """Both questions; of several shortened ones that follow each other only the last."""
    asked = before.rstrip(" ?!.")
    whole = asked.split("? ")[0] if is_shortened(text) and not is_bare(text) else asked
    return f"{whole}? {text}"


def _resolved(text: str, turns: Sequence[Turn]) -> str | None:
    """The question with a name in the place of a word that stands for it, if it is plain which."""
    if pronoun := _free_pronoun(text):
        owns = bool(_POSSESSIVE.fullmatch(pronoun.group())) and not _OBJECT.match(text, pronoun.end())
        return _put(text, pronoun, meant_by_pronoun(pronoun, turns), owns=owns)
    if there := _THERE.search(text):
        return _put(text, there, next(iter(places(turns[-1].question) or places(turns[-1].answer)), None))
    noun = _NOUN.search(text)
    if noun and not _POINTER.search(text):
        return _put(text, noun, meant_by_noun(noun[1], text[noun.end() :], turns))
    return None


def _put(text: str, found: re.Match[str], name: str | None, *, owns: bool = False) -> str | None:
    if not name:
        return None
    owned = "'s" if owns else ""
    whole = without_lead(f"{text[: found.start()]}{name}{owned}{text[found.end() :]}")
    return whole[0].upper() + whole[1:]
