"""A customer as it stood at an instant, rebuilt from what is stored now and the change log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar, cast

from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.access import SERVICE, Access
from relgraph.records.log.past_rows import PastRow, PastRows, Rows
from relgraph.records.reads.account import OTHER_KINDS, other_edge
from relgraph.records.rows import Key
from relgraph.schema.account import (
    Account,
    CustomerRow,
    DealRow,
    DepartmentRow,
    Influence,
    Interest,
    Knowing,
    MemberRow,
    Person,
    Relation,
    Report,
    RoleInDeal,
    Support,
)
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import (
    ACQUAINTANCE,
    CUSTOMER,
    DEAL,
    DEPARTMENT,
    EMPLOYMENT,
    INFLUENCE,
    INTEREST,
    MEMBER,
    RELATION,
    REPORTING_LINE,
    ROLE,
    STAKEHOLDER,
    SUPPORT,
    TEAM,
)
from relgraph.schema.values import Values

T = TypeVar("T")


def account_at(access: Access, customer_id: str, when: datetime) -> Account:
    """The customer as `read_account` would have read it at an instant (UTC).

    What was written before the change log began counts as what it was first changed from. The
    day of `when` decides who had left. A past belongs to its customer: whoever may see that reads
    all of it, wherever its people are now (decision 10). Raises NotFound for a customer that was
    not there then, or that the viewer may not see.
    """
    customers = access.viewer.customers
    if customers is not None and customer_id not in customers:
        raise NotFound("customer", customer_id)
    everything = replace(access, viewer=SERVICE)
    account = everything.read(lambda tx: _account_in(tx, customer_id, when))
    if customers is not None and account.customer.parent_id not in customers:
        customer = replace(account.customer, parent_id=None, parent_name=None)
        return replace(account, customer=customer, by_id={})
    return account


def _account_in(tx: Transaction, customer_id: str, when: datetime) -> Account:
    past = PastRows(tx, customer_id, when)
    own = past.nodes(CUSTOMER, [customer_id]).get((customer_id,))
    if own is None:
        raise NotFound("customer", customer_id)
    departments = _of_customer(past.nodes_of_customer(DEPARTMENT), customer_id)
    deals = _of_customer(past.nodes_of_customer(DEAL), customer_id)
    known = past.nodes_of_customer(STAKEHOLDER)
    edges = past.edges_of_people(key[0] for key in known)
    jobs = _jobs(edges.get(EMPLOYMENT.plural, {}), customer_id, when.date())
    people = past.dated({key: row for key, row in known.items() if key[0] in jobs}, STAKEHOLDER)

    def among(kind: EdgeKind) -> Iterator[tuple[Key, PastRow]]:
        """Edges of a kind whose ends were all there, in the order of their keys."""
        there = {STAKEHOLDER: people, DEAL: deals}
        rows = edges.get(kind.plural, {})
        for key in sorted(rows, key=lambda key: _order(kind, key)):
            ends = zip(kind.ends, key, strict=False)
            if all((id_,) in there[end] for end, id_ in ends if end in there):
                yield key, rows[key]

    def all_of(cls: type[T], kind: EdgeKind) -> tuple[T, ...]:
        return tuple(_edge(cls, kind, key, row) for key, row in among(kind))

    knows = all_of(Knowing, ACQUAINTANCE)
    owners = [row.values.get("owner_id") for row in (own, *deals.values())]
    ours = past.named(MEMBER, {*owners, *(acquaintance.member_id for acquaintance in knows)})
    teams = past.named(TEAM, (row.values.get("team_id") for row in ours.values()))
    parents = past.named(CUSTOMER, [own.values.get("parent_id")])

    def owner(row: PastRow) -> Values:
        return {"owner_name": _name(ours, row.values.get("owner_id"))}

    return Account(
        customer=_node(
            CustomerRow,
            (customer_id,),
            own,
            parent_name=_name(parents, own.values.get("parent_id")),
            **owner(own),
        ),
        departments=tuple(
            _node(DepartmentRow, key, row) for key, row in sorted(departments.items())
        ),
        people=tuple(
            _node(
                Person, key, row, since=jobs[key[0]].values.get("since"), updated_at=row.updated_at
            )
            for key, row in sorted(people.items())
        ),
        reports=all_of(Report, REPORTING_LINE),
        influences=all_of(Influence, INFLUENCE),
        relations=all_of(Relation, RELATION),
        deals=tuple(_node(DealRow, key, row, **owner(row)) for key, row in sorted(deals.items())),
        supports=all_of(Support, SUPPORT),
        interests=all_of(Interest, INTEREST),
        roles=all_of(RoleInDeal, ROLE),
        members=tuple(
            _node(MemberRow, key, row, team_name=_name(teams, row.values.get("team_id")))
            for key, row in sorted(ours.items())
        ),
        knows=knows,
        others=tuple(
            other_edge(kind, key, {**row.values, "version": row.version})
            for kind in OTHER_KINDS
            for key, row in among(kind)
        ),
    )


def _of_customer(rows: Rows, customer_id: str) -> Rows:
    return {k: row for k, row in rows.items() if row.values.get("customer_id") == customer_id}


def _jobs(rows: Rows, customer_id: str, day: date) -> dict[str, PastRow]:
    """Employments at a customer that had not ended by that day, by person."""
    return {
        key[0]: row
        for key, row in rows.items()
        if key[1] == customer_id and (row.values.get("until") or "9999") > day.isoformat()
    }


def _order(kind: EdgeKind, key: Key) -> tuple[Any, ...]:
    """Where an edge stands in the lists of an account: by deal first, what is blank last."""
    ends = key[1::-1] if DEAL in kind.ends else key[:2]
    return (*ends, *((not part, part) for part in key[2:]))


def _name(rows: Rows, id_: str | None) -> str | None:
    row = None if id_ is None else rows.get((id_,))
    return None if row is None else row.values.get("name")


def _node(cls: type[T], key: Key, row: PastRow, **more: Any) -> T:
    """A node as its class has it; `more` are members that its row does not have."""
    return _made(cls, {**row.values, "id": key[0], "version": row.version, **more})


def _edge(cls: type[T], kind: EdgeKind, key: Key, row: PastRow) -> T:
    values = {**row.values, **kind.named_key(key), "version": row.version}
    return _made(cls, values)


def _made(cls: type[T], values: Mapping[str, Any]) -> T:
    members = cast(Any, cls).__dataclass_fields__.keys()
    unnamed = dict.fromkeys(members & {"name", "name_en", "name_zh"})
    return cls(**{**unnamed, **{name: values[name] for name in values.keys() & members}})
