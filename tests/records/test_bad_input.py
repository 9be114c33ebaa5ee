"""Broken records: what is said of each, to the letter, and that nothing is written.

Each problem is (file, line, column, value, what is wrong, what would be right), in the order in
which a person reads them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records import sources
from relgraph.records import workbook as workbooks
from relgraph.schema.tables import TABLES
from tests.records.folders import account, change_sheet, exported, folder, load, workbook
from tests.support.databases import empty

Problem = tuple[str, int, str, str, str, str]
Files = dict[str, str | bytes]

STORED = account(
    customers=[{"id": "c", "name": "C"}, {"id": "c2", "name": "C2"}],
    departments=[
        {"id": "d", "customer_id": "c", "name": "D"},
        {"id": "below d", "customer_id": "c", "name": "Below D", "parent_id": "d"},
        {"id": "d2", "customer_id": "c2", "name": "D2"},
    ],
    teams=[{"id": "t", "name": "T"}],
)

NUMBER = "write a number such as 0.8 or 1200000"
SHARE = "write a number from 0 to 1"
STRENGTH = "write a number above 0 and up to 1; to have no such edge, leave the row out"
DAY = "write a day as 2026-11-24"
NO_DATE = "is not a date, or could be read in two ways"
BLANK = ("is blank", "every row needs it")
UTF_8 = "save the file as UTF-8"
ALL_TABLES = ", ".join(table.name for table in TABLES)
ALL_FILES = ", ".join(f"{table.name}.csv" for table in TABLES)


# files --------------------------------------------------------------------------------------

ENCODINGS: dict[str, tuple[Files, list[Problem]]] = {
    "Latin-1": (
        {"customers.csv": "id,name\nx,X\ny,Café\n".encode("latin-1")},
        [("customers.csv", 3, "", "", "is neither UTF-8 nor GB18030", UTF_8)],
    ),
    "Latin-1 whose bytes are rare Chinese characters": (
        {"customers.csv": "id,name\nx,Müller\ny,Größe\n".encode("latin-1")},
        [("customers.csv", 2, "", "", "is neither UTF-8 nor GB18030", UTF_8)],
    ),
    "broken UTF-8": (
        {"customers.csv": b"id,name\nx,\xe7\x8e\nx,\xff\n"},
        [("customers.csv", 3, "", "", "is neither UTF-8 nor GB18030", UTF_8)],
    ),
    "truncated UTF-16": (
        {"customers.csv": "id,name\nx,王\n".encode("utf-16")[:-1]},
        [("customers.csv", 1, "", "", "begins as UTF-16 and does not go on so", UTF_8)],
    ),
    "UTF-16 without its mark": (
        {"customers.csv": "id,name\nx,X\n".encode("utf-16-le")},
        [("customers.csv", 1, "", "", "holds a NUL byte", "save the file as UTF-8 text")],
    ),
    "NUL": (
        {"customers.csv": "id,name\nx,X\ny,\0\n"},
        [("customers.csv", 3, "", "", "holds a NUL byte", "save the file as UTF-8 text")],
    ),
}

STRUCTURE: dict[str, tuple[Files, list[Problem]]] = {
    "a quotation mark that is never closed": (
        {"customers.csv": 'id,name\nx,X\ny,"Y\nz,Z\n'},
        [("customers.csv", 3, "", "", "a quotation mark is never closed", 'close it with "')],
    ),
    "text after a closing quotation mark": (
        {"customers.csv": 'id,name\nx,"X" Ltd\n'},
        [
            (
                "customers.csv", 2, "", "",
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
        {"customers.csv": 'id,name\nx,"' + "X" * (sources.LONGEST_CELL + 1) + '"\n'},
        [
            (
                "customers.csv", 2, "", "",
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
ONE_MISTAKE: dict[str, tuple[Files, list[Problem]]] = {
    "a file that cannot be understood": (
        {
            "customers.csv": "id,name\nnew,N\0\n",
            "departments.csv": "id,customer_id,name\nx,new,X\ny,new,Y\n",
        },
        [("customers.csv", 2, "", "", "holds a NUL byte", "save the file as UTF-8 text")],
    ),
    "a quotation mark in the middle of a file": (
        {
            "customers.csv": 'id,name\nx,X\ny,"Y\nz,Z\n',
            "departments.csv": "id,customer_id,name\nfirst,x,X\nlast,z,Z\n",
        },
        [("customers.csv", 3, "", "", "a quotation mark is never closed", 'close it with "')],
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

ROWS: dict[str, tuple[Files, list[Problem]]] = {
    "an id twice": (
        {"customers.csv": "id,name\nx,X\ny,Y\nx,X\n"},
        [
            (
                "customers.csv", 4, "id", "x", "the id stands in line 2, too",
                "give each row an id of its own",
            )
        ],
    ),
    "an id twice, the first time in a bad row": (
        {"customers.csv": "id,name,kind\nx,X,nobody\nx,X,\n"},
        [
            (
                "customers.csv", 2, "kind", "nobody", "is not a word of this list",
                "use one of prospect, customer, partner, supplier, competitor, public_body",
            ),
            (
                "customers.csv", 3, "id", "x", "the id stands in line 2, too",
                "give each row an id of its own",
            ),
        ],
    ),
    "rows of one edge that contradict each other": (
        {"influences.csv": "from_id,to_id,strength\na,b,0.5\na,b,0.6\n"},
        [
            (
                "influences.csv", 3, "", "a → b", "contradicts line 2",
                "keep one of them, or say in assessed_at which is newer",
            )
        ],
    ),
    "rows of one tie, told from both ends, that contradict each other": (
        {"relations.csv": "from_id,to_id,kind,strength\na,b,friend,0.5\nb,a,friend,0.6\n"},
        [
            (
                "relations.csv", 3, "", "b → a → friend", "contradicts line 2",
                "keep one of them, or say in assessed_at which is newer",
            )
        ],
    ),
    "somebody who influences themself": (
        {"influences.csv": "from_id,to_id,strength\na,a,0.5\n"},
        [
            (
                "influences.csv", 2, "to_id", "a", "from_id and to_id are the same person",
                "name another person",
            )
        ],
    ),
    "somebody who is a friend of themself": (
        {"relations.csv": "from_id,to_id,kind\na,a,friend\n"},
        [
            (
                "relations.csv", 2, "to_id", "a", "from_id and to_id are the same person",
                "name another person",
            )
        ],
    ),
    "a department that is its own parent": (
        {"departments.csv": "id,customer_id,name,parent_id\nx,c,X,x\n"},
        [
            (
                "departments.csv", 2, "parent_id", "x", "it is its own parent",
                "name another or leave it blank",
            )
        ],
    ),
    "a new person without a name": (
        {"stakeholders.csv": "id,customer_id\na,c\nx,c\n"},
        [
            (
                "stakeholders.csv", 3, "name", "", "the person has no name",
                "write the name, or set placeholder to true for an unknown holder",
            )
        ],
    ),
    "a department of another customer": (
        {"stakeholders.csv": "id,customer_id,name,department_id\nx,c,X,d2\n"},
        [
            (
                "stakeholders.csv", 2, "department_id", "d2",
                "this department belongs to c2, the person to c",
                "name a department of c",
            )
        ],
    ),
    "a new department of another customer": (
        {
            "departments.csv": "id,customer_id,name\nnew,c2,New\n",
            "stakeholders.csv": "id,customer_id,department_id\na,c,new\n",
        },
        [
            (
                "stakeholders.csv", 2, "department_id", "new",
                "this department belongs to c2, the person to c",
                "name a department of c",
            )
        ],
    ),
    "a department below one of another customer": (
        {"departments.csv": "id,customer_id,name,parent_id\nx,c2,X,d\n"},
        [
            (
                "departments.csv", 2, "parent_id", "d",
                "this department belongs to c, the one below it to c2",
                "name a department of c2",
            )
        ],
    ),
    "a department that goes to another customer without its people": (
        {"departments.csv": "id,customer_id,name,parent_id\nd,c2,D,\n"},
        [
            (
                "departments.csv", 2, "customer_id", "c2",
                "the department would leave 3 of its own behind at c: a, b, below d",
                "move them too, or name another department for them in the same import",
            )
        ],
    ),
    "a department that goes to another customer with some of its people": (
        {
            "departments.csv": "id,customer_id,name,parent_id\nd,c2,D,\nbelow d,c2,Below D,d\n",
            "stakeholders.csv": "id,customer_id\na,c2\n",
        },
        [
            (
                "departments.csv", 2, "customer_id", "c2",
                "the department would leave 1 of its own behind at c: b",
                "move them too, or name another department for them in the same import",
            )
        ],
    ),
    "an id in other letters": (
        {
            "customers.csv": "id,name\nAcme,Acme\n",
            "deals.csv": "id,customer_id,name\nx,acme,X\n",
        },
        [
            (
                "deals.csv", 2, "customer_id", "acme", "there is no customer with this id",
                "did you mean Acme? add it to customers or correct the id",
            )
        ],
    ),
    "several in a row, a file and a folder": (
        {
            "customers.csv": "id,name,grade,url\nx,X,gold,x.example\ny,,vip,\n",
            "influences.csv": "from_id,to_id,strength,nature\na,b,2,bad\na,nobody,0.5,\n",
            "teams.csv": "id,name\nx,X,Y\n",
        },
        [
            (
                "customers.csv", 2, "grade", "gold", "is not a word of this list",
                "use one of vip, key, normal, small",
            ),
            (
                "customers.csv", 2, "url", "x.example", "does not have the right form",
                "write an address that begins with http:// or https://",
            ),
            ("customers.csv", 3, "name", "", *BLANK),
            (
                "influences.csv", 2, "nature", "bad", "is not a word of this list",
                "use one of positive, conflict",
            ),
            ("influences.csv", 2, "strength", "2", "is out of range", STRENGTH),
            (
                "influences.csv", 3, "to_id", "nobody", "there is no stakeholder with this id",
                "add it to stakeholders or correct the id",
            ),
            (
                "teams.csv", 2, "", "Y", "the row has 3 cells, the header 2",
                "put text that holds a comma between quotation marks",
            ),
        ],
    ),
}  # fmt: skip

OTHER_PARENT = "name another parent in one of them, or leave it blank"
CIRCLES: dict[str, tuple[Files, list[Problem]]] = {
    "of departments": (
        {"departments.csv": "id,customer_id,name,parent_id\nw,c,W,x\nx,c,X,y\ny,c,Y,x\n"},
        [
            (
                "departments.csv", 3, "parent_id", "y",
                "the parents run in a circle: x → y → x", OTHER_PARENT,
            )
        ],
    ),
    "of teams": (
        {"teams.csv": "id,name,parent_id\nx,X,y\ny,Y,z\nz,Z,x\n"},
        [
            (
                "teams.csv", 2, "parent_id", "y",
                "the parents run in a circle: x → y → z → x", OTHER_PARENT,
            )
        ],
    ),
    "of customers, new and stored": (
        {"customers.csv": "id,name,parent_id\nx,X,c\nc,C,x\n"},
        [
            (
                "customers.csv", 2, "parent_id", "c",
                "the parents run in a circle: x → c → x", OTHER_PARENT,
            )
        ],
    ),
    "that a stored parent closes": (
        {"departments.csv": "id,customer_id,name,parent_id\nd,c,D,below d\n"},
        [
            (
                "departments.csv", 2, "parent_id", "below d",
                "the parents run in a circle: d → below d → d", OTHER_PARENT,
            )
        ],
    ),
    "too long to write out": (
        {
            "teams.csv": "id,name,parent_id\n"
            + "".join(f"t{i},T,t{(i + 1) % 9}\n" for i in range(9))
        },
        [
            (
                "teams.csv", 2, "parent_id", "t1",
                "the parents run in a circle: t0 → t1 → t2 → t3 → t4 → t5 → … → t0", OTHER_PARENT,
            )
        ],
    ),
}  # fmt: skip


# cells: one bad cell in a row that is sound else ----------------------------------------------

SOUND: dict[str, dict[str, str]] = {
    "teams": {"id": "new", "name": "New"},
    "members": {"id": "new", "name": "New"},
    "customers": {"id": "new", "name": "New"},
    "departments": {"id": "new", "name": "New", "customer_id": "c"},
    "offerings": {"id": "new", "name": "New"},
    "stakeholders": {"id": "new", "name": "New", "customer_id": "c"},
    "deals": {"id": "new", "name": "New", "customer_id": "c"},
    "employments": {"stakeholder_id": "a", "customer_id": "c2"},
    "reports_to": {"from_id": "a", "to_id": "b"},
    "influences": {"from_id": "a", "to_id": "b", "strength": "0.5"},
    "relations": {"from_id": "a", "to_id": "b", "kind": "friend"},
    "supports": {"stakeholder_id": "a", "deal_id": "deal"},
    "interests": {"stakeholder_id": "a", "deal_id": "deal"},
    "roles": {"stakeholder_id": "a", "deal_id": "deal", "role": "buyer"},
    "knows": {"member_id": "m", "stakeholder_id": "a"},
    "activities": {
        "id": "call", "kind": "call", "happened_at": "2026-11-14", "member_id": "m",
        "stakeholder_id": "a",
    },
}  # fmt: skip

STANCES = "use one of -2, -1, 0, 1, 2"
TRUTH = ("is neither true nor false", "write true or false")
CONTROL = ("holds a control character", "remove it")
ONE_LINE = ("an id is one line", "remove the line break or tab")
JSON = 'write JSON such as {"crm": "123"}, or crm:123;erp:9'
MOTIVES = 'write JSON such as {"financial": 0.6}, or financial:0.6;business:0.4'
CURRENCY = "write three capital letters such as CNY"
ADDRESS = "write an address that begins with http:// or https://"
ADOPTERS = "innovator, early, pragmatist, conservative, laggard"
ROLES = "decision_maker, veto, approver, buyer, champion, evaluator, influencer, user, gatekeeper"

CELLS: dict[str, tuple[str, str, str, str, str]] = {
    "blank id": ("customers", "id", "", *BLANK),
    "blank name": ("deals", "name", " ", *BLANK),
    "blank end": ("knows", "stakeholder_id", "", *BLANK),
    "blank strength": ("influences", "strength", "", *BLANK),
    "strength 0": ("influences", "strength", "0", "is out of range", STRENGTH),
    "strength -1": ("influences", "strength", "-1", "is out of range", STRENGTH),
    "strength 1.5": ("influences", "strength", "1.5", "is out of range", STRENGTH),
    "strength in words": ("influences", "strength", "strong", "is not a number", NUMBER),
    "strength of a tie": ("relations", "strength", "0", "is out of range", STRENGTH),
    "strength 150 %": ("influences", "strength", "150%", "is out of range", STRENGTH),
    "no percentage": ("influences", "strength", "%", "is not a number", NUMBER),
    "two percentages": ("influences", "strength", "50%%", "is not a number", NUMBER),
    "stance 3": ("supports", "stance", "3", "is not a step of this scale", STANCES),
    "stance 0.5": ("supports", "stance", "0.5", "is not a step of this scale", STANCES),
    "closeness 0": (
        "knows", "closeness", "0", "is not a step of this scale", "use one of 1, 2, 3, 4, 5",
    ),
    "day that does not exist": (
        "deals", "close_date", "2026-02-30", "is not a day of the calendar", DAY,
    ),
    "month or day first": ("deals", "close_date", "03/04/2026", NO_DATE, DAY),
    "day with a short year": ("deals", "close_date", "26-03-04", NO_DATE, DAY),
    "day in words": ("supports", "assessed_at", "soon", NO_DATE, DAY),
    "hour that does not exist": (
        "supports", "assessed_at", "2026-03-04T25:00", "is not a day of the calendar", DAY,
    ),
    "instant before the year 1": (
        "supports", "assessed_at", "0001-01-01T00:00+09:00", "is not a day of the calendar", DAY,
    ),
    "neither true nor false": ("stakeholders", "top", "maybe", *TRUTH),
    "2 for true": ("roles", "can_veto", "2", *TRUTH),
    "misspelt word": (
        "roles", "role", "champoin", "is not a word of this list",
        f"did you mean champion? use one of {ROLES}",
    ),
    "word of another list": (
        "reports_to", "line", "wavy", "is not a word of this list", "use one of solid, dotted",
    ),
    "currency sign": ("deals", "currency", "€", "does not have the right form", CURRENCY),
    "currency in small letters": (
        "deals", "currency", "cny", "does not have the right form", CURRENCY,
    ),
    "address without http": (
        "customers", "url", "www.c.example", "does not have the right form", ADDRESS,
    ),
    "address that runs": (
        "customers", "url", "javascript:alert(1)", "does not have the right form", ADDRESS,
    ),
    "long name": (
        "customers", "name", "N" * 301, "has 301 characters", "use 300 at most",
    ),
    "long text": (
        "supports", "evidence", "E" * 10_001, "has 10,001 characters", "use 10,000 at most",
    ),
    "long id": ("customers", "id", "I" * 201, "has 201 characters", "use 200 at most"),
    "long text of our own": (
        "customers", "own", "E" * 10_001, "has 10,001 characters", "use 10,000 at most",
    ),
    "control character": ("customers", "name", "N\x07", *CONTROL),
    "control character in an unknown column": ("customers", "own", "o\x1bwn", *CONTROL),
    "control character in a list": ("customers", "product_lines", "x;y\x07", *CONTROL),
    "character that is none": ("customers", "name", "N\ufffe", *CONTROL),
    "id of two lines": ("customers", "id", "one\ntwo", *ONE_LINE),
    "id with a tab": ("customers", "id", "one\ttwo", *ONE_LINE),
    "negative amount": (
        "deals", "amount", "-1", "is out of range", "write a number of 0 or more",
    ),
    "amount 1,2": ("deals", "amount", "1,2", "is not a number", NUMBER),
    "amount 1.000.000": ("deals", "amount", "1.000.000", "is not a number", NUMBER),
    "amount of two separators": ("deals", "amount", "1,000 000", "is not a number", NUMBER),
    "amount with a unit": ("deals", "amount", "2 million", "is not a number", NUMBER),
    "amount 1_000": ("deals", "amount", "1_000", "is not a number", NUMBER),
    "amount that is none": (
        "deals", "amount", "nan", "is not a finite number", "write a number such as 0.8",
    ),
    "amount without end": (
        "deals", "amount", "1e999", "is not a finite number", "write a number such as 0.8",
    ),
    "formula in a file": ("deals", "amount", "=1+1", "is not a number", NUMBER),
    "decision_weight 1.2": ("roles", "decision_weight", "1.2", "is out of range", SHARE),
    "negative approval_limit": (
        "roles", "approval_limit", "-5", "is out of range",
        "write a number of 0 or more, or unlimited",
    ),
    "approval_limit in words": (
        "roles", "approval_limit", "a lot", "is no limit", "write a number, or unlimited",
    ),
    "budget 2": ("stakeholders", "budget", "2", "is out of range", SHARE),
    "adaptability that is neither number nor class": (
        "stakeholders", "adaptability", "quick", "is not a number",
        f"{NUMBER}, or use one of {ADOPTERS}",
    ),
    "map that is not JSON": ("customers", "external_ids", '{"crm": }', "is not JSON", JSON),
    "map that is a list": (
        "customers", "external_ids", '["crm"]', "is neither JSON nor pairs", JSON,
    ),
    "map of maps": (
        "customers", "external_ids", '{"crm": {"id": 1}}', "holds more than names and values",
        JSON,
    ),
    "pair without a name": (
        "customers", "external_ids", ":1", "is neither JSON nor pairs", JSON,
    ),
    "motives without weights": (
        "stakeholders", "motives", "financial", "is neither JSON nor pairs", MOTIVES,
    ),
    "unknown motive": (
        "stakeholders", "motives", '{"fame": 0.5}', "is not a word of this list",
        "use one of financial, business, relationship, technical",
    ),
    "weight of a motive": (
        "stakeholders", "motives", "financial:7", "is out of range", SHARE,
    ),
}  # fmt: skip


def one_cell(path: Path, table: str, column: str, cell: str) -> Path:
    return folder(path, **{table: [SOUND[table] | {column: cell}]})


def problems_of(db: Database, path: Path) -> list[Problem]:
    """What an import is refused for."""
    with pytest.raises(ImportRefused) as refused:
        load(db, path)
    fields = ("file", "line", "column", "value", "wrong", "right")
    return [tuple(getattr(p, name) for name in fields) for p in refused.value.problems]  # type: ignore[misc]


@dataclass(frozen=True)
class Stored:
    """A database with records, and what it exports."""

    db: Database
    graph: dict[str, list[dict[str, str]]]

    def refuses(self, path: Path, expected: list[Problem]) -> None:
        """The import is refused with exactly these problems, and the graph stays as it is."""
        assert problems_of(self.db, path) == expected
        assert exported(self.db, path.parent / "after") == self.graph


def with_records(db: Database, scratch: Path) -> Stored:
    load(db, folder(scratch / "stored", **STORED))
    return Stored(db, exported(db, scratch / "before"))


@pytest.fixture(scope="module")
def stored(local_server: Database, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Filled once for all the tests that must not change it."""
    return with_records(empty(local_server), tmp_path_factory.mktemp("records"))


