"""What an answer does with a dispute: it shows both sides, the newer first, or lets what is newer or corrected win.

Two articles of different days that tell how something stands need not disagree: it moved on. Then the newer is pointed
out. Where one corrects the other, that one is quoted alone. All else is a disagreement, and nobody knows who is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answering.corrections import note_on
from rag.answering.disagreement import Claim, Dispute, find_dispute
from rag.answering.evidence import Evidence
from rag.domain import Caution, Citation, Hit, Sentence, SentenceStatus, WarningKind
from rag.likeness.likeness import Likeness, compare
from rag.likeness.wording import fold_words, read_wording

if TYPE_CHECKING:
    from rag.library.snapshot import Snapshot
    from rag.retrieval.questions import Reading

DISPUTED = 0.55
"""The most that can be trusted in an answer that another article disputes."""
MOST_SENTENCES = 4
"""Of an answer to which the other side was added."""
UNNAMED = "an unnamed outlet"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MOVES = re.compile(
    r"\b(?:rose|risen|rises|rising|fell|fallen|falls|falling|climbed|dropped|drops|grew|grown|jumped|slipped|increased"
    r"|decreased|widened|narrowed|shrank|reached|toll|so far|now|currently|at least|total(?:led|ed)?|stands? at"
    r"|stood at|has been|have been|remains?|raised|cut|lifted|lowered|postponed|delayed|moved|expects?|expected"
    r"|forecasts?|estimates?|estimated|will|would|could|may|might|plans?|planned|due|set to|scheduled)\b"
)
"""Words of what is still moving when it is told."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """The sentences of the answer in order, the claims that are disputed in it, and what to say of them."""

    chosen: tuple[Evidence, ...]
    claims: tuple[Claim, ...]
    kind: WarningKind
    text: str

    def capped(self, confidence: float) -> float:
        """The confidence, lowered where articles disagree."""
        return min(confidence, DISPUTED) if self.kind is WarningKind.DISAGREEMENT else confidence

    def marked(self, sentences: Sequence[Sentence], citations: Sequence[Citation]) -> tuple[Sentence, ...]:
        """The sentences, with those that are disputed marked as such."""
        if self.kind is not WarningKind.DISAGREEMENT:
            return tuple(sentences)
        numbers = set(self._numbers(citations))
        return tuple(
            replace(each, status=SentenceStatus.DISPUTED) if numbers & set(each.citations) else each
            for each in sentences
        )

    def cautions(self, citations: Sequence[Citation], others: Iterable[Caution]) -> tuple[Caution, ...]:
        """What to say of the dispute, and the other cautions but those that say it again."""
        own = Caution(self.kind, self.text, tuple(self._numbers(citations)))
        return own, *(each for each in others if not self._says_again(each))

    def _numbers(self, citations: Sequence[Citation]) -> list[int]:
        places = [(claim.evidence.hit.article_id, claim.evidence.span.start) for claim in self.claims]
        return [each.number for each in citations if (each.article_id, each.start) in places]

    def _says_again(self, caution: Caution) -> bool:
        if caution.kind is WarningKind.CORRECTION:
            return self.kind is caution.kind and caution.text.partition("“")[2].rstrip("”") in self.text
        said = set(fold_words(caution.text))
        return caution.kind is WarningKind.DISAGREEMENT and all(claim.keys <= said for claim in self.claims)


def settle_dispute(
    reading: Reading, query: str, evidence: Sequence[Evidence], chosen: Sequence[Evidence], snapshot: Snapshot
) -> Settlement | None:
    """What becomes of a dispute among the evidence that concerns the sentences chosen; None if there is none."""
    dispute = find_dispute(reading, query, evidence)
    if dispute is None:
        return None
    return settle(dispute, chosen, evidence, lambda hit: snapshot.text(hit.article_id, hit.revision))


def settle(
    dispute: Dispute, chosen: Sequence[Evidence], evidence: Sequence[Evidence], text_of: Callable[[Hit], str]
) -> Settlement | None:
    """What becomes of the dispute; None if nothing need be said, since the answer quotes the newer already.

    ``text_of`` gives the whole text of the article that a hit stands in.
    """
    newer, older = _by_day(dispute)
    for right, wrong in ((newer, older), (older, newer)):
        note = note_on(wrong.keys - right.keys, text_of(right.evidence.hit))
        if note:
            return _corrected(right, wrong, note, chosen)
    if _moved_on(newer, older):
        return _outdated(newer, older, chosen)
    text = f"Articles disagree: {_attributed(newer)}, {_attributed(older)}.{_outlier(newer, older, evidence)}"
    return Settlement(_both(newer, older, chosen), (newer, older), WarningKind.DISAGREEMENT, text)


def _by_day(dispute: Dispute) -> tuple[Claim, Claim]:
    """The newer claim first; of the same day, or undated, the better evidence."""
    first, second = dispute.claims
    return (second, first) if (_day(second) or "") > (_day(first) or "") else (first, second)


def _day(claim: Claim) -> str | None:
    published = claim.evidence.hit.published
    return published[:10] if published else None


def _moved_on(newer: Claim, older: Claim) -> bool:
    """Whether the two tell, on different days, how something stands; what they tell of one year stands still."""
    days, texts = (_day(newer), _day(older)), (newer.evidence.text, older.evidence.text)
    years = [set(_YEAR.findall(text)) for text in texts]
    return None not in days and days[0] != days[1] and not years[0] & years[1] and any(map(_MOVES.search, texts))


def _corrected(right: Claim, wrong: Claim, note: str, chosen: Sequence[Evidence]) -> Settlement:
    kept = [right.evidence, *(each for each in chosen if each not in (right.evidence, wrong.evidence))]
    text = f"{_attributed(wrong)} was corrected: “{note}” ({_byline(right)})."
    return Settlement(tuple(kept), (right,), WarningKind.CORRECTION, text)


def _outdated(newer: Claim, older: Claim, chosen: Sequence[Evidence]) -> Settlement | None:
    if newer.evidence in chosen[:1] or older.evidence not in chosen:
        return None
    kept = [each for each in chosen if each != newer.evidence]
    kept.insert(kept.index(older.evidence) + 1, newer.evidence)
    text = f"A newer article says otherwise: {_attributed(newer)}, {_attributed(older)}."
    return Settlement(tuple(kept), (newer, older), WarningKind.LATER, text)


def _both(newer: Claim, older: Claim, chosen: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The sentences with both sides among them: in front, unless the best sentence is about something else."""
    sides = [newer.evidence, older.evidence]
    others = [each for each in chosen if each not in sides]
    if chosen and chosen[0] not in sides:
        return (others[0], *sides, *others[1:])[:MOST_SENTENCES]
    return (*sides, *others)[:MOST_SENTENCES]


