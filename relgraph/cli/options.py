"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from relgraph.cli.output import note, progress
from relgraph.database import Database, open_database
from relgraph.schema.vocabulary import LANGS, Lang
from relgraph.settings import load_settings

if TYPE_CHECKING:
    from relgraph.records.access import Access

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="local:PATH, neo4j://HOST:7687 or bolt://HOST:7687; else RELGRAPH_DATABASE_URL.",
    ),
]
LangOption = Annotated[
    str | None,
    typer.Option("--lang", help="Language: en or zh; else RELGRAPH_LANG, or the locale's."),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        help="Encoding of CSV files, such as cp1252, big5 or shift_jis; without it UTF-8, UTF-16 "
        "and GB18030 are known.",
    ),
]
DecimalOption = Annotated[
    str | None,
    typer.Option(
        "--decimal",
        help="Decimal sign of numbers, . or , (without it 12.500 and 1,500 are refused).",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def language(lang: str | None) -> Lang:
    """The reader's language: of the option, else of the settings, else of the locale.

    Raises typer.BadParameter for one that is not known.
    """
    if lang is None:
        return load_settings().lang or _locale_language()
    reader = next((word for word in LANGS if word == lang), None)
    if reader is None:
        raise typer.BadParameter("use en or zh", param_hint="--lang")
    return reader


def _locale_language() -> Lang:
    """That of messages, by the first variable that POSIX asks which is set."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if named.lower().startswith("zh") else "en"


def open_named(url: str | None) -> Database:
    """The database of the option or the settings, brought up to this version."""
    from relgraph.records.access import SERVICE, Access
    from relgraph.records.upgrade import prepare

    database = open_database(load_settings(database_url=url))
    try:
        with progress() as report:
            access = Access(database, SERVICE, datetime.now(UTC))
            if prepare(access, report):
                note("The database of an older relgraph was brought up to this version.")
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def access_to(url: str | None, *, migrated: bool = True) -> Iterator[Access]:
    """Access to that database for whoever the settings name, at this instant."""
    from relgraph.records.access import Access, Viewer

    settings = load_settings(database_url=url)
    with open_named(url) if migrated else open_database(settings) as database:
        yield Access(database, Viewer(settings.who), datetime.now(UTC))
