"""The command `relgraph activities`: counts of contacts from calendars and mail."""

from __future__ import annotations

import warnings
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from relgraph.cli.access import access_to
from relgraph.cli.options import (
    DatabaseOption,
    DryRunOption,
    JsonOption,
    LangOption,
    language,
)
from relgraph.cli.output import note, progress, say, say_json
from relgraph.cli.problems import counts_line, report
from relgraph.cli.wrong_use import WrongUse
from relgraph.records.activities.collect import collect
from relgraph.words import say as sentence

YEARS = timedelta(days=365 * 5)
"""How far back is read unless --since says otherwise: older contacts weigh nothing any more."""


def activities(
    paths: Annotated[list[Path], typer.Argument()],
    database: DatabaseOption = None,
    dry_run: DryRunOption = False,
    aliases: Annotated[Path | None, typer.Option("--aliases", metavar="FILE")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="YYYY-MM-DD")] = None,
    timezone: Annotated[str, typer.Option("--timezone", metavar="ZONE")] = "UTC",
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """Count contacts from calendars and mail: who, when, which way, answered; never what was said.

    $ relgraph activities calendar.ics Sent.mbox
    $ relgraph activities exports/ --dry-run
    """
    zone, begin, reader = _zone(timezone), _day(since), language(lang)
    with (
        access_to(database, reader) as access,
        progress(reader) as reported,
        warnings.catch_warnings(action="ignore"),  # libraries' mean nothing to who reads mail
    ):
        collected = collect(
            access,
            paths,
            since=begin or access.now - YEARS,
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
        raise WrongUse("timezone", "--timezone") from None


def _day(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise WrongUse("since", "--since", value=text) from None
