"""Import, export, import again gives the same graph, in both formats, on both databases."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relgraph.database import Database
from relgraph.records.exports.export import export_records
from tests.records.folders import Tables, exported, folder, load
from tests.support.access import access_to
from tests.support.databases import empty
from tests.support.service import SEEDS

IDS = ["p1", "p2", "p3", "王", "p 5", "p,6"]
LOOKS_LIKE_SOMETHING_ELSE = [
    "=1+1", "#N/A", "-2", "007", "1e5", "TRUE", "2026-11-24", "_x0041_", "a\u200bb",
]  # fmt: skip
characters = st.characters(
    exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"),  # Cf are dropped at the ends of cells
    exclude_characters="\ufffe\uffff",
    max_codepoint=0xFFFF,
)
text = (
    st.text(characters | st.sampled_from("\n\",;'=+@王建国é"), max_size=24).map(str.strip)
) | st.sampled_from(LOOKS_LIKE_SOMETHING_ELSE)
name = text.filter(bool)
share = st.integers(1, 100).map(lambda n: n / 100)
day = st.dates(min_value=date(2000, 1, 1)).map(str)
flag = st.sampled_from(["", "true", "false"])


@st.composite
def records(draw: st.DrawFn) -> Tables:
    """A small account with whatever its cells may hold."""
    people = draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))
    managers = {id_: draw(st.sampled_from([None, *people])) for id_ in people}
    stakeholders = [
        {
            "id": id_,
            "customer_id": "c",
            "department_id": draw(st.sampled_from(["", "d"])),
            "name": draw(name),
            "name_zh": draw(text),
            "title": draw(text),
            "top": draw(flag),
            "manager_id": managers[id_] if managers[id_] not in (None, id_) else "",
            "budget": draw(st.sampled_from(["", "0", "0.5", "1"])),
            # No two people have the same one.
            "external_ids": draw(st.sampled_from(["", '{"crm": "%d"}', "crm:%d;erp:2%d"])).replace(
                "%d", str(number)
            ),
            "since": draw(st.just("") | day),
            "own column": draw(text),
        }
        for number, id_ in enumerate(people)
    ]
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(people), st.sampled_from(people)).filter(
                lambda pair: pair[0] != pair[1]
            ),
            unique=True,
            max_size=6,
        )
        if len(people) > 1
        else st.just([])
    )
    some = st.lists(st.sampled_from(people), unique=True)
    tables: dict[str, list[dict[str, Any]]] = {
        "customers": [
            {"id": "c", "name": draw(name), "product_lines": draw(st.sampled_from(["", "x;y"]))}
        ],
        "departments": [{"id": "d", "customer_id": "c", "name": draw(name)}],
        "members": [{"id": "m", "name": draw(name)}],
        "deals": [
            {
                "id": "deal",
                "customer_id": "c",
                "name": draw(name),
                "amount": draw(st.sampled_from(["", "0", "1234567.89"])),
                "currency": draw(st.sampled_from(["", "CNY"])),
            }
        ],
        "stakeholders": stakeholders,
        "influences": [
            {
                "from_id": a,
                "to_id": b,
                "strength": draw(share),
                "deal_id": draw(st.sampled_from(["", "deal"])),
                "assessed_at": draw(st.just("") | day),
                "evidence": draw(text),
            }
            for a, b in pairs
        ],
        "supports": [
            {
                "stakeholder_id": id_,
                "deal_id": "deal",
                "stance": draw(st.sampled_from(["", -2, 0, 1])),
                "evidence": draw(text),
            }
            for id_ in draw(some)
        ],
        "roles": [
            {
                "stakeholder_id": id_,
                "deal_id": "deal",
                "role": draw(st.sampled_from(["veto", "buyer"])),
                "can_veto": draw(flag),
                "approval_limit": draw(st.sampled_from(["", "0", "12.5", "unlimited"])),
            }
            for id_ in draw(some)
        ],
        "knows": [
            {
                "member_id": "m",
                "stakeholder_id": id_,
                "closeness": draw(st.sampled_from(["", 1, 5])),
            }
            for id_ in draw(some)
        ],
    }
    return {table: rows for table, rows in tables.items() if rows}


def check(db: Database, tables: Tables, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        empty(db)
        load(db, folder(root / "in", **tables))
        before = exported(db, root / "out")
        assert set(before) == set(tables)
        export_records(access_to(db), root / f"moved{suffix}")
        empty(db)
        load(db, root / f"moved{suffix}")
        assert exported(db, root / "after") == before
        assert load(db, root / f"moved{suffix}").totals["changed"] == 0


GENTLE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=20, deadline=None, suppress_health_check=GENTLE)
@given(tables=records(), suffix=st.sampled_from(["", ".xlsx"]))
def test_any_records_come_back(local_db: Database, tables: Tables, suffix: str) -> None:
    check(local_db, tables, suffix)


@settings(max_examples=6, deadline=None, suppress_health_check=GENTLE)
@given(tables=records(), suffix=st.sampled_from(["", ".xlsx"]))
def test_any_records_come_back_on_each_database(
    database: Database, tables: Tables, suffix: str
) -> None:
    check(database, tables, suffix)


def test_the_demo_records_come_back(database: Database, tmp_path: Path) -> None:
    load(database, SEEDS / "demo")
    before = exported(database, tmp_path / "one")
    empty(database)
    load(database, tmp_path / "one")
    assert exported(database, tmp_path / "two") == before
