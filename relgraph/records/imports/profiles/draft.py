"""Begins a profile for an export that no profile knows: what its columns' names suggest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from relgraph.records.imports.profiles.exports import Export, read_sheets
from relgraph.records.imports.profiles.headers import plain
from relgraph.records.imports.profiles.known import profiles_for
from relgraph.records.tables.conventions import UNSAID, Conventions
from relgraph.schema.kind import Kind
from relgraph.schema.kinds import STAKEHOLDER, kind_of
from relgraph.schema.vocabulary import Lang
from relgraph.words import say

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
    "name": ("name", "fullname", "{kind}name", "{other}name", "displayname", "fn", "title"),
    "customer_id": ("customerid", "accountid", "companyid", "organisationid", "clientid"),
    "title": ("jobtitle", "organizationtitle", "organization1title", "title", "position", "职务"),
    "email": ("email", "emailaddress", "email1value", "mail", "电子邮件地址", "电子邮件"),
    "phone": (
        "phone", "phonenumber", "businessphone", "phone1value", "telephone", "mobile",
        "mobilephone", "tel", "商务电话", "电话",
    ),
    "industry": ("industry", "sector"),
    "region": ("country", "region", "countryregion", "state"),
    "manager_id": ("managerid", "reportstoid", "reportsto", "manager", "managersname"),
    "owner_id": ("ownerid", "owner", "salesid"),
    "stage": ("stage", "dealstage", "stagename", "status"),
    "amount": ("amount", "value", "revenue"),
    "currency": ("currency", "currencyisocode"),
    "close_date": ("closedate", "expectedclose", "enddate"),
    "list_price": ("price", "unitprice", "listprice"),
    "url": ("url", "link"),
}  # fmt: skip
_GIVEN = ("firstname", "givenname", "given", "vorname", "名", "名字")
_FAMILY = ("lastname", "familyname", "surname", "family", "nachname", "姓", "姓氏")
_COMPANY = (
    "company", "companyname", "accountname", "organization", "organizationname",
    "organization1name", "organisation", "org", "firma", "employer", "associatedcompany", "单位",
    "公司", "公司名称",
)  # fmt: skip
"""What parts of a name, and companies without ids, are called."""


def draft(path: Path, conventions: Conventions = UNSAID, lang: Lang = "en") -> str:
    """The text of a profile for a folder of CSV files or one of them, with comments in `lang`.

    Whatever no name suggests stands in a comment beside it, to be filled in by hand. Raises
    ImportRefused if one of the files cannot be read.
    """
    sheets = read_sheets(path, conventions)
    lines = [
        *(f"# {say(lang, 'draft.known', name=name)}" for name in profiles_for(path, conventions)),
        *(f"# {line}" for line in say(lang, "draft.head").splitlines()),
        f'title = "{path.stem}"',
        f'system = "{plain(path.stem) or "other"}"',
        "blanks = []",
        f"dates = []  # {say(lang, 'draft.dates')}",
    ]
    for sheet in sheets:
        lines += ["", *_file(sheet, lang)]
    return "\n".join(lines) + "\n"


def _file(sheet: Export, lang: Lang) -> list[str]:
    table = _table(sheet)
    sources = _guessed(table, sheet.header)
    lines = ["[[file]]", f"names = [{_quoted(sheet.name)}]"]
    company = _column(sheet.header, _COMPANY)
    by_name = "customer_id" in table.required and "customer_id" not in sources and company
    used = {column for columns in sources.values() for column in columns}
    used |= {company} if by_name and company else set()
    needs = list(dict.fromkeys(c for columns in sources.values() for c in columns))[:3]
    lines += [f"needs = [{', '.join(map(_quoted, needs or sheet.header[:3]))}]", ""]
    if by_name and company:
        lines += _companies(company)
    lines += ["[[file.rows]]", f'table = "{table.plural}"', "[file.rows.columns]"]
    for column in table.columns:
        if column in sources:
            lines.append(f"{column} = {_cell(table, column, sources[column])}")
        elif column == "id":
            lines.append(f"id = {_made_id(sources)}")
        elif column == "customer_id" and by_name and company:
            lines.append(f"customer_id.slug = [{_quoted(company)}]")
        elif column in table.required:
            lines.append(f'# {column} = ""  # {say(lang, "draft.needed")}')
    if rest := [column for column in sheet.header if column not in used]:
        lines += [f"# {say(lang, 'draft.unused')}", *(f"#   {column}" for column in rest)]
    return lines


def _companies(company: str) -> list[str]:
    """Companies that are only named."""
    return [
        "[[file.rows]]",
        'table = "customers"',
        f"unless_blank = [{_quoted(company)}]",
        "distinct = true",
        "[file.rows.columns]",
        f"id.slug = [{_quoted(company)}]",
        f"name = {_quoted(company)}",
        "",
    ]


def _cell(table: Kind, column: str, columns: list[str]) -> str:
    if len(columns) > 1:
        return f"{{ join = [{', '.join(map(_quoted, columns))}] }}"
    more = ", date = true" if column.endswith("_date") else ""
    more += ', find = ["id", "name"]' if column in table.refs else ""
    source = _quoted(columns[0])
    return f"{{ from = {source}{more} }}" if more else source


def _made_id(sources: dict[str, list[str]]) -> str:
    """An id for rows without one: of the address of mail, else the row's number."""
    if "email" not in sources:
        return "{ numbered = true }"
    return f"{{ slug = [{_quoted(sources['email'][0])}], otherwise = {{ numbered = true }} }}"


def _table(sheet: Export) -> Kind:
    name = sheet.name.lower()
    for table, words in _TABLES:
        if any(word in name for word in words):
            return kind_of(table)
    return STAKEHOLDER


def _guessed(table: Kind, header: list[str]) -> dict[str, list[str]]:
    """Columns of the export for ours; several that belong together for a name in parts."""
    sources: dict[str, list[str]] = {}
    given, family = _column(header, _GIVEN), _column(header, _FAMILY)
    if "name" in table.columns and given and family:
        sources["name"] = [given, family]
    for column in table.columns:
        guesses = _GUESSES.get(column, (column.replace("_", ""),))
        named = [guess.format(kind=table.name, other=_OTHER[table.plural]) for guess in guesses]
        used = {source for columns in sources.values() for source in columns}
        free = [name for name in header if name not in used]
        source = None if column in sources else _column(free, named)
        if source is not None:
            sources[column] = [source]
    return sources


def _column(header: list[str], names: Iterable[str]) -> str | None:
    """The first column that is called so."""
    by_name = {plain(column): column for column in reversed(header)}
    return next((by_name[name] for name in names if name in by_name), None)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
