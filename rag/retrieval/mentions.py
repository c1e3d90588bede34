"""What a question or an answer mentions: the names in it, with the words that belong to them, and its dates."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from dataclasses import dataclass

AUXILIARIES = "am|are|can|could|did|do|does|had|has|have|is|may|might|must|should|was|were|will|would"
PREPOSITIONS = (
    "about|after|at|before|behind|between|by|during|for|from|in|into|near|of|on|over|since|through|to|under|until|with"
    "|without"
)
MONTHS = "|".join(month_name[1:])
DATE = re.compile(rf"\b(?:\d{{1,2}} )?(?:{MONTHS})(?: \d{{1,2}}\b)?(?:,? \d{{4}})?\b|\b(?:1[89]|20)\d\d\b")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")

_ORDINARY = frozenset(
    word.casefold()
    for words in (
        AUXILIARIES,
        PREPOSITIONS,
        MONTHS,
        "|".join(day_name),
        "a|according|all|an|and|as|but|each|he|her|his|how|i|if|it|its|most|no|not|one|or|out|she|so|some|than|that|the",
        "their|then|there|these|they|this|those|what|when|where|which|who|whom|whose|why|yes",
    )
    for word in words.split("|")
)
"""Words that are no names, though a sentence may begin with them or the calendar write them large."""
_WORD = re.compile(r"(?:[^\W\d_]\.){1,3}(?!\w)|\d[\d.,]*\d|\w(?:[\w.&/’'-]*\w)?")
_OWNED = re.compile(r"[’']s$")
_OWNER = re.compile(r"[’']s?(?!\w)")
_REACH = 60
"""Characters around a name in which the words that belong to it are looked for."""
_ADJECTIVE = 2
"""Capitals of a name that is used before nouns like an adjective."""
_THE = re.compile(r"\bthe $", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?) (?:[a-z-]+ )?$", re.IGNORECASE)
_HEAD = re.compile(rf"\b(?:the|an?) ((?:(?!\w*ed\b)[a-z-]+ ){{1,2}}(?:{PREPOSITIONS}) (?:the )?)$", re.IGNORECASE)
_GOVERNED = re.compile(rf"(?:\b(?:{PREPOSITIONS}) (?:the )?|[’']s )$", re.IGNORECASE)
_OBJECT = re.compile(r"(?<!\baccording )\b(?:about|of|to|with) (?:the )?$", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:in|at) (?:the )?$")
_NOUN = re.compile(r" [a-z-]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name, where it stands in a text, and some of what stands before and after it there."""

    text: str
    start: int
    end: int
    before: str
    after: str

    @property
    def owns(self) -> bool:
        """Whether it owns the noun behind it: "Sato's shop"."""
        return bool(_OWNER.match(self.after))

    @property
    def tells_kind(self) -> bool:
        """Whether it is no more than an adjective: "US exports"."""
        return (
            len(self.text) == _ADJECTIVE
            and self.text.isalpha()
            and self.text.isupper()
            and bool(_NOUN.match(self.after))
        )

    @property
    def is_personal(self) -> bool:
        """Whether it looks like a person's: two words or more in letters, without an article."""
        words = self.text.split()
        return len(words) > 1 and all(map(_is_of_person, words)) and not _THE.search(self.before)


def find_names(text: str) -> list[Name]:
    """The names in the text, in order: words written large, with numbers behind them and "of" or "&" between them."""
    spans: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        start, end = word.start(), word.start() + len(_OWNED.sub("", word.group()))
        gap = text[spans[-1][1] : start] if spans else ""
        large = _is_large(text[start:end])
        joined = (gap == " " and (large or _is_number(text[start:end]))) or (gap in {" of ", " & "} and large)
        if large or joined:
            spans.append((spans.pop()[0] if joined else start, end))
    return [
        Name(text[start:end], start, end, text[max(0, start - _REACH) : start], text[end : end + _REACH])
        for start, end in spans
    ]


def subjects(text: str) -> list[Name]:
    """The names that the text speaks of, and not those that only tell where, when or whose.

    One that something happened to, or that somebody knows something about, counts if there is no other.
    """
    names = [name for name in find_names(text) if not name.owns and not name.tells_kind]
    free = [name for name in names if _HEAD.search(name.before) or not _GOVERNED.search(name.before)]
    return free or [name for name in names if _OBJECT.search(name.before)]


def things(text: str) -> list[str]:
    """What the text speaks of by name, as it says it: "the bridge over the Kotogawa" and not the river alone."""
    return list(dict.fromkeys(map(_with_article, subjects(text))))


def topic(name: Name) -> str:
    """The name by itself, or with its noun where it only tells of which kind that is."""
    noun = _NOUN.match(name.after) if name.tells_kind else None
    return f"{name.text}{noun.group() if noun else ''}"


def places(text: str) -> list[str]:
    """Where it was, by name, with the preposition: "in Osaka"."""
    names = [name for name in find_names(text) if not name.owns]
    return [lead.group() + name.text for name in names if (lead := _PLACE.search(name.before))]


def persons(text: str) -> list[str]:
    """The names in the text that look like those of persons."""
    return [name.text for name in find_names(text) if name.is_personal]


def introduced(answer: str, question: str) -> list[str]:
    """The names of the answer that the question does not hold, with their articles."""
    known = question.casefold()
    new = [name for name in find_names(answer) if name.text.casefold() not in known]
    # The first word of a sentence is large anyway: only a comma behind it tells it for a name.
    sure = [name for name in new if name.start or " " in name.text or answer[name.end : name.end + 1] == ","]
    return [f"the {name.text}" if _THE.search(name.before) else name.text for name in sure or new]


def _with_article(name: Name) -> str:
    if head := _HEAD.search(name.before):
        return f"the {head[1]}{name.text}"
    article = _ARTICLE.search(name.before)
    if not article:
        return name.text
    # "A" belongs to a noun, and the name before it only tells of which kind it is.
    noun = _NOUN.match(name.after) if article.group()[0] in "aA" else None
    return f"{article.group()}{name.text}{noun.group() if noun else ''}"


def _is_large(word: str) -> bool:
    return any(map(str.isupper, word)) and word.casefold() not in _ORDINARY


def _is_number(word: str) -> bool:
    return word[0].isdigit() and not YEAR.fullmatch(word)


def _is_of_person(word: str) -> bool:
    """A word as in names of persons, initials and "III" too; other capitals are those of a company."""
    return word[0].isupper() and (not word.isupper() or "." in word or len(word) == 1 or not set(word) - set("IVX"))
