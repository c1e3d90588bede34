"""How many of the articles behind an answer are independent, and where copies of one story disagree.

Near-copies count as one source. Copies that differ in a name, a number or a "not" are no near-copies: they disagree,
and where they do so in words that the answer quotes, that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.domain import Article, Caution, Citation, WarningKind
from rag.likeness.likeness import Likeness, Phrase, compare, differences
from rag.likeness.wording import Wording, read_wording

if TYPE_CHECKING:
    from rag.library.snapshot import Scope, Snapshot

MOST_LOOKALIKES = 50
"""Articles compared with a cited one; a notice that all pages of an outlet carry makes many alike."""
MOST_COMPARED = 8
"""Stories of a source that another one is compared with, the earliest: with all of 50 it would take half a second."""
MOST_NAMED = 4
"""Outlets named one by one; the others are counted."""
UNNAMED = "an unnamed outlet"


@dataclass(frozen=True, slots=True)
class Story:
    """An article, the words of its reported text, the citations of these, and the stories that may be copies of it."""

    article: Article
    wording: Wording
    cited: tuple[Citation, ...] = ()
    lookalikes: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of an article that a copy of it has otherwise."""

    words: str
    article: Article


def weigh_sources(citations: Sequence[Citation], snapshot: Snapshot, scope: Scope) -> tuple[Caution, ...]:
    """What to say of the articles cited and of their copies that are visible in the scope: as a rule, nothing."""
    cited = {(each.article_id, each.revision) for each in citations}
    lookalikes = {stated: snapshot.lookalikes(*stated, scope, MOST_LOOKALIKES) for stated in cited}
    if not any(lookalikes.values()):
        return ()
    stories = []
    for id_, revision in sorted(cited):
        article = snapshot.record(id_, revision).article
        reporting = tuple(each for each in citations if each.article_id == id_ and _is_reported(each, article))
        if reporting:
            alike = tuple(Story(each, read_wording(each.reported)) for each in lookalikes[id_, revision])
            stories.append(Story(article, read_wording(article.reported), reporting, alike))
    return (*_count_sources(stories), *_tell_disagreements(stories))


def _is_reported(citation: Citation, article: Article) -> bool:
    return article.reported[citation.start : citation.end] == citation.quote


def _count_sources(cited: Sequence[Story]) -> Iterator[Caution]:
    clusters = _cluster(_with_copies(cited))
    copied = [cluster for cluster in clusters if len(cluster) > 1]
    if copied:
        count = f"{sum(map(len, clusters))} articles, {len(clusters)} independent"
        numbers = sorted(each.number for cluster in copied for story in cluster for each in story.cited)
        yield Caution(WarningKind.NEAR_COPIES, f"{count}: {'; '.join(map(_name_outlets, copied))}.", tuple(numbers))


def _with_copies(cited: Sequence[Story]) -> Iterable[Story]:
    """The stories cited and their near-copies, each article once."""
    stories = {story.article.id: story for story in cited}
    for story in cited:
        for other in story.lookalikes:
            if other.article.id not in stories and compare(story.wording, other.wording) is Likeness.NEAR_COPY:
                stories[other.article.id] = other
    return stories.values()


def _cluster(stories: Iterable[Story]) -> list[list[Story]]:
    """The stories by source, earliest first: each joins the first that it is a near-copy in, disagreeing with none."""
    clusters: list[list[Story]] = []
    for story in sorted(stories, key=lambda each: (each.article.published or "9", each.article.id)):
        for cluster in clusters:
            likenesses = {compare(story.wording, other.wording) for other in cluster[:MOST_COMPARED]}
            if Likeness.NEAR_COPY in likenesses and Likeness.DISAGREEING not in likenesses:
                cluster.append(story)
                break
        else:
            clusters.append([story])
    return clusters


def _name_outlets(cluster: Sequence[Story]) -> str:
    outlets = list(dict.fromkeys(story.article.source or UNNAMED for story in cluster))
    if len(outlets) == 1:
        return f"{outlets[0]} carries the same story in {len(cluster)} articles"
    others = len(outlets) - MOST_NAMED
    named = [*outlets[:MOST_NAMED], f"{others} more"] if others > 0 else outlets
    return f"{', '.join(named[:-1])} and {named[-1]} carry the same story"


def _tell_disagreements(cited: Sequence[Story]) -> Iterator[Caution]:
    numbers: dict[frozenset[str], set[int]] = defaultdict(set)
    statements: dict[frozenset[str], tuple[Statement, Statement]] = {}
    for story in cited:
        for other in sorted(story.lookalikes, key=lambda each: _newness(each.article), reverse=True):
            for each in differences(story.wording, other.wording):
                quoting = _quoting(story.cited, each.first)
                if quoting:
                    one, another = _state(each.first, story), _state(each.second, other)
                    words = frozenset((one.words, another.words))
                    numbers[words] |= quoting
                    statements.setdefault(words, (one, another))
    for words, disagreeing in statements.items():
        newer, older = sorted(disagreeing, key=lambda each: _newness(each.article), reverse=True)
        text = f"Copies of one story disagree: {_attribute(newer)}, {_attribute(older)}."
        yield Caution(WarningKind.DISAGREEMENT, text, tuple(sorted(numbers[words])))


def _quoting(citations: Iterable[Citation], phrase: Phrase) -> set[int]:
    return {each.number for each in citations if each.start < phrase.end and phrase.start < each.end}


def _state(phrase: Phrase, story: Story) -> Statement:
    return Statement(" ".join(phrase.text.split()), story.article)


def _newness(article: Article) -> tuple[str, str]:
    return article.day or "", article.id


def _attribute(statement: Statement) -> str:
    article = statement.article
    return f"“{statement.words}” ({article.source or UNNAMED}, {article.day or 'undated'})"
