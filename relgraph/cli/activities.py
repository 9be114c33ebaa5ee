"""The command `relgraph activities`: counts of contacts from calendars and mail."""

from __future__ import annotations

import warnings
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from relgraph.cli.options import DatabaseOption, JsonOption, LangOption, access_to, language
from relgraph.cli.output import note, progress, say, say_json
from relgraph.cli.problems import counts_line, report
from relgraph.words import say as sentence

YEARS = timedelta(days=365 * 5)
"""How far back is read unless --since says otherwise: older contacts weigh nothing any more."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("activities")(activities)


def activities(
    paths: Annotated[
        list[Path], typer.Argument(help=".ics, .mbox or .eml files, or folders of them.")
    ],
    database: DatabaseOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and compare, write nothing.")
    ] = False,
    aliases: Annotated[
        Path | None,
        typer.Option(
            "--aliases", help="CSV file: address, member_id, stakeholder_id; no id ignores it."
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="From this day on; else five years."),
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", help="Of times without one, such as Asia/Shanghai.")
    ] = "UTC",
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """Count contacts from calendars and mail: who, when, which way, answered; never what was said.

    People are found by their e-mail addresses. It is safe to run twice.

    Examples: [bold]relgraph activities calendar.ics Sent.mbox[/bold] ·
    [bold]relgraph activities exports/ --dry-run[/bold]
    """
    from relgraph.records.activities.collect import collect

    zone, reader = _zone(timezone), language(lang)
    with (
        access_to(database) as access,
        progress() as reported,
        warnings.catch_warnings(action="ignore"),  # libraries' mean nothing to who reads mail
    ):
        collected = collect(
            access,
            paths,
            since=since.replace(tzinfo=UTC) if since else access.now - YEARS,
            zone=zone,
            aliases=aliases,
            dry_run=dry_run,
            progress=reported,
        )
    failed = bool(collected.problems) and not collected.messages
    if json:
        problems = [problem.to_dict() for problem in collected.problems]
        say_json(asdict(collected) | {"problems": problems})
        raise typer.Exit(1 if failed else 0)
    report(collected.problems, reader, label="warning")
    for address, ids in collected.shared.items():
        note(sentence(reader, "command.shared_address", address=address, ids=", ".join(ids)))
    counts = {"files": f"{collected.files:,}", "messages": f"{collected.messages:,}"}
    say(sentence(reader, "command.messages", **counts))
    say(counts_line("activities", collected.counts, reader))
    for reason, count in collected.left_out.items():
        say(sentence(reader, f"passed_over.{reason}", count=f"{count:,}"))
    for assumption, count in collected.assumed.items():
        say(sentence(reader, f"assumed.{assumption}", count=f"{count:,}"))
    if collected.unmatched:
        total = f"{sum(collected.unmatched.values()):,}"
        domains = ", ".join(f"{domain} {count:,}" for domain, count in collected.unmatched.items())
        say(sentence(reader, "command.unmatched", count=total, domains=domains))
    if collected.change_set:
        say(sentence(reader, "command.noted", change=collected.change_set))
    if dry_run:
        say(sentence(reader, "command.dry_run"))
    if failed:
        raise typer.Exit(1)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(
            "name a zone such as Asia/Shanghai", param_hint="--timezone"
        ) from None
