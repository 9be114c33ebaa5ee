"""What is said of a command that was typed wrongly."""

from __future__ import annotations

from typing import Any

import typer
from typer import _click

from relgraph.schema.vocabulary import Lang
from relgraph.words import Sentence, say
from relgraph.words.faults import Fault

exceptions = _click.exceptions
"""Typer brings the parser of Click along, and its errors; it has no public name for them."""


class WrongUse(typer.BadParameter):
    """A value of an option, or several of them together, that a command does not take."""

    def __init__(self, name: str, option: str | None = None, /, **values: object) -> None:
        self.sentence = Sentence(f"usage.{name}", values)
        super().__init__(self.sentence.text("en"), param_hint=option)


def explained(error: exceptions.ClickException, lang: Lang) -> str:
    """What is wrong with the command, in the reader's language."""
    place = _place(error)
    if isinstance(error, WrongUse):
        text = error.sentence.text(lang)
        return say(lang, "usage.wrong_value", place=place, wrong=text) if place else text
    if isinstance(error, exceptions.MissingParameter):
        return say(lang, "usage.missing", place=place)
    if isinstance(error, exceptions.NoSuchOption):
        near = ", ".join(sorted(error.possibilities or ()))
        name = "no_option_near" if near else "no_option"
        return say(lang, f"usage.{name}", option=error.option_name, near=near)
    if isinstance(error, exceptions.BadOptionUsage):
        name = "takes_no_value" if "does not take" in error.message else "needs_value"
        return say(lang, f"usage.{name}", option=error.option_name)
    if isinstance(error, exceptions.BadParameter):
        wrong = say(lang, "invalid.other")
        if (faults := getattr(error.__cause__, "errors", None)) is not None:
            wrong = Fault(faults(include_url=False)[0]).text(lang)
        return say(lang, "usage.wrong_value", place=place, wrong=wrong)
    if "extra argument" in error.message:
        extra = error.message.rpartition(" (")[2].removesuffix(")")
        return say(lang, "usage.too_many", extra=extra)
    return error.format_message() if lang == "en" else say(lang, "usage.other")


def _place(error: Any) -> str:
    """The option or argument that is meant, as it is typed."""
    if hint := getattr(error, "param_hint", None):
        return str(hint)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return " / ".join(parameter.opts)
