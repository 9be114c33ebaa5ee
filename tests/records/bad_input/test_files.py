"""Files that cannot be read as tables, and the one mistake of a table that can."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.records.tables import delimited
from tests.records.bad_input.refusals import (
    ALL_FILES,
    NUMBER,
    UTF_8,
    Case,
    Files,
    Problem,
    Stored,
    by_group,
    written,
)

NEITHER = "is neither UTF-8, UTF-16 nor GB18030"
NAME_IT = f"{UTF_8}, or name its encoding, such as --encoding cp1252"


def if_right(encoding: str) -> str:
    """The remedy where another encoding is likely."""
    return f"{UTF_8}, or if this sample is right, add --encoding {encoding}"


ENCODINGS: dict[str, Case] = {
    "Latin-1": (
        {"customers.csv": "id,name\nx,X\ny,Café\n".encode("latin-1")},
        [("customers.csv", 3, "", "y,Café", NEITHER, if_right("cp1252"))],
    ),
    "Latin-1 whose bytes are rare Chinese characters": (
        {"customers.csv": "id,name\nx,Müller\ny,Größe\n".encode("latin-1")},
        [("customers.csv", 2, "", "x,Müller", NEITHER, if_right("cp1252"))],
    ),
    "Korean": (
        {"customers.csv": "id,name\nx,삼성전자\ny,현대자동차\n".encode("cp949")},
        [("customers.csv", 2, "", "x,삼성전자", NEITHER, if_right("cp949"))],
    ),
    "Japanese": (
        {"customers.csv": "id,name\nx,トヨタ自動車\ny,みずほ銀行\n".encode("shift_jis")},
        [("customers.csv", 2, "", "x,トヨタ自動車", NEITHER, if_right("cp932"))],
    ),
    "Traditional Chinese": (
        {"customers.csv": "id,name\nx,鴻海精密工業\ny,中華電信\n".encode("big5")},
        [("customers.csv", 2, "", "x,鴻海精密工業", NEITHER, if_right("big5"))],
    ),
    "Russian": (
        {"customers.csv": "id,name\nx,Газпром\ny,Сбербанк\n".encode("koi8-r")},
        [("customers.csv", 2, "", "x,Газпром", NEITHER, if_right("koi8-r"))],
    ),
    "broken UTF-8": (
        {"customers.csv": b"id,name\nx,\xe7\x8e\nx,\xff\n"},
        [("customers.csv", 3, "", "x,\\xff", NEITHER, NAME_IT)],
    ),
    "truncated UTF-16": (
        {"customers.csv": "id,name\nx,王\n".encode("utf-16")[:-1]},
        [("customers.csv", 2, "", "x,王", "begins as UTF-16 and does not go on so", UTF_8)],
    ),
    "UTF-16 without its mark": (
        {"customers.csv": "id,name\nx,X\n".encode("utf-16-le")},
        [
            (
                "customers.csv", 1, "", "id,name x,X", "holds a NUL byte",
                "save the file as UTF-8 text; UTF-16 without its mark is --encoding utf-16-le",
            )
        ],
    ),
    "NUL": (
        {"customers.csv": "id,name\nx,X\ny,\0\n"},
        [("customers.csv", 3, "", "y,", "holds a NUL byte", "save the file as UTF-8 text")],
    ),
}  # fmt: skip

STRUCTURE: dict[str, Case] = {
    "a quotation mark that is never closed": (
        {"customers.csv": 'id,name\nx,X\ny,"Y\nz,Z\n'},
        [("customers.csv", 3, "", 'y,"Y', "a quotation mark is never closed", 'close it with "')],
    ),
    "text after a closing quotation mark": (
        {"customers.csv": 'id,name\nx,"X" Ltd\n'},
        [
            (
                "customers.csv", 2, "", 'x,"X" Ltd',
                "text follows a closing quotation mark",
                'write a quotation mark inside a cell twice: ""',
            )
        ],
    ),
    "too many cells": (
        {"customers.csv": "id,name\nx,X, Y, Z\n"},
        [
            (
                "customers.csv", 2, "", "Y",
                "the row has 4 cells, the header 2",
                "put text that holds a comma between quotation marks",
            )
        ],
    ),
    "a cell that swallows the rest of the file": (
        {"customers.csv": 'id,name\nx,"' + "X" * (delimited.LONGEST_CELL + 1) + '"\n'},
        [
            (
                "customers.csv", 2, "", 'x,"' + 76 * "X" + "…",
                "a cell has more than 200,000 characters",
                "shorten it, or close the quotation mark that is open before it",
            )
        ],
    ),
    "columns separated by pipes": (
        {"customers.csv": "id|name\nx|X\n"},
        [
            (
                "customers.csv", 1, "", "id|name",
                "the header is a single column",
                "separate columns by a comma, a semicolon or a tab",
            )
        ],
    ),
    "no header": (
        {
            "customers.csv": "x,Acme\ny,Best\n",
            "departments.csv": "id,customer_id,name\nz,x,Z\n",
        },
        [
            (
                "customers.csv", 1, "", "x, Acme", "the header has none of the table's columns",
                "write id, name, kind, industry, region, parent_id above the rows",
            )
        ],
    ),
    "a required column that is missing": (
        {"departments.csv": "id,name\nx,X\ny,Y\n"},
        [
            (
                "departments.csv", 1, "customer_id", "", "the column is missing",
                "add it; the columns are id, customer_id, name, parent_id, function",
            )
        ],
    ),
    "a required column under nearly its name": (
        {"customers.csv": "\nid,nmae\nx,X\n"},
        [("customers.csv", 2, "name", "", "the column is missing", "rename nmae")],
    ),
    "a column twice": (
        {"customers.csv": "id,name,Name\nx,X,Y\n"},
        [("customers.csv", 1, "name", "", "stands twice in the header", "remove one")],
    ),
    "the same table in two files": (
        {"Customers.CSV": "id,name\nx,X\n", "customers.csv": "id,name\ny,Y\n"},
        [("customers.csv", 0, "", "", "holds the same table as Customers.CSV", "make them one")],
    ),
    "files of other tables only": (
        {"custmers.csv": "id,name\nx,X\n", "README.md": "Hello"},
        [
            (
                "in", 0, "", "", "holds none of the files of the import format",
                f"name them {ALL_FILES}; `relgraph template DIR` writes them empty",
            )
        ],
    ),
    "an empty folder": (
        {},
        [
            (
                "in", 0, "", "", "holds none of the files of the import format",
                f"name them {ALL_FILES}; `relgraph template DIR` writes them empty",
            )
        ],
    ),
}  # fmt: skip

# One mistake is reported once, however many rows refer to the row or file that has it.
ONE_MISTAKE: dict[str, Case] = {
    "a file that cannot be understood": (
        {
            "customers.csv": "id,name\nnew,N\0\n",
            "departments.csv": "id,customer_id,name\nx,new,X\ny,new,Y\n",
        },
        [("customers.csv", 2, "", "new,N", "holds a NUL byte", "save the file as UTF-8 text")],
    ),
    "a quotation mark in the middle of a file": (
        {
            "customers.csv": 'id,name\nx,X\ny,"Y\nz,Z\n',
            "departments.csv": "id,customer_id,name\nfirst,x,X\nlast,z,Z\n",
        },
        [("customers.csv", 3, "", 'y,"Y', "a quotation mark is never closed", 'close it with "')],
    ),
    "a row with too many cells": (
        {
            "customers.csv": "id,name\nx,X,Y\n",
            "departments.csv": "id,customer_id,name\ny,x,Y\n",
        },
        [
            (
                "customers.csv", 2, "", "Y",
                "the row has 3 cells, the header 2",
                "put text that holds a comma between quotation marks",
            )
        ],
    ),
    "a row with a bad cell": (
        {
            "customers.csv": "id,name,category_spend\nx,X,much\n",
            "departments.csv": "id,customer_id,name\ny,x,Y\n",
            "deals.csv": "id,customer_id,name\nz,x,Z\n",
        },
        [("customers.csv", 2, "category_spend", "much", "is not a number", NUMBER)],
    ),
    "a missing column of ids": (
        {
            "customers.csv": "key,name\nx,X\n",
            "departments.csv": "id,customer_id,name\ny,x,Y\n",
        },
        [
            (
                "customers.csv", 1, "id", "", "the column is missing",
                "add it; the columns are id, name, kind, industry, region, parent_id",
            )
        ],
    ),
    "a missing column that is no id": (
        {
            "customers.csv": "id\nx\ny\n",
            "departments.csv": "id,customer_id,name\nf,x,F\ne,y,E\n",
        },
        [
            (
                "customers.csv", 1, "name", "", "the column is missing",
                "add it; the columns are id, name, kind, industry, region, parent_id",
            )
        ],
    ),
    "an unknown customer of a person and not the department's": (
        {"stakeholders.csv": "id,customer_id,name,department_id\nx,nowhere,X,d\n"},
        [
            (
                "stakeholders.csv", 2, "customer_id", "nowhere",
                "there is no customer with this id",
                "add it to customers or correct the id",
            )
        ],
    ),
}  # fmt: skip


CASES = by_group({"encoding": ENCODINGS, "structure": STRUCTURE, "one mistake": ONE_MISTAKE})


@pytest.mark.parametrize(("files", "expected"), CASES.values(), ids=CASES)
def test_files(stored: Stored, tmp_path: Path, files: Files, expected: list[Problem]) -> None:
    stored.refuses(written(tmp_path / "in", files), expected)
