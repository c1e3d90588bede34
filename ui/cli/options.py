"""Options that several commands take, and how they become requests of the wire."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def library_option(command: Command) -> Command:
    """The option that names the library."""
    option = click.option("--library", type=click.Path(path_type=Path), help="The data directory [BYLINE_LIBRARY].")
    return option(command)


def json_option(command: Command) -> Command:
    """The option that asks for JSON."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def wait_option(command: Command) -> Command:
    """The option that waits for a library in use."""
    return click.option("--wait", is_flag=True, help="Wait while the library is in use, instead of leaving with 75.")(
        command
    )


def common_options(command: Command) -> Command:
    """Options that every command takes that prints what a library holds."""
    return library_option(json_option(command))


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


def build_request(name: str, **fields: Any) -> Any:
    """A request of the wire, checked as the API checks it. Raises BadRequest."""
    from pydantic import ValidationError

    from rag.errors import BadRequest
    from ui import schemas
    from ui.wording import fault_words

    try:
        return getattr(schemas, name).model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRequest(_as_typed(first["loc"]), fault_words(first), "See --help for an example") from None


def _as_typed(place: Sequence[int | str]) -> str:
    """A field of a request as it is given on the command line."""
    field = next((part for part in reversed(place) if isinstance(part, str)), "request")
    context = click.get_current_context(silent=True)
    typed = [each for each in (context.command.params if context else ()) if each.name == field]
    return typed[0].opts[0] if typed and isinstance(typed[0], click.Option) else field


def scope_fields(options: dict[str, Any]) -> dict[str, Any]:
    """The options of ``scope_options`` as fields of a request."""
    days = {name: options.pop(name) for name in ("asked", "as_of")}
    return given(days) | {"filters": given(options)}


def given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, as fields of a request."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items() if value}


def argument(text: str) -> str:
    """An argument, or standard input for a dash."""
    return sys.stdin.read() if text == "-" else text


def absolute(path: str) -> str:
    """The path as another process must know it; addresses stay as they are."""
    return path if "://" in path else str(Path(path).absolute())
