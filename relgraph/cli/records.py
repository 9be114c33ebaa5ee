"""Commands on records: import, export, template, check, map."""

from __future__ import annotations

import gc
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from relgraph.cli.options import (
    DatabaseOption,
    DecimalOption,
    EncodingOption,
    JsonOption,
    LangOption,
    access_to,
    language,
)
from relgraph.cli.output import complain_of, note, progress, say, say_json
from relgraph.cli.problems import ProblemsOption, counts_line, write_problems
from relgraph.cli.problems import report as problem_report
from relgraph.errors import ImportRefused, MapRefused
from relgraph.words import say as sentence

FEW_COLLECTIONS = (50_000, 20, 20)
"""Thresholds at which an import looks for garbage. Its rows are none, and they are many: to look
through them at the usual ones is nearly half of the work of comparing them."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)
    app.command("export")(export)
    app.command("template")(template)
    app.command("check")(check)
    app.command("reindex")(reindex)
    app.command("undo")(undo)
    app.command("map")(map_)


def import_(
    path: Annotated[Path, typer.Argument(help="A folder of CSV files, or an .xlsx workbook.")],
    database: DatabaseOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and compare, write nothing.")
    ] = False,
    clear_blanks: Annotated[
        bool, typer.Option("--clear-blanks", help="A blank cell clears the stored value.")
    ] = False,
    go_on: Annotated[
        bool, typer.Option("--continue", help="Finish an import that was interrupted.")
    ] = False,
    roll_back: Annotated[
        bool,
        typer.Option("--roll-back", "--take-back", help="Undo an import that was interrupted."),
    ] = False,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", help="The path is an export of another system: a name or a .toml file."
        ),
    ] = None,
    encoding: EncodingOption = None,
    decimal: DecimalOption = None,
    lang: LangOption = None,
    problems_file: ProblemsOption = None,
    json: JsonOption = False,
) -> None:
    """Import records: everything is checked first; all or nothing is written.

    Rows with the same ids update; nothing is ever deleted; it is safe to run twice.

    Of many problems of one kind the first are printed; --problems FILE writes each with its place.

    Examples: [bold]relgraph import records/[/bold] ·
    [bold]relgraph import book.xlsx --dry-run[/bold] ·
    [bold]relgraph import export/ --profile salesforce --dry-run[/bold]
    """
    from relgraph.cli.profiles import report_mapping, warnings_beside
    from relgraph.records.imports.load import import_records
    from relgraph.records.imports.profiles.known import profile as read_profile
    from relgraph.records.problems import grouped
    from relgraph.records.tables.conventions import Conventions

    reader = language(lang)
    if go_on and roll_back:
        raise typer.BadParameter("choose one of --continue and --roll-back")
    resume: Literal["continue", "roll_back"] | None = None
    resume = "continue" if go_on else "roll_back" if roll_back else None
    mapped_by = None if profile is None else read_profile(profile)
    gc.set_threshold(*FEW_COLLECTIONS)
    try:
        with access_to(database) as access, progress() as report:
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
                {"code": error.code, "message": str(error), "problems": problems, "groups": groups}
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


def export(
    target: Annotated[Path, typer.Argument(help="A folder, or a file that ends in .xlsx.")],
    database: DatabaseOption = None,
    for_: Annotated[
        str,
        typer.Option(
            "--for",
            help="programs, or spreadsheet: text that would run as a formula there is guarded "
            "by an apostrophe, which import takes away again.",
        ),
    ] = "programs",
    lang: LangOption = None,
) -> None:
    """Export all records in the import format.

    Examples: [bold]relgraph export backup/[/bold] ·
    [bold]relgraph export for-excel/ --for spreadsheet[/bold]
    """
    if for_ not in ("programs", "spreadsheet"):
        raise typer.BadParameter("--for takes programs or spreadsheet")
    program = cast('Literal["programs", "spreadsheet"]', for_)
    reader = language(lang)
    from relgraph.records.exports.export import export_records

    with access_to(database) as access, progress() as report:
        done = export_records(access, target, progress=report, reader=program)
    for name, count in done.counts.items():
        say(sentence(reader, "command.count", name=name, count=f"{count:,}"))
    if done.notes:
        say(sentence(reader, "command.notes", count=f"{done.notes:,}"))
    if done.overtaken:
        note(sentence(reader, "command.overtaken"))
    say(sentence(reader, "command.written", target=str(target)))


def template(
    target: Annotated[Path, typer.Argument(help="A new folder.")],
) -> None:
    """Write the import format as empty CSV files with an explanation of every column.

    Example: [bold]relgraph template records/[/bold]
    """
    from relgraph.records.tables.template import write_template

    for file in write_template(target):
        say(str(file))


def check(
    database: DatabaseOption = None, lang: LangOption = None, json: JsonOption = False
) -> None:
    """Look the database over; exit code 1 if something cannot be right.

    Example: [bold]relgraph check --database neo4j://graph:7687[/bold]
    """
    from relgraph.records.diagnostics import diagnose

    reader = language(lang)
    with access_to(database, migrated=False) as access:
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


def undo(
    change: Annotated[str, typer.Argument(help="change_set of a write, as the change log says.")],
    why: Annotated[str | None, typer.Option("--note", help="Why, for the change log.")] = None,
    database: DatabaseOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """Undo a write, batch or import of any size.

    Refused, before anything is written, if something of it has been changed, removed or built
    upon since. Run it again if it was interrupted; what was undone can be undone, too.

    Example: [bold]relgraph undo change-0a1b2c3d4e5f6071[/bold]
    """
    from relgraph.records.writes.undo_parts import undo_write

    reader = language(lang)
    with access_to(database) as access, progress() as report:
        done = undo_write(access, change, note=why, progress=report)
    if json:
        say_json(asdict(done))
    else:
        values = {"count": f"{done.size:,}", "change": str(done.change_set)}
        say(sentence(reader, "command.undone", **values))


def reindex(database: DatabaseOption = None, lang: LangOption = None) -> None:
    """Compare the index of search and the ids of other systems with all records and mend them.

    Needed only if `relgraph check` says so: an upgrade does it at the first start. May
    be run while others read and write, and again after it was stopped.

    Example: [bold]relgraph reindex[/bold]
    """
    from relgraph.records.reindex import rebuild

    reader = language(lang)
    with access_to(database) as access, progress() as report:
        count = rebuild(access, progress=report)
    say(sentence(reader, "command.indexed", count=f"{count:,}"))


def map_(
    customer: Annotated[str, typer.Argument(help="Id of the customer.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write: .html or .svg; else CUSTOMER.html."),
    ] = None,
    deal: Annotated[str | None, typer.Option("--deal", help="Id of one of its deals.")] = None,
    lang: LangOption = None,
    theme: Annotated[str, typer.Option("--theme", help="Colours of an SVG: light or dark.")] = (
        "light"
    ),
    database: DatabaseOption = None,
) -> None:
    """Write a customer's map as one offline HTML file, or as SVG.

    Examples: [bold]relgraph map northwind[/bold] · [bold]relgraph map huading -o map.svg[/bold]
    """
    from relgraph.insight.evaluation import Evaluation
    from relgraph.records.reads.account import read_account
    from relgraph.viz.build import build_map
    from relgraph.viz.html import to_html
    from relgraph.viz.svg import to_svg
    from relgraph.viz.tokens import Theme

    reader = language(lang)
    if theme not in ("light", "dark"):
        raise typer.BadParameter("use light or dark", param_hint="--theme")
    file = output or Path(f"{customer.replace('/', '_')}.html")
    if file.suffix.lower() not in {".html", ".svg"}:
        raise typer.BadParameter("name a file that ends in .html or .svg", param_hint="--output")
    with access_to(database) as access:
        account = read_account(access, customer)
    document = build_map(Evaluation(account, deal, access.now), reader)
    is_svg = file.suffix.lower() == ".svg"
    text = to_svg(document, cast(Theme, theme)) if is_svg else to_html(document)
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise MapRefused(f"{file} cannot be written: {error.strerror}.") from None
    size = f"{len(text.encode()) / 1000:.0f}"
    note(sentence(reader, "command.map", count=f"{len(document.cards):,}", size=size))
    say(str(file))
