"""Kept answers are those that would be made afresh, whatever is written, and by whom."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relgraph.api.kept import store
from relgraph.database import Database, open_database
from relgraph.records.imports.load import import_records
from relgraph.records.log.commit_order import place_notes
from relgraph.records.search.index import index_pending
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS
from relgraph.settings import load_settings
from tests.records.folders import folder
from tests.support.access import access_to
from tests.support.kinds import V1, another, changed_column, id_of, make_account, path_of, row_of
from tests.support.parts import long_work_in_parts
from tests.support.service import api_of, app_of, client_of

PATHS = [
    *(
        path
        for id_ in ("customer-1", "customer-2")
        for path in (
            f"{V1}/customers/{id_}/map",
            f"{V1}/customers/{id_}/matrix?lang=zh",
            f"/customers/{id_}/map",
            f"/customers/{id_}/people",
            f"/customers/{id_}/deals",
        )
    ),
    "/customers/customer-1/chain",
    f"{V1}/deals/deal-1/decision-chain",
    "/",
    "/customers?q=c",
    "/people?q=1",
    "/people/stakeholder-1",
    f"{V1}/search?q=2",
]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nobody reads while a write ends, so that all is kept at once."""
    monkeypatch.setattr(store, "SETTLING_S", 0)


@pytest.fixture
def other(database: Database, environment: dict[str, str]) -> Iterator[Database]:
    """Another service's way to the same database."""
    names = {name.removeprefix("RELGRAPH_").lower(): text for name, text in environment.items()}
    with open_database(load_settings(**names)) as other:
        yield other


class World:
    """A service that keeps answers, and another that keeps none; both write."""

    def __init__(self, database: Database, other: Database, scratch: Path) -> None:
        self.keeping = client_of(app_of(database))
        self.afresh = client_of(app_of(other, kept_answers_mb=0))
        self.writers = [api_of(database), api_of(other)]
        self.other = other
        self.scratch = scratch
        self.hits = self.imports = 0
        make_account(self.writers[0])

    def compare(self, after: str) -> None:
        for path in PATHS:
            kept = self.keeping.get(path, follow_redirects=False)
            fresh = self.afresh.get(path, follow_redirects=False)
            assert kept.status_code == fresh.status_code, (after, path)
            assert kept.content == fresh.content, (after, path)
            assert kept.headers.get("etag") == fresh.headers.get("etag"), (after, path)

    # what may be done -----------------------------------------------------------------------

    def put_node(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(NAMED_KINDS)
        row = row_of(kind, chance.randint(1, 4)) | {"name": f"N {chance.randint(1, 9)}"}
        if "customer_id" in row:
            row["customer_id"] = f"customer-{chance.randint(1, 2)}"
        return f"{row} {api.post(f'{V1}/{kind.plural}', json=row).status_code}"

    def change(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(NAMED_KINDS)
        column = chance.choice(["name", changed_column(kind)])
        value = f"N {chance.randint(1, 9)}"
        if column != "name":
            value = chance.choice([kind.example.get(column), another(kind, column, None)])
        path = kind.ref(id_of(kind, chance.randint(1, 4)))
        return f"{path} {column} {value} {api.patch(path, json={column: value}).status_code}"

    def move(self, chance: random.Random, api: TestClient) -> str:
        """To another customer, department, manager, owner or group."""
        kind, column = chance.choice(
            [(kind, name) for kind in NAMED_KINDS for name in sorted(kind.refs)]
        )
        label = kind.refs[column].lower()
        value = chance.choice([f"{label}-{chance.randint(1, 3)}", None])
        path = kind.ref(id_of(kind, chance.randint(1, 4)))
        return f"{path} {column} {value} {api.patch(path, json={column: value}).status_code}"

    def put_edge(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(EDGE_KINDS)
        row = row_of(kind, chance.randint(1, 4), chance.randint(1, 4))
        if "until" in kind.model.model_fields and chance.random() < 0.7:
            row["until"] = chance.choice(["2026-01-01", "2027-01-01"])
        body = {name: value for name, value in row.items() if name not in kind.row_key}
        return f"{row} {api.put(path_of(kind, row), json=body).status_code}"

    def remove_edge(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(EDGE_KINDS)
        path = path_of(kind, row_of(kind, chance.randint(1, 4), chance.randint(1, 4)))
        return f"{path} {api.delete(path).status_code}"

    def remove(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(NAMED_KINDS)
        path = kind.ref(id_of(kind, chance.randint(2, 4)))
        return f"{path} {api.delete(f'{path}?cascade=true').status_code}"

    def merge(self, chance: random.Random, api: TestClient) -> str:
        into, other = chance.sample(range(1, 5), 2)
        body = {"duplicate_id": f"stakeholder-{other}"}
        answer = api.post(f"{V1}/stakeholders/stakeholder-{into}/merge", json=body)
        return f"merge {other} into {into} {answer.status_code}"

    def undo(self, chance: random.Random, api: TestClient) -> str:
        changes = api.get(f"{V1}/changes?limit=10").json()["items"]
        change = chance.choice(changes)["change_set"]
        return f"undo {api.post(f'{V1}/changes/{change}/undo', json={}).status_code}"

    def place(self, chance: random.Random, api: TestClient) -> str:
        place_notes(access_to(self.other))
        return "places"

    def load(self, chance: random.Random, api: TestClient) -> str:
        """An import, in parts or not; between the parts somebody reads."""
        self.imports += 1
        customer = f"customer-{chance.randint(1, 3)}"
        rows = [
            {"id": f"stakeholder-{chance.randint(1, 6)}", "customer_id": customer,
             "name": f"N {chance.randint(1, 9)}"}
        ]  # fmt: skip
        path = folder(
            self.scratch / f"import{self.imports}",
            customers=[{"id": customer, "name": f"N {chance.randint(1, 9)}"}],
            stakeholders=rows,
        )
        with long_work_in_parts(in_small_parts=chance.random() < 0.7):
            import_records(
                access_to(self.other, datetime.now(UTC)),
                path,
                progress=lambda *step: self.compare(f"import: {step}"),
            )
        index_pending(access_to(self.other))
        return f"import {rows}"


STEPS: list[Callable[[World, random.Random, TestClient], str]] = [
    World.put_node, World.change, World.change, World.move, World.move, World.put_edge,
    World.put_edge, World.remove_edge, World.remove, World.merge, World.undo, World.place,
    World.load,
]  # fmt: skip


def test_they_are_those_that_would_be_made_afresh(
    database: Database, other: Database, tmp_path: Path
) -> None:
    world = World(database, other, tmp_path)

    @settings(
        max_examples=6, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.randoms(use_true_random=False), st.lists(st.sampled_from(STEPS), max_size=12))
    def check(
        chance: random.Random, steps: list[Callable[[World, random.Random, TestClient], str]]
    ) -> None:
        world.compare("beginning")
        for step in steps:
            done = step(world, chance, chance.choice(world.writers))
            world.compare(done)

    check()
    kept = world.keeping.app.state.kept  # type: ignore[attr-defined]
    assert kept.size > 0, "nothing was kept, so that nothing was compared"
