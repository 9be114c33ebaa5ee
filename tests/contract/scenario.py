"""Everything that relgraph asks a database, once, in a fixed order with fixed times."""

from __future__ import annotations

from pathlib import Path

from relgraph.database import Database
from relgraph.records.diagnostics import diagnose
from relgraph.records.exports.export import export_records
from relgraph.records.imports.load import import_records
from tests.contract.imports import bring_back, change, in_parts, index_anew, unknown_columns
from tests.contract.reads import read_everything, read_some
from tests.contract.single_writes import deliver, meet, through_the_api
from tests.contract.times import NOW, SEEDS
from tests.support.access import access_to


def play(db: Database, folder: Path) -> None:
    """Import, read in every way, change, export, import in parts, continue and roll back."""
    import_records(access_to(db, NOW), SEEDS / "demo")
    read_everything(db)
    read_some(db)
    change(db, folder / "change")
    in_parts(db, folder)
    unknown_columns(db)
    index_anew(db)
    through_the_api(db)
    meet(db, folder / "meet")
    deliver(db)
    export_records(access_to(db), folder / "export")
    bring_back(db, folder / "export")
    diagnose(access_to(db))
