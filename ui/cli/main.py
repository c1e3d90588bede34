"""The command line's root: its commands, and how expected failures end."""

from __future__ import annotations

from typing import Any

import click

from rag.errors import BylineError
from ui.cli import asking, evaluating, keeping, serving
from ui.cli.exits import STORAGE, exit_code, leave


class Group(click.Group):
    """The commands; expected failures end as one line on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BylineError as error:
            click.echo(f"byline: {error}", err=True)
            if exit_code(error) == STORAGE:
                leave(STORAGE)
            ctx.exit(exit_code(error))


COMMANDS = (
    *(asking.ask, asking.chat, asking.search, asking.show, asking.articles),
    *(keeping.ingest, keeping.remove, keeping.verify, keeping.rebuild, keeping.compact, keeping.export, keeping.status),
    evaluating.evaluate,
    *(serving.serve, serving.settings, serving.doctor),
)


@click.group(cls=Group, commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="byline")
def main() -> None:
    """Ask your articles. Every sentence of every answer carries its byline.

    \b
    Example:
      byline ingest corpus/
      byline ask "When did the AI Act enter into force?"
    """
