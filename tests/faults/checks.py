"""What became of a library, article by article: exactly one of the states it may be in, or a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.faults.articles import Article, squeeze
from tests.faults.commands import Commands, Server
from tests.faults.rounds import Round

ABSENT = None
ASKED_IN = 3
"""A question takes longest, so one article in so many is asked for, in each round others."""
Allowed = Mapping[str, Sequence[Article | None]]
"""Of each article by its id, the states it may be in; ``ABSENT`` where it may be missing."""


def allow(*states: Sequence[Article]) -> dict[str, list[Article | None]]:
    """What is allowed when each article may be as in any of the states of the whole."""
    by_id = [{article.id: article for article in state} for state in states]
    ids = sorted({id_ for state in by_id for id_ in state})
    return {id_: [state.get(id_, ABSENT) for state in by_id] for id_ in ids}


def examine(server: Server, allowed: Allowed, this: Round) -> list[Article]:
    """Read and search each article and ask for some; gives those found, in the state they are in."""
    listed = Counter(server.listed())
    for id_, times in listed.items():
        if times > 1 or id_ not in allowed:
            this.fault(f"{id_} is listed {times} times" if id_ in allowed else f"{id_} is listed and was never given")
    found: list[Article] = []
    for id_, states in allowed.items():
        if id_ in listed:
            state = _state(server, id_, states, this)
            found += [state] if state else []
        elif ABSENT not in states:
            this.fault(f"{id_} is missing")
    for article in found:
        _search(server, article, this)
    for article in found[this.number % ASKED_IN :: ASKED_IN]:
        _ask(server, article, this)
    _look_for_absent(server, allowed, {article.id for article in found}, this)
    return found


def _search(server: Server, article: Article, this: Round) -> None:
    hits = [hit for hit in server.search(f"{article.name} {article.mark}") if hit["article_id"] == article.id]
    if not hits:
        this.fault(f"{article.id} is not found by its words")
    for hit in hits:
        if squeeze(hit["text"]) not in squeeze(article.text):
            this.fault(f"{article.id} is found with words that are not of its state {article.version}")


def _ask(server: Server, article: Article, this: Round) -> None:
    answer = server.ask(article.question)
    if not is_right(answer, article):
        this.fault(f"{article.id}: asked {article.question!r}, answered {answer['text']!r}")


def is_right(answer: Mapping[str, Any], article: Article) -> bool:
    """Whether an answer quotes what this state of the article says."""
    first = answer["sentences"][:1]
    quotes = [each["quote"] for each in answer["citations"] if each["article_id"] == article.id]
    return bool(first) and article.figure in first[0]["text"] and any(article.figure in quote for quote in quotes)


def converge(commands: Commands, library: Path, digest: str, this: Round) -> None:
    """The library must be sound, and in the state that ``digest`` names."""
    verified = commands.run(library, "verify", "--json")
    if verified.code or verified.reply.get("ok") is not True:
        this.fault(f"verify: {verified}")
    elif verified.reply["digest"] != digest:
        this.fault(f"verify gives digest {verified.reply['digest']}; that of the same articles undisturbed is {digest}")


def _state(server: Server, id_: str, states: Sequence[Article | None], this: Round) -> Article | None:
    text = squeeze(server.article(id_)["text"])
    matching = [article for article in states if article and squeeze(article.text) == text]
    if not matching:
        this.fault(f"{id_} is in none of its states: {text[:300]!r}")
    return matching[0] if matching else None


def _look_for_absent(server: Server, allowed: Allowed, found: set[str], this: Round) -> None:
    for id_, states in allowed.items():
        article = next((state for state in states if state), None)
        if id_ in found or article is None:
            continue
        if any(hit["article_id"] == id_ for hit in server.search(f"{article.name} {article.mark}")):
            this.fault(f"{id_} is found and not listed")
