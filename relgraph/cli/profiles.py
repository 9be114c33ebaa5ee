"""Commands on the profiles by which other systems' exports are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relgraph.cli.options import (
    DecimalOption,
    EncodingOption,
    LangOption,
    ProblemsOption,
    language,
)
from relgraph.cli.output import lines, say
from relgraph.cli.problems import report, write_problems
from relgraph.errors import RelgraphError, because
from relgraph.records.imports.check import check as check_rows
from relgraph.records.imports.check import count_faults
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.draft import draft
from relgraph.records.imports.profiles.known import names, text_of
from relgraph.records.imports.profiles.known import profile as read
from relgraph.records.problems import Problem
from relgraph.records.tables.conventions import Conventions
from relgraph.schema.vocabulary import Lang
from relgraph.words import reason
from relgraph.words import say as sentence

if TYPE_CHECKING:
    from relgraph.records.imports.profiles.report import Mapping

NameArgument = Annotated[str, typer.Argument()]
ExportArgument = Annotated[Path, typer.Argument()]


def list_(lang: LangOption = None) -> None:
    """Print the systems whose exports are known.

    $ relgraph profile list
    """
    reader = language(lang)
    for name in names():
        listed = read(name)
        values = {"name": name, "title": listed.title, "about": listed.about_in(reader)}
        say(sentence(reader, "command.profile", **values))


def show(name: NameArgument) -> None:
    """Print a profile, to copy and change.

    $ relgraph profile show salesforce > ours.toml
    """
    say(text_of(name).rstrip("\n"))


def new(
    export: ExportArgument,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> None:
    """Begin a profile for an export that none of them knows.

    $ relgraph profile new export/ --out ours.toml
    """
    reader = language(lang)
    text = draft(export, Conventions.named(encoding, None), reader)
    if out is None:
        say(text.rstrip("\n"))
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        why = because("new_file_unwritable", file=out, reason=reason(error))
        raise RelgraphError(why) from None
    say(sentence(reader, "command.profile_begun", file=str(out), export=str(export)))


def check(
    profile: NameArgument,
    export: Annotated[Path | None, typer.Argument()] = None,
    encoding: EncodingOption = None,
    decimal: DecimalOption = None,
    lang: LangOption = None,
    problems_file: ProblemsOption = None,
) -> None:
    """Check a profile, and with an export what would become of it; no database is needed.

    $ relgraph profile check ours.toml export/
    """
    reader = language(lang)
    loaded = read(profile)
    conventions = Conventions.named(encoding, decimal)
    if export is None:
        count = str(len(loaded.files))
        say(sentence(reader, "command.profile_right", title=loaded.title, count=count))
        return
    source, mapping = apply_profile(
        export, loaded, lambda _table, ids: ids, conventions, count_faults=count_faults
    )
    records = check_rows(source)
    write_problems(problems_file, sorted(records.problems), sorted(records.warnings), reader)
    report_mapping(mapping, reader)
    report(warnings_beside(records.warnings, mapping), reader, label="warning")
    report(sorted(records.problems), reader, label="problem")
    if records.problems:
        raise typer.Exit(1)


def warnings_beside(warnings: list[Problem], mapping: Mapping | None) -> list[Problem]:
    """Warnings that the report of what was left out does not hold."""
    mentioned = set() if mapping is None else set(mapping.warnings())
    return sorted(each for each in warnings if each not in mentioned)


def report_mapping(mapping: Mapping, lang: Lang) -> None:
    """Print what became of an export: what was left out and why, then each column by file."""
    summary = mapping.summary()
    report(mapping.warnings(), lang, label="left_out")
    lines([summary.sentence(lang)] if summary else [], lang)
    lines(_columns(mapping, lang), lang)


def _columns(mapping: Mapping, lang: Lang) -> list[str]:
    printed = [f"{mapping.profile}:"]
    for file in mapping.files:
        tables = ", ".join(f"{count:,} {table}" for table, count in file.tables.items())
        tables = tables or sentence(lang, "report.nothing")
        count = f"{file.rows:,}"
        printed.append(sentence(lang, "report.rows", file=file.file, count=count, tables=tables))
        for column in file.columns:
            values = {"column": column.column, "count": f"{column.filled:,}"}
            ours = ", ".join(column.becomes)
            if ours and ours != "—":
                printed.append(sentence(lang, "report.becomes", ours=ours, **values))
        for column in file.left_over:
            values = {"column": column.column, "count": f"{column.filled:,}"}
            printed.append(sentence(lang, "report.left_over", example=column.example, **values))
        passed = [column.column for column in file.columns if column.becomes == ["—"]]
        for key, columns in (("not_needed", passed), ("no_column", file.unfilled)):
            if columns:
                printed.append(sentence(lang, f"report.{key}", columns=", ".join(columns)))
    if mapping.unused:
        printed.append(sentence(lang, "report.not_used", files=", ".join(mapping.unused)))
    return printed
