"""Notes in which an article corrects itself or another: they win over what they correct."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.domain import Caution, Citation, WarningKind
from rag.likeness.house_style import SMALL_WORDS
from rag.likeness.wording import fold_words

if TYPE_CHECKING:
    from rag.library.snapshot import Snapshot

LONGEST = 400
"""Characters of a note; a longer paragraph is a story about a correction, not a note."""
FEWEST_SHARED = 2
SHARED = 0.5
"""The part of a note's words that a quote must share to be what the note is on."""
_SAYS_SO = SMALL_WORDS | frozenset(
    re.findall(
        r"\w+",
        """correction corrections corrected clarification erratum corrects earlier previous original version versions
        article story report page wrongly mistakenly incorrectly initially originally previously gave said stated put
        amended updated error regret misstated misspelled""",
    )
)
_NOTE = re.compile(
    r"^\W*(?:corrections?|corrected|clarification|erratum)\b\W"
    r"|\b(?:earlier|previous|original|first) versions? of (?:this|the) (?:article|story|report|page)\b"
    r"|\bthis (?:article|story|report|page) (?:was|has been) (?:amended|corrected|updated to correct)\b"
    r"|\bthis (?:article|story|report) (?:corrects|originally|first|initially|previously|earlier|wrongly|mistakenly)\b"
    r"|\bcorrects (?:the|an?) (?:earlier|previous|story|report|figure|name|date)\b",
    re.IGNORECASE,
)


def find_notes(text: str) -> list[str]:
    """The notes in an article's text, as written."""
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if len(line) <= LONGEST and _NOTE.search(line)]


def note_on(keys: frozenset[str], text: str) -> str | None:
    """The article's note that speaks of all these folded words."""
    return next((note for note in find_notes(text) if keys and keys <= set(fold_words(note))), None)


def tell_corrections(citations: Sequence[Citation], snapshot: Snapshot) -> tuple[Caution, ...]:
    """Which of the quotes are of what a note of their own article speaks of."""
    told: dict[str, list[int]] = {}
    for citation in citations:
        for note in find_notes(snapshot.text(citation.article_id, citation.revision)):
            if citation.quote not in note and _is_on(note, citation.quote):
                told.setdefault(note, []).append(citation.number)
    return tuple(
        Caution(WarningKind.CORRECTION, f"The article was corrected: “{note}”", tuple(numbers))
        for note, numbers in told.items()
    )


def _is_on(note: str, quote: str) -> bool:
    """Whether half of what a note speaks of stands in the quote; the figures may be the ones put right."""
    matter = {key for key in fold_words(note) if key[0].isalpha() and key not in _SAYS_SO}
    return len(matter & set(fold_words(quote))) >= max(FEWEST_SHARED, SHARED * len(matter))
