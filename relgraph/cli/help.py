"""The help of a command, out of words: what its parameters mean stands there by their names."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from relgraph.cli.layout import definitions, paragraphs, screen_width, wrapped
from relgraph.environment import language
from relgraph.schema.vocabulary import Lang
from relgraph.words import catalogue, say

if TYPE_CHECKING:
    import typer

EXAMPLE = "$ "
"""How a line of a command's docstring begins that is an example."""


def help_of(context: typer.Context) -> str:
    """All of a command's help in the reader's language."""
    lang, width = language(), screen_width()
    path, command = path_of(context), context.command
    lines = [*usage_lines(context, lang), "", *paragraphs(about(path, lang), width, "  ")]
    parts: list[tuple[str, list[tuple[str, str]]]] = []
    for title, kind in (("arguments", "argument"), ("options", "option")):
        listed = [each for each in command.get_params(context) if each.param_type_name == kind]
        parts.append((title, [(_term(each), meaning(path, each, lang)) for each in listed]))
    names = command.list_commands(context) if hasattr(command, "list_commands") else []
    parts.append(("commands", [(name, summary((*path, name), lang)) for name in names]))
    for title, rows in parts:
        if rows:
            lines += ["", say(lang, f"help_word.{title}"), *definitions(rows, width)]
    if examples := list(_examples(command)):
        lines += ["", say(lang, "help_word.examples"), *(f"  {line}" for line in examples)]
    return "\n".join(lines) + "\n"


def usage_lines(context: typer.Context, lang: Lang) -> list[str]:
    """How a command is typed."""
    command = context.command
    pieces = [say(lang, "help_word.any_options")]
    for each in command.get_params(context):
        if each.param_type_name == "argument":
            name = _name(each)
            pieces.append(name if each.required else f"[{name}]")
    if hasattr(command, "list_commands"):
        pieces.append(say(lang, "help_word.any_command"))
    words = " ".join(("relgraph", *path_of(context), *pieces))
    return wrapped(say(lang, "help_word.usage", words=words), screen_width())


def path_of(context: typer.Context) -> tuple[str, ...]:
    """Names of the command and of the groups above it, without the program's own."""
    if context.parent is None:
        return ()
    return (*path_of(context.parent), str(context.info_name))  # type: ignore[arg-type]


def key_of(path: tuple[str, ...], name: str) -> str:
    """The key in words of what a command (`about`, `more`) or one of its parameters means."""
    return ".".join(("help", *(path or ("relgraph",)), name))


def about(path: tuple[str, ...], lang: Lang) -> str:
    """What a command does: in a sentence, and what else there is to know."""
    more = key_of(path, "more")
    text = summary(path, lang)
    return f"{text}\n\n{say(lang, more).strip()}" if more in catalogue() else text


def summary(path: tuple[str, ...], lang: Lang) -> str:
    """What a command does, in a sentence. KeyError if words do not say it."""
    return say(lang, key_of(path, "about"))


def meaning(path: tuple[str, ...], parameter: Any, lang: Lang) -> str:
    """What a parameter means here, else wherever one has its name. KeyError if nothing says it."""
    own = key_of(path, parameter.name)
    text = say(lang, own if own in catalogue() else f"help.every.{parameter.name}")
    default = parameter.default
    if default not in (None, False) and not callable(default):
        text += " " + say(lang, "help_word.default", value=str(default))
    return text


def _term(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _name(parameter)
    names = sorted((*parameter.opts, *parameter.secondary_opts), key=len)
    value = "" if parameter.is_flag else f" {_name(parameter)}"
    return ", ".join(names) + value


def _name(parameter: Any) -> str:
    """What stands for the parameter's value."""
    name = parameter.metavar or str(parameter.name).upper()
    return f"{name}..." if parameter.nargs == -1 else name


def _examples(command: Any) -> Iterator[str]:
    for line in inspect.cleandoc(command.help or "").splitlines():
        if line.startswith(EXAMPLE):
            yield line.removeprefix(EXAMPLE)
