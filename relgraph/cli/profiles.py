"""Commands on the profiles by which other systems' exports are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relgraph.cli.options import DecimalOption, EncodingOption
from relgraph.cli.output import lines, say
from relgraph.errors import RelgraphError

if TYPE_CHECKING:
    from relgraph.records.imports.profiles.report import Mapping

_commands = typer.Typer(
    help="How exports of Salesforce, HubSpot and other systems are read.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(_commands, name="profile")


@_commands.command("list")
def list_() -> None:
    """The systems whose exports are known."""
    from relgraph.records.imports.profiles.known import names, profile

    for name in names():
        listed = profile(name)
        say(f"{name}: {listed.title}, {listed.about}")


@_commands.command()
def show(name: Annotated[str, typer.Argument(help="Name of a profile.")]) -> None:
    """Print a profile, to copy and change.

    Example: [bold]relgraph profile show salesforce > ours.toml[/bold]
    """
    from relgraph.records.imports.profiles.known import text_of

    say(text_of(name).rstrip("\n"))


@_commands.command()
def new(
    export: Annotated[Path, typer.Argument(help="A folder of CSV files, or one of them.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write.")] = None,
    encoding: EncodingOption = None,
) -> None:
    """Begin a profile for an export that none of them knows.

    Example: [bold]relgraph profile new export/ --out ours.toml[/bold]
    """
    from relgraph.records.imports.profiles.draft import draft
    from relgraph.records.tables.conventions import Conventions

    text = draft(export, Conventions.named(encoding, None))
    if out is None:
        say(text.rstrip("\n"))
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise RelgraphError(
            f"{out} cannot be written: {error.strerror}.", remedy="Name a new file."
        ) from None
    say(f"Written: {out}. Complete it, then: relgraph profile check {out} {export}")


@_commands.command()
def check(
    profile: Annotated[str, typer.Argument(help="Name of a profile, or a .toml file.")],
    export: Annotated[
        Path | None, typer.Argument(help="An export, to see what becomes of it.")
    ] = None,
    encoding: EncodingOption = None,
    decimal: DecimalOption = None,
) -> None:
    """Check a profile, and with an export what would become of it; no database is needed."""
    from relgraph.records.imports.check import check as check_rows
    from relgraph.records.imports.profiles.apply import apply_profile
    from relgraph.records.imports.profiles.known import profile as read
    from relgraph.records.tables.conventions import Conventions

    loaded = read(profile)
    conventions = Conventions.named(encoding, decimal)
    if export is None:
        say(f"{loaded.title}: {len(loaded.files)} files are known. Nothing is wrong.")
        return
    source, mapping = apply_profile(export, loaded, lambda _table, ids: ids, conventions)
    records = check_rows(source)
    lines(mapping_report(mapping))
    mentioned = mapping.warnings()
    lines([f"warning: {each}" for each in sorted(records.warnings) if each not in mentioned])
    lines([f"problem: {problem}" for problem in sorted(records.problems)])
    if records.problems:
        raise typer.Exit(1)


def mapping_report(mapping: Mapping) -> list[str]:
    """What became of an export: what was left out and why, and then file by file each column."""
    report = [f"left out: {entry}" for entry in mapping.warnings()]
    if summary := mapping.summary():
        report.append(str(summary))
    report.append(f"{mapping.profile}:")
    for file in mapping.files:
        tables = ", ".join(f"{count:,} {table}" for table, count in file.tables.items())
        report.append(f"{file.file}: {file.rows:,} rows, {tables or 'nothing'}")
        used = [column for column in file.columns if column.becomes]
        report += [
            f"  {column.column} → {', '.join(column.becomes)} ({column.filled:,} filled)"
            for column in used
            if column.becomes != ["—"]
        ]
        report += [
            f"  left over: {column.column} ({column.filled:,} filled, such as “{column.example}”)"
            for column in file.left_over
        ]
        passed = [column.column for column in used if column.becomes == ["—"]]
        if passed:
            report.append(f"  not needed: {', '.join(passed)}")
        if file.unfilled:
            report.append(f"  no column for: {', '.join(file.unfilled)}")
    if mapping.unused:
        report.append(f"not used: {', '.join(mapping.unused)}")
    return report
