"""Random writes, imports, merges and undos against a plain model; both agree after each step."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.imports.load import import_records
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import EDGE_KINDS, EMPLOYMENT, REPORTING_LINE, STAKEHOLDER, edge_kind
from tests.records.folders import folder
from tests.support.access import access_to
from tests.support.databases import empty
from tests.support.extent import extent
from tests.support.kinds import V1, Values
from tests.support.machines import run_machine
from tests.support.parts import long_work_in_parts
from tests.support.random_edges import RandomEdge, drawn_columns, random_edges
from tests.support.service import Ticking

PEOPLE = [f"p{number}" for number in range(5)]
person = st.sampled_from(PEOPLE)
title = st.sampled_from([None, "Buyer", "采购经理", 'O"Neil, <b>'])
share = st.sampled_from([None, 0.0, 0.5, 1.0])
ids = {"Stakeholder": person, "Deal": st.just("deal"), "Member": st.sampled_from(["cai", "ann"])}
FREE_KINDS = tuple(kind for kind in EDGE_KINDS if kind not in {EMPLOYMENT, REPORTING_LINE})
"""Kinds of edges that no column of a person says, too."""
edge = st.one_of([random_edges(kind, ids) for kind in FREE_KINDS])
new_people = st.lists(
    st.fixed_dictionaries(
        {"id": person},
        optional={
            "title": title,
            "budget": share,
            "manager_id": person,
            "department_id": st.just("d"),
        },
    ).filter(lambda row: row["id"] != row.get("manager_id")),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row["id"],
)

COLUMNS = ("title", "budget", "department_id", "manager_id")
"""What the model knows of a person."""

Model = dict[str, dict[Any, Values]]
"""People and dotted lines by their ids; edges of the other kinds by kind and key, as `edge_key`."""


def edge_key(edge: RandomEdge) -> tuple[str, ...]:
    """What tells an edge from all others; a symmetric one is the same from its other end."""
    return row_key(edge.kind, edge.key)


def row_key(kind: EdgeKind, row: Values) -> tuple[str, ...]:
    """The same of a row."""
    first, second, *further = (row[name] or "" for name in kind.row_key)
    if kind.is_symmetric(row):
        first, second = sorted((first, second))
    return (kind.plural, first, second, *further)


def touches(key: tuple[str, ...], id_: str) -> bool:
    """Whether an edge ends at a node."""
    return id_ in key[1:3]


def is_possible(edge: RandomEdge, model: Model) -> bool:
    """Whether both ends are there and are not the same."""
    ends = zip(edge.kind.ends, edge.kind.end_columns, strict=True)
    people = {edge.key[column] for kind, column in ends if kind is STAKEHOLDER}
    return not edge.is_loop and people <= model["people"].keys()


class Writes(RuleBasedStateMachine):
    """One customer with a department, a deal and two of ours; people and edges come and go."""

    api: TestClient
    db: Database
    clock: Ticking

    def __init__(self) -> None:
        super().__init__()
        empty(self.db)
        for kind, body in (
            ("customers", {"id": "c", "name": "C"}),
            ("departments", {"id": "d", "name": "D", "customer_id": "c"}),
            ("deals", {"id": "deal", "name": "Deal", "customer_id": "c"}),
            ("members", {"id": "cai", "name": "Cai"}),
            ("members", {"id": "ann", "name": "Ann"}),
        ):
            assert self.api.post(f"{V1}/{kind}", json=body).status_code == 201
        self.model: Model = {"people": {}, "edges": {}, "dotted": {}}
        self.done: list[tuple[str, Model]] = []
        self.versions: dict[str, int] = {}

    def did(self, answer: Any, change: Model, status: int = 200) -> None:
        """Take the answer of a write that must succeed, and what the model becomes by it."""
        assert answer.status_code == status, answer.text
        self.became(answer.headers.get("relgraph-change"), change)

    def became(self, name: str | None, change: Model) -> None:
        """What the model becomes by a write, and how the log calls that; null if by none."""
        assert (name is None) == (change == self.model), "exactly what changes something is noted"
        if name is not None:
            self.done.append((name, self.model))
        self.model = change

    @rule(who=person, title=title, budget=share, seat=st.booleans())
    def make(self, who: str, title: str | None, budget: float | None, seat: bool) -> None:
        values = {"title": title, "budget": budget, "department_id": "d" if seat else None}
        body = {"id": who, "name": who, "customer_id": "c"} | values
        answer = self.api.post(f"{V1}/stakeholders", json=body)
        if who in self.model["people"]:
            assert answer.json()["code"] == "already_there"
            return
        change = copy.deepcopy(self.model)
        change["people"][who] = values | {"manager_id": None}
        self.did(answer, change, 201)

    @rule(
        who=person,
        patch=st.fixed_dictionaries(
            {},
            optional={
                "title": title,
                "budget": share,
                "manager_id": st.none() | person,
                "department_id": st.sampled_from([None, "d"]),
            },
        ),
    )
    def change(self, who: str, patch: dict[str, Any]) -> None:
        answer = self.api.patch(f"{V1}/stakeholders/{who}", json=patch)
        manager = patch.get("manager_id")
        if who not in self.model["people"]:
            assert answer.status_code in {404, 422}
        elif manager == who or (manager is not None and manager not in self.model["people"]):
            assert answer.status_code == 422
        else:
            change = copy.deepcopy(self.model)
            change["people"][who] |= patch
            if manager is not None:  # a dotted line to them becomes the solid one
                change["dotted"].pop((who, manager), None)
            self.did(answer, change)

    @rule(edge=edge)
    def put(self, edge: RandomEdge) -> None:
        answer = self.api.put(edge.path, json=edge.body)
        if not is_possible(edge, self.model):
            assert answer.status_code == 422
            return
        change = copy.deepcopy(self.model)
        change["edges"][edge_key(edge)] = edge.values
        self.did(answer, change)

    @rule(edge=edge)
    def change_edge(self, edge: RandomEdge) -> None:
        answer = self.api.patch(edge.path, json=edge.values)
        change = copy.deepcopy(self.model)
        if edge_key(edge) not in change["edges"]:
            assert answer.status_code == (422 if edge.is_loop else 404)
            return
        change["edges"][edge_key(edge)] |= edge.values
        self.did(answer, change)

    @precondition(lambda self: self.model["edges"])
    @rule(number=st.integers(0, 1000))
    def remove_edge(self, number: int) -> None:
        change = copy.deepcopy(self.model)
        key = sorted(change["edges"])[number % len(change["edges"])]
        del change["edges"][key]
        self.did(self.api.delete(edge_kind(key[0]).ref(key[1:])), change, 204)

    @rule(who=person, manager=person)
    def dotted(self, who: str, manager: str) -> None:
        people = self.model["people"]
        if (
            who == manager
            or not {who, manager} <= people.keys()
            or people[who]["manager_id"] == manager
        ):
            return
        path = f"{V1}/stakeholders/{who}/managers/{manager}"
        change = copy.deepcopy(self.model)
        change["dotted"][who, manager] = {}
        self.did(self.api.put(path, json={"line": "dotted"}), change)

    @rule(who=person, cascade=st.booleans())
    def remove(self, who: str, cascade: bool) -> None:
        answer = self.api.delete(f"{V1}/stakeholders/{who}", params={"cascade": cascade})
        change = copy.deepcopy(self.model)
        if change["people"].pop(who, None) is None:
            assert answer.status_code == 404
            return
        change["dotted"] = {key: row for key, row in change["dotted"].items() if who not in key}
        change["edges"] = {
            key: row for key, row in change["edges"].items() if not touches(key, who)
        }
        for row in change["people"].values():
            row["manager_id"] = None if row["manager_id"] == who else row["manager_id"]
        own = {key for key in self.model["dotted"] if key[0] == who}
        gone = copy.deepcopy(self.model)
        gone["people"].pop(who)
        for key in own:
            gone["dotted"].pop(key)
        if change != gone and not cascade:
            assert answer.json()["code"] == "has_dependents"
        else:
            self.did(answer, change, 204)

    @rule(kept=person, duplicate=person)
    def merge(self, kept: str, duplicate: str) -> None:
        answer = self.api.post(f"{V1}/stakeholders/{kept}/merge", json={"duplicate_id": duplicate})
        if kept == duplicate:
            assert answer.status_code == 422
            return
        if not {kept, duplicate} <= self.model["people"].keys():
            assert answer.status_code == 404
            return
        self.did(answer, merged(self.model, kept, duplicate))

    @rule(rows=new_people, edges=st.lists(edge, max_size=3), in_small_parts=st.booleans())
    def import_rows(
        self, rows: list[Values], edges: list[RandomEdge], *, in_small_parts: bool
    ) -> None:
        """A blank cell leaves what is there; a manager that nobody knows refuses all of it."""
        change = copy.deepcopy(self.model)
        for row in rows:
            filled = {name: value for name, value in row.items() if value is not None}
            id_ = filled.pop("id")
            change["people"].setdefault(id_, dict.fromkeys(COLUMNS)).update(filled)
            change["dotted"].pop((id_, filled.get("manager_id")), None)
        tables: dict[str, list[Values]] = {
            "stakeholders": [row | {"name": row["id"], "customer_id": "c"} for row in rows]
        }
        for edge in {edge_key(edge): edge for edge in edges}.values():
            if not is_possible(edge, change):
                continue
            tables.setdefault(edge.kind.plural, []).append(edge.key | edge.values)
            blank = dict.fromkeys(drawn_columns(edge.kind))
            filled = {name: value for name, value in edge.values.items() if value is not None}
            change["edges"].setdefault(edge_key(edge), blank).update(filled)
        with (
            tempfile.TemporaryDirectory() as place,
            long_work_in_parts(in_small_parts=in_small_parts),
        ):
            source = folder(Path(place) / "rows", **tables)
            access = access_to(self.db, self.clock(), "bob")
            if {row.get("manager_id") for row in rows} - change["people"].keys() - {None}:
                with pytest.raises(ImportRefused, match="nothing was written"):
                    import_records(access, source)
                return
            done = import_records(access, source)
        self.became(done.change_set, change)

    @precondition(lambda self: self.done)
    @rule(in_small_parts=st.booleans())
    def undo(self, *, in_small_parts: bool) -> None:
        """The last change is always free to be taken back."""
        name, before = self.done.pop()
        with long_work_in_parts(in_small_parts=in_small_parts):
            answer = self.api.post(f"{V1}/changes/{name}/undo")
        assert answer.status_code == 200, answer.text
        self.model = before

    @precondition(lambda self: self.done)
    @rule()
    def undo_and_undo_that(self) -> None:
        name, _ = self.done.pop()
        back = self.api.post(f"{V1}/changes/{name}/undo").json()["change_set"]
        again = self.api.post(f"{V1}/changes/{back}/undo")
        assert again.status_code == 200, again.text
        self.done.clear()  # the first of them cannot be named any more

    @invariant()
    def agree(self) -> None:
        people = self.items("/stakeholders?limit=100")
        rows = {row["id"]: {name: row.get(name) for name in COLUMNS} for row in people}
        assert rows == self.model["people"]
        dotted: dict[Any, Values] = {}
        for id_, row in rows.items():
            managers = self.items(f"/stakeholders/{id_}/managers")
            dotted |= {(id_, line["to_id"]): {} for line in managers if line["line"] == "dotted"}
            solid = [line["to_id"] for line in managers if line["line"] == "solid"]
            assert solid == ([row["manager_id"]] if row["manager_id"] else [])
        assert dotted == self.model["dotted"]
        assert self.edges(rows) == self.model["edges"]
        for row in people:
            assert row["version"] >= self.versions.get(row["id"], 0), "versions never go back"
        self.versions |= {row["id"]: row["version"] for row in people}

    def edges(self, people: Iterable[str]) -> dict[Any, Values]:
        """All edges of the free kinds, from the lists of those that have them."""
        owners = {"stakeholders": people, "deals": ["deal"], "members": ["cai", "ann"]}
        return {
            row_key(kind, row): {name: row[name] for name in drawn_columns(kind)}
            for kind in FREE_KINDS
            for id_ in owners[kind.owner.plural]
            for row in self.items(f"/{kind.owner.plural}/{id_}/{kind.segment}")
        }

    def items(self, path: str) -> list[Values]:
        answer = self.api.get(V1 + path)
        assert answer.status_code == 200, answer.text
        items: list[Values] = answer.json()["items"]
        return items


def merged(model: Model, kept: str, duplicate: str) -> Model:
    """What is left when a duplicate becomes part of who is kept.

    What both say is kept, except that of two judgements of the same thing the later one counts.
    """
    change = copy.deepcopy(model)
    gone = change["people"].pop(duplicate)
    person = change["people"][kept]
    managers = [id_ for id_ in (person["manager_id"], gone["manager_id"])
                if id_ not in {None, kept, duplicate}]  # fmt: skip
    change["people"][kept] = {
        name: gone[name] if value is None else value for name, value in person.items()
    } | {"manager_id": managers[0] if managers else None}
    for row in change["people"].values():
        row["manager_id"] = kept if row["manager_id"] == duplicate else row["manager_id"]
    people = change["people"]
    change["dotted"] = {
        (first, second): {}
        for first, second in (moved(key, kept, duplicate) for key in model["dotted"])
        if first != second and people[first]["manager_id"] != second
    }
    change["edges"] = {}
    for key, row in sorted(model["edges"].items(), key=lambda item: duplicate in item[0][1:3]):
        plural, *ends, further = (*key[:3], key[3:])
        first, second = moved(tuple(ends), kept, duplicate)
        kind = edge_kind(plural)
        if first == second and kind.between_alike:
            continue
        place = row_key(kind, dict(zip(kind.row_key, (first, second, *further), strict=True)))
        there = change["edges"].setdefault(place, row)
        if (row.get("assessed_at") or "") > (there.get("assessed_at") or ""):
            change["edges"][place] = row
    return change


def moved(ends: tuple[str, ...], kept: str, duplicate: str) -> tuple[str, ...]:
    """Both ends with who is kept in place of the duplicate."""
    return tuple(kept if end == duplicate else end for end in ends)


@pytest.mark.timeout(extent(280, 3000))
def test_the_api_agrees_with_a_plain_model(database: Database) -> None:
    run_machine(Writes, database, extent(6, 100))
