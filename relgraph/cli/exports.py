"""Commands that write files of the import format: export, template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from relgraph.cli.access import access_to
from relgraph.cli.options import DatabaseOption, LangOption, language
from relgraph.cli.output import note, progress, say
from relgraph.cli.wrong_use import WrongUse
from relgraph.records.exports.export import export_records
from relgraph.records.tables.template import write_template
from relgraph.words import say as sentence


def export(
    target: Annotated[Path, typer.Argument()],
    database: DatabaseOption = None,
    for_: Annotated[str, typer.Option("--for", metavar="READER")] = "programs",
    lang: LangOption = None,
) -> None:
    """Export all records in the import format.

    $ relgraph export backup/
    $ relgraph export for-excel/ --for spreadsheet
    """
    if for_ not in ("programs", "spreadsheet"):
        raise WrongUse("for", "--for")
    program = cast('Literal["programs", "spreadsheet"]', for_)
    reader = language(lang)
    with access_to(database, reader) as access, progress(reader) as report:
        done = export_records(access, target, progress=report, reader=program)
    for name, count in done.counts.items():
        say(sentence(reader, "command.count", name=name, count=f"{count:,}"))
    if done.notes:
        say(sentence(reader, "command.notes", count=f"{done.notes:,}"))
    if done.overtaken:
        note(sentence(reader, "command.overtaken"))
    say(sentence(reader, "command.written", target=str(target)))


def template(target: Annotated[Path, typer.Argument()]) -> None:
    """Write the import format as empty CSV files with an explanation of every column.

    $ relgraph template records/
    """
    for file in write_template(target):
        say(str(file))
