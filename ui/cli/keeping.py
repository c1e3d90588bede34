"""The commands that keep a library: ingest, status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from rag.errors import BylineError
from ui.cli.desks import open_desk
from ui.cli.exits import FAILED, name_of
from ui.cli.options import absolute, build_request, common_options
from ui.terminal import ProgressBar, print_reply, show_report, show_status


@click.command()
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
    request = build_request("IngestIn", paths=[absolute(path) for path in paths], prune=prune, yes=yes)
    with open_desk(library, "ingest") as desk, ProgressBar() as bar:
        try:
            report = desk.ingest(request, bar)
        except BylineError as error:
            if name_of(error) != "PruneNeedsConsent" or not sys.stdin.isatty():
                raise
            click.confirm(f"{error}\nRemove them?", abort=True, err=True)
            report = desk.ingest(request.model_copy(update={"yes": True}), bar)
    print_reply(report, show_report, as_json=as_json)
    if report.failed:
        sys.exit(FAILED)


@click.command()
@common_options
def status(*, library: Path | None, as_json: bool) -> None:
    """Say what the library holds.

    \b
    Example:
      byline status --json
    """
    with open_desk(library, "status") as desk:
        held = desk.status()
    print_reply(held, show_status, as_json=as_json)
