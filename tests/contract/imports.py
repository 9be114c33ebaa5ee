"""What the scenario imports: changes, an import in parts, the past of an export."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from unittest import mock

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.records.exports.past import NAME, read_past
from relgraph.records.imports import in_parts as import_parts
from relgraph.records.imports import load
from relgraph.records.imports.load import import_records
from relgraph.records.imports.restore import restore
from relgraph.records.log.forgetting import forget_past, forget_write
from relgraph.records.log.past_account import account_at
from relgraph.records.reads import directory
from relgraph.records.reads.account import read_account
from relgraph.records.search.index import reindex
from relgraph.records.writes.parts import begin_ending, unfinished_work
from relgraph.records.writes.steps import Step, run_step
from relgraph.schema.kinds import EDGE_KINDS, NODE_KINDS, OFFERING
from relgraph.schema.values import timestamp
from tests.contract.reads import read_everything
from tests.contract.times import LATER, NOW, TODAY
from tests.support.access import access_to


def write(folder: Path, name: str, *rows: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")


def write_all(folder: Path, **tables: tuple[str, ...]) -> None:
    """A file of each table, with its header first."""
    for name, rows in tables.items():
        write(folder, name, *rows)


def change(db: Database, folder: Path) -> None:
    """A second import that changes, moves, and adds one of everything."""
    before = {
        customer: read_account(access_to(db, NOW), customer) for customer in ("huading", "lanqiao")
    }
    write_all(
        folder,
        offerings=("id,name,category,list_price", "platform,Platform,software,100"),
        teams=("id,name,parent_id", "sales-north,Sales North,solutions"),
        members=("id,name,team_id,manager_id", "bob,Bob Lindner,delivery,petra"),
        customers=("id,name,parent_id,owner_id", "lanqiao,Lanqiao,huading,bob", "new,New,,"),
        departments=("id,customer_id,name,parent_id", "hd-purchasing,huading,P,hd-it"),
        stakeholders=(
            "id,customer_id,department_id,name,manager_id,note",
            "zhao,huading,hd-it,Zhao Yonggang,li,moved",
            "mo2,new,,Mo Two,,",
            "lq-mo,new,,Mo Xin,,",
        ),
        deals=("id,customer_id,name,owner_id", "branch-refresh,ruiyuan,Refresh,cai"),
        employments=(
            "stakeholder_id,customer_id,title,since,until",
            "wang,ruiyuan,Engineer,2019-01-01,2021-12-31",
            "lq-mo,lanqiao,Maintenance lead,2020-01-01,2026-11-25",
        ),
        reports_to=("from_id,to_id,line", "wang,chen,dotted"),
        influences=("from_id,to_id,strength,assessed_at", "sun,li,0.5,2026-11-20"),
        relations=("from_id,to_id,kind", "wang,sun,friend"),
        supports=("stakeholder_id,deal_id,stance,assessed_at", "chen,dc-renewal,0,2026-11-24"),
        interests=("stakeholder_id,deal_id,level", "qian,dc-renewal,0.2"),
        roles=("stakeholder_id,deal_id,role,decision_weight", "li,dc-renewal,evaluator,0.3"),
        knows=("member_id,stakeholder_id,closeness", "bob,wang,5"),
    )
    import_records(access_to(db, LATER), folder)
    # The same again, with every edge changed a second time, so that updates run too.
    for name, column, value in (
        ("relations", "strength", "0.4"),
        ("knows", "closeness", "4"),
        ("reports_to", "since", "2026-01-01"),
        ("offerings", "cost", "9"),
        ("employments", "title", "Chief"),
        ("interests", "motive", "business"),
        ("departments", "function", "legal"),
        ("deals", "amount", "5"),
    ):
        change_column(folder / f"{name}.csv", column, value)
    import_records(access_to(db, LATER), folder)
    # A dotted line becomes the first; a department goes to another customer with its people.
    then = folder / "then"
    moved = ("lq-jiang,huading,", "lq-mo,huading,")
    write_all(
        then,
        departments=("id,customer_id,name,parent_id", "lq-plant,huading,Plant,"),
        stakeholders=("id,customer_id,manager_id", "wang,huading,chen", *moved),
    )
    import_records(access_to(db, LATER), then)
    for customer, account in before.items():
        past = account_at(access_to(db, LATER), customer, NOW + timedelta(hours=2))
        assert past == account, "the past is what was read before all of this"
    directory.get_node(access_to(db), OFFERING, "platform")
    read_everything(db)


def change_column(file: Path, column: str, value: str) -> None:
    with file.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        row[column] = value
    with file.open("w", newline="", encoding="utf-8") as text:
        out = csv.DictWriter(text, list(rows[0]))
        out.writeheader()
        out.writerows(rows)


class Stopped(Exception):
    """Stands for a process that ends in the middle of an import."""


def in_parts(db: Database, folder: Path) -> None:
    """An import in parts that is interrupted, rolled back, begun again, and continued."""
    source = folder / "parts"
    write_all(
        source,
        customers=("id,name", "big,Big", "northwind,Northwind Logistics Group"),
        departments=("id,customer_id,name", "big-d,big,Big department"),
        stakeholders=(
            "id,customer_id,department_id,name,manager_id",
            *(f"big-{i},big,big-d,Person {i},{f'big-{i - 1}' if i else ''}" for i in range(6)),
        ),
        teams=("id,name", "big-team,Big team", "sales,Sales Group"),
        members=("id,name,team_id", "big-member,Big Member,big-team"),
        offerings=("id,name", "big-offering,Big offering", "platform,New name"),
        deals=("id,customer_id,name", "big-deal,big,Big deal"),
        employments=("stakeholder_id,customer_id,until", "big-0,northwind,2020-01-01"),
        reports_to=("from_id,to_id,line", "big-1,big-5,dotted"),
        influences=("from_id,to_id,strength", "big-0,big-1,0.5", "nw-raman,nw-liu,0.9"),
        relations=("from_id,to_id,kind", "big-0,big-1,friend"),
        supports=("stakeholder_id,deal_id,stance", "big-0,big-deal,1"),
        interests=("stakeholder_id,deal_id,level", "big-0,big-deal,0.5"),
        roles=("stakeholder_id,deal_id,role", "big-0,big-deal,user"),
        knows=("member_id,stakeholder_id,closeness", "big-member,big-0,3"),
        activities=(
            "id,kind,happened_at,member_id,stakeholder_id,deal_id",
            "big-call,call,2026-11-01,big-member,big-0,big-deal",
        ),
    )
    with (
        mock.patch.object(load, "ROWS_PER_TRANSACTION", 1),
        mock.patch.object(import_parts, "ROWS_A_PART", 1),
    ):
        interrupted(db, source, share=1.0)
        import_records(access_to(db, LATER), source, resume="roll_back")
        interrupted(db, source, share=0.3)
        read_account(access_to(db, TODAY), "northwind")
        older_work(db)
        [work] = unfinished_work(access_to(db))
        import_records(access_to(db, LATER), source, resume="continue")
        begin_ending(access_to(db), work)  # does no harm where it has ended
    db.write(lambda tx: everything_back(tx))


def older_work(db: Database) -> None:
    """Make an interrupted import look as if an older relgraph had begun it."""
    text = """
    MATCH (i:Import) WHERE i.state = 'writing'
    REMOVE i.change_set, i.at
    CREATE (i)-[:HAS_PART]->(p:ImportPart {id: 'part', number: 1})
    SET p.first_note = $first, p.last_note = $last
    """
    [first, *_] = db.read(lambda tx: queries.rows(tx, "changes_after", after="", limit=1))
    at, set_id, _ = first["change"]["id"].split("/")
    notes = {name: f"{at}/{set_id}/{number}" for name, number in (("first", "0"), ("last", "1"))}
    db.write(lambda tx: tx.rows(text, notes))


def interrupted(db: Database, source: Path, share: float) -> None:
    """Import until a share of the rows is written, then end as a killed process would."""

    def stop(phase: str, done: int, total: int) -> None:
        if phase == "write" and done >= total * share:
            raise Stopped

    try:
        import_records(access_to(db, LATER), source, progress=stop)
    except Stopped:
        return
    raise AssertionError("the import was not interrupted")


def everything_back(tx: Transaction) -> None:
    """The links and deletions that only an undo of each kind would run."""
    ends = {
        "teams_parent_id": ("sales-east", "sales"),
        "members_team_id": ("ann", "sales-north"),
        "members_manager_id": ("ann", "zixuan"),
        "customers_parent_id": ("lanqiao", "huading"),
        "customers_owner_id": ("lanqiao", "bob"),
        "departments_customer_id": ("lq-plant", "lanqiao"),
        "departments_parent_id": ("po-legal", "po-adm"),
        "stakeholders_department_id": ("nw-gu", "nw-fin"),
        "deals_customer_id": ("big-deal", "big"),
        "deals_owner_id": ("crane-telemetry", "bob"),
        "activities_member_id": ("big-call", "bob"),
        "activities_stakeholder_id": ("big-call", "big-1"),
        "activities_deal_id": ("big-call", "crane-telemetry"),
    }
    for name, (id_, to) in ends.items():
        row = {"id": id_, "to": to, "props": {}}
        run_step(tx, Step(f"unlink_{name}", [row], counted=False), timestamp(LATER))
        run_step(tx, Step(f"link_{name}", [row]), timestamp(LATER))


def unknown_columns(db: Database) -> None:
    """Two of every kind of node, and an edge of every kind, with a column that no model knows."""
    ids = "odd", "odd-2"
    props = {"shelf": "7"}

    def work(tx: Transaction) -> None:
        for kind in NODE_KINDS:
            rows = [{"id": id_, "props": props, "version": 1} for id_ in ids]
            run_step(tx, Step(f"create_{kind.plural}", rows), timestamp(LATER))
        for edge in EDGE_KINDS:
            key = (*ids, *("odd" for _ in edge.stored_key))
            row = {**edge.stored_row(key), "props": props, "version": 1}
            run_step(tx, Step(f"create_{edge.plural}", [row]), timestamp(LATER))
        for kind in NODE_KINDS:
            queries.run(tx, f"delete_{kind.plural}", rows=[{"id": id_} for id_ in ids])

    db.write(work)


def index_anew(db: Database) -> None:
    """The index of search out of nothing, as after a large import."""
    for label in ("SearchKey", "SearchEntry"):
        db.write(lambda tx, label=label: tx.rows(f"MATCH (n:{label}) DELETE n", {}))  # type: ignore[misc]
    reindex(access_to(db, LATER))


def bring_back(db: Database, folder: Path) -> None:
    """The past of an export over what is there already; then it is undone."""
    [part] = read_past(folder / NAME).parts(100_000)
    db.write(lambda tx: restore(tx, part, work="work"))
    forget_write(access_to(db), part.changes[0]["props"]["set_id"])
    forget_past(access_to(db), "work")
