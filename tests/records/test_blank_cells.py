"""What is formatted but empty in a sheet is passed over; what is filled keeps its row."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.records.tables import blank_cells
from relgraph.records.tables.blank_cells import FilledCells, filled_parts

BEFORE, AFTER = b"<worksheet><cols/><sheetData>", b"</sheetData><mergeCells/></worksheet>"
NAMESPACE = b'<x:worksheet xmlns:x="urn:x"><x:sheetData>'


def passed_on(rows: bytes) -> bytes:
    return b"".join(filled_parts(io.BytesIO(BEFORE + rows + AFTER)))


def values(xml: bytes) -> dict[tuple[int, int], str]:
    """Filled cells by row and column, counted as the format says."""
    cells, row = {}, 0
    for line in ElementTree.fromstring(xml).iter("row"):
        row = int(line.get("r", row + 1))
        for column, cell in enumerate(line, 1):
            if (value := cell.findtext("v")) is not None:
                cells[row, column] = value
    return cells


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ('<row><c><v>1</v></c><c s="1"/><c s="2"></c></row>', "<row><c><v>1</v></c></row>"),
        ("<row><c/><c><v>1</v></c></row>", "<row><c/><c><v>1</v></c></row>"),
        ('<row r="1"><c s="1"/></row><row r="2" ht="9"/>', ""),
        (
            '<row r="1"><c/></row><row ht="9" r="2"/> <row r="3"><c><v>1</v></c></row>',
            '<row r="2"/><row r="3"><c><v>1</v></c></row>',
        ),
        (
            '<row ht="9"><c/></row>\n<row/><row><c><v>1</v></c></row>',
            "<row/>\n<row/><row><c><v>1</v></c></row>",
        ),
        ("<row r='7'></row><row><c><v>1</v></c></row>", None),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', None),
    ],
)
def test_only_what_is_empty_at_an_end_is_passed_over(rows: str, kept: str | None) -> None:
    assert passed_on(rows.encode()) == BEFORE + (rows if kept is None else kept).encode() + AFTER


def test_prefixes_of_names_are_known() -> None:
    rows = b'<x:row r="1"><x:c><x:v>1</x:v></x:c><x:c/></x:row><x:row r="2"><x:c s="1"/></x:row>'
    after = b"</x:sheetData></x:worksheet>"
    passed = b"".join(filled_parts(io.BytesIO(NAMESPACE + rows + after)))
    assert passed == NAMESPACE + b'<x:row r="1"><x:c><x:v>1</x:v></x:c></x:row>' + after


def test_another_text_is_passed_on_as_it_is() -> None:
    for text in (b"", b"no sheet", b"<worksheet><sheetData><row>", "<sheetData>".encode("utf-16")):
        assert b"".join(filled_parts(io.BytesIO(text))) == text


CELL = st.sampled_from(['<c s="1"/>', "<c></c>", "<c><v>1</v></c>", '<c s="3"><v>2</v></c>'])


@st.composite
def sheet(draw: st.DrawFn) -> bytes:
    rows, number = [], 0
    for cells in draw(st.lists(st.lists(CELL, max_size=5), max_size=40)):
        number += draw(st.integers(1, 3))
        is_numbered = draw(st.booleans())
        about = draw(st.sampled_from(["", ' ht="9"']))
        name = f'row{about} r="{number}"' if is_numbered else f"row{about}"
        rows.append(f"<{name}>{''.join(cells)}</row>" if cells else f"<{name}/>")
    return BEFORE + "".join(rows).encode() + AFTER


@given(sheet(), st.integers(20, 200))
def test_filled_cells_keep_their_places_however_the_sheet_is_cut(xml: bytes, size: int) -> None:
    chunk, blank_cells.CHUNK = blank_cells.CHUNK, size
    try:
        kept = b"".join(filled_parts(io.BytesIO(xml)))
    finally:
        blank_cells.CHUNK = chunk
    assert values(kept) == values(xml)


def test_it_is_read_in_pieces_of_any_size() -> None:
    rows = b"<row><c><v>1</v></c></row><row/>"
    with FilledCells(io.BytesIO(BEFORE + rows + AFTER)) as source:
        pieces = list(iter(lambda: source.read(7), b""))
    assert max(map(len, pieces)) == 7
    assert b"".join(pieces) == BEFORE + b"<row><c><v>1</v></c></row>" + AFTER
