"""The program of docs/sync.md keeps a thousand people in step, in fewer than 50 calls."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2 as httpx
import pytest

from relgraph.api.app import create_app
from relgraph.database import Database
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS
from relgraph.settings import load_settings
from tests.support.service import serving

PAGE = Path(__file__).parents[2] / "docs" / "sync.md"
PEOPLE = 1_000
DAY = "2026-11-02"


@pytest.fixture(scope="module")
def program() -> Any:
    """What the page has a reader run, as a module."""
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    names: dict[str, Any] = {"__name__": "sync"}
    exec(compile(code, str(PAGE), "exec"), names)
    return SimpleNamespace(**names)


def people(number: int, *, title: str) -> list[dict[str, Any]]:
    """What the other system knows of so many people; each tenth heads those after them."""
    return [
        {"id": f"p/{n}", "name": f"Person {n}", "title": title, "company": "k",
         "boss": None if n == number - 1 else f"p/{number - 1 if n % 10 == 0 else n - n % 10}"}
        for n in range(number)
    ]  # fmt: skip


def influences(number: int) -> list[dict[str, Any]]:
    """Each person moves the next."""
    return [
        {"from": f"p/{n}", "to": f"p/{n + 1}", "strength": 0.5, "day": DAY}
        for n in range(number - 1)
    ]


def rows_of(relgraph: httpx.Client, name: str) -> list[dict[str, Any]]:
    """A whole list, read without a mark."""
    rows: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 500}
    while True:
        page = relgraph.get(f"/api/v1/{name}", params=query).raise_for_status().json()
        rows += page["items"]
        if page["next_cursor"] is None:
            return rows
        query["cursor"] = page["next_cursor"]


def assert_in_step(relgraph: httpx.Client, copy: Any) -> None:
    """The copy holds what relgraph does, and nothing else."""
    for name, kept in copy.rows.items():
        rows = rows_of(relgraph, name)
        assert sorted(map(str, rows)) == sorted(map(str, kept.values())), name


def by_theirs(relgraph: httpx.Client) -> dict[str, dict[str, Any]]:
    """The people by what the other system calls them."""
    return {row["external_ids"]["crm"]: row for row in rows_of(relgraph, "stakeholders")}


def send(relgraph: httpx.Client, *operations: tuple[str, str, Any]) -> None:
    """What others write."""
    asked = [{"method": m, "path": path, "body": body} for m, path, body in operations]
    relgraph.post("/api/v1/batch", json={"operations": asked}).raise_for_status()


def test_the_program_knows_every_list(program: Any) -> None:
    assert sorted(program.NODES) == sorted(kind.plural for kind in NAMED_KINDS)
    assert {kind.plural: kind.row_key for kind in EDGE_KINDS} == program.EDGES


def test_a_thousand_people_stay_in_step(program: Any, local_db: Database) -> None:
    app = create_app(load_settings(actor="ann"), database=local_db, clock=lambda: datetime.now(UTC))
    sent: list[str] = []
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as others:
        customer = {"id": "c", "name": "C", "external_ids": {"crm": "k"}}
        send(
            others,
            ("POST", "/customers", customer),
            ("POST", "/members", {"id": "m", "name": "M"}),
            ("POST", "/deals", {"id": "d", "name": "D", "customer_id": "c"}),
        )
        # relgraph knows most of the people already.
        program.push(others, people(PEOPLE - 10, title="Clerk"), influences(PEOPLE - 10), [])
        hooks = {"request": [lambda request: sent.append(str(request.url))]}
        with httpx.Client(base_url=address, timeout=120, event_hooks=hooks) as relgraph:
            copy = program.Copy(relgraph)
            copy.update()
            assert len(copy.rows["stakeholders"]) == PEOPLE - 10
            assert_in_step(others, copy)
            gone = influences(PEOPLE)[:3]
            now = people(PEOPLE, title="Head")
            program.push(relgraph, now, influences(PEOPLE)[3:], gone)
            known = by_theirs(others)
            for person in now:
                row = known[person["id"]]
                assert (row["name"], row["title"]) == (person["name"], person["title"])
                boss = known[person["boss"]]["id"] if person["boss"] else None
                assert row["manager_id"] == boss
            drawn = {(row["from_id"], row["to_id"]) for row in rows_of(others, "influences")}
            assert drawn == {
                (known[row["from"]]["id"], known[row["to"]]["id"]) for row in influences(PEOPLE)[3:]
            }
            # Meanwhile others write and remove.
            ours = [known[f"p/{n}"]["id"] for n in range(20)]
            send(
                others,
                ("DELETE", f"/stakeholders/{ours[5]}?cascade=true", None),
                ("DELETE", f"/influences?from_id={ours[8]}&to_id={ours[9]}", None),
                ("PATCH", f"/stakeholders/{ours[7]}", {"name": "Renamed", "manager_id": None}),
                ("PUT", f"/deals/d/supports/{ours[1]}", {"stance": 1}),
                ("PUT", f"/members/m/knows/{ours[2]}", {"closeness": 3}),
                ("POST", f"/stakeholders/{ours[3]}/merge", {"duplicate_id": ours[4]}),
            )
            copy.update()
            assert len(sent) < 50, len(sent)
            assert_in_step(others, copy)
            assert len(copy.rows["stakeholders"]) == PEOPLE - 2
            assert (ours[8], ours[9], None) not in copy.rows["influences"]
            assert copy.rows["stakeholders"][ours[7],]["name"] == "Renamed"
            before = [row["id"] for row in others.get("/api/v1/changes?limit=1").json()["items"]]
            rest = [person for person in now if person["id"] not in {"p/4", "p/5", "p/7"}]
            rest = [p for p in rest if p["boss"] not in {"p/4", "p/5"} and p["id"] != "p/3"]
            program.push(relgraph, rest, [], [])
            after = [row["id"] for row in others.get("/api/v1/changes?limit=1").json()["items"]]
            assert before == after, "what is sent again writes nothing"
