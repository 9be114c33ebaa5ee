"""How commands report what is wrong with records: grouped, in either language, or as a file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from relgraph.cli.output import lines, note
from relgraph.errors import RelgraphError, because
from relgraph.records.problems import Problem, ProblemGroup, grouped
from relgraph.records.writes.plan import Counts
from relgraph.schema.vocabulary import Lang
from relgraph.words import reason
from relgraph.words import say as sentence

EACH = 3
"""Problems of a group that are printed one by one; of more the first and the next places."""
_COLUMNS = ("kind", "file", "line", "column", "value", "code", "wrong", "right")


def counts_line(name: str, counts: Counts, lang: Lang) -> str:
    """How many rows of a table were new, changed and as before."""
    values = {part: f"{number:,}" for part, number in asdict(counts).items()}
    return sentence(lang, "command.counts", name=name, **values)


def report(problems: Sequence[Problem], lang: Lang = "en", *, label: str = "") -> None:
    """Print problems; many of one fault as the first of them, their number and the next places.

    `label` is the kind that stands before each: "warning", "problem" or nothing.
    """
    before = f"{sentence(lang, f'report.{label}')}: " if label else ""
    printed: list[str] = []
    for group in grouped(problems):
        if group.count <= EACH:
            printed += [before + problem.sentence(lang) for problem in group.problems]
        else:
            printed += [before + group.first.sentence(lang), _rest(group, lang)]
    lines(printed, lang)


def _rest(group: ProblemGroup, lang: Lang) -> str:
    places = [
        f"{each.line} “{each.value}”" if each.value else str(each.line) for each in group.places[1:]
    ]
    more = " …" if group.count > len(group.places) else ""
    count = f"{group.count - 1:,}"
    return "  " + sentence(lang, "report.more", count=count, places=", ".join(places) + more)


def write_problems(
    file: Path | None, problems: Sequence[Problem], warnings: Sequence[Problem], lang: Lang
) -> None:
    """Write each of them as a row of a CSV file, if one is named.

    Raises RelgraphError if the file cannot be written, or holds something else.
    """
    if file is None:
        return
    try:
        if file.exists():
            with file.open(encoding="utf-8-sig", newline="", errors="replace") as before:
                if next(csv.reader(before), []) != list(_COLUMNS):
                    raise RelgraphError(because("no_problems_file", file=file))
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(_COLUMNS)
            for kind, items in (("problem", problems), ("warning", warnings)):
                for each in items:
                    wrong, right = each.sentences(lang)
                    place = (each.file, each.line or "", each.column, each.value)
                    writer.writerow((kind, *place, each.code, wrong, right))
    except (OSError, csv.Error) as error:
        raise RelgraphError(because("file_unwritable", file=file, reason=reason(error))) from None
    note(sentence(lang, "report.written", file=str(file)))
