"""Commands that look after what is stored: check, reindex, undo."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from relgraph.cli.access import access_to
from relgraph.cli.options import DatabaseOption, JsonOption, LangOption, language
from relgraph.cli.output import progress, say, say_json
from relgraph.records.diagnostics import diagnose
from relgraph.records.reindex import rebuild
from relgraph.records.writes.undo_parts import undo_write
from relgraph.words import say as sentence


def check(
    database: DatabaseOption = None, lang: LangOption = None, json: JsonOption = False
) -> None:
    """Look the database over; exit code 1 if something cannot be right.

    $ relgraph check --database neo4j://graph:7687
    """
    reader = language(lang)
    with access_to(database, reader, migrated=False) as access:
        findings = diagnose(access)
    if json:
        say_json(findings.to_dict())
    else:
        say(findings.product)
        for kind, count in findings.counts.items():
            say(sentence(reader, "command.count", name=kind, count=f"{count:,}"))
        for fault in findings.faults:
            say(f"{fault.code}: {fault.sentence(reader)}")
        if findings.faults:
            say(sentence(reader, "command.faults", count=f"{len(findings.faults):,}"))
        else:
            say(sentence(reader, "command.no_faults"))
    if findings.faults:
        raise typer.Exit(1)


def reindex(database: DatabaseOption = None, lang: LangOption = None) -> None:
    """Compare the index of search and the ids of other systems with all records and mend them.

    $ relgraph reindex
    """
    reader = language(lang)
    with access_to(database, reader) as access, progress(reader) as report:
        count = rebuild(access, progress=report)
    say(sentence(reader, "command.indexed", count=f"{count:,}"))


def undo(
    change: Annotated[str, typer.Argument()],
    why: Annotated[str | None, typer.Option("--note", metavar="TEXT")] = None,
    database: DatabaseOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """Undo a write, batch or import of any size.

    $ relgraph undo change-0a1b2c3d4e5f6071
    """
    reader = language(lang)
    with access_to(database, reader) as access, progress(reader) as report:
        done = undo_write(access, change, note=why, progress=report)
    if json:
        say_json(asdict(done))
    else:
        values = {"count": f"{done.size:,}", "change": str(done.change_set)}
        say(sentence(reader, "command.undone", **values))
