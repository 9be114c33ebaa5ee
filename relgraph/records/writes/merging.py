"""Makes one person out of two records of the same: everything of the duplicate goes to the other.

What both records say is kept from the one that stays, except that of two judgements of the same
thing the later one counts, and a person who is known takes the place of an empty seat. What is
not kept stands in the change log.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import NotFound, WriteRefused
from relgraph.records.batches import batches
from relgraph.records.problems import coded_problem
from relgraph.records.reads.stored import (
    StoredNode,
    as_stored,
    edge_row,
    edges_of_nodes,
    stored_edges,
    stored_nodes,
)
from relgraph.records.rows import Key
from relgraph.records.tables.cells import excerpt
from relgraph.records.visibility import visible_nodes
from relgraph.records.writes.external_ids import COLUMN
from relgraph.records.writes.operations import Merge, Must, Operation, Removal, Upsert
from relgraph.records.writes.removal import plan_removal, refuse_shared
from relgraph.schema.activity import activity_id
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import (
    ACTIVITY,
    EMPLOYMENT,
    REPORTING_LINE,
    STAKEHOLDER,
    edge_kind,
    node_kind,
)
from relgraph.schema.storage import JSON_FIELDS
from relgraph.schema.values import Values


def two_records(tx: Transaction, merge: Merge) -> tuple[StoredNode, StoredNode]:
    """The record that stays and the duplicate.

    Raises NotFound for either, WriteRefused if they are the same or work at two customers, and
    SharedRecord if something hangs on them that the viewer may not see.
    """
    kept, other = merge.key[0], merge.duplicate
    if kept == other:
        raise _refused(merge, "merged_with_itself")
    seen = visible_nodes(tx, STAKEHOLDER, [kept, other])
    records = stored_nodes(STAKEHOLDER, seen, tx)
    for id_ in (kept, other):
        if id_ not in records:
            raise NotFound("stakeholder", id_, merge.place)
    if tx.visible is not None:
        for id_ in (kept, other):
            plan = plan_removal(tx, {(STAKEHOLDER.plural, id_)})
            refuse_shared(tx, plan, STAKEHOLDER.words, id_, merge.place)
    here, there = _present(records[kept]), _present(records[other])
    if here and there and here != there:
        raise _refused(merge, "two_employers", there=excerpt(there), here=excerpt(here))
    return records[kept], records[other]


def merge_operations(
    tx: Transaction, merge: Merge, kept: StoredNode, other: StoredNode
) -> list[Operation]:
    """What makes one of two: the person, then edges and activities, then the duplicate goes."""
    values = {"id": merge.key[0]} | _joined(kept, other)
    gives_up: list[Operation] = []
    if other.props.get(COLUMN):
        row = {"id": merge.duplicate, COLUMN: None}
        gives_up = [Upsert(STAKEHOLDER, (merge.duplicate,), row, "change", None, merge.place)]
    return [
        *gives_up,
        Upsert(STAKEHOLDER, merge.key, values, "change", merge.versions, merge.place),
        *_edges(tx, merge, kept),
        *_references(tx, merge),
        Removal(
            STAKEHOLDER,
            (merge.duplicate,),
            cascade=True,
            place=merge.place,
            merged_into=merge.key[0],
        ),
    ]


def _refused(merge: Merge, code: str, **values: str) -> WriteRefused:
    return WriteRefused(
        [
            coded_problem(
                STAKEHOLDER.plural,
                merge.place,
                "duplicate_id",
                excerpt(merge.duplicate),
                code,
                **values,
            )
        ]
    )


def _present(node: StoredNode) -> str | None:
    """Where somebody works now."""
    now = node.employer
    return now if now is not None and node.employments[now].get("until") is None else None


# the person -------------------------------------------------------------------------------

_NAMES = ("name", "name_en", "name_zh")


def _joined(kept: StoredNode, other: StoredNode) -> Values:
    """What changes at the person: whatever was blank is filled; a seat gets its holder."""
    mine, theirs = _own(kept), _own(other)
    was_seat, brings_seat = bool(mine.get("placeholder")), bool(theirs.get("placeholder"))
    if brings_seat and not was_seat:
        theirs = {name: value for name, value in theirs.items() if name not in _NAMES}
    first, second = (theirs, mine) if was_seat and not brings_seat else (mine, theirs)
    joined = second | first
    for name in JSON_FIELDS & first.keys() & second.keys():
        both = orjson.loads(second[name]) | orjson.loads(first[name])
        joined[name] = orjson.dumps(both, option=orjson.OPT_SORT_KEYS).decode()
    if first is theirs:
        joined |= {name: theirs.get(name) for name in (*_NAMES, "placeholder")}
    else:
        joined["placeholder"] = mine.get("placeholder")
    if _present(kept) is None and _present(other) is not None:
        joined["customer_id"] = other.employer
    elif _present(other) is None and "department_id" not in mine:
        joined.pop("department_id", None)  # it is of a customer that they have left
    return {name: value for name, value in joined.items() if mine.get(name) != value}


def _own(node: StoredNode) -> Values:
    """A person's row without what the edges say: employments and managers."""
    elsewhere = {"id", "customer_id", "manager_id", *STAKEHOLDER.carried}
    return {name: value for name, value in node.row(STAKEHOLDER).items() if name not in elsewhere}


