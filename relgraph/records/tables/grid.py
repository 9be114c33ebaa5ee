"""Header and rows of one file or sheet, read with the same care whatever they are read for."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from relgraph.records.problems import MOST_PROBLEMS, Problem, Unreadable, coded_problem
from relgraph.records.spool import Spool
from relgraph.records.tables.cells import excerpt, is_blank
from relgraph.records.tables.delimited import NumberedRows
from relgraph.schema.values import INVISIBLE, Values, trimmed

MOST_TITLE_ROWS = 20
"""Rows at the beginning among which the header is looked for."""
MOST_COLUMNS = 2_000
ROWS_A_LOOK = 1_000
"""After so many rows it is asked whether to read on."""
IsHeader = Callable[[list[str]], bool]
"""Whether the cells of a row, as texts, are a header."""
MergedRange = tuple[int, int, int, int]
"""First column, first row, last column and last row of merged cells, from 1."""


def new_lines() -> array[int]:
    """No lines yet; as numbers of 8 bytes each."""
    return array("Q")


@dataclass(slots=True)
class Grid:
    """One file or sheet: its header as written, and its rows, each with its line."""

    file: str
    written: list[str]
    header_line: int
    lines: array[int] = field(default_factory=new_lines)
    rows: Spool[list[Any]] = field(default_factory=Spool)
    set_aside: list[tuple[int, list[Any]]] = field(default_factory=list)
    """Rows that are reported already and not among `rows`."""
    broken: bool = False
    """Whether the file could not be read to its end, which is reported."""


Enough = Callable[[Grid], bool]
"""Whether so much of a table is wrong that nobody needs to read on; asked now and then."""


def never(_grid: Grid) -> bool:
    """Reads each table to its end."""
    return False


LOOKED_AT = 10
"""While a table is read, the rows of each tenth look are checked."""


def too_many_faults(count_faults: Callable[[Grid], int]) -> Enough:
    """Tells from samples of a table's rows that more of them are wrong than a report holds.

    `count_faults` says how much is wrong with some of its rows.
    """
    looks = faults = start = 0

    def enough(grid: Grid) -> bool:
        nonlocal looks, faults, start
        if looks % LOOKED_AT == 0:
            lines, rows = grid.lines[start:], Spool(grid.rows.since(start))
            faults += count_faults(Grid(grid.file, grid.written, grid.header_line, lines, rows))
        looks, start = looks + 1, len(grid.rows)
        return faults * LOOKED_AT >= MOST_PROBLEMS

    return enough


def read_grid(
    file: str,
    rows: NumberedRows,
    problems: list[Problem],
    warnings: list[Problem],
    is_header: IsHeader | None = None,
    enough: Enough = never,
) -> Grid | None:
    """Header and rows of a table; None if it has none. What is wrong is added to the problems.

    Blank rows are passed over. With `is_header` a header that stands below other rows is a
    problem, and where no row is one the first stays for the caller to refuse, without rows.
    Where there is `enough` the rest is left unread, which is a problem, too.
    """
    dropped = _Dropped(file)
    grid: Grid | None = None
    most, count = len(problems) + MOST_PROBLEMS, 0
    try:
        for line, cells in rows:
            cells = dropped.clean(line, cells)
            if all(is_blank(cell) for cell in cells):
                continue
            if grid is None:
                grid = Grid(file, _header(file, line, cells), line)
                if is_header is not None and not is_header(grid.written):
                    grid.broken = True
                    _look_below(grid, rows, is_header, problems)
                    break
                continue
            _add_row(grid, line, cells, problems)
            count += 1
            if len(problems) >= most or (count % ROWS_A_LOOK == 0 and enough(grid)):
                raise Unreadable(coded_problem(file, line, "", "", "too_many"))
    except Unreadable as error:
        problems.append(error.problem)
        grid = grid or Grid(file, [], 1)
        grid.broken = True
    if grid is not None:
        warnings += dropped.warnings(grid)
        _warn_of_nameless_columns(grid, warnings)
    return grid


def _header(file: str, line: int, cells: list[Any]) -> list[str]:
    """The names of the columns. Raises Unreadable for more than anybody has."""
    count = len(cells)
    while is_blank(cells[count - 1]):
        count -= 1
    if count > MOST_COLUMNS:
        value = excerpt(", ".join(str(cell) for cell in cells[:20]))
        numbers = {"count": f"{count:,}", "most": f"{MOST_COLUMNS:,}"}
        raise Unreadable(coded_problem(file, line, "", value, "too_many_columns", **numbers))
    return _texts(cells)


def _texts(cells: list[Any]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in cells]


def _add_row(grid: Grid, line: int, cells: list[Any], problems: list[Problem]) -> None:
    width = len(grid.written)
    if len(cells) > width:
        extra = [cell for cell in cells[width:] if not is_blank(cell)]
        if extra:
            grid.set_aside.append((line, cells))
            problems.append(
                coded_problem(
                    grid.file,
                    line,
                    "",
                    excerpt(extra[0]),
                    "row_too_wide",
                    cells=str(len(cells)),
                    columns=str(width),
                )
            )
            return
        cells = cells[:width]
    elif len(cells) < width:
        cells = cells + [None] * (width - len(cells))
    grid.lines.append(line)
    grid.rows.append(cells)


def _look_below(
    grid: Grid,
    rows: NumberedRows,
    is_header: IsHeader,
    problems: list[Problem],
) -> None:
    """Report a header that stands below a title, as the only problem of its file."""
    for _, (line, cells) in zip(range(MOST_TITLE_ROWS), rows, strict=False):
        if is_header(_texts(cells)):
            title = excerpt(", ".join(filter(None, grid.written)))
            place = (grid.file, grid.header_line, "", title)
            problems.append(coded_problem(*place, "title_above", header=str(line)))
            grid.written = []
            return


def _warn_of_nameless_columns(grid: Grid, warnings: list[Problem]) -> None:
    for number, column in enumerate(grid.written):
        if column:
            continue
        for line, cells in zip(grid.lines, grid.rows, strict=True):
            if not is_blank(cells[number]):
                warnings.append(
                    coded_problem(
                        grid.file,
                        line,
                        "",
                        excerpt(cells[number]),
                        "column_nameless",
                        number=str(number + 1),
                        header=str(grid.header_line),
                    )
                )
                break


def put_aside_faulty(grid: Grid, lines: set[int]) -> None:
    """Take out rows that are reported already."""
    if not lines:
        return
    rows: Spool[list[Any]] = Spool()
    for line, row in zip(grid.lines, grid.rows, strict=True):
        if line in lines:
            grid.set_aside.append((line, row))
        else:
            rows.append(row)
    grid.lines = array("Q", (line for line in grid.lines if line not in lines))
    grid.rows = rows


def fill_merged(grid: Grid, merged: list[MergedRange], warnings: list[Problem]) -> None:
    """Merged cells hold their value in each of their rows; in their first column.

    That they count for no other column is warned of.
    """
    if not merged:
        return
    _tell_of_wide(grid, merged, warnings)
    number_of = {line: number for number, line in enumerate(grid.lines)}
    filled: dict[int, list[tuple[int, int, Any]]] = {}
    values: dict[int, dict[int, Any]] = {}
    """By line: the cells, counted from 0, that get a value."""
    for column, first, _, last in sorted(merged):
        number = column - 1
        if number >= len(grid.written) or first not in number_of:
            continue  # a title or the header, or there is nothing beside it
        value = grid.rows[number_of[first]][number]
        below = [line for line in range(first + 1, last + 1) if line in number_of]
        if is_blank(value) or not below:
            continue
        for line in below:
            values.setdefault(line, {})[number] = value
        filled.setdefault(number, []).append((first, below[-1], value))
    if values:
        _fill(grid, values)
    for number, places in filled.items():
        first, last, value = places[0]
        place = (grid.file, first, excerpt(grid.written[number]), excerpt(value))
        code, more = _with_more("merged_down", len(places))
        warnings.append(coded_problem(*place, code, last=str(last), **more))


def _fill(grid: Grid, values: dict[int, dict[int, Any]]) -> None:
    """Put values into cells; rows that stand in a file are written anew for it."""
    rows: Spool[list[Any]] = Spool()
    for line, row in zip(grid.lines, grid.rows, strict=True):
        for number, value in values.get(line, {}).items():
            row[number] = value
        rows.append(row)
    grid.rows = rows


def _with_more(code: str, count: int) -> tuple[str, Values]:
    """The code and values of a problem that stands for `count` places."""
    return (f"{code}_more", {"more": f"{count - 1:,}"}) if count > 1 else (code, {})


def _tell_of_wide(grid: Grid, merged: list[MergedRange], warnings: list[Problem]) -> None:
    """Warn of cells that are merged over several columns of the table, by their first column."""
    number_of = {line: number for number, line in enumerate(grid.lines)}
    wide: dict[int, list[MergedRange]] = {}
    for cells in sorted(merged, key=lambda cells: (cells[1], cells[0])):
        left, first, right, _ = cells
        last = right if first == grid.header_line else min(right, len(grid.written))
        if (first in number_of or first == grid.header_line) and left < last:
            wide.setdefault(left - 1, []).append((left, first, last, first))
    for number, places in sorted(wide.items()):
        left, first, right, _ = places[0]
        row = grid.written if first == grid.header_line else grid.rows[number_of[first]]
        count = right - left + 1
        warnings.append(
            coded_problem(
                grid.file, first, excerpt(grid.written[number]), excerpt(row[number] or ""),
                "merged_across", count=str(count), cells=f"{len(places):,}",
            )
        )  # fmt: skip


class _Dropped:
    """Drops invisible signs at the ends of cells, and remembers where."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.cells: dict[int, list[tuple[int, str, str]]] = {}
        """By column: lines, the cells as they were, and the signs."""

    def clean(self, line: int, cells: list[Any]) -> list[Any]:
        """The cells without such signs; the same list if there are none."""
        for number, cell in enumerate(cells):
            kept = trimmed(cell) if isinstance(cell, str) else cell
            if kept != cell:
                ends = cell.replace(kept, "", 1) if kept else cell
                signs = dict.fromkeys(INVISIBLE.findall(ends))
                names = ", ".join(f"U+{ord(sign):04X}" for sign in signs)
                self.cells.setdefault(number, []).append((line, cell, names))
                cells[number] = kept
        return cells

    def warnings(self, grid: Grid) -> list[Problem]:
        """A warning for each column that had some."""
        return [self._warning(grid, number) for number in sorted(self.cells)]

    def _warning(self, grid: Grid, number: int) -> Problem:
        line, cell, signs = self.cells[number][0]
        column = grid.written[number] if number < len(grid.written) else ""
        seen = excerpt(INVISIBLE.sub(lambda sign: f"<U+{ord(sign[0]):04X}>", cell))
        code, more = _with_more("invisible_sign", len(self.cells[number]))
        place = (grid.file, line, column, seen)
        return coded_problem(*place, code, signs=signs, **more)
