"""What the scenario writes by itself: as the API does, activities, webhooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from unittest import mock

from relgraph import queries
from relgraph.database import Database
from relgraph.records.activities.collect import collect
from relgraph.records.activities.counts import contacts_of_customer, counts_of, known_by
from relgraph.records.imports.load import import_records
from relgraph.records.log.change_log import begin_change
from relgraph.records.log.changed_edges import changed_edges
from relgraph.records.log.commit_order import START, Mark
from relgraph.records.log.history import changes, subject_of
from relgraph.records.reads.account import read_account
from relgraph.records.reads.states import states
from relgraph.records.rows import Key
from relgraph.records.webhooks import deliveries, store
from relgraph.records.webhooks.deliveries import Outcome
from relgraph.records.webhooks.events import make_deliveries
from relgraph.records.writes import undo_parts
from relgraph.records.writes import writer as writing
from relgraph.records.writes.external_ids import find
from relgraph.records.writes.idempotency import Answer, Idempotency, find_answer, keep_answer
from relgraph.records.writes.operations import Merge, Removal, Upsert
from relgraph.records.writes.undo import undo
from relgraph.schema.kinds import (
    ACTIVITY,
    DEAL,
    KIND_BY_PLURAL,
    STAKEHOLDER,
    edge_kind,
)
from tests.contract.imports import write
from tests.contract.reads import read_on, read_some
from tests.contract.times import LATER, NOW, TODAY
from tests.records.activities.samples import calendar, event, letter, mbox, written
from tests.support.access import access_at, access_to
from tests.support.service import Ticking


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
        db.read(lambda tx, table=table, key=key: states(tx, [(table, key)]))  # type: ignore[misc]
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
    db.read(lambda tx: states(tx, [(activity, ("v1",))]))
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
    for name in ("webhook_work", "last_change"):
        db.read(lambda tx, name=name: queries.value(tx, name))  # type: ignore[misc]
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
