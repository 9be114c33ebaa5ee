"""What became of an export: its files, their columns, and the rows that were left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field

from relgraph.records.imports.profiles.cells import filled
from relgraph.records.imports.profiles.exports import Export
from relgraph.records.imports.profiles.made import Made, Part
from relgraph.records.imports.profiles.model import File, Profile
from relgraph.records.problems import CellError, Problem, coded_problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.numbers import DecimalSign, as_number
from relgraph.schema.values import Values

FIRST = 5
"""Lines that a report of many rows names."""


@dataclass(slots=True)
class ColumnReport:
    """What became of one column of the export: our columns, or nothing."""

    column: str
    becomes: list[str]
    filled: int
    example: str


@dataclass(slots=True)
class FileReport:
    """What became of one file: how many rows it gave to each table, and its columns.

    `unfilled` are columns of ours for which the file has no column.
    """

    file: str
    rows: int
    tables: dict[str, int] = field(default_factory=dict)
    columns: list[ColumnReport] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)

    @property
    def left_over(self) -> list[ColumnReport]:
        """Columns that hold something and become nothing."""
        return [column for column in self.columns if column.filled and not column.becomes]


@dataclass(slots=True)
class LeftOut:
    """Rows that do not become what they could, for one reason, which `why` names by a code.

    `of` is how many rows there are in all, `lines` are the first ones, and `examples` what some
    of them are called or what they name.
    """

    file: str
    table: str
    why: str
    column: str
    rows: int
    of: int
    lines: list[int]
    examples: list[str]
    value: str = ""
    other: str = ""

    def warning(self) -> Problem:
        """The same as a warning at the first of them."""
        shortened = self.rows > len(self.lines)
        return coded_problem(
            self.file,
            self.lines[0],
            self.column,
            self.value,
            self.why,
            count=f"{self.rows:,}",
            total=f"{self.of:,}",
            lines=", ".join(map(str, self.lines)) + (" …" if shortened else ""),
            table=self.table,
            other=self.other,
            examples=", ".join(self.examples) or "—",
        )


@dataclass(slots=True)
class Sum:
    """Deals of one outcome: how many were left out of how many.

    Amounts are by currency, "" for one that is not named.
    """

    rows: int = 0
    of: int = 0
    amounts: dict[str, float] = field(default_factory=dict)
    of_amounts: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Mapping:
    """What became of an export."""

    profile: str
    files: list[FileReport] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    deals: dict[str, Sum] = field(default_factory=dict)
    """Deals that were left out, by outcome; empty if none was."""

    def to_dict(self) -> Values:
        """As JSON members."""
        return asdict(self)

    def leave_out(
        self, part: Part, why: str, column: str, gone: list[Made], *, other: str = ""
    ) -> None:
        """Note rows that were left out."""
        examples = [made.text("name") for made in gone if made.text("name")][:3]
        lines = sorted(made.line for made in gone)[:FIRST]
        self.left_out.append(
            LeftOut(
                part.export.name, part.rows.table, why, column, len(gone), part.total, lines,
                [excerpt(example) for example in examples], other=other,
            )
        )  # fmt: skip

    def add_up_deals(self, parts: list[Part]) -> None:
        """Sum up deals, if some were left out."""
        if not any(part.gone for part in parts):
            return
        for part in parts:
            for made in part.gone:
                self._add(made, part.export.decimal, left_out=True)
            for made in part.made:
                self._add(made, part.export.decimal, left_out=False)

    def _add(self, made: Made, decimal: DecimalSign | None, *, left_out: bool) -> None:
        total = self.deals.setdefault(made.cells.get("outcome") or "open", Sum())
        currency, amount = made.cells.get("currency", ""), made.cells.get("amount", "")
        try:
            value = as_number(amount, decimal) if amount else 0.0
        except CellError:
            value = 0.0  # a problem of its own
        total.of += 1
        total.of_amounts[currency] = total.of_amounts.get(currency, 0) + value
        if left_out:
            total.rows += 1
            total.amounts[currency] = total.amounts.get(currency, 0) + value

    def warnings(self) -> list[Problem]:
        """What was left out, as warnings."""
        return [entry.warning() for entry in self.left_out]

    def summary(self) -> Problem | None:
        """Deals that were left out, summed up by what they are; None if none was."""
        if not self.deals:
            return None
        values: dict[str, str] = {}
        for outcome in ("open", "won", "lost"):
            total = self.deals.get(outcome, Sum())
            values[outcome] = f"{total.rows:,}"
            values[f"all_{outcome}"] = f"{total.of:,}"
            values[f"{outcome}_amount"] = _money(total.amounts)
        open_deals = self.deals.get("open", Sum())
        values["share"] = _share(open_deals)
        values["all_open_amount"] = _money(open_deals.of_amounts)
        return coded_problem("", 0, "", "", "deals_left_out", **values)


def _money(amounts: dict[str, float]) -> str:
    sums = [f"{value:,.0f} {currency}".rstrip() for currency, value in sorted(amounts.items())]
    return " + ".join(sums) or "0"


def _share(total: Sum) -> str:
    """Parts of the amount that were left out, for each currency."""
    shares = [
        f"{100 * total.amounts.get(currency, 0) / value:.0f} % {currency}".rstrip()
        for currency, value in sorted(total.of_amounts.items())
        if value
    ]
    return ", ".join(shares) or "0 %"


def file_report(file: File, export: Export, profile: Profile) -> FileReport:
    """What becomes of a file's columns; `tables` are to be filled in."""
    becomes: dict[str, list[str]] = defaultdict(list)
    unfilled: list[str] = []
    for rows in file.rows:
        wanted = set(rows.unless_blank) <= set(export.header)
        for name, cell in rows.columns.items():
            for column in cell.columns:
                becomes[column].append(f"{rows.table}.{name}")
            if wanted and cell.columns and not set(cell.columns) & set(export.header):
                unfilled.append(f"{rows.table}.{name}")
        for column in (*rows.unless_blank, *rows.only, *rows.domains):
            becomes.setdefault(column, [])
    passed = {*file.leave, *file.drop}
    count: Counter[str] = Counter()
    example: dict[str, str] = {}
    for _, row in export.rows:
        for column in export.header:
            if text := filled(row, column, profile):
                count[column] += 1
                example.setdefault(column, excerpt(text))
    columns = [
        ColumnReport(
            export.written.get(column, column),
            list(dict.fromkeys(becomes.get(column) or (["—"] if column in passed else []))),
            count[column],
            example.get(column, ""),
        )
        for column in export.header
    ]
    return FileReport(export.name, len(export.rows), columns=columns, unfilled=unfilled)
