"""Asks the question before anew, with what a shortened one puts in its place: "And in 2024?", "And Osaka?", "Why?"."""

from __future__ import annotations

import re

from rag.retrieval.mentions import AUXILIARIES, DATE, PREPOSITIONS, YEAR, Name, find_names, subjects

ALIKE = 3
"""Letters in which the names of two models or editions agree."""

_LEAD = re.compile(r"^(?:(?:and|but|so|also|or)\b,? *)?(?:(?:what|how) about\b *)?", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_VERB = re.compile(rf"\b(?:{AUXILIARIES})\b", re.IGNORECASE)
_BARE = re.compile(
    rf"(?:out of |(?:{PREPOSITIONS}) )?"
    r"(?:(?:who|whom|whose|when|where|why)(?: not| else| exactly)?"
    rf"|(?:what|which|how)(?: (?!(?:{AUXILIARIES})\b)[a-z-]+){{0,2}})",
    re.IGNORECASE,
)
_ADVERB = re.compile(
    rf"(?:{PREPOSITIONS}) .+|(?:when|where|why|how(?: (?:long|far|often|fast))?)(?: not)?", re.IGNORECASE
)
_ASKED = re.compile(
    rf"(?:(?:(?:{PREPOSITIONS}) )?(?:when|where|why|how|how (?:much|far|long|often|fast)(?! (?:is|are|was|were)\b)) )?"
    rf"(?=(?:{AUXILIARIES}) )",
    re.IGNORECASE,
)
_PLACED = re.compile(rf"((?:{PREPOSITIONS}) )?(.+)", re.IGNORECASE)
_AHEAD = re.compile(rf"\b(?:{PREPOSITIONS}) $", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth)\b", re.IGNORECASE)
_COUNTED = re.compile(r"the (first|second|third|fourth|fifth)(?: one)?", re.IGNORECASE)
_ONE = re.compile(r"the ([a-z-]+) ones?", re.IGNORECASE)
_ADJECTIVE = re.compile(r"(?<=\bthe )[a-z-]+(?= )")
_NAMED = re.compile(rf"(?:the )?(?P<name>.+?)(?: (?!(?:{PREPOSITIONS})\b)[a-z-]+){{0,2}}")
_THE = re.compile(r"\bthe $", re.IGNORECASE)
_SUBJECT = re.compile(rf"(?:{AUXILIARIES}) the $", re.IGNORECASE)
_NEGATED = {"will": "won't", "can": "can't"}


def without_lead(text: str) -> str:
    """The question without "and" or "what about" before it."""
    return _LEAD.sub("", text, count=1)


def is_bare(text: str) -> bool:
    """Whether the question is only what it asks for: "By whom?", "On how many days?"."""
    return bool(_BARE.fullmatch(text.rstrip(" ?!.")))


def is_shortened(text: str) -> bool:
    """Whether the question has no verb of its own that one could know it by: "And Osaka?", "By whom?"."""
    words = without_lead(text)
    return is_bare(words) or not (_ASKS.search(words) or _VERB.search(DATE.sub("", words)))


def carry_over(text: str, before: str) -> str | None:
    """The question before with what the shortened one puts in; None if the two do not fit together."""
    asked, shortened = before.rstrip(" ?!."), without_lead(text).rstrip(" ?!.")
    if "?" in asked or not shortened:
        return None
    if is_bare(shortened):
        found = _asked_anew(shortened, asked)
    elif is_shortened(shortened):
        found = _exchanged(shortened, asked, led=without_lead(text) != text)
    else:
        return None
    return f"{found}?" if found else None


def _asked_anew(text: str, before: str) -> str | None:
    """ "Until when" with what "When did it open in Osaka" goes on to say."""
    asked = _ASKED.match(before)
    if not asked or not _ADVERB.fullmatch(text):
        return None
    clause = before[asked.end() :]
    verb, rest = (clause[0].lower() + clause[1:]).split(" ", 1)
    if text.lower().endswith(" not"):
        text, verb = text[: -len(" not")], _NEGATED.get(verb, f"{verb}n't")
    return f"{text[0].upper()}{text[1:]} {verb} {rest}"


def _exchanged(text: str, before: str, *, led: bool) -> str | None:
    preposition, what = match.groups() if (match := _PLACED.fullmatch(text)) else (None, text)
    if DATE.fullmatch(what):
        return _redated(preposition, what, before)
    if found := _recounted(what, before):
        return found
    named = _NAMED.fullmatch(what)
    # Without "and" or "in" before it, a large word may be any: "Really?".
    if not named or not _is_one_name(named["name"]) or not (led or preposition):
        return None
    return _replaced(before, preposition.lower(), what) if preposition else _renamed(what, before)


def _is_one_name(text: str) -> bool:
    return [name.text for name in find_names(text)] == [text]


def _redated(preposition: str | None, what: str, before: str) -> str:
    dates = list(DATE.finditer(before))
    if not dates:
        return f"{before} {preposition or 'in '}{what}"
    old = dates[-1]
    year = YEAR.search(old.group())
    new = what if YEAR.search(what) or not year else f"{what} {year.group()}"
    ahead = _AHEAD.search(before[: old.start()])
    if preposition and ahead:
        return before[: ahead.start()] + preposition + new + before[old.end() :]
    return before[: old.start()] + new + before[old.end() :]


def _recounted(what: str, before: str) -> str | None:
    """ "The second" in the place of "the first", "the red one" in that of "the blue door"."""
    counted, one = _COUNTED.fullmatch(what), _ONE.fullmatch(what)
    if counted and _ORDINAL.search(before):
        return _ORDINAL.sub(counted[1], before, count=1)
    if one and _ADJECTIVE.search(before):
        return _ADJECTIVE.sub(one[1], before, count=1)
    return None


def _replaced(before: str, preposition: str, what: str) -> str:
    """With another name behind the preposition, or with both added at the end."""
    for old in reversed(find_names(before)):
        ahead = _THE.sub("", before[: old.start])
        if ahead.lower().endswith(f" {preposition}"):
            return ahead + what + before[old.end :]
    return f"{before} {preposition}{what}"


def _renamed(what: str, before: str) -> str | None:
    old = _like(what, before)
    if not old:
        return None
    ahead, behind = before[: old.start], before[old.end :]
    # The article is that of a noun in "built the Kotogawa bridge", and the name's own in "did the Kotogawa freeze".
    kept = behind.startswith(" ") and not _SUBJECT.search(ahead) and not what.lower().startswith("the ")
    return (ahead if kept else _THE.sub("", ahead)) + what + behind


def _like(what: str, before: str) -> Name | None:
    """The name that the new one takes the place of: one that begins alike, else the first; if no other, an owner."""
    names = subjects(before) or [name for name in find_names(before) if name.owns]
    alike = [name for name in names if name.text[:ALIKE] == what.removeprefix("the ")[:ALIKE]]
    return next(iter(alike or names), None)
