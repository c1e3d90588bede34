"""Who or what a word of a follow-up stands for: the name, in the turns before it, of "she", "it" or "the ship"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain import Turn
from rag.retrieval.mentions import AUXILIARIES, PREPOSITIONS, find_names, introduced, persons, things

PRONOUN = re.compile(
    r"\b(?:(?P<person>he|him|his|she|her)|(?P<thing>it|its)|(?P<several>they|them|their))\b", re.IGNORECASE
)
CLASS = re.compile(
    r"agency|author|bank|book|city|company|country|court|film|firm|group|island|law|man|model|paper|phone|plant|project"
    r"|river|ship|shop|study|team|town|woman"
)
"""Nouns for what has a name: "the company" is one that was named before."""
_ASKED = re.compile(rf"^(?:(?:{PREPOSITIONS}) )?(?:which|what) (?!(?:{AUXILIARIES})\b)([a-z-]+)", re.IGNORECASE)
_WHAT = re.compile(r"^what (?:do|does|did|has|have|had|will|would|can|could)\b", re.IGNORECASE)
_WHO = re.compile(rf"^(?:(?:{PREPOSITIONS}) )?who(?:m|se)?\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?) ", re.IGNORECASE)
_NAMELESS = re.compile(r"\b(?:the|an?) [a-z]", re.IGNORECASE)


def meant_by_pronoun(pronoun: re.Match[str], turns: Sequence[Turn]) -> str | None:
    """Who or what a match of PRONOUN stands for, by name; None if that is not plain."""
    last = turns[-1]
    if pronoun["person"]:
        people = [name for turn in reversed(turns) for name in _people(turn)]
        return _first(_people(last)) or _only_thing(last.question) or _first(people)
    if pronoun["several"] and _WHO.match(last.question):
        return _listed(_people(last))
    asked = _ASKED.match(last.question)
    told = _asked_for(asked[1], last) if asked and pronoun.group().lower() != "them" else None
    # "It" after "What did Sato open?" is what was opened, and has no name yet.
    return told or (_only_thing(last.question) if pronoun["thing"] and not _WHAT.match(last.question) else None)


def _people(turn: Turn) -> list[str]:
    """Persons of a turn, the likeliest first: who was asked for, then who was asked about."""
    new = introduced(turn.answer, turn.question)
    asked, told = persons(turn.question), [name for name in persons(turn.answer) if name in new]
    return [*(told or new), *asked] if _WHO.match(turn.question) else asked + told


def _listed(names: Sequence[str]) -> str | None:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else None


def _asked_for(noun: str, turn: Turn) -> str | None:
    """The name of the answer, if the question asked which; one behind the noun itself is the surest."""
    new = introduced(turn.answer, turn.question)
    return _first([name for name in new if f"{noun} {name}" in turn.answer] or new)


def _only_thing(question: str) -> str | None:
    """What the question speaks of by name, if it is one thing and no other is spoken of without a name."""
    own = persons(question)
    found = [thing for thing in things(question) if thing not in own] or things(question)
    if len(found) != 1 or not _is_single(question):
        return None
    rest = question.replace(found[0], "").replace(_ARTICLE.sub("", found[0]), "")
    return None if _NAMELESS.search(rest) or any(name.tells_kind for name in find_names(question)) else found[0]


def meant_by_noun(noun: str, after: str, turns: Sequence[Turn]) -> str | None:
    """ "The ship" with its name, if a ship was asked for or told of by name; None if that is not plain.

    ``after`` is what follows the noun: one that owns something gives way to the name alone.
    """
    last = turns[-1]
    asked = _ASKED.match(last.question)
    if asked and asked[1] == noun:
        name = _asked_for(noun, last)
    elif headed := [thing for thing in things(last.question) if thing.startswith(f"the {noun} ")]:
        return headed[0]
    elif told := re.search(rf"\bthe (?:[^\s?]+ ){{1,3}}{noun}\b", last.question, re.IGNORECASE):
        return told.group() if find_names(told.group()) else None
    else:
        name = _of_class(noun, turns)
    bare = _ARTICLE.sub("", name) if name else None
    return bare if not bare or after.startswith(("'s", "’s")) else f"the {noun} {bare}"


def _of_class(noun: str, turns: Sequence[Turn]) -> str | None:
    """The one name that may be that of a company, a ship or a shop, of the latest question that has any."""
    if not CLASS.fullmatch(noun) or noun in turns[-1].question:
        return None
    for turn in reversed(turns):
        found = [each.text for each in find_names(turn.question) if not (each.is_personal or each.tells_kind)]
        if found and _is_single(turn.question):
            return found[0] if len(found) == 1 else None
    return None


def _is_single(question: str) -> bool:
    return "?" not in question.rstrip(" ?!.")


def _first(names: Sequence[str]) -> str | None:
    return next(iter(names), None)
