"""Readers who go on from a mark miss nothing, however late a write is committed, on any service."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relgraph import queries
from relgraph.database import Database, open_database
from relgraph.errors import ResumeRefused
from relgraph.records.imports.load import import_records
from relgraph.records.lists.changes import changed_nodes
from relgraph.records.lists.nodes import Order
from relgraph.records.log import commit_order
from relgraph.records.log.change_log import begin_change
from relgraph.records.log.changed_edges import changed_edges
from relgraph.records.log.commit_order import START, Mark
from relgraph.records.log.history import changes_from, subject_of
from relgraph.records.writes.operations import Removal, Upsert
from relgraph.records.writes.writer import write
from relgraph.schema.kinds import INFLUENCE, STAKEHOLDER
from relgraph.settings import load_settings
from tests.records.folders import exported, folder
from tests.support.access import access_to
from tests.support.slow_import import SlowImport


@pytest.fixture
def other(database: Database, environment: dict[str, str]) -> Iterator[Database]:
    """Another service on the same database."""
    names = {name.removeprefix("RELGRAPH_").lower(): text for name, text in environment.items()}
    with open_database(load_settings(**names)) as other:
        yield other


class Reader:
    """Keeps a copy of the change log and of all people, as a program of another system does."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.log_mark = self.list_mark = START
        self.changes: list[str] = []
        self.people: dict[str, str] = {}

    def poll(self) -> None:
        access = access_to(self._db)
        page = changes_from(access, Mark.read(self.log_mark), limit=7)
        self.changes += [change["id"] for change in page.items]
        assert page.resume is not None
        self.log_mark = page.resume
        after = None
        mark = Mark.read(self.list_mark)
        while True:
            people = changed_nodes(access, STAKEHOLDER, mark, order=Order(after=after), limit=7)
            self.people |= {person["id"]: person["name"] for person in people.items}
            for gone in people.deleted or ():
                self.people.pop(gone["id"], None)
            if after is None:
                assert people.resume is not None
                self.list_mark = people.resume
            after = people.next
            if after is None:
                break
        if page.next_cursor is not None:
            self.poll()


def put_person(db: Database, id_: str, customer: str = "c", **values: Any) -> None:
    access = access_to(db, datetime.now(UTC))
    values = {"id": id_, "name": f"Name of {id_}", "customer_id": customer} | values
    upsert = Upsert(STAKEHOLDER, (id_,), values)
    write(access, begin_change(access, "api"), lambda writer: writer.run([upsert]))


def remove_person(db: Database, id_: str) -> None:
    access = access_to(db, datetime.now(UTC))
    removal = Removal(STAKEHOLDER, (id_,), cascade=True)
    write(access, begin_change(access, "api"), lambda writer: writer.run([removal]))


def put_customer(db: Database, tmp_path: Path, id_: str) -> None:
    source = folder(
        tmp_path / f"customer-{id_}", customers=[{"id": id_, "name": f"Customer {id_}"}]
    )
    import_records(access_to(db, datetime.now(UTC)), source)


def all_changes(db: Database) -> list[str]:
    rows = db.read(lambda tx: queries.rows(tx, "changes_after", after="", limit=100_000))
    return [f"{row['change']['id']}#" for row in rows for _ in range(row["change"]["size"])]


def check_complete(reader: Reader, db: Database, tmp_path: Path) -> None:
    reader.poll()
    notes = sorted(change.rpartition("#")[0] + "#" for change in reader.changes)
    assert notes == sorted(all_changes(db))
    assert len(set(reader.changes)) == len(reader.changes), "each came once"
    rows = exported(db, tmp_path / "at-the-end")["stakeholders"]
    assert reader.people == {row["id"]: row["name"] for row in rows}


