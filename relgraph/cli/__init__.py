"""The command `relgraph`. Each command reads settings, calls the rooms below, and prints."""

from __future__ import annotations

import sys

from relgraph.cli.help import path_of, usage_lines
from relgraph.cli.tree import reader_of, root
from relgraph.cli.wrong_use import exceptions, explained
from relgraph.words import say


def main() -> None:
    """Run the command. Exit codes: 0 done, 1 refused or failed, 2 wrong use."""
    try:
        code = root().main(prog_name="relgraph", standalone_mode=False)
    except exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(error.message + "\n")
        code = 2
    except exceptions.ClickException as error:
        _refuse(error)
        code = error.exit_code
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(error: exceptions.ClickException) -> None:
    """Say how the command is typed, and what is wrong with it."""
    context = getattr(error, "ctx", None)
    lang = reader_of(context)
    lines = []
    if context is not None:
        path = " ".join(("relgraph", *path_of(context)))
        lines = [*usage_lines(context, lang), say(lang, "usage.help", path=path), ""]
    lines.append(say(lang, "usage.error", text=explained(error, lang)))
    sys.stderr.write("\n".join(lines) + "\n")
