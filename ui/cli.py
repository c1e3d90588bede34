"""The command line: parse input, ask the desk, print. Results go to stdout, everything else to stderr.

Exit codes: 0 all well; 1 something given could not be read or nothing was found; 2 usage; 3 the question
was refused; 74 storage; 75 the library is in use. Heavy modules are imported where they are used, so that
``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rag.errors import BylineError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from rag.settings import Settings
    from ui import schemas as wire
    from ui.desk import Desk, LocalDesk

Model = TypeVar("Model", bound="wire.Request")
Command = TypeVar("Command", bound=Callable[..., Any])

FAILED, USAGE, REFUSED, STORAGE, IN_USE = 1, 2, 3, 74, 75
EXIT_CODES = {
    "SettingsError": USAGE,
    "BadRequest": USAGE,
    "AnswererNotConfigured": USAGE,
    "StorageError": STORAGE,
    "LibraryTooNew": STORAGE,
    "ModelError": STORAGE,
    "LibraryInUse": IN_USE,
    "Interrupted": IN_USE,  # sysexits.h calls 75 a failure that passes: try again
}
"""From our errors to exit codes; any other is 1."""


class Group(click.Group):
    """The commands; expected failures end as one line on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BylineError as error:
            click.echo(f"byline: {error}", err=True)
            name = getattr(error, "error", type(error).__name__)
            ctx.exit(EXIT_CODES.get(name, FAILED))


def common_options(command: Command) -> Command:
    """Options that every command on a library takes."""
    library = click.option("--library", type=click.Path(path_type=Path), help="The data directory [BYLINE_LIBRARY].")
    as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    return library(as_json(command))


def scope_options(command: Command) -> Command:
    """The filters, by the names they have everywhere."""
    names = ("source", "author", "entity", "label", "language", "article-id")
    for name in reversed(names):
        command = click.option(f"--{name}", multiple=True, metavar="TEXT", help=f"Only this {name} (may be repeated).")(
            command
        )
    for name, text in (("published-from", "from"), ("published-to", "up to")):
        command = click.option(f"--{name}", metavar="DAY", help=f"Only articles published {text} this day.")(command)
    command = click.option("--as-of", metavar="DAY", help="As the articles stood on this day.")(command)
    return click.option("--asked", metavar="DAY", help="The day of the question [today].")(command)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="byline")
def main() -> None:
    """Ask your articles. Every sentence of every answer carries its byline.

    \b
    Example:
      byline ingest corpus/
      byline ask "When did the AI Act enter into force?"
    """


@main.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--prune", is_flag=True, help="Remove articles whose files are gone from these folders.")
@click.option("--yes", is_flag=True, help="Prune without asking, however many go.")
@common_options
def ingest(paths: Sequence[str], *, prune: bool, yes: bool, library: Path | None, as_json: bool) -> None:
    """Read articles from files and folders into the library.

    \b
    Example:
      byline ingest corpus/ more/articles.jsonl
    """
    from ui.terminal import ProgressBar, show_report

    request = _request("IngestIn", paths=[_absolute(path) for path in paths], prune=prune, yes=yes)
    with _desk(library, "ingest") as desk, ProgressBar() as bar:
        try:
            report = desk.ingest(request, bar)
        except BylineError as error:
            if getattr(error, "error", type(error).__name__) != "PruneNeedsConsent" or not sys.stdin.isatty():
                raise
            click.confirm(f"{error}\nRemove them?", abort=True, err=True)
            report = desk.ingest(request.model_copy(update={"yes": True}), bar)
    _print(report, show_report, as_json=as_json)
    if report.failed:
        sys.exit(FAILED)


@main.command()
@click.argument("question")
@click.option("--answerer", metavar="NAME", help="extractive (the default) or llm.")
@scope_options
@common_options
def ask(question: str, *, answerer: str | None, library: Path | None, as_json: bool, **scope: Any) -> None:
    """Answer a question with quotes from the articles.

    \b
    Example:
      byline ask "How many parameters does GPT-3 have?" --source "Byline Sample Desk"
    """
    from ui.terminal import show_answer

    request = _request("AskIn", question=_argument(question), answerer=answerer, **_scope(scope))
    with _desk(library, "ask") as desk:
        answer = desk.ask(request)
    _print(answer, show_answer, as_json=as_json)
    if answer.refusal:
        sys.exit(REFUSED)


@main.command()
@common_options
def chat(*, library: Path | None, as_json: bool) -> None:
    """Ask one question after another; follow-ups lean on what was asked before. An empty line ends it.

    \b
    Example:
      byline chat
    """
    from ui.terminal import show_answer

    history: list[dict[str, str]] = []
    with _desk(library, "chat") as desk:
        while question := _prompt():
            try:
                answer = desk.ask(_request("AskIn", question=question, history=history[-5:]))
            except BylineError as error:
                click.echo(f"byline: {error}", err=True)
                continue
            _print(answer, show_answer, as_json=as_json)
            if not answer.refusal:
                history.append({"question": question, "answer": answer.text[:2000]})


