"""The command `relgraph`. Each command reads settings, calls the rooms below, and prints."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from relgraph import __version__
from relgraph.cli import activities, profiles, records, service
from relgraph.cli.output import complain
from relgraph.errors import RelgraphError

app = typer.Typer(
    name="relgraph",
    help="Who decides, who influences whom, who is for and against us, who can introduce us.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
service.register(app)
records.register(app)
activities.register(app)
profiles.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"relgraph {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Who decides, who influences whom, who is for and against us, who can introduce us."""


def main() -> None:
    """Run the command. Exit codes: 0 done, 1 refused or failed, 2 wrong use."""
    try:
        app()
    except RelgraphError as error:
        complain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
