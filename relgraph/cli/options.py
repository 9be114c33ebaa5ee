"""Options that several commands share. What they mean stands in words, as `help.every.NAME`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relgraph.cli.wrong_use import WrongUse
from relgraph.environment import locale_language
from relgraph.schema.vocabulary import LANGS, Lang
from relgraph.settings import load_settings

DatabaseOption = Annotated[str | None, typer.Option("--database", metavar="URL")]
LangOption = Annotated[str | None, typer.Option("--lang")]
EncodingOption = Annotated[str | None, typer.Option("--encoding")]
DecimalOption = Annotated[str | None, typer.Option("--decimal", metavar="SIGN")]
JsonOption = Annotated[bool, typer.Option("--json")]
ProblemsOption = Annotated[Path | None, typer.Option("--problems", metavar="FILE")]
DryRunOption = Annotated[bool, typer.Option("--dry-run")]


def language(lang: str | None = None) -> Lang:
    """The reader's language: of the option, else of the settings, else of the locale.

    Raises WrongUse for one that is not known, SettingsError if the settings are wrong.
    """
    if lang is None:
        return load_settings().lang or locale_language()
    reader = next((word for word in LANGS if word == lang), None)
    if reader is None:
        raise WrongUse("lang", "--lang")
    return reader
