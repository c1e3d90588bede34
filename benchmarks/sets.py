"""A set to measure with: a folder of articles and the questions asked of them.

The folder holds ``questions.jsonl``, and either ``articles.jsonl`` or a folder ``articles/`` with files in any
format that Byline reads. Standard library only: the peers' environment imports this module too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CARRIED_TO_ANSWERS = ("asked", "as_of", "filters", "history")
CARRIED_TO_SEARCH = ("asked", "as_of", "filters")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set, with what is known of its answer."""

    id: str
    text: str
    answers: tuple[str, ...]
    relevant: frozenset[str]
    unanswerable: bool
    label: str | None
    fields: dict[str, Any]

    def answer_request(self) -> dict[str, Any]:
        """The body for POST /v1/answers."""
        return {"question": self.text} | self._carried(CARRIED_TO_ANSWERS)

    def search_request(self, limit: int) -> dict[str, Any]:
        """The body for POST /v1/search: the best passage of each article."""
        body = {"query": self.text, "limit": limit, "per_article": True}
        return body | self._carried(CARRIED_TO_SEARCH)

    def _carried(self, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: self.fields[name] for name in names if self.fields.get(name)}


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Articles, and questions asked of them. ``articles`` is the path that is ingested."""

    name: str
    articles: Path
    questions: tuple[Asked, ...]

    @property
    def judged(self) -> tuple[Asked, ...]:
        """The questions for which relevant articles are named."""
        return tuple(question for question in self.questions if question.relevant)


@dataclass(frozen=True, slots=True)
class PlainArticle:
    """An article as a peer takes it."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Headline and text, as the dense peers are given them."""
        return f"{self.title}\n\n{self.text}"

    @property
    def lead(self) -> int:
        """Where in ``whole`` the text begins."""
        return len(self.whole) - len(self.text)


def read_set(folder: Path) -> QuestionSet:
    """The set in ``folder``. Raises FileNotFoundError when it holds no articles or no questions."""
    articles = find_articles(folder)
    with (folder / "questions.jsonl").open(encoding="utf-8") as lines:
        questions = tuple(_question(json.loads(line)) for line in lines if line.strip())
    return QuestionSet(folder.resolve().name, articles, questions)


def find_articles(folder: Path) -> Path:
    """What of ``folder`` is ingested. Raises FileNotFoundError when it holds no articles."""
    records = folder / "articles.jsonl"
    if records.is_file():
        return records
    if not (folder / "articles").is_dir():
        raise FileNotFoundError(f"{folder} holds neither articles.jsonl nor articles/")
    return folder  # an article without an id is named after its folder


def read_articles(path: Path) -> Iterator[PlainArticle]:
    """The articles of an ``articles.jsonl``."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield PlainArticle(str(record["id"]), record.get("title") or "", record.get("text") or "")


def digest_of_file(path: Path) -> str:
    """The file's sha256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _question(record: dict[str, Any]) -> Asked:
    return Asked(
        id=str(record["id"]),
        text=record["question"],
        answers=tuple(record.get("answers") or ()),
        relevant=frozenset(map(str, record.get("relevant_article_ids") or ())),
        unanswerable=bool(record.get("unanswerable")),
        label=record.get("label"),
        fields=record,
    )
