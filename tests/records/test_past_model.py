"""Random writes, imports and undos; each customer is rebuilt as it was read at each instant."""

from __future__ import annotations

import tempfile
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from relgraph import queries
from relgraph.database import Database
from relgraph.errors import ImportRefused, NotFound
from relgraph.records.imports.load import import_records
from relgraph.records.log.past_account import account_at
from relgraph.records.reads.account import read_account
from relgraph.schema.account import Account
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS, node_kind
from tests.records.folders import folder
from tests.support.access import access_to
from tests.support.databases import empty
from tests.support.extent import extent
from tests.support.kinds import V1
from tests.support.machines import run_machine
from tests.support.parts import long_work_in_parts
from tests.support.random_edges import RandomEdge, random_edges
from tests.support.service import NOW, Ticking

CUSTOMERS = ("a", "b")
IDS = {
    "Team": ("north",),
    "Member": ("cai", "ann"),
    "Customer": CUSTOMERS,
    "Department": ("a-it", "b-it"),
    "Stakeholder": ("p0", "p1", "p2", "p3"),
    "Deal": ("a-deal", "b-deal"),
}
ids = {label: st.sampled_from(names) for label, names in IDS.items()}
person, customer = ids["Stakeholder"], ids["Customer"]
department, deal, member = ids["Department"], ids["Deal"], ids["Member"]
name = st.sampled_from(["Old", "New", "新"])
edge = st.one_of([random_edges(kind, ids) for kind in EDGE_KINDS])
nodes = st.sampled_from(
    [
        (plural, id_)
        for plural, label in (
            ("members", "Member"),
            ("customers", "Customer"),
            ("departments", "Department"),
            ("stakeholders", "Stakeholder"),
            ("deals", "Deal"),
        )
        for id_ in IDS[label]
    ]
)
changing_hands = nodes.filter(lambda node: node_kind(node[0]).customer is not None)
patches = {
    "customers": st.fixed_dictionaries(
        {},
        optional={"name": name, "parent_id": st.none() | customer, "owner_id": st.none() | member},
    ),
    "departments": st.fixed_dictionaries(
        {}, optional={"name": name, "customer_id": customer, "parent_id": st.none() | department}
    ),
    "deals": st.fixed_dictionaries(
        {}, optional={"name": name, "customer_id": customer, "owner_id": st.none() | member}
    ),
    "members": st.fixed_dictionaries({}, optional={"name": name, "team_id": st.just("north")}),
    "stakeholders": st.fixed_dictionaries(
        {},
        optional={
            "title": name,
            "customer_id": customer,
            "department_id": st.none() | department,
            "manager_id": st.none() | person,
            "until": st.sampled_from([None, "2026-11-01"]),
        },
    ),
}
change = nodes.flatmap(lambda node: st.tuples(st.just(node), patches[node[0]]))


