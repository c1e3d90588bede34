"""Outlets named in a question: matched as strings against names made from the library's own outlets.

"FOX News - Health" is also "Fox News", and "www.usatoday.com" is "USA TODAY"; "The New York Times" has the short forms
"NYT" and "the Times", which may be other outlets' too, or no outlet. What that gains was measured: docs/decisions.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

SHORTEST = 4
"""Shorter names are too likely to be another word, unless their article stands before them."""
ACRONYM = 3
"""Capitals that are enough to be a name."""
_ASIDE = re.compile(r"\s*\([^)]*\)\s*$")
_SUBTITLE = re.compile(r"\s+[-–—|]\s+.*|:\s.*")
_HOST = re.compile(r"(?:www\.)?([\w-]+\.)+[a-z]{2,}")
_SECOND_LEVEL = frozenset({"ac", "co", "com", "gov", "net", "org"})
_LEAD = r"(?:\b[Aa]ccording to\s+)?(?:\b[Tt]he\s+)?"
_LINKS = frozenset({"and", "for", "in", "of", "on", "the", "to"})
_NAME = r"(?:[Tt]he\s)?(?P<{}>[A-Z][\w.&’'-]*\w(?:\s(?:of\s|and\s|the\s)?[A-Z][\w.&-]*\w){{0,4}})"
_PIECE = r"(?:news\s)?(?:articles?|reports?|coverage|columns?)"
_AS_OUTLET = re.compile(
    rf"\b(?:an?|the)\s{_NAME.format('before')}(?:['’]s)?\s{_PIECE}\b"
    rf"|\b{_PIECE}\s(?:published\s)?(?:from|by)\s['‘\"]?{_NAME.format('behind')}"
    rf"|\b(?:reported|published|covered)\s(?:by|in\sthe)\s['‘\"]?{_NAME.format('last')}"
)
"""A name that a question takes for that of an outlet: "a Pond Gazette article", "the report by the Pond Gazette"."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names outlets: one, or all that go by that name. A short form is no more than a hint."""

    start: int
    end: int
    outlets: tuple[str, ...]
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that an outlet goes by; ``letters`` are those that a text must hold, and are quick to look for."""

    letters: str
    pattern: re.Pattern[str]
    is_short: bool = False


def find_mentions(text: str, outlets: Sequence[str]) -> list[Mention]:
    """The outlets that the text names, in its order; a name that is part of a longer one does not count."""
    letters = _letters(text)
    found: dict[tuple[int, int, bool], list[str]] = {}
    for outlet in outlets:
        for alias in _aliases(outlet):
            if alias.letters in letters:
                for match in alias.pattern.finditer(text):
                    found.setdefault((*match.span(), alias.is_short), []).append(outlet)
    mentions = [Mention(start, end, tuple(named), short) for (start, end, short), named in sorted(found.items())]
    return [each for each in mentions if not any(_is_within(each, other) for other in mentions)]


def named_outlets(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The outlets that are named, each once."""
    return tuple(dict.fromkeys(outlet for mention in mentions for outlet in mention.outlets))


def without_outlets(text: str, outlets: Sequence[str]) -> str:
    """The text without the names of the outlets: what remains is what is asked. Short forms may be more, and stay."""
    for mention in reversed(find_mentions(text, outlets)):
        if not mention.is_short:
            text = f"{text[: mention.start]} {text[mention.end :]}"
    return " ".join(text.split()).lstrip(", ")


def unknown_outlets(text: str, outlets: Sequence[str]) -> tuple[str, ...]:
    """The names that the text takes for those of outlets, where the library has no outlet that goes by them."""
    mentions = find_mentions(text, outlets)
    named = {
        match.group(group): match.span(group) for match in _AS_OUTLET.finditer(text) for group in match.groupdict()
    }
    return tuple(
        name
        for name, (start, end) in named.items()
        if name and not any(mention.start < end and start < mention.end for mention in mentions)
    )


def take_apart(text: str, mentions: Sequence[Mention]) -> list[tuple[tuple[str, ...], str]]:
    """What each outlet is asked, where outlets are named more than once: the words from its name to the next one's.

    What stands before the first name belongs to that one. Empty where a question names one outlet once, or none.
    """
    named = [mention for mention in mentions if not mention.is_short]
    starts = [0, *(mention.start for mention in named[1:]), len(text)]
    parts = [(mention.outlets, text[starts[at] : starts[at + 1]]) for at, mention in enumerate(named)]
    return parts if len(parts) > 1 else []


def _is_within(mention: Mention, other: Mention) -> bool:
    """Whether it is only part of the other's words, or a short form in the place of a name."""
    if (mention.start, mention.end) == (other.start, other.end):
        return mention.is_short and not other.is_short
    return other.start <= mention.start and mention.end <= other.end


@cache
def _aliases(outlet: str) -> tuple[Alias, ...]:
    full = _ASIDE.sub("", outlet).strip()
    if _HOST.fullmatch(full):
        return tuple(_of_site(full))
    title = _SUBTITLE.sub("", full)
    return (*(alias for name in dict.fromkeys((full, title)) for alias in _of_name(name)), *_short_forms(title))


def _of_name(name: str) -> Iterator[Alias]:
    """A name as questions write it: with or without its article, its words perhaps in other capitals."""
    bare = name.removeprefix("The ")
    words = bare.split()
    written = r"\s+".join(_word(word, alone=len(words) == 1) for word in words)
    if len(bare) >= SHORTEST or (bare.isupper() and len(bare) >= ACRONYM):
        yield _alias(bare, _LEAD, written)
    elif bare and bare != name:
        yield _alias(name, "", rf"The\s+{written}")


def _word(word: str, *, alone: bool) -> str:
    forms = {word, word.upper()} | ({word.capitalize()} if word.isupper() and not alone else set())
    return f"(?:{'|'.join(sorted(map(re.escape, forms)))})"


def _of_site(host: str) -> Iterator[Alias]:
    """The name in the address of a site, perhaps in several words: "usatoday" is "USA TODAY"."""
    labels = host.split(".")[:-1]
    label = labels[-2] if len(labels) > 1 and labels[-1] in _SECOND_LEVEL else labels[-1]
    if len(label) > ACRONYM:
        spread = "".join(rf"(?:\s(?=[A-Z]))?(?i:{re.escape(letter)})" for letter in label[1:])
        yield _alias(label, _LEAD, label[0].upper() + spread)
    elif len(label) == ACRONYM:
        yield _alias(label, _LEAD, label.upper())


def _short_forms(name: str) -> Iterator[Alias]:
    words = name.removeprefix("The ").split()
    if len(words) <= 1:
        return
    initials = "".join(word[0] for word in words if word not in _LINKS)
    if len(initials) >= ACRONYM and initials.isupper():
        yield _alias(initials, "", re.escape(initials), is_short=True)
    if len(words[0]) >= ACRONYM and words[0].isupper():
        yield _alias(words[0], "", re.escape(words[0]), is_short=True)
    if len(words[-1]) >= SHORTEST and words[-1][0].isupper():
        bounded = rf"{re.escape(words[-1])}(?!\s+(?:of\b|[A-Z]))"
        yield _alias(words[-1], r"\b[Tt]he\s+", bounded, is_short=True)


def _alias(name: str, lead: str, written: str, *, is_short: bool = False) -> Alias:
    return Alias(_letters(name), re.compile(rf"{lead}(?<!\w){written}(?!\w)(?:['’]s)?"), is_short)


def _letters(text: str) -> str:
    return "".join(text.casefold().split())