# edges ------------------------------------------------------------------------------------


def _edges(tx: Transaction, merge: Merge, kept: StoredNode) -> Iterator[Upsert]:
    """The duplicate's edges as edges of the person who stays; none to itself."""
    managers = kept.targets["manager_id"] - {merge.duplicate}
    edges = edges_of_nodes(tx, STAKEHOLDER, [merge.duplicate])
    for (name, key), edge in sorted(edges.items(), key=_place):
        kind = edge_kind(name)
        named = _moved(kind, key, merge)
        moved = as_stored(kind, [named], tx)[named]
        if kind.between_alike and moved[0] == moved[1]:
            continue
        values = edge_row(edge)
        solid = (
            kind is REPORTING_LINE and moved[0] == merge.key[0] and values.get("line") != "dotted"
        )
        if solid and managers - {moved[1]}:
            continue  # the person has a manager
        there = stored_edges(kind, [moved], tx).get(moved)
        if there is not None:
            values = _better(kind, edge_row(there), values)
        if values or there is None:
            yield Upsert(kind, moved, kind.named_key(moved) | values, "either", None, merge.place)


def _better(kind: EdgeKind, mine: Values, theirs: Values) -> Values:
    """What changes at an edge that both had."""
    if kind is EMPLOYMENT:
        return {n: value for n, value in theirs.items() if n != "until" and n not in mine}
    if kind is REPORTING_LINE:
        return theirs if theirs.get("line") != "dotted" and mine.get("line") == "dotted" else {}
    if (theirs.get("assessed_at") or "") <= (mine.get("assessed_at") or ""):
        return {}
    return dict.fromkeys(mine) | theirs


def _moved(kind: EdgeKind, key: Key, merge: Merge) -> Key:
    """The key with the person who stays in place of the duplicate."""
    own = {number for number, end in enumerate(kind.ends) if end is STAKEHOLDER}
    return tuple(
        merge.key[0] if n in own and part == merge.duplicate else part for n, part in enumerate(key)
    )


def _place(item: tuple[Any, Any]) -> Any:
    return item[0]


# what refers to the person ----------------------------------------------------------------


def _references(tx: Transaction, merge: Merge) -> Iterator[Upsert]:
    """Everything that names the duplicate."""
    references = queries.rows(tx, f"references_to_{STAKEHOLDER.plural}", ids=[merge.duplicate])
    yield from _activities(
        tx, merge, [row["id"] for row in references if row["table"] == ACTIVITY.plural]
    )
    for row in references:
        if row["table"] != ACTIVITY.plural:
            values = {"id": row["id"], row["column"]: merge.key[0]}
            yield Upsert(node_kind(row["table"]), (row["id"],), values, "change", None, merge.place)


def _activities(tx: Transaction, merge: Merge, ids: list[str]) -> Iterator[Upsert]:
    """The duplicate's activities.

    The id of an activity from another system is made from the ids of its people, so that it is
    not counted again when it is imported once more. Such an activity is created under a new id,
    and the former one is removed with the duplicate.
    """
    for batch in batches(ids):
        for id_, node in stored_nodes(ACTIVITY, batch, tx).items():
            row = node.row(ACTIVITY) | {"id": id_, "stakeholder_id": merge.key[0]}
            source, external = row.get("source") or "", row.get("external_id")
            must: Must = "change"
            if external and id_ == activity_id(source, external, row["member_id"], merge.duplicate):
                row["id"] = activity_id(source, external, row["member_id"], merge.key[0])
                must = "either"
            yield Upsert(ACTIVITY, (row["id"],), row, must, None, merge.place)
