"""Begins a profile for an export that no profile knows: what its columns' names suggest."""

from __future__ import annotations

import re
from pathlib import Path

from relgraph.records.imports.profiles.exports import Export, read_sheets
from relgraph.records.tables.conventions import UNSAID, Conventions
from relgraph.schema.kind import Kind
from relgraph.schema.kinds import STAKEHOLDER, kind_of

_TABLES = (
    ("members", ("user", "employee", "owner", "sales", "member")),
    ("customers", ("account", "compan", "customer", "organi", "client", "supplier")),
    ("deals", ("deal", "opportunit", "project")),
    ("offerings", ("product", "offering", "service")),
    ("stakeholders", ("contact", "person", "people", "stakeholder", "lead")),
)
"""Words in a file's name that tell its table."""
_OTHER = {
    "customers": "company",
    "deals": "opportunity",
    "stakeholders": "contact",
    "members": "user",
    "offerings": "product",
}
"""What other systems call one of them."""
_GUESSES: dict[str, tuple[str, ...]] = {
    "id": ("id", "recordid", "{kind}id", "{other}id", "key", "code", "number", "no"),
    "name": ("name", "fullname", "{kind}name", "{other}name", "title"),
    "customer_id": ("customerid", "accountid", "companyid", "organisationid", "clientid"),
    "title": ("jobtitle", "title", "position"),
    "email": ("email", "emailaddress", "mail"),
    "phone": ("phone", "phonenumber", "telephone", "mobile"),
    "industry": ("industry", "sector"),
    "region": ("country", "region", "countryregion", "state"),
    "manager_id": ("managerid", "reportstoid", "reportsto", "manager"),
    "owner_id": ("ownerid", "owner", "salesid"),
    "stage": ("stage", "dealstage", "stagename", "status"),
    "amount": ("amount", "value", "revenue"),
    "currency": ("currency", "currencyisocode"),
    "close_date": ("closedate", "expectedclose", "enddate"),
    "list_price": ("price", "unitprice", "listprice"),
    "url": ("url", "link"),
}


def draft(path: Path, conventions: Conventions = UNSAID) -> str:
    """The text of a profile for a folder of CSV files or one of them.

    Whatever no name suggests stands in a comment beside it, to be filled in by hand. Raises
    ImportRefused if one of the files cannot be read.
    """
    sheets = read_sheets(path, conventions)
    lines = [
        "# Which columns of the export become which of ours; `relgraph profile check` says what is",
        "# still missing. docs/crm-imports.md describes the file.",
        f'title = "{path.stem}"',
        f'system = "{_plain(path.stem) or "other"}"',
        "blanks = []",
        'dates = []  # such as "%d/%m/%Y", if days are not written as 2026-11-24',
    ]
    for sheet in sheets:
        lines += ["", *_file(sheet)]
    return "\n".join(lines) + "\n"


def _file(sheet: Export) -> list[str]:
    table = _table(sheet.name)
    guessed = _guessed(table, sheet.header)
    used = set(guessed.values())
    rest = [column for column in sheet.header if column not in used]
    needs = list(guessed.values())[:3] or sheet.header[:3]
    lines = [
        "[[file]]",
        f"names = [{_quoted(sheet.name)}]",
        f"needs = [{', '.join(map(_quoted, needs))}]",
        "",
        "[[file.rows]]",
        f'table = "{table.plural}"',
        "[file.rows.columns]",
    ]
    for column in table.columns:
        if column in guessed:
            date = column.endswith("_date")
            find = column in table.refs
            more = (", date = true" if date else "") + (', find = ["id", "name"]' if find else "")
            source = _quoted(guessed[column])
            source = f"{{ from = {source}{more} }}" if more else source
            lines.append(f"{column} = {source}")
        elif column in table.required:
            lines.append(f'# {column} = ""  # needed: name the column that says it')
    if rest:
        lines += ["# Not used yet:", *(f"#   {column}" for column in rest)]
    return lines


def _table(file: str) -> Kind:
    name = file.lower()
    for table, words in _TABLES:
        if any(word in name for word in words):
            return kind_of(table)
    return STAKEHOLDER


def _guessed(table: Kind, header: list[str]) -> dict[str, str]:
    plain = {_plain(column): column for column in reversed(header)}
    sources: dict[str, str] = {}
    for column in table.columns:
        for guess in _GUESSES.get(column, (column.replace("_", ""),)):
            source = plain.get(guess.format(kind=table.name, other=_OTHER[table.plural]))
            if source is not None and source not in sources.values():
                sources[column] = source
                break
    return sources


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
