"""Everything that relgraph asks a database, once, in a fixed order with fixed times."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.errors import NotFound
from relgraph.records.activities.collect import collect
from relgraph.records.activities.counts import contacts_of_customer, counts_of, known_by
from relgraph.records.diagnostics import diagnose
from relgraph.records.exports.export import export_records
from relgraph.records.exports.past import NAME, read_past
from relgraph.records.imports import in_parts as import_parts
from relgraph.records.imports import load
from relgraph.records.imports.load import import_records
from relgraph.records.imports.restore import restore
from relgraph.records.lists.changes import changed_nodes
from relgraph.records.lists.nodes import list_nodes
from relgraph.records.log.change_log import begin_change
from relgraph.records.log.changed_edges import changed_edges
from relgraph.records.log.commit_order import START, Mark
from relgraph.records.log.forgetting import forget_past, forget_write
from relgraph.records.log.history import changes, changes_from, subject_of
from relgraph.records.log.past_account import account_at
from relgraph.records.reads import directory
from relgraph.records.reads.account import read_account, read_account_of_deal
from relgraph.records.reads.overview import (
    CustomerFilters,
    customer_filter_values_in,
    customers_overview,
    open_deals_in,
)
from relgraph.records.reads.snapshots import read_customer_list, read_overview, read_person
from relgraph.records.reads.states import state
from relgraph.records.rows import Key
from relgraph.records.search.index import reindex
from relgraph.records.search.search import search
from relgraph.records.upgrade import prepare
from relgraph.records.visibility import visible_nodes
from relgraph.records.webhooks import deliveries, store
from relgraph.records.webhooks.deliveries import Outcome
from relgraph.records.webhooks.events import make_deliveries
from relgraph.records.writes import undo_parts
from relgraph.records.writes import writer as writing
from relgraph.records.writes.external_ids import find
from relgraph.records.writes.idempotency import Answer, Idempotency, find_answer, keep_answer
from relgraph.records.writes.operations import Merge, Removal, Upsert
from relgraph.records.writes.parts import begin_ending, unfinished_work
from relgraph.records.writes.steps import Step, run_step
from relgraph.records.writes.undo import undo
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import (
    ACTIVITY,
    DEAL,
    EDGE_KINDS,
    KIND_BY_PLURAL,
    NAMED_KINDS,
    OFFERING,
    SCOPED_KINDS,
    STAKEHOLDER,
    edge_kind,
    is_scoped,
    node_kind,
)
from relgraph.schema.values import timestamp
from tests.contract.lists import read_lists
from tests.records.activities.samples import calendar, event, letter, mbox, written
from tests.support.access import access_at, access_to
from tests.support.service import Ticking

SEEDS = Path(__file__).parents[2] / "seeds"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def write(folder: Path, name: str, *rows: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")


def play(db: Database, folder: Path) -> None:
    """Import, read in every way, change, export, import in parts, continue and roll back."""
    import_records(access_to(db, NOW), SEEDS / "demo")
    read_everything(db)
    read_some(db)
    change(db, folder / "change")
    in_parts(db, folder)
    through_the_api(db)
    meet(db, folder / "meet")
    deliver(db)
    export_records(access_to(db), folder / "export")
    bring_back(db, folder / "export")
    diagnose(access_to(db))


def bring_back(db: Database, folder: Path) -> None:
    """The past of an export over what is there already; then it is undone."""
    [part] = read_past(folder / NAME).parts(100_000)
    db.write(lambda tx: restore(tx, part, work="work"))
    forget_write(access_to(db), part.changes[0]["props"]["set_id"])
    forget_past(access_to(db), "work")


def read_everything(db: Database) -> None:
    for customer in ("northwind", "huading", "osterhaven"):
        read_account(access_to(db, TODAY), customer)
    read_account_of_deal(access_to(db, TODAY), "dc-renewal")
    read_lists(access_to(db, TODAY))
    ids = {
        "customers": "huading",
        "departments": "hd-it",
        "stakeholders": "wang",
        "deals": "dc-renewal",
        "teams": "sales",
        "members": "bob",
    }
    for plural, id_ in ids.items():
        directory.get_node(access_to(db), node_kind(plural), id_)
    db.read(lambda tx: queries.rows(tx, "names_of_customers"))
    for edge in EDGE_KINDS:
        directory.edges_of(access_to(db), edge, ids[edge.owner.plural])
    customers_overview(access_to(db, TODAY), CustomerFilters(), limit=3)
    customers_overview(access_to(db, TODAY), CustomerFilters(q="port", kind="prospect"))
    read_overview(access_to(db, TODAY), limit=12)
    read_customer_list(access_to(db, TODAY), CustomerFilters(), skip=0, limit=3)
    read_person(access_to(db, TODAY), "wang")
    for q in ("wang", "王", "数据", "port", "finance", "ann", "sales", "platform", "wagn"):
        search(access_to(db, TODAY), q)
        search(access_to(db, TODAY), f"{q} li", customer_id="huading")
    reindex(access_to(db))


def read_some(db: Database) -> None:
    """What a viewer of two customers sees, by ids that they may see and by others."""
    access = access_to(db, TODAY, customers=frozenset({"huading", "northwind"}))
    for customer in ("northwind", "osterhaven"):
        with suppress(NotFound):
            read_account(access, customer)
    for kind in NAMED_KINDS:
        everything = list_nodes(access_to(db), kind, limit=200).items
        seen = list_nodes(access, kind, limit=200).items
        assert len(seen) < len(everything) or not is_scoped(kind)
        for node in everything[:20]:
            with suppress(NotFound):
                directory.get_node(access, kind, node["id"])
    read_lists(access)
    for kind in SCOPED_KINDS:
        ids = sorted(row["id"] for row in db.read(lambda tx, kind=kind: _all_of(tx, kind)))  # type: ignore[misc]
        access.read(lambda tx, kind=kind, ids=ids: visible_nodes(tx, kind, ids))  # type: ignore[misc]
    for edge in EDGE_KINDS:
        for owner in list_nodes(access, edge.owner, limit=30).items:
            for row in directory.edges_of(access, edge, owner["id"]):
                key = tuple(row.get(name) or owner["id"] for name in edge.end_columns)
                key += tuple(row.get(name) or "" for name in edge.key)
                access.read(lambda tx, edge=edge, key=key: state(tx, edge, key))  # type: ignore[misc]
    customers_overview(access, CustomerFilters(), limit=3)
    access.read(customer_filter_values_in)
    access.read(lambda tx: open_deals_in(tx, limit=50))
    for q in ("wang", "王", "w", "port", "finance", "ann", "wagn"):
        search(access, q)
        search(access, f"{q} li", customer_id="huading")
    changes(access, limit=500)
    known_by(access, "wang")
    counts_of(access, "member", "ann")


def _all_of(tx: Transaction, kind: NodeKind) -> list[dict[str, Any]]:
    return tx.rows(f"MATCH (n:{kind.label}) RETURN n.id AS id", {})


def change(db: Database, folder: Path) -> None:
    """A second import that changes, moves, and adds one of everything."""
    before = {
        customer: read_account(access_to(db, NOW), customer) for customer in ("huading", "lanqiao")
    }
    write(folder, "offerings", "id,name,category,list_price", "platform,Platform,software,100")
    write(folder, "teams", "id,name,parent_id", "sales-north,Sales North,solutions")
    write(folder, "members", "id,name,team_id,manager_id", "bob,Bob Lindner,delivery,petra")
    write(
        folder,
        "customers",
        "id,name,parent_id,owner_id",
        "lanqiao,Lanqiao,huading,bob",
        "new,New,,",
    )
    write(folder, "departments", "id,customer_id,name,parent_id", "hd-purchasing,huading,P,hd-it")
    write(
        folder,
        "stakeholders",
        "id,customer_id,department_id,name,manager_id,note",
        "zhao,huading,hd-it,Zhao Yonggang,li,moved",
        "mo2,new,,Mo Two,,",
        "lq-mo,new,,Mo Xin,,",
    )
    write(folder, "deals", "id,customer_id,name,owner_id", "branch-refresh,ruiyuan,Refresh,cai")
    write(
        folder,
        "employments",
        "stakeholder_id,customer_id,title,since,until",
        "wang,ruiyuan,Engineer,2019-01-01,2021-12-31",
        "lq-mo,lanqiao,Maintenance lead,2020-01-01,2026-11-25",
    )
    write(folder, "reports_to", "from_id,to_id,line", "wang,chen,dotted")
    write(folder, "influences", "from_id,to_id,strength,assessed_at", "sun,li,0.5,2026-11-20")
    write(folder, "relations", "from_id,to_id,kind", "wang,sun,friend")
    write(
        folder,
        "supports",
        "stakeholder_id,deal_id,stance,assessed_at",
        "chen,dc-renewal,0,2026-11-24",
    )
    write(folder, "interests", "stakeholder_id,deal_id,level", "qian,dc-renewal,0.2")
    write(
        folder,
        "roles",
        "stakeholder_id,deal_id,role,decision_weight",
        "li,dc-renewal,evaluator,0.3",
    )
    write(folder, "knows", "member_id,stakeholder_id,closeness", "bob,wang,5")
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
    write(then, "departments", "id,customer_id,name,parent_id", "lq-plant,huading,Plant,")
    write(then, "stakeholders", "id,customer_id,manager_id", "wang,huading,chen", *moved)
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


def through_the_api(db: Database) -> None:
    """Single writes, a cascade, a kept answer; the log in every way; and taking it back."""
    tables = KIND_BY_PLURAL
    clock = Ticking()

    def wrote(work: Callable[[writing.Writer], object]) -> str:
        change = begin_change(access_at(clock(), "ann"), "api")
        _, done = writing.write(access_to(db), change, work)
        assert done.change_set == change.id
        return change.id

    def upsert(table: str, key: Key, **values: object) -> Upsert:
        return Upsert(tables[table], key, values)

    patched = wrote(
        lambda writer: writer.run(
            [upsert("stakeholders", ("chen",), id="chen", title="Chief", manager_id="li")]
        )
    )
    influence = {"from_id": "chen", "to_id": "zhao", "strength": 0.3, "nature": "positive"}
    wrote(lambda writer: writer.run([upsert("influences", ("chen", "zhao", ""), **influence)]))
    tie = {"from_id": "sun", "to_id": "wang", "kind": "friend", "strength": 0.9}
    wrote(lambda writer: writer.run([upsert("relations", ("sun", "wang", "friend"), **tie)]))
    people = tables["stakeholders"]
    merged = wrote(lambda writer: writer.run([Merge(people, ("li",), "wang")]))
    changes(access_to(db), subject=subject_of("stakeholders", ("li",)), limit=500)
    changes(access_to(db), subject=subject_of("members", ("ann",)), limit=500)
    for crm in ({"crm": "7"}, {"erp": "8"}):
        ids = {"external_ids": crm}
        wrote(lambda writer, ids=ids: writer.run([upsert("deals", ("dc-renewal",), **ids)]))  # type: ignore[misc]
    db.read(lambda tx: find(tx, tables["deals"], "erp", "8"))
    for many, id_ in (("influences", "li"), ("employments", "li"), ("knows", "ann")):
        changed_edges(access_to(db), edge_kind(many), id_, NOW)
        changed_edges(access_to(db), edge_kind(many), id_, Mark.read(START))
    read_on(db)
    wrote(lambda writer: undo(writer, merged))
    removals = [
        Removal(tables[name], key, cascade=True)
        for name, key in (
            ("supports", ("qian", "dc-renewal")),
            ("members", ("bob",)),
            ("teams", ("solutions",)),
            ("departments", ("hd-it",)),
            ("customers", ("huading",)),
        )
    ]
    gone = [wrote(lambda writer, removal=removal: writer.run([removal])) for removal in removals]  # type: ignore[misc]
    for table in tables.values():
        key = ("wang",) if table.is_node else ("zhao", "li", "friend")[: len(table.row_key)]
        db.read(lambda tx, table=table, key=key: state(tx, table, key))  # type: ignore[misc]
    repeat = Idempotency("key", "request")
    for _ in range(2):
        db.write(
            lambda tx: find_answer(tx, repeat) or keep_answer(tx, repeat, Answer(204, ""), LATER)
        )
    changes(access_to(db), limit=20)
    changes(access_to(db), customer_id="huading", limit=500)
    for kind, key in (("stakeholders", ("zhao",)), ("deals", ("dc-renewal",)),
                      ("departments", ("hd-it",)), ("members", ("bob",))):  # fmt: skip
        changes(access_to(db), subject=subject_of(kind, key), since=LATER)
    for change_set in reversed(gone):
        wrote(lambda writer, id_=change_set: undo(writer, id_))  # type: ignore[misc]
    with mock.patch.object(undo_parts, "LARGEST", 0):
        undo_parts.undo_write(access_to(db, LATER + timedelta(days=1), "tester"), patched)
    db.read(lambda tx: queries.rows(tx, "deletions_after", after="", before="~", limit=9))
    read_account(access_to(db, TODAY), "huading")


def meet(db: Database, folder: Path) -> None:
    """Activities from a file, a mailbox and a calendar; counted, weighed, changed, removed."""
    write(folder / "people", "members", "id,name,email", "ann,Ann Berg,ann@us.example")
    write(
        folder / "people",
        "stakeholders",
        "id,customer_id,name,email",
        "sun,huading,Sun Xiaomei,sun@client.example",
    )
    import_records(access_to(db, LATER), folder / "people")
    table = (
        "id,kind,happened_at,direction,answered,minutes,member_id,stakeholder_id,deal_id",
        "v1,visit,2026-11-02,mutual,true,90,ann,sun,dc-renewal",
        "v2,call,2026-11-03T10:00:00+08:00,outbound,,5,cai,sun,",
        "v3,email,2026-11-04,inbound,,,bob,wang,dc-renewal",
    )
    write(folder / "file", "activities", *table)
    import_records(access_to(db, LATER), folder / "file")
    write(folder / "file", "activities", *(row.replace("call", "message") for row in table))
    import_records(access_to(db, LATER), folder / "file")
    moved = "v3,email,2026-11-04,inbound,,,ann,sun,crane-telemetry"
    write(folder / "file", "activities", table[0], moved)
    import_records(access_to(db, LATER), folder / "file")
    sent = mbox(letter(), letter(to="sun@client.example, x@x.example", id_="<2@us.example>"))
    answer = letter(
        "sun@client.example", "ann@us.example", "Tue, 17 Nov 2026 01:00:00 +0000", "<3@x>",
        "In-Reply-To: <2@us.example>",
    )  # fmt: skip
    aliases = written(
        folder / "aliases.csv", "address,member_id,stakeholder_id\nb@us.example,bob,\n"
    )
    for name, text in (
        ("a.mbox", sent),
        ("b.eml", answer),
        ("c.ics", calendar(event("RRULE:FREQ=WEEKLY;COUNT=2"))),
    ):
        file = written(folder / name, text)
        for _ in range(2):
            collect(
                access_to(db, LATER),
                [file],
                since=NOW.replace(year=2025),
                zone=UTC,
                aliases=aliases,
            )
    read_some(db)
    counts_of(access_to(db), "stakeholder", "sun")
    counts_of(access_to(db), "member", "ann")
    contacts_of_customer(access_to(db, LATER), "huading")
    known_by(access_to(db, LATER), "sun")
    activity = ACTIVITY
    db.read(lambda tx: state(tx, activity, ("v1",)))
    changes(access_to(db), subject=subject_of("activities", ("v1",)))
    gone = begin_change(access_at(LATER, "ann"), "api")
    writing.write(
        access_to(db),
        gone,
        lambda writer: writer.run(
            [
                Removal(DEAL, ("dc-renewal",), cascade=True),
                Removal(STAKEHOLDER, ("sun",), cascade=True),
            ]
        ),
    )
    back = begin_change(access_at(LATER, "ann"), "undo")
    writing.write(access_to(db), back, lambda writer: undo(writer, gone.id))
    known_by(access_to(db, LATER), "sun")


def deliver(db: Database) -> None:
    """Webhooks: made, delivered to, refused, sent again, given new secrets, removed."""
    while make_deliveries(access_to(db)):
        pass  # nobody wants what was before
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    values = {"url": "https://x.example/", "kinds": ["*"], "secret": secret}
    hook = store.create(access_to(db, NOW), values)["id"]
    change = begin_change(access_at(LATER, "ann"), "api")
    title = {"id": "sun", "title": "CIO"}
    people = STAKEHOLDER
    writing.write(access_to(db), change, lambda w: w.run([Upsert(people, ("sun",), title)]))
    db.read(lambda tx: queries.value(tx, "webhook_work"))
    make_deliveries(access_to(db))
    outcomes = [
        Outcome(None, "nobody", "", 3),
        Outcome(410, "gone", "", 3),
        Outcome(204, None, "", 3),
    ]
    with mock.patch("random.uniform", return_value=1.0):
        for outcome in outcomes:
            later = LATER + timedelta(days=1)
            [due] = db.read(lambda tx, later=later: deliveries.next_due(tx, hook, now=later))  # type: ignore[misc]
            deliveries.record(access_to(db, later), due, outcome)
            deliveries.retry(access_to(db), hook, due["event_id"])
            deliveries.page(access_to(db), hook, state="waiting", after=None, limit=5)
        deliveries.record(access_to(db, LATER), due, outcome)
    store.listed(access_to(db))
    store.change(access_to(db, LATER), hook, {"active": True, "description": None}, None)
    with mock.patch.object(store, "new_secret", return_value=secret):
        store.rotate(access_to(db, LATER), hook)
    for holder in ("one", "two"):
        lease = {"id": "x", "holder": holder, "now": "2026", "until": "2027"}
        db.write(lambda tx, lease=lease: queries.run(tx, "hold_lease", **lease))  # type: ignore[misc]
    deliveries.forget_old(access_to(db, LATER + timedelta(days=90)))
    store.remove(access_to(db), hook)


class Stopped(Exception):
    """Stands for a process that ends in the middle of an import."""


def in_parts(db: Database, folder: Path) -> None:
    """An import in parts that is interrupted, rolled back, begun again, and continued."""
    source = folder / "parts"
    write(source, "customers", "id,name", "big,Big", "northwind,Northwind Logistics Group")
    write(source, "departments", "id,customer_id,name", "big-d,big,Big department")
    write(
        source,
        "stakeholders",
        "id,customer_id,department_id,name,manager_id",
        *(f"big-{i},big,big-d,Person {i},{f'big-{i - 1}' if i else ''}" for i in range(6)),
    )
    write(source, "teams", "id,name", "big-team,Big team", "sales,Sales Group")
    write(source, "members", "id,name,team_id", "big-member,Big Member,big-team")
    write(source, "offerings", "id,name", "big-offering,Big offering", "platform,New name")
    write(source, "deals", "id,customer_id,name", "big-deal,big,Big deal")
    write(source, "employments", "stakeholder_id,customer_id,until", "big-0,northwind,2020-01-01")
    write(source, "reports_to", "from_id,to_id,line", "big-1,big-5,dotted")
    write(source, "influences", "from_id,to_id,strength", "big-0,big-1,0.5", "nw-raman,nw-liu,0.9")
    write(source, "relations", "from_id,to_id,kind", "big-0,big-1,friend")
    write(source, "supports", "stakeholder_id,deal_id,stance", "big-0,big-deal,1")
    write(source, "interests", "stakeholder_id,deal_id,level", "big-0,big-deal,0.5")
    write(source, "roles", "stakeholder_id,deal_id,role", "big-0,big-deal,user")
    write(source, "knows", "member_id,stakeholder_id,closeness", "big-member,big-0,3")
    write(
        source,
        "activities",
        "id,kind,happened_at,member_id,stakeholder_id,deal_id",
        "big-call,call,2026-11-01,big-member,big-0,big-deal",
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


def read_on(db: Database) -> None:
    """Read in the order of commits, and go on from there; all of it after an upgrade, too."""
    for subject in (None, subject_of("stakeholders", ("wang",))):
        page = changes_from(access_to(db), Mark.read(START), subject=subject, limit=20)
        changes_from(access_to(db), Mark.read(page.resume or ""), customer_id="huading", limit=500)
    for mark in (START, page.resume or ""):
        changed_nodes(access_to(db), node_kind("deals"), Mark.read(mark), q=None, limit=5)
    text = """
    MATCH (c:Change)
    WITH c ORDER BY c.id LIMIT 3
    REMOVE c.place, c.unplaced
    MERGE (:UpgradeDue {id: 'records'})
    """
    db.write(lambda tx: tx.rows(text, {}))
    prepare(access_to(db))


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
