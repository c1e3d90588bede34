"""Who is named in a sentence as the source of what it says.

A speaker is given as the sentence names it, without the article in front: "Mayor Sato", "two people familiar with the
talks". Of a description with the name beside it ("the mayor, Rin Sato, said") it is the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_WORDS = 12
"""Of a speaker; what is longer is a clause of its own."""
SHORTEST = 4
"""Words in quotation marks that are speech; fewer are a title."""

_SAY = (
    "said|says?|announced|announces|argued|argues?|warned|warns?|claimed|claims?|stated|states|wrote|writes"
    "|added|adds|estimated|estimates?|insisted|insists?|explained|explains?|acknowledged|acknowledges?|admitted|admits?"
    "|conceded|concedes?|confirmed|confirms?|denied|denies|deny|alleged|alleges?|accused|accuses?|blamed|blames?"
    "|predicted|predicts?|recalled|recalls?|complained|complains?|vowed|vows?|promised|promises|urged|urges"
    "|declared|declares?|testified|testifies|asserted|asserts?|contended|contends?|cautioned|cautions?|commented|comments"
    "|replied|replies|responded|responds|remarked|remarks|described|describes?|stressed|stresses|emphasi[sz]ed"
    "|criticised|criticized|praised|tweeted|expects?|believes?|thinks?|declined to comment"
)
_SHOW = (
    "reported|reports?|found|finds?|showed|shows?|suggested|suggests?|concluded|concludes?|noted|notes?|believed|thought"
    "|revealed|reveals?|indicated|indicates?|observed|maintained|maintains?|expected|forecast|forecasts|projected"
    "|projects?|learned|hoped|hopes|feared|fears?|disclosed|pledged|pledges?|agreed|calculated|calculates?"
)
"""Words of saying only where what is said follows with "that", or where they come after it."""
_TELL = r"(?:told|tells?) [^,“”]{1,40}?"
_HAVE = r"(?:(?:has|have|had) )?(?:\w+ly |also |later |then |since |now |once )?"
_NAME = (
    r"(?:Dr|Mr|Mrs|Ms|Prof|Gen|Sen|Gov|Rep|St)\. [A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w.’'-]*)*"
    r"|[A-ZÀ-Þ][\w.’'-]*(?: (?:of|for|de|da|van|von|the|and|&|al|el|bin|[A-ZÀ-Þ][\w.’'-]*))*"
)
_NOUNS = r"(?:(?:Dr|Mr|Mrs|Ms|Prof|Gen|Sen|Gov|Rep|St)\.|[^\s,;:“”\".]|(?<=\b[A-Z])\.|[.](?=\w))+"
_PHRASE = rf"{_NOUNS}(?: {_NOUNS})*?"
_ASIDE = r"(?:, (?P<aside>[^,“”]{1,80}),)?"
_WHEN = r"(?: (?:on|in|at|to|late|early|last|this|during|after|before|while|when|by|from|yesterday|today)\b[^,“”]*)?"

_AFTER_COMMA = "said|says|added|adds|explained|explains|noted|notes|warned|warns|wrote|writes"
"""Words of saying that also stand before the speaker where nothing is in quotation marks."""
_END = r"(?=[,.;:]|$| (?:on|in|at|after|before|who|when|during)\b)"
_SPOKEN = r"(?:[,?!]?[”\"]|,)"
_SAYING = rf"(?:{_SAY}|told|tells?|(?:{_SHOW}) that)"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:^|[\s(])[Aa]ccording to (?P<speaker>{_PHRASE})(?=[,.;:)]|$)",
        rf"(?:^Per|^In the words of|, in the words of) (?P<speaker>{_PHRASE})(?=,)",
        rf"\b[Bb]y (?P<speaker>{_PHRASE})[’']s?(?: own)? (?:estimate|account|count|reckoning)\b",
        rf"^As (?P<speaker>{_PHRASE}) puts? it,",
        rf"(?:[,?!]?[”\"] (?:{_SAY})|, (?:{_AFTER_COMMA})) (?P<speaker>{_PHRASE}){_END}",
        rf"^(?:{_SAY.title()}) (?P<speaker>{_PHRASE})(?=[,:])",
        rf"{_SPOKEN} (?P<speaker>{_PHRASE}){_ASIDE} {_HAVE}(?:{_SAY}|{_SHOW}|{_TELL}){_WHEN}(?=[.,:]|$)",
        rf"(?:[,?!]?[”\"]|^|^[^,“”\"]{{3,60}}, ?)(?P<speaker>{_PHRASE}){_ASIDE} {_HAVE}{_SAYING}\b",
        rf"^(?P<speaker>{_PHRASE}){_ASIDE} (?:called|calls) [^,]+? (?:an?|“)",
    )
)
_ARTICLE = re.compile(r"^(?:(?:But|And|Yet|So|Still|Meanwhile|However) )?(?:[Tt]he|[Aa]n?) |^(?:But|And|Yet|So) ")
_DAY = re.compile(r"^(?:On|In|By) (?:\w+day,? )?(?:(?:\d{1,2} )?[A-Z][a-z]+(?: \d{1,2},?)? )?(?:1[89]|20)\d\d,? ")
"""When it was said, which may stand in front of who said it without a comma."""
_PRONOUN = re.compile(r"(?:he|she|it|they|we|i|you|her|him|them|who|this|that|which)", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|do|does|did|can|could|may|might|should|must|that|which|who"
    r"|whom|what|when|where|if|because|although|though|as|than|not|to)\b|[”\"]"
    r"|\b(?:he|she|they|it|we|you|there|being|such)\b|^(?:of|about|against|in|on|for|with|at|from|into|over|by)\b"
)
"""Words that no speaker's name holds: they begin or belong to a clause."""
_ALL_QUOTED = re.compile(r'"[^"]*"?|[^"]+"')
_NOBODY = re.compile(r"\b(?:told|tells?) (?:no one|nobody|apart)\b")


@dataclass(frozen=True, slots=True)
class Attribution:
    """That a sentence repeats what somebody said; ``speaker`` is None where it is only "he", "she" or "they"."""

    speaker: str | None


def find_attribution(sentence: str) -> Attribution | None:
    """Who the sentence names as its source; None if it speaks for itself."""
    spoken = Attribution(None) if _is_spoken(sentence) else None
    return next(_attributions(sentence), spoken)


def _is_spoken(sentence: str) -> bool:
    """Whether all of it stands in quotation marks, or what was opened or closed in another sentence does."""
    words = sentence.replace("”", '"').replace("“", '"').strip()
    return bool(_ALL_QUOTED.fullmatch(words)) and len(words.split()) >= SHORTEST


def _attributions(sentence: str) -> Iterator[Attribution]:
    for pattern in _PATTERNS:
        for found in pattern.finditer(sentence):
            if _NOBODY.search(found.group() + sentence[found.end() :][:8]):
                continue
            phrase = _ARTICLE.sub("", _DAY.sub("", found["speaker"])).rstrip(".")
            if _PRONOUN.fullmatch(phrase):
                yield Attribution(None)
            elif _is_speaker(phrase):
                yield Attribution(_by_name(phrase, found.groupdict().get("aside")))


def _is_speaker(phrase: str) -> bool:
    return bool(phrase) and len(phrase.split()) <= MOST_WORDS and not _CLAUSE.search(phrase)


def _by_name(phrase: str, aside: str | None) -> str:
    """The name beside a description, if there is one."""
    is_name = re.fullmatch(_NAME, phrase)
    return aside if aside and not is_name and re.fullmatch(_NAME, aside) else phrase
