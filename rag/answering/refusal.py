"""Says why a question is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answering.confidence import share_held
from rag.answering.evidence import Evidence
from rag.domain import Filters, Reason
from rag.retrieval.questions import Reading

LONGEST_INITIALS = 3
MUCH_BETTER = 1.15
"""A thin page's sentence that beats every reported one by this factor is what the question is about."""


def rests_on_thin(evidence: Sequence[Evidence]) -> bool:
    """Whether only thin articles speak of the matter, or they far better than the others; ``evidence`` best first."""
    sound = [each for each in evidence if not each.hit.thin]
    return bool(evidence) and (not sound or evidence[0].score > MUCH_BETTER * sound[0].score)


def reason_for(
    reading: Reading,
    evidence: Sequence[Evidence],
    is_known: Callable[[str], object],
    covered: tuple[str, str] | None,
) -> tuple[Reason, str]:
    """Why the question is refused, and that in a sentence.

    ``is_known`` tells whether a live article holds a name; ``covered`` are the library's first and last day.
    """
    unknown = [name for name in reading.names if not _is_initials(name) and not is_known(name)]
    if unknown:
        return Reason.UNKNOWN_NAME, f"No article mentions {_listed(unknown)}."
    if covered:
        outside = [year for year in reading.years if not covered[0][:4] <= year <= covered[1][:4]]
        if outside and not share_held(tuple(outside), " ".join(each.text for each in evidence[:20])):
            return (
                Reason.OUTSIDE_DATES,
                f"The articles run from {covered[0]} to {covered[1]}; none speaks of {_listed(outside)}.",
            )
    if rests_on_thin(evidence):
        return Reason.THIN_ONLY, "Only pages without a reported text speak of this; they are no source for a fact."
    if reading.names:
        return Reason.NOT_STATED, f"Articles mention {_listed(list(reading.names))}, but none states what is asked."
    return Reason.NOT_STATED, "No article states what is asked."


def _is_initials(name: str) -> bool:
    """Whether the name is a short abbreviation, which is as often a common word: CEO, GDP."""
    return name.isupper() and name.isalpha() and len(name) <= LONGEST_INITIALS


def filtered_detail(filters: Filters, as_of: str | None) -> str:
    """Why nothing may be used: the filters, or the day."""
    if filters:
        return "The filters leave no article. Widen them, or ask without."
    return f"No article was published on or before {as_of}. Ask as of a later day, or without."


def _listed(words: list[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
