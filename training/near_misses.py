"""Questions that a passage nearly answers: another name, number or word in place of one that it holds.

As in SQuAD 2.0 (Rajpurkar, Jia and Liang, "Know What You Don't Know", ACL 2018), where people wrote such questions:
table 1 there names the ways, of which those are taken here that need no understanding.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from training.kin import Kin

SHORTEST = 4
"""Characters of what is put in: shorter words that begin a sentence look like names."""
OFF_BY = 9
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s(?:of\s|the\s)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_ENDINGS = re.compile(r"(?:ing|ed|ion|ions|ment|ly|ity|ies|ers?|s|al|ous|e)$")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """about after again also among because been before being between both could does during each from have having
    here into itself just kind made make many more most much name names only other over people same should some such
    than that their them then there these they thing things this those through type under until upon used very want
    well were what when where which while whom whose will with would year years your""",
    )
)
_OPPOSITES = """first/last earliest/latest largest/smallest biggest/smallest highest/lowest most/least more/fewer
    before/after above/below increase/decrease increased/decreased rise/fall rose/fell begin/end began/ended start/stop
    started/stopped oldest/youngest older/younger north/south northern/southern east/west eastern/western win/lose
    won/lost winner/loser always/never all/none maximum/minimum support/oppose supported/opposed allow/forbid
    allowed/forbidden accept/reject accepted/rejected open/close opened/closed arrive/leave arrived/left buy/sell
    bought/sold male/female men/women king/queen father/mother husband/wife public/private positive/negative
    cause/prevent caused/prevented inside/outside upper/lower early/late enter/leave longest/shortest fastest/slowest
    strong/weak hot/cold rich/poor major/minor include/exclude included/excluded present/absent"""
DENIALS = {"did": "didn't", "does": "doesn't", "can": "can't"}
DENIED = 0.25
"""The share of questions that are denied, of those that can be and have no word with an opposite."""
OPPOSITES = {one: other for pair in _OPPOSITES.split() for one, other in (pair.split("/"), reversed(pair.split("/")))}


def alter(
    question: str, answering: Sequence[str], others: Sequence[str], kin: Kin, chance: random.Random
) -> str | None:
    """The question with one thing exchanged, so that the ``answering`` sentences no longer answer it.

    What is put in comes from the ``others`` of the passage, or is an opposite, a number nearby or a word of ``kin``.
    None where nothing fits.
    """
    told, aside = " ".join(answering), " ".join(others)
    ways = [
        _with_another_name(question, told, aside, chance),
        _with_another_number(question, told, aside, chance),
        _with_opposite(question, chance),
        _with_another_word(question, told, aside, kin, chance),
    ]
    made = [way for way in ways if way]
    return chance.choice(made) if made else None


def _with_another_name(question: str, told: str, aside: str, chance: random.Random) -> str | None:
    """With a name of the question exchanged for one that stands elsewhere in the passage."""
    held = [each for each in _NAME.finditer(question) if each.start()]
    if not held:
        return None
    gone = chance.choice(held)
    return _exchange(question, gone, _unsaid(_NAME.findall(aside), question, told, gone.group()), chance)


def _with_another_number(question: str, told: str, aside: str, chance: random.Random) -> str | None:
    """With a number of the question exchanged for one that stands elsewhere, or for one nearby."""
    held = list(_NUMBER.finditer(question))
    if not held:
        return None
    gone = chance.choice(held)
    choice = _unsaid(_NUMBER.findall(aside), question, told, gone.group())
    if gone.group().isdecimal():
        choice = [*choice, str(int(gone.group()) + chance.randint(1, OFF_BY))]
    return _exchange(question, gone, choice, chance)


def _with_opposite(question: str, chance: random.Random) -> str | None:
    words = list(re.finditer(r"\b[a-z]+\b", question))
    for held, share in ((OPPOSITES, 1.0), (DENIALS, DENIED)):
        found = [each for each in words if each.group() in held]
        if found and chance.random() < share:
            gone = chance.choice(found)
            return _exchange(question, gone, [held[gone.group()]], chance)
    return None


def _with_another_word(question: str, told: str, aside: str, kin: Kin, chance: random.Random) -> str | None:
    """With a word of the question and the answer exchanged for one of like form: of its kind, or from elsewhere."""
    lowered = told.casefold()
    held = [
        each
        for each in _WORD.finditer(question)
        if each.group() not in _COMMON and each.group()[: max(4, len(each.group()) - 3)] in lowered
    ]
    if not held:
        return None
    gone = chance.choice(held)
    ending = _ending(gone.group())
    for choice in (kin(gone.group()), _WORD.findall(aside)):
        like = [each for each in choice if each not in _COMMON and _ending(each) == ending]
        altered = _exchange(question, gone, _unsaid(like, question, lowered, gone.group()), chance)
        if altered:
            return altered
    return None


def _unsaid(found: Iterable[str], question: str, told: str, gone: str) -> list[str]:
    """Those that neither the question nor the answer holds."""
    unsaid = {each for each in found if each != gone and each not in question and each not in told}
    return sorted(each for each in unsaid if each.casefold() not in _COMMON and len(each) >= SHORTEST)


def _ending(word: str) -> str:
    found = _ENDINGS.search(word)
    return found.group() if found else ""


def _exchange(question: str, gone: re.Match[str], choice: Sequence[str], chance: random.Random) -> str | None:
    if not choice:
        return None
    return question[: gone.start()] + chance.choice(choice) + question[gone.end() :]
