"""The commands of the program itself: serve, settings, doctor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.errors import LibraryInUse
from ui.cli.desks import local_desk
from ui.cli.exits import FAILED
from ui.cli.options import common_options, json_option, library_option
from ui.terminal import print_reply, show_checks

if TYPE_CHECKING:
    from rag.settings import Settings
    from ui.desk import LocalDesk


@click.command()
@click.option("--host", help="Where to listen; loopback only [BYLINE_HOST].")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes a free one [BYLINE_PORT].")
@library_option
def serve(host: str | None, port: int | None, library: Path | None) -> None:
    """Serve the page and the HTTP API until interrupted.

    \b
    Example:
      byline serve --port 8000
    """
    from rag.settings import load_settings
    from ui.server import serve as run
    from ui.server import share_arenas

    chosen = load_settings(library=library, host=host, port=port)
    share_arenas()
    desk = _own_desk(chosen)
    try:
        desk.engine.warm()  # what is wrong with the model or the library is said now, not at the first question
        held = desk.status().articles
        run(
            desk,
            chosen.host,
            chosen.port,
            ingest_root=chosen.ingest_root,
            ready=lambda url: click.echo(f"Byline serves {held} articles on {url} (stop with Ctrl-C)", err=True),
        )
    finally:
        desk.close()


def _own_desk(settings: Settings) -> LocalDesk:
    """The desk of a new server. Raises LibraryInUse, with the address where another one serves the library already."""
    from rag.library.owner import read_owner

    try:
        return local_desk(settings, "serve")
    except LibraryInUse as error:
        owner = read_owner(settings.library)
        if owner is None or owner.url is None:
            raise
        raise LibraryInUse(error.path, f"{owner}, which serves it on {owner.url}") from None


@click.command()
@json_option
def settings(*, as_json: bool) -> None:
    """List every setting with its value, default and meaning.

    \b
    Example:
      BYLINE_PORT=9000 byline settings
    """
    import json

    from rag.settings import describe_settings, load_settings

    rows = describe_settings(load_settings())
    if as_json:
        click.echo(json.dumps([dict(zip(("name", "value", "default", "meaning"), row, strict=True)) for row in rows]))
    else:
        click.echo(
            "\n".join(f"{name}={value}\n    {meaning} Default: {default}" for name, value, default, meaning in rows)
        )


@click.command()
@common_options
def doctor(*, library: Path | None, as_json: bool) -> None:
    """Examine this machine, the settings and the library, and say what to do about what is wrong.

    \b
    Example:
      byline doctor
    """
    from rag.doctor import examine
    from rag.settings import load_settings
    from ui import schemas as wire

    checks = [wire.CheckOut.model_validate(check) for check in examine(load_settings(library=library))]
    found = wire.DoctorOut(ok=all(check.state != "fault" for check in checks), checks=checks)
    print_reply(found, show_checks, as_json=as_json)
    if not found.ok:
        sys.exit(FAILED)
