"""Says why a question is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rag.answering.confidence import share_held
from rag.answering.evidence import Evidence
from rag.domain import Filters, Reason
from rag.retrieval.questions import Reading, Wanted

LONGEST_INITIALS = 3
TOLD = 0.5
"""The part of a question's words, by rarity, in a sentence with its neighbours that tells of what is asked about."""
SPOKEN = 20
"""The best sentences that may speak of a year."""
MUCH_BETTER = 1.15
"""A thin page's sentence that beats every reported one by this factor is what the question is about."""


def rests_on_thin(evidence: Sequence[Evidence]) -> bool:
    """Whether only thin articles speak of the matter, or they far better than the others; ``evidence`` best first."""
    sound = [each for each in evidence if not each.hit.thin]
    return bool(evidence) and (not sound or evidence[0].score > MUCH_BETTER * sound[0].score)


def reason_for(
    reading: Reading,
    evidence: Sequence[Evidence],
    outlets: Sequence[str],
    is_known: Callable[[str], object],
    covered: tuple[str, str] | None,
) -> tuple[Reason, str]:
    """Why the question is refused, and that in a sentence.

    ``outlets`` are those it names that the library lacks; ``is_known`` tells whether a live article holds a name;
    ``covered`` are the library's first and last day.
    """
    return next(_reasons(reading, evidence, outlets, is_known, covered))


def _reasons(
    reading: Reading,
    evidence: Sequence[Evidence],
    outlets: Sequence[str],
    is_known: Callable[[str], object],
    covered: tuple[str, str] | None,
) -> Iterator[tuple[Reason, str]]:
    """All that speaks against an answer, the plainest first."""
    if outlets:
        yield Reason.UNKNOWN_NAME, f"The library has no article of {listed(outlets)}."
    unknown = [name for name in reading.names if not _is_initials(name) and not is_known(name)]
    if unknown:
        yield Reason.UNKNOWN_NAME, f"No article mentions {listed(unknown)}."
    outside = _outside(reading.years, covered, evidence) if covered else ()
    if covered and outside:
        days = f"The articles run from {covered[0]} to {covered[1]}"
        yield Reason.OUTSIDE_DATES, f"{days}; the nearest do not speak of {listed(outside)}."
    if rests_on_thin(evidence):
        yield Reason.THIN_ONLY, "Only pages without a reported text speak of this; they are no source for a fact."
    mentioned = f"Articles mention {listed(reading.names)}, but none" if reading.names else "No article"
    if reading.wanted is Wanted.REASON and reading.names and not any(each.context > TOLD for each in evidence):
        yield Reason.FALSE_PREMISE, f"{mentioned} says that this happened."
    silent = [year for year in reading.years if not share_held([year], _told(evidence))]
    if silent:
        yield Reason.NOT_STATED, f"The articles nearest to the question do not speak of {listed(silent)}."
    yield Reason.NOT_STATED, f"{mentioned} states what is asked."


def _outside(years: Sequence[str], covered: tuple[str, str], evidence: Sequence[Evidence]) -> Sequence[str]:
    """The years before or after the days covered, unless the evidence speaks of them."""
    outside = [year for year in years if not covered[0][:4] <= year <= covered[1][:4]]
    return () if share_held(outside, _told(evidence)) else outside


def _told(evidence: Sequence[Evidence]) -> str:
    """What the best evidence says, and when it was published."""
    return " ".join(f"{each.hit.title} {each.text} {each.hit.published or ''}" for each in evidence[:SPOKEN])


def _is_initials(name: str) -> bool:
    """Whether the name is a short abbreviation, which is as often a common word: CEO, GDP."""
    return name.isupper() and name.isalpha() and len(name) <= LONGEST_INITIALS


def filtered_detail(filters: Filters, as_of: str | None) -> str:
    """Why nothing may be used: the filters, or the day."""
    if filters:
        return "The filters leave no article. Widen them, or ask without."
    return f"No article was published on or before {as_of}. Ask as of a later day, or without."


def listed(words: Sequence[str]) -> str:
    """The words in quotation marks, as a sentence lists them."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
