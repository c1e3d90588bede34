"""Articles whose every state is known: no two alike, and each sentence tells which article and state it is of."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

CONSONANTS, VOWELS = "bdfgklmnprtvz", "aeiou"
GOODS = ("copper", "barley", "cement", "paper", "timber", "salt", "glass", "wool", "resin", "slate", "cork", "tin")
PLACES = ("harbour", "railway", "canal", "quarry", "market", "airfield", "bridge", "mill", "foundry", "orchard")
PEOPLE = ("engineers", "carriers", "clerks", "divers", "surveyors", "masons", "pilots", "gardeners", "weavers")
DEEDS = ("counted", "moved", "weighed", "repaired", "inspected", "sold", "measured", "lost", "insured", "painted")
MONTHS = ("January", "March", "April", "June", "August", "October", "November")
PARAGRAPHS, SENTENCES = 5, 4
LARGEST = len(CONSONANTS) * len(VOWELS)


@dataclass(frozen=True, slots=True)
class Article:
    """The state ``version`` of the article with a number."""

    number: int
    version: int = 0

    @property
    def id(self) -> str:
        return f"faults/{self.number:05d}"

    @property
    def name(self) -> str:
        """A word that stands in all states of this article and in no other article."""
        return _word("Q", self.number)

    @property
    def mark(self) -> str:
        """A word that stands in every sentence of this state and nowhere else."""
        return _word("X", self.number * 1009 + self.version)

    @property
    def figure(self) -> str:
        """What this state answers to ``question``."""
        return f"{Random(f'figure {self.number} {self.version}').randrange(10_000, 1_000_000):,}"

    @property
    def question(self) -> str:
        """A question that all states answer, each with its own figure."""
        return f"How many crates of {self._good} did the {self.name} depot store?"

    @property
    def text(self) -> str:
        """The body; paragraphs are parted by an empty line."""
        drawn = Random(f"text {self.number} {self.version}")
        first = f"The {self.name} depot stored {self.figure} crates of {self._good} under the name {self.mark}."
        told = [[self._sentence(drawn) for _ in range(SENTENCES)] for _ in range(PARAGRAPHS)]
        return "\n\n".join([first, *(" ".join(sentences) for sentences in told)])

    @property
    def written(self) -> str:
        """The Markdown file."""
        day = f"{2015 + self.number % 10}-{1 + self.number % 12:02d}-{1 + self.number % 28:02d}"
        title = f"{self.name} and its {self._good}"
        return f"---\nid: {self.id}\ntitle: {title}\npublished: {day}\nsource: Depot Ledger\n---\n{self.text}\n"

    @property
    def _good(self) -> str:
        return GOODS[self.number % len(GOODS)]

    def _sentence(self, drawn: Random) -> str:
        people, deed, place = drawn.choice(PEOPLE), drawn.choice(DEEDS), drawn.choice(PLACES)
        day = f"{drawn.randint(1, 28)} {drawn.choice(MONTHS)}"
        amount = f"{drawn.randrange(100, 100_000):,}"
        return f"On {day} the {people} of {self.mark} {deed} {amount} {drawn.choice(GOODS)} loads at the {place}."


def make_articles(numbers: Iterable[int], version: int = 0) -> list[Article]:
    """The articles with these numbers, all in one state."""
    return [Article(number, version) for number in numbers]


def write_articles(folder: Path, articles: Iterable[Article]) -> Path:
    """Make ``folder`` hold these articles, a file each, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for article in articles:
        (folder / f"{article.number:05d}.md").write_text(article.written, encoding="utf-8")
    return folder


def squeeze(text: str) -> str:
    """The words of a text; how its lines are broken does not matter."""
    return " ".join(text.split())


def _word(start: str, number: int) -> str:
    """A word of its own for each number, of the same shape for all."""
    syllables = ""
    for _ in range(4):
        number, rest = divmod(number, LARGEST)
        syllables += CONSONANTS[rest // len(VOWELS)] + VOWELS[rest % len(VOWELS)]
    return f"{start}{syllables}k"
