"""Random writes, removals and undos against a plain model; after each step both agree."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from relgraph.database import Database
from tests.api.test_writes import V1
from tests.support.databases import empty
from tests.support.extent import extent
from tests.support.service import api_of

PEOPLE = [f"p{number}" for number in range(5)]
person = st.sampled_from(PEOPLE)
title = st.sampled_from([None, "Buyer", "采购经理", 'O"Neil, <b>'])
share = st.sampled_from([None, 0.0, 0.5, 1.0])
strength = st.sampled_from([0.1, 0.5, 1.0])
stance = st.sampled_from([None, -2, 0, 2])

Model = dict[str, dict[Any, dict[str, Any]]]


class Writes(RuleBasedStateMachine):
    """One customer with a department and a deal; people and edges come and go."""

    api: TestClient
    db: Database

    def __init__(self) -> None:
        super().__init__()
        empty(self.db)
        for kind, body in (
            ("customers", {"id": "c", "name": "C"}),
            ("departments", {"id": "d", "name": "D", "customer_id": "c"}),
            ("deals", {"id": "deal", "name": "Deal", "customer_id": "c"}),
        ):
            assert self.api.post(f"{V1}/{kind}", json=body).status_code == 201
        self.model: Model = {"people": {}, "influences": {}, "supports": {}, "dotted": {}}
        self.done: list[tuple[str, Model]] = []
        self.versions: dict[str, int] = {}

    def did(self, answer: Any, change: Model, status: int = 200) -> None:
        """Take the answer of a write that must succeed, and what the model becomes by it."""
        assert answer.status_code == status, answer.text
        name = answer.headers.get("relgraph-change")
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

    @rule(one=person, other=person, strength=strength)
    def influence(self, one: str, other: str, strength: float) -> None:
        path = f"{V1}/stakeholders/{one}/influences/{other}"
        answer = self.api.put(path, json={"strength": strength, "assessed_at": None})
        if one == other or not {one, other} <= self.model["people"].keys():
            assert answer.status_code == 422
            return
        change = copy.deepcopy(self.model)
        change["influences"][one, other] = {"strength": strength}
        self.did(answer, change)

    @rule(one=person, other=person)
    def dotted(self, one: str, other: str) -> None:
        people = self.model["people"]
        if one == other or not {one, other} <= people.keys() or people[one]["manager_id"] == other:
            return
        path = f"{V1}/stakeholders/{one}/managers/{other}"
        change = copy.deepcopy(self.model)
        change["dotted"][one, other] = {}
        self.did(self.api.put(path, json={"line": "dotted"}), change)

    @rule(who=person, stance=stance)
    def support(self, who: str, stance: int | None) -> None:
        answer = self.api.put(
            f"{V1}/deals/deal/supports/{who}", json={"stance": stance, "assessed_at": None}
        )
        if who not in self.model["people"]:
            assert answer.status_code == 422
            return
        change = copy.deepcopy(self.model)
        change["supports"][who] = {"stance": stance}
        self.did(answer, change)

    @rule(one=person, other=person)
    def forget_influence(self, one: str, other: str) -> None:
        answer = self.api.delete(f"{V1}/stakeholders/{one}/influences/{other}")
        change = copy.deepcopy(self.model)
        if change["influences"].pop((one, other), None) is None:
            assert answer.status_code == 404
        else:
            self.did(answer, change, 204)

    @rule(who=person, cascade=st.booleans())
    def remove(self, who: str, cascade: bool) -> None:
        answer = self.api.delete(f"{V1}/stakeholders/{who}", params={"cascade": cascade})
        change = copy.deepcopy(self.model)
        if change["people"].pop(who, None) is None:
            assert answer.status_code == 404
            return
        for table in ("influences", "dotted"):
            change[table] = {key: row for key, row in change[table].items() if who not in key}
        change["supports"].pop(who, None)
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

    @rule(one=person, other=person)
    def merge(self, one: str, other: str) -> None:
        answer = self.api.post(f"{V1}/stakeholders/{one}/merge", json={"duplicate_id": other})
        if one == other:
            assert answer.status_code == 422
            return
        if not {one, other} <= self.model["people"].keys():
            assert answer.status_code == 404
            return
        self.did(answer, merged(self.model, one, other))

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        """The last change is always free to be taken back."""
        name, before = self.done.pop()
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
        columns = ("title", "budget", "department_id", "manager_id")
        found = {one["id"]: {name: one.get(name) for name in columns} for one in people}
        assert found == self.model["people"]
        lines: dict[Any, Any] = {}
        dotted: dict[Any, Any] = {}
        for who in found:
            for one in self.items(f"/stakeholders/{who}/influences"):
                lines[one["from_id"], one["to_id"]] = {"strength": one["strength"]}
            managers = self.items(f"/stakeholders/{who}/managers")
            dotted |= {(who, one["to_id"]): {} for one in managers if one["line"] == "dotted"}
            solid = [one["to_id"] for one in managers if one["line"] == "solid"]
            manager = found[who]["manager_id"]
            assert solid == ([manager] if manager else [])
        assert lines == self.model["influences"] and dotted == self.model["dotted"]
        supports = self.items("/deals/deal/supports")
        assert {one["stakeholder_id"]: {"stance": one["stance"]} for one in supports} == (
            self.model["supports"]
        )
        for one in people:
            assert one["version"] >= self.versions.get(one["id"], 0), "versions never go back"
        self.versions |= {one["id"]: one["version"] for one in people}

    def items(self, path: str) -> list[dict[str, Any]]:
        answer = self.api.get(V1 + path)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


def merged(model: Model, one: str, other: str) -> Model:
    """What is left when `other` becomes part of `one`: of two of a kind that of `one`."""
    change = copy.deepcopy(model)
    gone = change["people"].pop(other)
    person = change["people"][one]
    managers = [id_ for id_ in (person["manager_id"], gone["manager_id"])
                if id_ not in {None, one, other}]  # fmt: skip
    change["people"][one] = {
        name: gone[name] if value is None else value for name, value in person.items()
    } | {"manager_id": managers[0] if managers else None}
    for who in change["people"].values():
        who["manager_id"] = one if who["manager_id"] == other else who["manager_id"]
    for table in ("influences", "dotted"):
        moved: dict[Any, dict[str, Any]] = {}
        for key, row in sorted(change[table].items(), key=lambda item: other in item[0]):
            first, second = (one if part == other else part for part in key)
            if first != second:
                moved.setdefault((first, second), row)
        change[table] = moved
    if other in change["supports"]:
        change["supports"].setdefault(one, change["supports"].pop(other))
        change["supports"].pop(other, None)
    people = change["people"]
    change["dotted"] = {
        key: row for key, row in change["dotted"].items() if people[key[0]]["manager_id"] != key[1]
    }
    return change


@pytest.mark.timeout(extent(280, 3000))
def test_the_api_agrees_with_a_plain_model(database: Database) -> None:
    with api_of(database) as api:
        machine = type("OnThisDatabase", (Writes,), {"api": api, "db": database})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=extent(6, 100),
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
