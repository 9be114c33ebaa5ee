"""The empty template, and what the diagnostics of a database report."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.records.diagnostics import diagnose
from relgraph.records.tables.template import TemplateRefused, write_template
from relgraph.schema.kinds import KINDS
from tests.records.folders import account, folder, load
from tests.support.access import access_to


def test_the_template_can_be_imported_and_explains_every_column(
    local_db: Database, tmp_path: Path
) -> None:
    write_template(tmp_path / "t")
    assert load(local_db, tmp_path / "t").totals == {}
    text = (tmp_path / "t" / "README.md").read_text("utf-8")
    for table in KINDS:
        assert f"## {table.plural}.csv" in text
        for column in table.columns:
            assert f"| `{column}`" in text


def test_the_template_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("mine")
    with pytest.raises(TemplateRefused):
        write_template(tmp_path)
    assert (tmp_path / "deals.csv").read_text() == "mine"


def test_a_sound_database_has_no_faults(local_db: Database, tmp_path: Path) -> None:
    load(local_db, folder(tmp_path / "in", **account()))
    report = diagnose(access_to(local_db))
    assert report.faults == []
    assert report.counts["stakeholders"] == 3


def test_what_cannot_be_right_is_named(database: Database, tmp_path: Path) -> None:
    load(database, folder(tmp_path / "in", **account()))
    break_ = (
        "MATCH (a:Stakeholder {id: 'a'}), (b:Stakeholder {id: 'b'}) "
        "CREATE (a)-[:INFLUENCES {strength: 7.0, scope: '', nature: 'positive'}]->(b) "
        "CREATE (:Department {id: 'lost', name: 'Lost'})"
    )

    def work(tx: Transaction) -> None:
        tx.rows(break_, {})

    database.write(work)
    assert queries.catalogue()
    codes = {fault.code: fault.text for fault in diagnose(access_to(database)).faults}
    assert "lost" in codes["homeless"]
    assert "7" in codes["out_of_range"] and "a → b" in codes["out_of_range"]
