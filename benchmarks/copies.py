"""Fills a library with copies of real articles: other words, other vectors, the same shape.

In a copy half of the longer words are exchanged for others of the same length, drawn as often as the articles use them,
and every digit for another: terms stay as frequent as they were, and copies are no near-copies. The vector of a passage
is that of its original plus noise. The noise lies as the articles' own vectors do, for it is the difference of two of
them; how much there is of it is found by halving, so that a copy's nearest neighbour is as near as a real passage's.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from rag.domain import Article, Entity, Passage
from rag.library.filing import Revised

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from rag.library.library import Library

    Matrix = NDArray[np.float32]
    Chunked = tuple[Article, tuple[Passage, ...]]

_EXCHANGEABLE = re.compile(r"[A-Za-z]{5,}|\d")
EXCHANGED = 0.5
"""The share of longer words that is exchanged."""
FIRST_DAY, DAYS = date(2015, 1, 1), 4000
"""A copy is published on one of these days."""
BY_AUTHOR, ON_MATTER, THEMES = 1000, 10, 3
"""Passages by an author, passages in which a matter is mentioned, and themes that the copies share."""
PASSAGES_A_COMMIT = 1024
CALIBRATED_ON = 300
"""Passages of which the noise is found."""
HALVINGS = 14


@dataclass(frozen=True, slots=True)
class Originals:
    """Real articles with their passages, and the vectors of these by passage id, a row each."""

    articles: Sequence[Chunked]
    rows: dict[str, int]
    vectors: Matrix

    def words(self) -> dict[int, list[str]]:
        """All longer words of the articles by their length, as often as they stand there."""
        found: dict[int, list[str]] = defaultdict(list)
        for article, _ in self.articles:
            for word in _EXCHANGEABLE.findall(article.text):
                found[len(word)].append(word)
        return found


def fill(library: Library, originals: Originals, passages: int, noise: float, go_on: Callable[[int], bool]) -> None:
    """Add copies until the library has so many passages, or until ``go_on``, told how many it has, says no.

    Copies are numbered, and one of a number is always the same: a library that was begun is gone on with.
    """
    held, words = library.statistics(), originals.words()
    count, number = held.passages, held.articles
    while count < passages and go_on(count):
        revised: list[Revised] = []
        vectors: dict[str, Matrix] = {}
        while count < passages and len(vectors) < PASSAGES_A_COMMIT:
            original = originals.articles[number % len(originals.articles)]
            one, its_vectors = _copy(original, originals, number, count, words, noise)
            revised.append(one)
            vectors |= its_vectors
            count, number = count + len(one.passages), number + 1
        library.commit(revised, vectors)


def find_noise(originals: Originals, copies: float) -> float:
    """How much noise gives passages of which there are so many copies the nearest neighbours that real ones have."""
    random_numbers = np.random.default_rng(0)
    sample = random_numbers.choice(len(originals.vectors), CALIBRATED_ON)
    wanted = float(np.median(nearest_cosines(originals.vectors[sample], originals.vectors)))
    low, high = 0.0, 4.0
    for _ in range(HALVINGS):
        noise = (low + high) / 2
        if _nearness(originals.vectors, sample, max(2, round(copies)), noise) > wanted:
            low = noise
        else:
            high = noise
    return noise


def nearest_cosines(some: Matrix, everything: Matrix) -> Matrix:
    """The cosine of each to its nearest neighbour among all, sorted; ``some`` are among them, and not their own."""
    return np.sort(np.partition(some @ everything.T, -2, axis=1)[:, -2])


def noisy(vectors: Matrix, everything: Matrix, noise: float, seed: int) -> Matrix:
    """The vectors with noise, as unit vectors; the same for the same seed."""
    random_numbers = np.random.default_rng(seed)
    one, other = (everything[random_numbers.integers(len(everything), size=len(vectors))] for _ in range(2))
    moved: Matrix = vectors + np.float32(noise) * (one - other)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    return moved


def _nearness(everything: Matrix, sample: NDArray[np.int64], copies: int, noise: float) -> float:
    """The median cosine of a copy to the nearest of: other copies of its original, and the originals."""
    found = []
    for seed, row in enumerate(sample):
        made = noisy(np.repeat(everything[row][None], copies, axis=0), everything, noise, seed)
        others = np.concatenate([made[1:], everything[:: max(1, len(everything) // 2000)]])
        found.append(float((others @ made[0]).max()))
    return float(np.median(found))


def _copy(
    original: Chunked, originals: Originals, number: int, place: int, words: dict[int, list[str]], noise: float
) -> tuple[Revised, dict[str, Matrix]]:
    """The copy of that number, whose passages begin at that ``place`` in the library."""
    chance = random.Random(number)
    article, passages = original
    id_, text = f"copy-{number}", _exchanged(article.text, words, chance)
    title = f"{_exchanged(article.title, words, chance)} ({number})"
    entities = (Entity(f"Matter {place // ON_MATTER}"), Entity(f"Theme {number % THEMES}"))
    made = replace(
        article, id=id_, title=title, text=text, url=None, entities=entities, root="copies", updated=None,
        author=f"Author {place // BY_AUTHOR}",
        published=(FIRST_DAY + timedelta(days=chance.randrange(DAYS))).isoformat(),
    )  # fmt: skip
    copied = tuple(_passage(made, each, nth) for nth, each in enumerate(passages))
    stood = originals.vectors[[originals.rows[each.id] for each in passages]]
    vectors = noisy(stood, originals.vectors, noise, number)
    return Revised(made, copied), {each.id: vector for each, vector in zip(copied, vectors, strict=True)}


def _passage(article: Article, passage: Passage, nth: int) -> Passage:
    text = article.text[passage.start : passage.end]
    id_ = Passage.id_of(article.id, passage.kind, article.title, text, nth)
    return replace(passage, id=id_, text=text, prefix=article.title)


def _exchanged(text: str, words: dict[int, list[str]], chance: random.Random) -> str:
    """The text with words and digits exchanged; every offset in it stands."""

    def other(found: re.Match[str]) -> str:
        if found[0].isdigit() or chance.random() < EXCHANGED:
            return chance.choice(words[len(found[0])])
        return found[0]

    return _EXCHANGEABLE.sub(other, text)
