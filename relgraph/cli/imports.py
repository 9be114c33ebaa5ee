"""The command `relgraph import`."""

from __future__ import annotations

import gc
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from relgraph.cli.access import access_to
from relgraph.cli.options import (
    DatabaseOption,
    DecimalOption,
    DryRunOption,
    EncodingOption,
    JsonOption,
    LangOption,
    ProblemsOption,
    language,
)
from relgraph.cli.output import complain_of, progress, say, say_json
from relgraph.cli.problems import counts_line, write_problems
from relgraph.cli.problems import report as problem_report
from relgraph.cli.profiles import report_mapping, warnings_beside
from relgraph.cli.wrong_use import WrongUse
from relgraph.errors import ImportRefused
from relgraph.records.imports.load import import_records
from relgraph.records.imports.profiles.known import profile as read_profile
from relgraph.records.problems import grouped
from relgraph.records.tables.conventions import Conventions
from relgraph.words import say as sentence

FEW_COLLECTIONS = (50_000, 20, 20)
"""Thresholds at which an import looks for garbage. Its rows are none, and they are many: to look
through them at the usual ones is nearly half of the work of comparing them."""


def import_(
    path: Annotated[Path, typer.Argument()],
    database: DatabaseOption = None,
    dry_run: DryRunOption = False,
    clear_blanks: Annotated[bool, typer.Option("--clear-blanks")] = False,
    go_on: Annotated[bool, typer.Option("--continue")] = False,
    roll_back: Annotated[bool, typer.Option("--roll-back", "--take-back")] = False,
    profile: Annotated[str | None, typer.Option("--profile")] = None,
    encoding: EncodingOption = None,
    decimal: DecimalOption = None,
    lang: LangOption = None,
    problems_file: ProblemsOption = None,
    json: JsonOption = False,
) -> None:
    """Import records: everything is checked first; all or nothing is written.

    $ relgraph import records/
    $ relgraph import book.xlsx --dry-run
    $ relgraph import export/ --profile salesforce --dry-run
    """
    reader = language(lang)
    if go_on and roll_back:
        raise WrongUse("continue_or_roll_back")
    resume: Literal["continue", "roll_back"] | None = None
    resume = "continue" if go_on else "roll_back" if roll_back else None
    mapped_by = None if profile is None else read_profile(profile)
    gc.set_threshold(*FEW_COLLECTIONS)
    try:
        with access_to(database, reader) as access, progress(reader) as report:
            result = import_records(
                access,
                path,
                dry_run=dry_run,
                clear_blanks=clear_blanks,
                progress=report,
                resume=resume,
                profile=mapped_by,
                conventions=Conventions.named(encoding, decimal),
            )
    except ImportRefused as error:
        write_problems(problems_file, error.problems, [], reader)
        if json:
            problems = [problem.to_dict() for problem in error.problems]
            groups = [group.to_dict() for group in grouped(error.problems)]
            say_json(
                {"code": error.code, "message": error.text(reader)}
                | {"problems": problems, "groups": groups}
                | ({} if error.mapping is None else {"mapping": error.mapping.to_dict()})
            )
            raise typer.Exit(1) from None
        if error.mapping is not None:
            report_mapping(error.mapping, reader)
        problem_report(error.problems, reader)
        complain_of(error, reader)
        raise typer.Exit(1) from None
    write_problems(problems_file, [], result.warnings, reader)
    if json:
        say_json(
            {
                "source": result.source,
                "dry_run": result.dry_run,
                "counts": {name: asdict(counts) for name, counts in result.counts.items()},
                "warnings": [warning.to_dict() for warning in result.warnings],
                "groups": [group.to_dict() for group in grouped(result.warnings)],
                "change_set": result.change_set,
                "past": result.past,
                "seconds": round(result.seconds, 3),
            }
            | ({} if result.mapping is None else {"mapping": result.mapping.to_dict()})
        )
        return
    if result.mapping is not None:
        report_mapping(result.mapping, reader)
    problem_report(warnings_beside(result.warnings, result.mapping), reader, label="warning")
    if resume == "roll_back":
        say(sentence(reader, "command.rolled_back", source=result.source))
        return
    for name, counts in result.counts.items():
        say(counts_line(name, counts, reader))
    if result.past and not dry_run:
        say(sentence(reader, "command.past"))
    if dry_run:
        say(sentence(reader, "command.dry_run"))
    elif result.change_set:
        values = {"seconds": f"{result.seconds:.1f}", "change": result.change_set}
        say(sentence(reader, "command.done_noted", **values))
    else:
        say(sentence(reader, "command.done", seconds=f"{result.seconds:.1f}"))
