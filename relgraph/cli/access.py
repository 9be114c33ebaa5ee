"""The database that a command works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from relgraph.cli.output import note, progress
from relgraph.database import Database, open_database
from relgraph.records.access import SERVICE, Access, Viewer
from relgraph.records.upgrade import prepare
from relgraph.schema.vocabulary import Lang
from relgraph.settings import load_settings
from relgraph.words import say as sentence


def open_named(url: str | None, lang: Lang) -> Database:
    """The database of the option or the settings, brought up to this version."""
    database = open_database(load_settings(database_url=url))
    try:
        with progress(lang) as report:
            access = Access(database, SERVICE, datetime.now(UTC))
            if prepare(access, report):
                note(sentence(lang, "command.upgraded"))
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def access_to(url: str | None, lang: Lang, *, migrated: bool = True) -> Iterator[Access]:
    """Access to that database for whoever the settings name, at this instant."""
    settings = load_settings(database_url=url)
    with open_named(url, lang) if migrated else open_database(settings) as database:
        yield Access(database, Viewer(settings.who), datetime.now(UTC))