def _outlier(newer: Claim, older: Claim, evidence: Sequence[Evidence]) -> str:
    """That one article stands alone against several independent ones of other outlets, if so."""
    for lone, common in ((newer, older), (older, newer)):
        for_lone, for_common = _supporters(lone, common, evidence), _supporters(common, lone, evidence)
        outlets = {hit.source for hit in for_common if hit.source} - {hit.source for hit in for_lone}
        if len(for_lone) == 1 and lone.evidence.hit.source and len(outlets) > 1:
            return f" {lone.evidence.hit.source} stands alone against {len(outlets)} outlets."
    return ""


def _supporters(claim: Claim, against: Claim, evidence: Sequence[Evidence]) -> list[Hit]:
    """Passages of different articles that say the same as a claim; of near-copies the first."""
    own, other = claim.keys - against.keys, against.keys - claim.keys
    found: dict[str, Hit] = {claim.evidence.hit.article_id: claim.evidence.hit}
    for each in evidence:
        words = set(fold_words(each.text))
        if own and own <= words and not other & words and not _is_copied(each.hit, found.values()):
            found.setdefault(each.hit.article_id, each.hit)
    return list(found.values())


def _is_copied(hit: Hit, others: Iterable[Hit]) -> bool:
    wording = read_wording(hit.text)
    return any(compare(wording, read_wording(each.text)) is Likeness.NEAR_COPY for each in others)


def _attributed(claim: Claim) -> str:
    return f"“{claim.words}” ({_byline(claim)})"


def _byline(claim: Claim) -> str:
    return f"{claim.evidence.hit.source or UNNAMED}, {_day(claim) or 'undated'}"
