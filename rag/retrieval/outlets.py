"""Outlets named in a question: matched as strings against the outlets of the library.

What it gains was measured on the sample corpus, no model needed: docs/decisions.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SHORTEST = 4
"""Shorter names are too likely to be another word."""
_ASIDE = re.compile(r"\s*\([^)]*\)\s*$")
_NAME = r"(?:[Tt]he\s)?(?P<{}>[A-Z][\w.&’'-]*\w(?:\s(?:of\s|and\s|the\s)?[A-Z][\w.&-]*\w){{0,4}})"
_PIECE = r"(?:news\s)?(?:articles?|reports?|coverage|columns?)"
_AS_OUTLET = re.compile(
    rf"\b(?:an?|the)\s{_NAME.format('before')}(?:['’]s)?\s{_PIECE}\b"
    rf"|\b{_PIECE}\s(?:published\s)?(?:from|by)\s['‘\"]?{_NAME.format('behind')}"
    rf"|\b(?:reported|published|covered)\s(?:by|in\sthe)\s['‘\"]?{_NAME.format('last')}"
)
"""A name that a question takes for that of an outlet: "a Pond Gazette article", "the report by the Pond Gazette"."""


def find_outlets(text: str, outlets: Sequence[str]) -> tuple[str, ...]:
    """Those of the outlets that the text names, as the library spells them."""
    return tuple(outlet for outlet in outlets if (pattern := _pattern(outlet)) and pattern.search(text))


def without_outlets(text: str, outlets: Sequence[str]) -> str:
    """The text without the names of the outlets: what remains is what is asked."""
    for outlet in outlets:
        pattern = _pattern(outlet)
        if pattern:
            text = pattern.sub(" ", text)
    return " ".join(text.split()).lstrip(", ")


def unknown_outlets(text: str, outlets: Sequence[str]) -> tuple[str, ...]:
    """The names that the text takes for those of outlets, where no outlet's name holds them or is held by them."""
    known = [outlet.casefold() for outlet in outlets]
    named = dict.fromkeys(str(next(filter(None, match.groups()))) for match in _AS_OUTLET.finditer(text))
    return tuple(
        name for name in named if not any(name.casefold() in outlet or outlet in name.casefold() for outlet in known)
    )


def take_apart(text: str, outlets: Sequence[str]) -> list[tuple[str, str]]:
    """What each outlet is asked, where outlets are named more than once: the words from its name to the next one's.

    What stands before the first name belongs to that one. Empty where a question names one outlet once, or none.
    """
    named = sorted(
        (match.start(), outlet)
        for outlet in outlets
        if (pattern := _pattern(outlet))
        for match in pattern.finditer(text)
    )
    starts = [0, *(start for start, _ in named[1:]), len(text)]
    parts = [(outlet, text[starts[at] : starts[at + 1]]) for at, (_, outlet) in enumerate(named)]
    return parts if len(parts) > 1 else []


def _pattern(outlet: str) -> re.Pattern[str] | None:
    """The name as questions write it: without an aside in brackets, with or without its article."""
    name = _ASIDE.sub("", outlet).removeprefix("The ")
    if len(name) < SHORTEST:
        return None
    lead = r"(?:\b[Aa]ccording to\s+)?(?:\b[Tt]he\s+)?"
    return re.compile(rf"{lead}(?<!\w){re.escape(name)}(?!\w)(?:['’]s)?")
