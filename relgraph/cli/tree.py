"""The commands: what each is called and where it is. A command is loaded when it is called.

So the start of one costs what that one needs, and the list of all of them nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from relgraph import __version__
from relgraph.cli.help import help_of
from relgraph.cli.loading import load
from relgraph.cli.wrong_use import WrongUse
from relgraph.environment import language
from relgraph.errors import RelgraphError
from relgraph.schema.vocabulary import LANGS, Lang
from relgraph.words import say

Targets = Mapping[str, "str | Targets"]
"""Module and function of each command; of a group the commands below it."""

COMMANDS: Targets = {
    "serve": "relgraph.cli.service:serve",
    "demo": "relgraph.cli.service:demo",
    "import": "relgraph.cli.imports:import_",
    "export": "relgraph.cli.exports:export",
    "template": "relgraph.cli.exports:template",
    "check": "relgraph.cli.upkeep:check",
    "reindex": "relgraph.cli.upkeep:reindex",
    "undo": "relgraph.cli.upkeep:undo",
    "map": "relgraph.cli.maps:map_",
    "activities": "relgraph.cli.activities:activities",
    "profile": {
        "list": "relgraph.cli.profiles:list_",
        "show": "relgraph.cli.profiles:show",
        "new": "relgraph.cli.profiles:new",
        "check": "relgraph.cli.profiles:check",
    },
}


def reader_of(context: typer.Context | None) -> Lang:
    """The language of whoever typed a command: of its --lang if that is right, else as usual."""
    named = None if context is None else context.params.get("lang")
    return next((lang for lang in LANGS if lang == named), language())


class Command(TyperCommand):
    """A command that gives its help, and what refuses it, in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        formatter.write(help_of(ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run it; an error that relgraph raises on purpose is printed, and the exit code is 1."""
        try:
            return super().invoke(ctx)
        except RelgraphError as error:
            from relgraph.cli.output import complain  # only now: it loads what most never need

            complain(error, reader_of(ctx))
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            sys.stderr.write(say(reader_of(ctx), "command.stopped") + "\n")
            raise typer.Exit(130) from None


class Group(TyperGroup):
    """Commands by name, loaded when they are called."""

    targets: Targets

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, out of words: no command is loaded for it."""
        formatter.write(help_of(ctx))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Their names."""
        return list(self.targets)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command of this name, or None."""
        target = self.targets.get(cmd_name)
        if target is None:
            return None
        if not isinstance(target, str):
            return _group(cmd_name, target, _no_options)
        module, _, function = target.partition(":")
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(cmd_name, cls=Command)(getattr(load(module), function))
        return typer.main.get_command(app)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, and the words after it."""
        command = self.get_command(ctx, args[0])
        if command is None:
            raise WrongUse("no_command", None, name=args[0], names=", ".join(self.targets))
        return args[0], command, args[1:]


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"relgraph {__version__}\n")
        raise typer.Exit


def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """What the program itself understands."""


def _no_options() -> None:
    """A group that only holds commands."""


def _group(name: str, targets: Targets, options: Callable[..., None]) -> Group:
    app = typer.Typer(
        name=name,
        cls=Group,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(options)
    group = cast(Group, typer.main.get_command(app))
    group.targets = targets
    return group


def root() -> Group:
    """The program with all of its commands."""
    return _group("relgraph", COMMANDS, _options)
