"""The command `relgraph map`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from relgraph.cli.access import access_to
from relgraph.cli.options import DatabaseOption, LangOption, language
from relgraph.cli.output import note, say
from relgraph.cli.wrong_use import WrongUse
from relgraph.errors import MapRefused, because
from relgraph.insight.evaluation import Evaluation
from relgraph.records.reads.account import read_account
from relgraph.viz.build import build_map
from relgraph.viz.html import to_html
from relgraph.viz.svg import to_svg
from relgraph.viz.tokens import Theme
from relgraph.words import reason
from relgraph.words import say as sentence


def map_(
    customer: Annotated[str, typer.Argument()],
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")] = None,
    deal: Annotated[str | None, typer.Option("--deal")] = None,
    lang: LangOption = None,
    theme: Annotated[str, typer.Option("--theme")] = "light",
    database: DatabaseOption = None,
) -> None:
    """Write a customer's map as one offline HTML file, or as SVG.

    $ relgraph map northwind
    $ relgraph map huading -o map.svg
    """
    reader = language(lang)
    if theme not in ("light", "dark"):
        raise WrongUse("theme", "--theme")
    file = output or Path(f"{customer.replace('/', '_')}.html")
    if file.suffix.lower() not in {".html", ".svg"}:
        raise WrongUse("map_file", "--output")
    with access_to(database, reader) as access:
        account = read_account(access, customer)
    document = build_map(Evaluation(account, deal, access.now), reader)
    is_svg = file.suffix.lower() == ".svg"
    text = to_svg(document, cast(Theme, theme)) if is_svg else to_html(document)
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise MapRefused(because("file_unwritable", file=file, reason=reason(error))) from None
    size = f"{len(text.encode()) / 1000:.0f}"
    note(sentence(reader, "command.map", count=f"{len(document.cards):,}", size=size))
    say(str(file))
