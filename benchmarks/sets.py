"""A set to measure with: a folder of articles and the questions asked of them.

The folder holds ``questions.jsonl``, and either ``articles.jsonl`` or a folder ``articles/`` with files in any
format that Byline reads. Nothing but the standard library is needed: the peers' environment imports this module too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.evaluation.cases import Case, read_cases


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A folder of articles and questions asked of them. ``articles`` is the path that is ingested."""

    folder: Path
    articles: Path
    questions: tuple[Case, ...]

    @property
    def name(self) -> str:
        """The folder's."""
        return self.folder.name

    @property
    def judged(self) -> tuple[Case, ...]:
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
    """The set in ``folder``.

    Raises FileNotFoundError when it holds no articles or no questions,
    ValueError for a line that is no question.
    """
    articles = find_articles(folder)
    with (folder / "questions.jsonl").open(encoding="utf-8") as lines:
        questions, bad = read_cases(lines)
    if bad:
        raise ValueError(f"{folder}/questions.jsonl, line {bad[0].line}: {bad[0].problem}")
    return QuestionSet(folder.resolve(), articles.resolve(), tuple(questions))


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