def rows_at(customer: str) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of people of a customer, some in its own department."""
    needed = {"id": person, "name": name, "customer_id": st.just(customer)}
    further = {"title": name, "manager_id": person, "department_id": st.just(f"{customer}-it")}
    return st.fixed_dictionaries(needed, optional=further)


rows_of_people = st.lists(
    customer.flatmap(rows_at), min_size=1, max_size=3, unique_by=lambda row: row["id"]
)


class Past(RuleBasedStateMachine):
    """Two customers whose people, departments, deals and edges come, go and change hands."""

    api: TestClient
    db: Database
    clock: Ticking

    def __init__(self) -> None:
        super().__init__()
        empty(self.db)
        self.recorded: list[tuple[datetime, str, Account | None]] = []
        self.changes: list[str] = []
        self.edges: list[str] = []
        """Paths of edges that were put and may be there."""
        self.steps: list[str] = []

    @initialize(edges=st.tuples(*(random_edges(kind, ids) for kind in EDGE_KINDS for _ in "123")))
    def begin(self, edges: tuple[RandomEdge, ...]) -> None:
        """All nodes are there, each of its own customer, and edges of each kind."""
        operations = []
        for kind in NAMED_KINDS:
            for id_ in IDS.get(kind.label, ()):
                row = {"id": id_, "name": id_}
                if kind.customer:
                    row["customer_id"] = id_[0] if id_[0] in CUSTOMERS else "a"
                operations.append({"method": "POST", "path": f"/{kind.plural}", "body": row})
        operations += [
            {"method": "PUT", "path": path.removeprefix(V1), "body": edge.body}
            for path, edge in {edge.path: edge for edge in edges if not edge.is_loop}.items()
        ]
        self.send("POST", f"{V1}/batch", {"operations": operations})
        assert self.changes, self.steps

    def send(self, method: str, path: str, body: Any = None) -> None:
        """One write; it may be refused, but never fails."""
        answer = self.api.request(method, path, json=body)
        assert answer.status_code < 500, answer.text
        self.note(f"{method} {path} {body} -> {answer.status_code}")
        if method == "PUT" and answer.is_success:
            self.edges.append(path)
        if change_set := answer.headers.get("relgraph-change"):
            self.changes.append(change_set)

    def note(self, step: str) -> None:
        self.steps.append(step)

    @rule(change=change)
    def patch(self, change: tuple[tuple[str, str], dict[str, Any]]) -> None:
        (plural, id_), body = change
        self.send("PATCH", f"{V1}/{plural}/{id_}", body)

    @rule(node=changing_hands, customer=customer, then=st.sampled_from(["stays", "goes", "back"]))
    def hand_over(self, node: tuple[str, str], customer: str, then: str) -> None:
        """A person, department or deal goes to a customer; it may be removed there, or return."""
        plural, id_ = node
        path = f"{V1}/{plural}/{id_}"
        self.send("PATCH", path, {"customer_id": customer})
        self.record()
        if then == "goes":
            self.send("DELETE", f"{path}?cascade=true")
        elif then == "back":
            self.send("PATCH", path, {"customer_id": CUSTOMERS[customer == "a"]})

    @rule(node=nodes, customer=customer)
    def make(self, node: tuple[str, str], customer: str) -> None:
        plural, id_ = node
        belongs = {"customer_id": customer} if node_kind(plural).customer else {}
        self.send("POST", f"{V1}/{plural}", {"id": id_, "name": "Again"} | belongs)

    @rule(edge=edge)
    def put(self, edge: RandomEdge) -> None:
        self.send("PUT", edge.path, edge.body)

    @rule(edge=edge)
    def patch_edge(self, edge: RandomEdge) -> None:
        self.send("PATCH", edge.path, edge.values)

    @precondition(lambda self: self.edges)
    @rule(number=st.integers(0, 1000))
    def remove_edge(self, number: int) -> None:
        self.send("DELETE", self.edges[number % len(self.edges)])

    @rule(node=nodes)
    def remove(self, node: tuple[str, str]) -> None:
        self.send("DELETE", f"{V1}/{node[0]}/{node[1]}?cascade=true")

    @rule(kept=person, duplicate=person)
    def merge(self, kept: str, duplicate: str) -> None:
        self.send("POST", f"{V1}/stakeholders/{kept}/merge", {"duplicate_id": duplicate})

    @rule(people=rows_of_people, edge=edge, in_small_parts=st.booleans())
    def import_rows(
        self, people: list[dict[str, Any]], edge: RandomEdge, *, in_small_parts: bool
    ) -> None:
        tables = {"stakeholders": people}
        if not edge.is_loop:
            tables[edge.kind.plural] = [edge.key | edge.values]
        with tempfile.TemporaryDirectory() as place:
            source = folder(Path(place) / "rows", **tables)
            with long_work_in_parts(in_small_parts=in_small_parts):
                try:
                    done = import_records(access_to(self.db, self.clock(), "bob"), source)
                except ImportRefused as refused:
                    self.note(f"import {tables} refused: {refused}")
                    return
        self.note(f"import {tables} {in_small_parts=} -> {done.totals}")
        if done.change_set:
            self.changes.append(done.change_set)

    @precondition(lambda self: self.changes)
    @rule(back=st.sampled_from([1, 1, 1, 2, 5]), in_small_parts=st.booleans())
    def undo(self, back: int, *, in_small_parts: bool) -> None:
        """The last write is always free to be undone, an earlier one may be refused."""
        change_set = self.changes.pop(-min(back, len(self.changes)))
        with long_work_in_parts(in_small_parts=in_small_parts):
            self.send("POST", f"{V1}/changes/{change_set}/undo")

    @invariant()
    def record(self) -> None:
        """What is read now, and since when it is so."""
        access = access_to(self.db, LATER)
        latest = access.read(lambda tx: queries.value(tx, "last_change"))
        if latest is None:
            return
        when = datetime.fromisoformat(latest.partition("/")[0])
        for id_ in CUSTOMERS:
            try:
                account: Account | None = read_account(access, id_)
            except NotFound:
                account = None
            if self.recorded and (when, id_, account) in self.recorded[-2:]:
                continue
            self.recorded.append((when, id_, account))
            self.note(f"  recorded {id_} at {when}")

    def teardown(self) -> None:
        access = access_to(self.db, LATER)
        for when, id_, account in self.recorded:
            try:
                rebuilt: Account | None = account_at(access, id_, when)
            except NotFound:
                rebuilt = None
            if rebuilt != account:
                steps = "\n".join(self.steps)
                raise AssertionError(f"{id_} at {when}:\n{differences(rebuilt, account)}\n{steps}")


def differences(rebuilt: Account | None, account: Account | None) -> str:
    """What is not the same, a line for each part of the account."""
    if rebuilt is None or account is None:
        return f"rebuilt: {rebuilt}\nread then: {account}"
    lines = []
    for part in fields(Account):
        after, before = getattr(rebuilt, part.name), getattr(account, part.name)
        if part.compare and after != before:
            lines += [f"rebuilt {part.name}: {after}", f"read then: {before}"]
    return "\n".join(lines)


LATER = NOW + timedelta(hours=12)


@pytest.mark.timeout(extent(280, 3000))
def test_the_past_is_rebuilt_after_random_writes(database: Database) -> None:
    run_machine(Past, database, extent(3, 100))
