"""The commands that ask and read: ask, chat, search, show, articles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from rag.errors import BylineError
from ui.cli.desks import open_desk
from ui.cli.exits import FAILED, REFUSED
from ui.cli.options import argument, build_request, common_options, given, scope_fields, scope_options
from ui.terminal import print_reply, say, show_answer, show_article, show_articles, show_hits


@click.command()
@click.argument("question")
@click.option("--answerer", metavar="NAME", help="extractive (the default) or llm.")
@scope_options
@common_options
def ask(question: str, *, answerer: str | None, library: Path | None, as_json: bool, **options: Any) -> None:
    """Answer a question with quotes from the articles.

    \b
    Example:
      byline ask "How many parameters does GPT-3 have?" --source "Byline Sample Desk"
    """
    request = build_request("AskIn", question=argument(question), answerer=answerer, **scope_fields(options))
    with open_desk(library, "ask") as desk:
        answer = desk.ask(request)
    print_reply(answer, show_answer, as_json=as_json)
    if answer.refusal:
        sys.exit(REFUSED)


@click.command()
@common_options
def chat(*, library: Path | None, as_json: bool) -> None:
    """Ask one question after another; follow-ups lean on what was asked before. An empty line ends it.

    \b
    Example:
      byline chat
    """
    history: list[dict[str, str]] = []
    with open_desk(library, "chat") as desk:
        while question := _prompt(is_shown=not as_json):
            try:
                answer = desk.ask(build_request("AskIn", question=question, history=history[-5:]))
            except BylineError as error:
                click.echo(f"byline: {error}", err=True)
                continue
            print_reply(answer, show_answer, as_json=as_json)
            if not answer.refusal:
                history.append({"question": question, "answer": answer.text[:2000]})


@click.command()
@click.argument("query")
@click.option("--limit", type=int, default=10, show_default=True, help="How many hits.")
@click.option("--per-article", is_flag=True, help="Only the best passage of each article.")
@scope_options
@common_options
def search(query: str, *, limit: int, per_article: bool, library: Path | None, as_json: bool, **options: Any) -> None:
    """Find the passages that match a query.

    \b
    Example:
      byline search "export rules for chips" --published-from 2024-01-01
    """
    request = build_request(
        "SearchIn", query=argument(query), limit=limit, per_article=per_article, **scope_fields(options)
    )
    with open_desk(library, "search") as desk:
        found = desk.search(request)
    print_reply(found, lambda found: show_hits(found.hits), as_json=as_json)
    if not found.hits:
        say("nothing was found. Try other words or fewer filters; the outlets are listed by: byline status")
        sys.exit(FAILED)


@click.command()
@click.argument("article")
@click.option("--revision", type=click.IntRange(min=1), help="An earlier revision.")
@common_options
def show(article: str, *, revision: int | None, library: Path | None, as_json: bool) -> None:
    """Show an article by its id.

    \b
    Example:
      byline show explainer/pue
    """
    with open_desk(library, "show") as desk:
        found = desk.article(article, revision)
    print_reply(found, show_article, as_json=as_json)


@click.command()
@click.option("--words", help="Only articles whose title holds these words.")
@click.option("--source", help="Only this outlet.")
@click.option("--from", "published_from", metavar="DAY", help="Published on or after this day.")
@click.option("--to", "published_to", metavar="DAY", help="Published on or before this day.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="Lines a page.")
@click.option("--cursor", help="Where the page before ended.")
@common_options
def articles(
    library: Path | None, *, as_json: bool, words: str | None, limit: int, cursor: str | None, **filters: Any
) -> None:
    """List the articles, newest first.

    \b
    Example:
      byline articles --source "Byline Sample Desk" --from 2024-01-01
    """
    from ui.desk import ArticlesQuery

    query = ArticlesQuery(build_request("FiltersIn", **given(filters)), words, limit, cursor)
    with open_desk(library, "articles") as desk:
        page = desk.articles(query)
    print_reply(page, show_articles, as_json=as_json)


def _prompt(*, is_shown: bool) -> str:
    """The next question; one that does not come from a terminal is said again, above its answer."""
    try:
        question = input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""
    if question and is_shown and not sys.stdin.isatty():
        click.echo(f"\n? {question}")
    return question
