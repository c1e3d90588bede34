"""Who or what a pronoun of a quoted sentence stands for, where the sentences before it leave no choice.

The quote stays as it is. A wrong name is worse than none: what is meant must be what a sentence before it is about,
and no other name may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieval.mentions import Name, find_names

REACH = 3
"""Sentences before the quoted one in which the name must stand."""
_PERSON = re.compile(
    r"^(?P<first>He|She|His|Her)\b|[,”\"] (?P<last>he|she) (?:\w+ly |also )?(?:said|says|added|told)\b"
)
_THING = re.compile(r"^(?:It|Its)\b(?![’'])(?! (?:is|was|will be|would be|has been|seems?|appears?|took|takes)\b)")
_FIRM = re.compile(r"^The (?:company|firm|bank|carmaker|airline|chipmaker|agency|party|club|group)\b(?! [A-Z]| of\b)")
_OFFICE = re.compile(
    r"^The (?P<office>minister|president|mayor|governor|senator|judge|coach|chairman|chairwoman|bishop|professor"
    r"|chancellor|king|queen|general)\b(?! (?:of|for|and|in|at|who|whose)\b| [A-Z])"
)
_NO_PERSON = re.compile(
    r"\b(?:Inc|Corp|Co|Ltd|Group|Holdings?|Bank|Motors|Energy|Gazette|Times|Post|News|Wire|University|Institute|College"
    r"|Party|Council|Court|Ministry|Department|Agency|Union|League|Club|Street|River|Island|Cup|Prize|Act|House|Park"
    r"|Day|Week|Games|Awards?|World|United|Republic|Kingdom|States?|City|County|Airlines?|Museum|Committee|Commission"
    r"|Association|Foundation|Cent(?:er|re)|Hospital|School|Church|Army|Navy|Police|Office|Board|New|North|South|East"
    r"|West|Saint|Mount|Lake)\b"
)
_NO_NAME = re.compile(r"\b(?:Like|Replay|Read|Watch)\b|/")
_PLACED = re.compile(r"\b(?:in|at|near|from|outside|across|of|for|to|the|an?|on) (?:the )?$", re.IGNORECASE)
"""Before names of places and things, which are not meant by "she"."""
_OTHER_PERSON = re.compile(
    r"\b(?:man|woman|boy|girl|wife|husband|son|daughter|mother|father|brother|sister|lawyer|spokes(?:man|woman|person)"
    r"|aide|suspect|victim|colleague|friend|predecessor|successor|rival"
    r"|opponent)\b",
    re.IGNORECASE,
)
_MALE, _FEMALE = re.compile(r"\b(?:Mr|Sir|Lord|King|Prince)\b"), re.compile(r"\b(?:Mrs|Ms|Miss|Lady|Queen|Princess)\b")
_TITLED = re.compile(r"^(?:The |(?:[A-Z][a-z]+ )?)$")


def find_gloss(sentence: str, before: Sequence[str]) -> str | None:
    """An explanation such as “She” = Sanna Marin; None where nothing needs one, or it is not plain whom is meant.

    ``before`` are the sentences before the quoted one in its passage, in order.
    """
    found = _person(sentence, before) or _office(sentence, before) or _thing(sentence, before)
    return f"“{found[0]}” = {found[1]}" if found else None


def find_person(sentence: str, before: Sequence[str]) -> str | None:
    """Who "he" or "she" is in the sentence, by name, if that is plain."""
    found = _person(sentence, before)
    return found[1] if found else None


def _person(sentence: str, before: Sequence[str]) -> tuple[str, str] | None:
    pronoun = _PERSON.search(sentence)
    name = _only_subject(before[-REACH:]) if pronoun else None
    if pronoun is None or name is None or not _is_person(name):
        return None
    if find_names(sentence[: pronoun.start()]) or _OTHER_PERSON.search(" ".join(before[-REACH:])):
        return None
    said = pronoun["first"] or pronoun["last"]
    is_male = said.lower() in ("he", "his")
    return None if (_FEMALE if is_male else _MALE).search(name.text) else (said, name.text)


def _office(sentence: str, before: Sequence[str]) -> tuple[str, str] | None:
    """ "The minister" with the name of the one minister spoken of."""
    said = _OFFICE.match(sentence)
    names = {name.text for each in before[-REACH:] for name in find_names(each) if _is_person(name)} if said else set()
    holders = [name for name in names if said and said["office"] in name.lower().split()]
    return (said.group(), holders[0]) if said and len(holders) == 1 else None


def _thing(sentence: str, before: Sequence[str]) -> tuple[str, str] | None:
    """ "It" or "the company" with the name that the sentence before is about, if it names no other."""
    said = _THING.match(sentence) or _FIRM.match(sentence)
    name = _only_subject(before[-1:]) if said else None
    is_sure = name and (name.text.isupper() or _NO_PERSON.search(name.text))
    return (said.group(), name.text) if said and name and is_sure else None


def _only_subject(sentences: Sequence[str]) -> Name | None:
    """The name that one of the sentences begins with, if they hold no other that may be meant."""
    names = [name for each in sentences for name in find_names(each) if not name.tells_kind]
    heads = [name for name in names if _TITLED.match(name.before) and not name.owns]
    if (
        not heads
        or _NO_NAME.search(heads[0].text)
        or any(_competes(name) and not _is_part(name, heads[0]) for name in names)
    ):
        return None
    return heads[0]


def _competes(name: Name) -> bool:
    is_thing = name.owns or _PLACED.search(name.before) or _NO_PERSON.search(name.text)
    return not is_thing and not name.text.isupper()


def _is_part(name: Name, whole: Name) -> bool:
    return set(name.text.split()) <= set(whole.text.split())


def _is_person(name: Name) -> bool:
    return name.is_personal and not _NO_PERSON.search(name.text)
