"""An export says whether anything was committed while it was written, however long ago it began."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.records.exports.export import export_records
from relgraph.records.exports.written import written_now
from relgraph.records.imports.load import import_records
from relgraph.records.log.commit_order import place_notes
from tests.records.folders import NOW, folder
from tests.support.access import access_to
from tests.support.parts import long_work_in_parts
from tests.support.slow_import import SlowImport


def put_customer(db: Database, tmp_path: Path, id_: str) -> None:
    source = folder(tmp_path / f"customer-{id_}", customers=[{"id": id_, "name": id_}])
    import_records(access_to(db, NOW), source)


@pytest.mark.parametrize("in_small_parts", [False, True])
def test_a_slow_import_that_ends_meanwhile(
    database: Database, tmp_path: Path, in_small_parts: bool
) -> None:
    with long_work_in_parts(in_small_parts=in_small_parts):
        slow = SlowImport(database, tmp_path, "slow")
        if not in_small_parts:  # long work goes alone
            put_customer(database, tmp_path, "quick")
        begin = written_now(access_to(database))

        def end(table: str, done: int, total: int) -> None:
            if table == "supports":
                slow.end()

        done = export_records(access_to(database), tmp_path / "export", progress=end)
    assert done.overtaken
    assert written_now(access_to(database)) != begin
    again = export_records(access_to(database), tmp_path / "again")
    assert not again.overtaken and again.counts["stakeholders"] == 9


def test_giving_places_is_no_write(database: Database, tmp_path: Path) -> None:
    put_customer(database, tmp_path, "c")
    place_notes(access_to(database))
    put_customer(database, tmp_path, "d")

    def give(table: str, done: int, total: int) -> None:
        place_notes(access_to(database))

    assert not export_records(access_to(database), tmp_path / "e", progress=give).overtaken


def test_a_past_that_is_brought_in_meanwhile(database: Database, tmp_path: Path) -> None:
    """Its own notes are forgotten at the end, and those that it brings are older than any other."""
    put_customer(database, tmp_path, "c")
    export_records(access_to(database), tmp_path / "first")
    begin = written_now(access_to(database))
    assert begin.notes == 1 and not begin.under_way
    database.write(lambda tx: tx.rows("MATCH (n:Customer) DETACH DELETE n", {}))
    database.write(lambda tx: tx.rows("MATCH (n:Change) DELETE n", {}))
    database.write(lambda tx: tx.rows("MATCH (n:LogEnd) DELETE n", {}))
    assert written_now(access_to(database)).notes == 0

    def restore(table: str, done: int, total: int) -> None:
        if table == "supports":
            with long_work_in_parts(in_small_parts=True):
                assert import_records(access_to(database, NOW), tmp_path / "first").past

    done = export_records(access_to(database), tmp_path / "second", progress=restore)
    assert done.overtaken
    end = written_now(access_to(database))
    assert (end.notes, end.works) == (1, 1), "the notes alone say nothing"
