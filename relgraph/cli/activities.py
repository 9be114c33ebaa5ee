"""The command `relgraph activities`: counts of contacts from calendars and mail."""

from __future__ import annotations

import warnings
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from relgraph.cli.options import DatabaseOption, JsonOption, access_to
from relgraph.cli.output import lines, progress, say, say_json

YEARS = timedelta(days=365 * 5)
"""How far back is read unless --since says otherwise: older contacts weigh nothing any more."""

REASONS = {
    "answer": "answers to invitations",
    "automatic": "automatic messages",
    "before": "before the time that is read",
    "cancelled": "cancelled meetings",
    "crowd": "more people than anybody meets in person",
    "declined": "declined attendances",
    "future": "still to come",
    "list": "mailing lists and newsletters",
    "one_sided": "without one of ours and one of theirs",
    "repeated": "read already in another place",
}

ASSUMPTIONS = {
    "floating": "times without a zone, read in the calendar's or --timezone",
    "no_uid": "entries without UID, known by their time and people",
    "unknown_zone": "times of a zone that nobody knows, read in the calendar's or --timezone",
}


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
    json: JsonOption = False,
) -> None:
    """Count contacts from calendars and mail: who, when, which way, answered; never what was said.

    People are found by their e-mail addresses. It is safe to run twice.

    Examples: [bold]relgraph activities calendar.ics Sent.mbox[/bold] ·
    [bold]relgraph activities exports/ --dry-run[/bold]
    """
    from relgraph.records.activities.collect import collect

    zone = _zone(timezone)
    with (
        access_to(database) as access,
        progress() as report,
        warnings.catch_warnings(action="ignore"),  # libraries' mean nothing to who reads mail
    ):
        collected = collect(
            access,
            paths,
            since=since.replace(tzinfo=UTC) if since else access.now - YEARS,
            zone=zone,
            aliases=aliases,
            dry_run=dry_run,
            progress=report,
        )
    failed = bool(collected.problems) and not collected.messages
    if json:
        problems = [problem.to_dict() for problem in collected.problems]
        say_json(asdict(collected) | {"problems": problems})
        raise typer.Exit(1 if failed else 0)
    lines([f"warning: {problem}" for problem in collected.problems])
    for address, ids in collected.shared.items():
        lines([f"warning: {address} belongs to {', '.join(ids)}; name one in the aliases"])
    say(f"{collected.files:,} files, {collected.messages:,} messages and calendar entries")
    counts = collected.counts
    say(
        f"activities: {counts.created:,} new, {counts.changed:,} changed, "
        f"{counts.unchanged:,} unchanged"
    )
    for reason, count in collected.left_out.items():
        say(f"left out: {count:,} {REASONS[reason]}")
    for assumption, count in collected.assumed.items():
        say(f"assumed: {count:,} {ASSUMPTIONS[assumption]}")
    if collected.unmatched:
        total = sum(collected.unmatched.values())
        domains = ", ".join(f"{domain} {count:,}" for domain, count in collected.unmatched.items())
        say(f"not matched: {total:,} addresses, by domain: {domains}")
    if collected.change_set:
        say(f"Noted as {collected.change_set}.")
    if dry_run:
        say("Nothing was written (dry run).")
    if failed:
        raise typer.Exit(1)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(
            "name a zone such as Asia/Shanghai", param_hint="--timezone"
        ) from None