def test_slow_imports_beside_quick_writes(
    database: Database, other: Database, tmp_path: Path
) -> None:
    put_customer(database, tmp_path, "c")
    readers = [Reader(database), Reader(other)]
    slow = [SlowImport(database, tmp_path, "slow"), SlowImport(other, tmp_path, "slower")]
    for number, db in enumerate((database, other) * 3):
        put_person(db, f"q{number}")
        for reader in readers:
            reader.poll()
            assert f"q{number}" in reader.people
            assert "slow-0" not in reader.people
    slow[0].end()
    remove_person(other, "q0")
    readers[0].poll()
    assert "slow-0" in readers[0].people
    slow[1].end()
    for number, reader in enumerate(readers):
        check_complete(reader, database, tmp_path / str(number))
        assert "slower-8" in reader.people
        assert "q0" not in reader.people


def test_readers_and_writers_at_once(database: Database, other: Database, tmp_path: Path) -> None:
    for customer in "cd":
        put_customer(database, tmp_path, customer)
    errors: list[BaseException] = []

    def writer(db: Database, customer: str) -> None:
        chance = random.Random(customer)
        try:
            for number in range(12):
                put_person(db, f"{customer}{chance.randrange(6)}", customer, title=str(number))
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=writer, args=pair) for pair in ((database, "c"), (other, "d"))
    ]
    readers = [Reader(database), Reader(other)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for reader in readers:
            reader.poll()
    assert errors == []
    for number, reader in enumerate(readers):
        check_complete(reader, database, tmp_path / str(number))


def test_edges_and_filters(database: Database, other: Database, tmp_path: Path) -> None:
    put_customer(database, tmp_path, "c")
    put_person(database, "a")
    put_person(database, "b")
    access = access_to(database)
    mark = Mark.read(changes_from(access, Mark.read(START), limit=100).resume or "")
    nothing = changed_edges(access, INFLUENCE, "a", mark)
    assert (nothing.items, nothing.deleted) == ([], [])
    slow = SlowImport(other, tmp_path, "slow")
    put_person(database, "b", title="CIO")
    upsert = Upsert(INFLUENCE, ("a", "b", ""), {"from_id": "a", "to_id": "b", "strength": 0.5})
    write(access, begin_change(access, "api"), lambda writer: writer.run([upsert]))
    edges = changed_edges(access, INFLUENCE, "a", mark)
    assert [edge["to_id"] for edge in edges.items] == ["b"]
    slow.end()
    of_b = changes_from(access, mark, subject=subject_of("stakeholders", ("b",)))
    assert {change["kind"] for change in of_b.items} == {"stakeholders", "influences"}
    here = changes_from(access, mark, customer_id="slow", limit=100)
    assert {change["customer_id"] for change in here.items} == {"slow"}
    assert changes_from(access, Mark.read(here.resume or ""), limit=100).items == []
    restricted = access_to(database, customers=frozenset({"c"}))
    assert {c["customer_id"] for c in changes_from(restricted, mark, limit=100).items} == {"c"}


def test_a_process_that_ended_while_it_gave_places(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_customer(database, tmp_path, "c")
    access = access_to(database)
    reader = Reader(database)
    reader.poll()
    put_person(database, "a")
    run = queries.run
    with monkeypatch.context() as patch:

        def killed(tx: Any, name: str, **parameters: Any) -> Any:
            if name == "tell_places":
                raise KeyboardInterrupt
            return run(tx, name, **parameters)

        patch.setattr(commit_order.queries, "run", killed)
        with pytest.raises(KeyboardInterrupt):
            commit_order.place_notes(access)
    check_complete(reader, database, tmp_path)


def test_marks_that_are_refused(database: Database, tmp_path: Path) -> None:
    put_customer(database, tmp_path, "c")
    access = access_to(database)
    mark = Mark.read(changes_from(access, Mark.read(START)).resume or "")
    assert Mark.read(str(mark)) == mark
    for wrong in ("", "2026-11-24", "1", f"{mark}x"):
        with pytest.raises(ResumeRefused, match="resume"):
            Mark.read(wrong)
    foreign = mark._replace(key="0" * 8)
    for refused in (foreign, mark._replace(number=mark.number + 1)):
        with pytest.raises(ResumeRefused, match="not of this database"):
            changes_from(access, refused)
        with pytest.raises(ResumeRefused):
            changed_nodes(access, STAKEHOLDER, refused, q=None, limit=5)