def written(path: Path, files: Files) -> Path:
    path.mkdir()
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (path / name).write_bytes(data)
    return path


FOLDERS = {
    f"{group}: {name}": case
    for group, cases in {
        "encoding": ENCODINGS,
        "structure": STRUCTURE,
        "one mistake": ONE_MISTAKE,
        "rows": ROWS,
        "circle": CIRCLES,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize(("files", "expected"), FOLDERS.values(), ids=FOLDERS)
def test_folders(stored: Stored, tmp_path: Path, files: Files, expected: list[Problem]) -> None:
    stored.refuses(written(tmp_path / "in", files), expected)


@pytest.mark.parametrize(("table", "column", "cell", "wrong", "right"), CELLS.values(), ids=CELLS)
def test_cells(
    stored: Stored, tmp_path: Path, table: str, column: str, cell: str, wrong: str, right: str
) -> None:
    shown = " ".join(cell.split())
    shown = shown if len(shown) <= 80 else shown[:79] + "…"
    path = one_cell(tmp_path / "in", table, column, cell)
    expected = [(f"{table}.csv", 2, column, shown, wrong, right)]
    stored.refuses(path, expected)


REFERENCES = [
    (table.name, column, label.lower(), target.name)
    for table in TABLES
    for column, label in table.refs.items()
    for target in TABLES
    if getattr(target.model, "label", "") == label
]


@pytest.mark.parametrize(
    ("table", "column", "kind", "target"), REFERENCES, ids=[f"{r[0]}.{r[1]}" for r in REFERENCES]
)
def test_references_to_nothing(
    stored: Stored, tmp_path: Path, table: str, column: str, kind: str, target: str
) -> None:
    path = one_cell(tmp_path / "in", table, column, "nobody")
    wrong, right = f"there is no {kind} with this id", f"add it to {target} or correct the id"
    expected = [(f"{table}.csv", 2, column, "nobody", wrong, right)]
    stored.refuses(path, expected)


# places -------------------------------------------------------------------------------------


def test_a_path_that_is_not_there(stored: Stored, tmp_path: Path) -> None:
    right = "name a folder of CSV files or an .xlsx file"
    expected = [("nowhere", 0, "", "", "does not exist", right)]
    stored.refuses(tmp_path / "nowhere", expected)


@pytest.mark.parametrize("name", ["customers.csv", "customers.xls", "customers"])
def test_a_file_that_is_no_workbook(stored: Stored, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("id,name\nx,X\n")
    right = "put the CSV files into a folder and name the folder, or save the workbook as .xlsx"
    expected = [(name, 0, "", "", "is neither a folder nor an .xlsx file", right)]
    stored.refuses(tmp_path / name, expected)


def directory(path: Path) -> None:
    path.mkdir()


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing")


@pytest.mark.parametrize(
    ("make", "why"),
    [(directory, "Is a directory"), (link_to_nothing, "No such file or directory")],
)
def test_a_file_that_cannot_be_read(
    stored: Stored, tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    path = folder(tmp_path / "in", departments=[{"id": "x", "customer_id": "new", "name": "X"}])
    make(path / "customers.csv")
    expected = [("customers.csv", 0, "", "", f"cannot be read ({why})", "check the file")]
    stored.refuses(path, expected)


def test_a_file_that_is_too_large(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 10)
    path = written(tmp_path / "in", {"customers.csv": "id,name\nx,X\n"})
    right = "split it into several imports"
    expected = [("customers.csv", 0, "", "", "is larger than 512 MB", right)]
    stored.refuses(path, expected)


# workbooks ----------------------------------------------------------------------------------

Sheets = dict[str, list[list[Any]]]

WORKBOOKS: dict[str, tuple[Sheets, list[Problem]]] = {
    "the error of a formula": (
        {
            "customers": [["id", "name"], ["x", "#N/A"], ["y", "Y"]],
            "departments": [["id", "customer_id", "name"], ["z", "x", "Z"]],
        },
        [
            (
                "book.xlsx/customers", 2, "name", "#N/A", "is the error of a formula",
                "mend the formula or write the value",
            )
        ],
    ),
    "a formula that was never computed": (
        {"deals": [["id", "customer_id", "name", "amount"], ["x", "c", "X", "=2*3"]]},
        [
            (
                "book.xlsx/deals", 2, "amount", "=2*3", "is a formula that was never computed",
                "open the workbook in a spreadsheet program and save it, or write the value",
            )
        ],
    ),
    "a day that is a number": (
        {"deals": [["id", "customer_id", "name", "close_date"], ["x", "c", "X", 12]]},
        [("book.xlsx/deals", 2, "close_date", "12", "is not a date", DAY)],
    ),
    "a truth that is a number": (
        {"influences": [["from_id", "to_id", "strength"], ["a", "b", True]]},
        [
            (
                "book.xlsx/influences", 2, "strength", "True", "is not a number",
                "write a number such as 0.8",
            )
        ],
    ),
    "a sheet twice": (
        {"customers": [["id", "name"], ["x", "X"]], "customers ": [["id", "name"], ["y", "Y"]]},
        [
            (
                "book.xlsx/customers ", 0, "", "",
                "holds the same table as book.xlsx/customers", "make them one",
            )
        ],
    ),
    "other sheets only": (
        {"Sheet1": [["id", "name"], ["x", "X"]]},
        [
            (
                "book.xlsx", 0, "", "", "has none of the sheets of the import format",
                f"name them {ALL_TABLES}",
            )
        ],
    ),
    "the same mistakes as in a file": (
        {"customers": [[], ["id", "name", "kind"], ["x", None, "custmer"], ["x", "X", None]]},
        [
            (
                "book.xlsx/customers", 3, "kind", "custmer", "is not a word of this list",
                "did you mean customer? use one of prospect, customer, partner, supplier, "
                "competitor, public_body",
            ),
            ("book.xlsx/customers", 3, "name", "", *BLANK),
            (
                "book.xlsx/customers", 4, "id", "x", "the id stands in line 3, too",
                "give each row an id of its own",
            ),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sheets", "expected"), WORKBOOKS.values(), ids=WORKBOOKS)
def test_workbooks(stored: Stored, tmp_path: Path, sheets: Sheets, expected: list[Problem]) -> None:
    path = workbook(tmp_path / "book.xlsx", **sheets)
    stored.refuses(path, expected)


def cut_sheet(path: Path) -> None:
    """A sheet ends in the middle, as after a full disk."""
    workbook(path, customers=[["id", "name"], *([f"x{i}", "X"] for i in range(50))])
    change_sheet(path, lambda sheet: sheet[: len(sheet) // 2])


def other_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")


UNUSABLE: dict[str, tuple[Callable[[Path], object], Problem]] = {
    "damaged sheet": (
        cut_sheet,
        (
            "book.xlsx/customers", 0, "", "", "the sheet is damaged", "save the workbook again",
        ),
    ),
    "another kind of archive": (
        other_archive,
        (
            "book.xlsx", 0, "", "", "cannot be opened as a workbook", "save it again as .xlsx",
        ),
    ),
    "no archive": (
        lambda path: path.write_text("id,name\nx,X\n"),
        ("book.xlsx", 0, "", "", "is not a workbook", "save it again as .xlsx"),
    ),
    "nothing in it": (
        lambda path: path.write_bytes(b""),
        ("book.xlsx", 0, "", "", "is not a workbook", "save it again as .xlsx"),
    ),
    "password or old format": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)),
        (
            "book.xlsx", 0, "", "", "is protected by a password or an old .xls file",
            "save it as .xlsx without a password",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "expected"), UNUSABLE.values(), ids=UNUSABLE)
def test_workbooks_that_cannot_be_used(
    stored: Stored, tmp_path: Path, make: Callable[[Path], object], expected: Problem
) -> None:
    make(tmp_path / "book.xlsx")
    stored.refuses(tmp_path / "book.xlsx", [expected])


def test_a_workbook_that_unpacks_to_too_much(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 1_000)
    path = workbook(tmp_path / "book.xlsx", customers=[["id", "name"], ["x", "X"]])
    right = "split it into several imports"
    expected = [("book.xlsx", 0, "", "", "unpacks to more than 1 GB", right)]
    stored.refuses(path, expected)


# This empties the local database, which the tests above share.
BOTH = [
    "encoding: Latin-1",
    "one mistake: a row with a bad cell",
    "rows: a department of another customer",
    "rows: a department that goes to another customer without its people",
    "rows: a new person without a name",
    "rows: several in a row, a file and a folder",
    "circle: that a stored parent closes",
]


@pytest.mark.parametrize("name", BOTH)
def test_both_databases_say_the_same(database: Database, tmp_path: Path, name: str) -> None:
    files, expected = FOLDERS[name]
    with_records(database, tmp_path).refuses(written(tmp_path / "in", files), expected)