@main.command()
@click.argument("query")
@click.option("--limit", type=int, default=10, show_default=True, help="How many hits.")
@click.option("--per-article", is_flag=True, help="Only the best passage of each article.")
@scope_options
@common_options
def search(query: str, *, limit: int, per_article: bool, library: Path | None, as_json: bool, **scope: Any) -> None:
    """Find the passages that match a query.

    \b
    Example:
      byline search "export rules for chips" --published-from 2024-01-01
    """
    from ui.terminal import show_hits

    request = _request("SearchIn", query=_argument(query), limit=limit, per_article=per_article, **_scope(scope))
    with _desk(library, "search") as desk:
        found = desk.search(request)
    _print(found, lambda found: show_hits(found.hits), as_json=as_json)
    if not found.hits:
        click.echo("byline: nothing was found. Try other words, or fewer filters.", err=True)
        sys.exit(FAILED)


@main.command()
@click.argument("article")
@click.option("--revision", type=click.IntRange(min=1), help="An earlier revision.")
@common_options
def show(article: str, *, revision: int | None, library: Path | None, as_json: bool) -> None:
    """Show an article by its id.

    \b
    Example:
      byline show explainer/pue
    """
    from ui.terminal import show_article

    with _desk(library, "show") as desk:
        found = desk.article(article, revision)
    _print(found, show_article, as_json=as_json)


@main.command()
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
    from ui.terminal import show_articles

    query = ArticlesQuery(_request("FiltersIn", **_given(filters)), words, limit, cursor)
    with _desk(library, "articles") as desk:
        page = desk.articles(query)
    _print(page, show_articles, as_json=as_json)


@main.command()
@click.option("--host", help="Where to listen; loopback only [BYLINE_HOST].")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes a free one [BYLINE_PORT].")
@click.option("--library", type=click.Path(path_type=Path), help="The data directory [BYLINE_LIBRARY].")
def serve(host: str | None, port: int | None, library: Path | None) -> None:
    """Serve the page and the HTTP API until interrupted.

    \b
    Example:
      byline serve --port 8000
    """
    from ui.server import serve as run

    settings = _settings(library=library, host=host, port=port)
    desk = _local_desk(settings, "serve")
    try:
        held = desk.status().articles
        run(
            desk,
            settings.host,
            settings.port,
            ingest_root=settings.ingest_root,
            ready=lambda url: click.echo(f"Byline serves {held} articles on {url} (stop with Ctrl-C)", err=True),
        )
    finally:
        desk.close()


@main.command()
@common_options
def status(*, library: Path | None, as_json: bool) -> None:
    """Say what the library holds.

    \b
    Example:
      byline status --json
    """
    from ui.terminal import show_status

    with _desk(library, "status") as desk:
        held = desk.status()
    _print(held, show_status, as_json=as_json)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def settings(*, as_json: bool) -> None:
    """List every setting with its value, default and meaning.

    \b
    Example:
      BYLINE_PORT=9000 byline settings
    """
    import json

    from rag.settings import describe_settings

    rows = describe_settings(_settings())
    if as_json:
        click.echo(json.dumps([dict(zip(("name", "value", "default", "meaning"), row, strict=True)) for row in rows]))
    else:
        click.echo(
            "\n".join(f"{name}={value}\n    {meaning} Default: {default}" for name, value, default, meaning in rows)
        )


def _settings(**overrides: Any) -> Settings:
    from rag.settings import load_settings

    return load_settings(**overrides)


@contextmanager
def _desk(library: Path | None, command: str) -> Iterator[Desk]:
    """The desk of the library's owner if there is one, else one of our own."""
    from ui.handover import RemoteDesk, find_owner

    settings = _settings(library=library)
    owner = find_owner(settings.library)
    desk: Desk = RemoteDesk(owner, settings.library) if owner else _local_desk(settings, command)
    try:
        yield desk
    finally:
        desk.close()


def _local_desk(settings: Settings, command: str) -> LocalDesk:
    import logging

    from rag.engine import open_engine
    from ui.desk import LocalDesk

    for parser in ("pypdf", "trafilatura"):  # what they could not read, we report ourselves, once and with a remedy
        logging.getLogger(parser).setLevel(logging.CRITICAL)
    engine = open_engine(settings, command)
    return LocalDesk(engine, passage_tokens=settings.passage_tokens, answerer=settings.answerer)


def _request(name: str, **fields: Any) -> Any:
    """A request of the wire, checked as the API checks it. Raises BadRequest."""
    from pydantic import ValidationError

    from rag.errors import BadRequest
    from ui import schemas

    try:
        return getattr(schemas, name).model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "request"
        raise BadRequest(where, first["msg"], "See --help for an example") from None


def _scope(options: dict[str, Any]) -> dict[str, Any]:
    """The options of ``scope_options`` as fields of a request."""
    days = {name: options.pop(name) for name in ("asked", "as_of")}
    return _given(days) | {"filters": _given(options)}


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items() if value}


def _argument(text: str) -> str:
    """An argument, or standard input for a dash."""
    return sys.stdin.read() if text == "-" else text


def _absolute(path: str) -> str:
    """The path as another process must know it; addresses stay as they are."""
    return path if "://" in path else str(Path(path).absolute())


def _prompt() -> str:
    try:
        return input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


def _print(reply: BaseModel, show: Callable[[Any], str], *, as_json: bool) -> None:
    click.echo(reply.model_dump_json(by_alias=True) if as_json else show(reply))
