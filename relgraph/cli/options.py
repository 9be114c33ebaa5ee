"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from relgraph.database import Database, open_database
from relgraph.settings import load_settings

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="local:PATH, neo4j://HOST:7687 or bolt://HOST:7687; else RELGRAPH_DATABASE_URL.",
    ),
]
LangOption = Annotated[str, typer.Option("--lang", help="Language: en or zh.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def open_named(url: str | None) -> Database:
    """The database of the option or the settings, brought up to this version."""
    db = open_database(load_settings(database_url=url))
    try:
        db.migrate()
    except BaseException:
        db.close()
        raise
    return db
