"""Rows that contradict each other or what is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.records.bad_input.refusals import (
    BLANK,
    STRENGTH,
    Case,
    Files,
    Problem,
    Stored,
    by_group,
    written,
)

ROWS: dict[str, Case] = {
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
    "rows of one tie, given from both ends, that contradict each other": (
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
                "customers.csv", 2, "url", "x.example", "is no web address",
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
CIRCLES: dict[str, Case] = {
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


CASES = by_group({"rows": ROWS, "circle": CIRCLES})


@pytest.mark.parametrize(("files", "expected"), CASES.values(), ids=CASES)
def test_rows(stored: Stored, tmp_path: Path, files: Files, expected: list[Problem]) -> None:
    stored.refuses(written(tmp_path / "in", files), expected)
