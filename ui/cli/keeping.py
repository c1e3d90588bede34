"""The commands that keep a library: ingest, remove, verify, rebuild, compact, export, status."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from rag.errors import BylineError, StorageError
from ui.cli.desks import open_desk
from ui.cli.exits import FAILED, name_of
from ui.cli.options import absolute, build_request, common_options, library_option, wait_option
from ui.cli.watching import keep_watching
from ui.tasks import COMPACTING, EXPORTING, INGESTING, REBUILDING, REMOVING, VERIFYING
from ui.terminal import (
    ProgressBar,
    print_reply,
    show_compacted,
    show_rebuilt,
    show_removed,
    show_report,
    show_status,
    show_verdict,
)


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--prune", is_flag=True, help="Remove articles whose files are gone from these folders.")
@click.option("--yes", is_flag=True, help="Prune without asking, however many go.")
@click.option("--keep-revisions", type=click.IntRange(min=0), metavar="N", help="Superseded revisions to keep [all].")
@click.option("--watch", is_flag=True, help="Go on when files change or go, until interrupted. Prunes and waits.")
@wait_option
@common_options
def ingest(paths: Sequence[str], *, watch: bool, library: Path | None, as_json: bool, **wanted: Any) -> None:
    """Read articles from files and folders into the library.

    With --watch, what is created, changed or renamed is read, and articles whose files are deleted are removed; beyond
    a fifth of a folder's articles only with --yes.

    \b
    Example:
      byline ingest corpus/ more/articles.jsonl
      byline ingest --watch ~/articles
    """
    request = build_request("IngestIn", paths=[absolute(path) for path in paths], **wanted)
    if watch:
        keep_watching(request, library, as_json=as_json)
        return
    with open_desk(library, "ingest", wait=request.wait) as desk, ProgressBar(INGESTING.unit) as bar:
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
@click.argument("articles", nargs=-1, required=True, metavar="ID...")
@wait_option
@common_options
def remove(articles: Sequence[str], *, wait: bool, library: Path | None, as_json: bool) -> None:
    """Remove articles with all their revisions.

    \b
    Example:
      byline remove explainer/pue gpt-3/api
    """
    request = build_request("RemoveIn", ids=list(articles), wait=wait)
    with open_desk(library, "remove", wait=wait) as desk, ProgressBar(REMOVING.unit) as bar:
        removed = desk.remove(request, bar)
    print_reply(removed, show_removed, as_json=as_json)
    if removed.unknown:
        sys.exit(FAILED)


@click.command()
@wait_option
@common_options
def verify(*, wait: bool, library: Path | None, as_json: bool) -> None:
    """Check the whole library: every article, passage and vector, and the projections against them.

    \b
    Example:
      byline verify --json
    """
    request = build_request("JobIn", wait=wait)
    with open_desk(library, "verify", wait=wait) as desk, ProgressBar(VERIFYING.unit) as bar:
        verdict = desk.verify(request, bar)
    print_reply(verdict, show_verdict, as_json=as_json)
    if not verdict.ok:
        sys.exit(FAILED)


@click.command()
@click.option("--model", metavar="NAME", help="Make passages and vectors anew with this embedding model.")
@click.option("--passage-tokens", type=int, metavar="N", help="The aim for a passage's length; goes with --model.")
@wait_option
@common_options
def rebuild(*, model: str | None, passage_tokens: int | None, wait: bool, library: Path | None, as_json: bool) -> None:
    """Make the projections anew from the catalog, or everything anew with another embedding model.

    Questions are answered from the old passages until the new ones are complete. Naming the former model goes back.

    \b
    Example:
      byline rebuild --model ./models/all-MiniLM-L12-v2
    """
    named = _model(model) if model else None
    request = build_request("RebuildIn", model=named, passage_tokens=passage_tokens, wait=wait)
    with open_desk(library, "rebuild", wait=wait) as desk, ProgressBar(REBUILDING.unit) as bar:
        rebuilt = desk.rebuild(request, bar)
    print_reply(rebuilt, show_rebuilt, as_json=as_json)


@click.command()
@wait_option
@common_options
def compact(*, wait: bool, library: Path | None, as_json: bool) -> None:
    """Give back the disk space that removed articles and former revisions leave.

    \b
    Example:
      byline compact
    """
    request = build_request("JobIn", wait=wait)
    with open_desk(library, "compact", wait=wait) as desk, ProgressBar(COMPACTING.unit) as bar:
        compacted = desk.compact(request, bar)
    print_reply(compacted, show_compacted, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@wait_option
@library_option
def export(file: Path, *, wait: bool, library: Path | None) -> None:
    """Write all articles with their revisions to a file of JSON lines, or to standard output for a dash.

    \b
    Example:
      byline export articles.jsonl
    """
    request = build_request("JobIn", wait=wait)
    with (
        open_desk(library, "export", wait=wait) as desk,
        ProgressBar(EXPORTING.unit) as bar,
        closing(desk.export(request, bar)) as lines,  # or the desk would wait for an export that nobody reads on
    ):
        _write_lines(lines, file)


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


def _model(name: str) -> str:
    """A model's name, or its folder as another process must know it."""
    from rag.settings import EMBEDDED

    return absolute(name) if name != EMBEDDED and Path(name).is_dir() else name


def _write_lines(lines: Iterable[str], file: Path) -> None:
    """Writes all lines or leaves the file as it is: half an export must not pass for a whole one."""
    ended = (f"{line}\n" for line in lines)
    if str(file) == "-":
        with click.open_file("-", "w", encoding="utf-8") as out:
            out.writelines(ended)
        return
    try:
        if file.is_file() or not file.exists():
            _replace(file.resolve(), ended)
        else:
            _pour(file, ended)
    except OSError as error:
        remedy = "Name another file, or - for standard output"
        raise StorageError(str(file), f"cannot be written ({error.strerror})", remedy) from error


def _replace(file: Path, lines: Iterable[str]) -> None:
    partial = file.with_name(f"{file.name}.partial")
    try:
        _pour(partial, lines)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _pour(file: Path, lines: Iterable[str]) -> None:
    """Writes straight into the file, which may be a device or a pipe that must not be replaced."""
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(lines)
