"""Every kind of node and edge, each declared once. docs/add-a-kind.md shows how.

Their words in both languages stand in `relgraph/words/kinds.toml` under their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from relgraph.schema import edges, nodes
from relgraph.schema.conflicts import refuse_conflicts
from relgraph.schema.kind import EdgeKind, Kind, NodeKind, Reference

TEAM = NodeKind(
    nodes.Team,
    label="Team",
    name="team",
    plural="teams",
    core=("id", "name", "parent_id", "function"),
    filters=("parent_id",),
    search_letter="t",
    search_rank=5,
    example={
        "id": "north",
        "name": "Sales North",
        "parent_id": None,
    },
)

MEMBER = NodeKind(
    nodes.Member,
    label="Member",
    name="member",
    plural="members",
    core=("id", "team_id", "name", "title", "manager_id", "email"),
    filters=("team_id", "manager_id", "email"),
    search_letter="m",
    search_rank=6,
    is_person=True,
    example={
        "id": "ann",
        "name": "Ann Berg",
        "title": "Account planner",
        "team_id": "north",
        "manager_id": None,
    },
)

CUSTOMER = NodeKind(
    nodes.Customer,
    label="Customer",
    name="customer",
    plural="customers",
    core=("id", "name", "kind", "industry", "region", "parent_id"),
    filters=("parent_id", "kind", "industry", "region", "grade"),
    search_letter="c",
    search_rank=1,
    example={
        "id": "huading",
        "name": "Huading Infrastructure",
        "name_zh": "华鼎基础设施",
        "kind": "customer",
        "industry": "Energy",
        "region": "North China",
        "owner_id": "ann",
        "parent_id": None,
    },
)

DEPARTMENT = NodeKind(
    nodes.Department,
    label="Department",
    name="department",
    plural="departments",
    core=("id", "customer_id", "name", "parent_id", "function"),
    filters=("customer_id", "parent_id", "function"),
    search_letter="p",
    search_rank=3,
    example={
        "id": "huading-finance",
        "name": "Finance",
        "name_zh": "财务部",
        "function": "finance",
        "customer_id": "huading",
        "parent_id": None,
    },
)

OFFERING = NodeKind(
    nodes.Offering,
    label="Offering",
    name="offering",
    plural="offerings",
    core=("id", "name", "category", "list_price", "cost"),
    filters=("category",),
    search_letter="o",
    search_rank=4,
    example={
        "id": "platform",
        "name": "Platform",
        "category": "software",
    },
)

STAKEHOLDER = NodeKind(
    nodes.Stakeholder,
    label="Stakeholder",
    name="stakeholder",
    plural="stakeholders",
    core=(
        "id", "customer_id", "department_id", "name", "title", "level", "top", "manager_id",
        "email", "budget", "adaptability", "placeholder",
    ),
    filters=("customer_id", "department_id", "manager_id", "email", "placeholder"),
    search_letter="s",
    is_person=True,
    example={
        "id": "chen",
        "name": "Chen Peilan",
        "name_zh": "陈佩兰",
        "title": "CFO",
        "customer_id": "huading",
        "department_id": "huading-finance",
        "manager_id": "zhou",
        "budget": 0.8,
        "since": None,
        "until": None,
    },
)  # fmt: skip

DEAL = NodeKind(
    nodes.Deal,
    label="Deal",
    name="deal",
    plural="deals",
    core=(
        "id", "customer_id", "name", "stage", "amount", "currency", "close_date", "outcome",
        "reason", "owner_id",
    ),
    filters=("customer_id", "owner_id", "stage"),
    open_without="outcome",
    search_letter="d",
    search_rank=2,
    example={
        "id": "dc-renewal",
        "name": "Data centre renewal",
        "name_zh": "数据中心更新",
        "stage": "proposal",
        "amount": 800000,
        "currency": "CNY",
        "close_date": "2027-01-29",
        "customer_id": "huading",
        "owner_id": "ann",
    },
)  # fmt: skip

EMPLOYMENT = EdgeKind(
    edges.WorksAt,
    type="WORKS_AT",
    name="employment",
    plural="employments",
    core=("stakeholder_id", "customer_id", "title", "since", "until"),
    ends=(STAKEHOLDER, CUSTOMER),
    path="/stakeholders/{id}/employments/{other}",
    part_of="stakeholder_id",
    example={
        "stakeholder_id": "chen",
        "customer_id": "huading",
        "title": None,
        "since": "2024-03-01",
        "until": None,
    },
)

REPORTING_LINE = EdgeKind(
    edges.ReportsTo,
    type="REPORTS_TO",
    name="reporting_line",
    plural="reports_to",
    core=("from_id", "to_id", "line", "primary", "since"),
    ends=(STAKEHOLDER, STAKEHOLDER),
    path="/stakeholders/{id}/managers/{other}",
    part_of="from_id",
    example={
        "from_id": "wang",
        "to_id": "li",
        "line": "solid",
        "primary": True,
        "since": None,
    },
)

INFLUENCE = EdgeKind(
    edges.Influences,
    type="INFLUENCES",
    name="influence",
    plural="influences",
    core=(
        "from_id", "to_id", "strength", "nature", "deal_id", "assessed_at", "assessed_by",
        "evidence",
    ),
    ends=(STAKEHOLDER, STAKEHOLDER),
    path="/stakeholders/{id}/influences/{other}",
    key=("deal_id",),
    example={
        "from_id": "wang",
        "to_id": "li",
        "strength": 0.8,
        "nature": "positive",
        "deal_id": None,
    },
)  # fmt: skip

RELATION = EdgeKind(
    edges.RelatedTo,
    type="RELATED_TO",
    name="relation",
    plural="relations",
    core=("from_id", "to_id", "kind", "strength", "directed", "assessed_at", "evidence"),
    ends=(STAKEHOLDER, STAKEHOLDER),
    path="/stakeholders/{id}/relations/{other}",
    key=("kind",),
    is_symmetric=edges.is_mutual,
    example={
        "from_id": "sun",
        "to_id": "li",
        "kind": "alumni",
        "strength": None,
        "directed": False,
    },
)

SUPPORT = EdgeKind(
    edges.Supports,
    type="SUPPORTS",
    name="support",
    plural="supports",
    core=("stakeholder_id", "deal_id", "stance", "assessed_at", "assessed_by", "evidence"),
    ends=(STAKEHOLDER, DEAL),
    path="/deals/{id}/supports/{other}",
    example={
        "stakeholder_id": "chen",
        "deal_id": "dc-renewal",
        "stance": -1,
    },
)

INTEREST = EdgeKind(
    edges.InterestedIn,
    type="INTERESTED_IN",
    name="interest",
    plural="interests",
    core=("stakeholder_id", "deal_id", "level", "motive", "demand", "assessed_at"),
    ends=(STAKEHOLDER, DEAL),
    path="/deals/{id}/interests/{other}",
    example={
        "stakeholder_id": "chen",
        "deal_id": "dc-renewal",
        "level": 0.5,
        "motive": "financial",
        "demand": None,
    },
)

ROLE = EdgeKind(
    edges.Plays,
    type="PLAYS",
    name="role",
    plural="roles",
    core=("stakeholder_id", "deal_id", "role", "can_veto", "approval_limit", "decision_weight"),
    ends=(STAKEHOLDER, DEAL),
    path="/deals/{id}/roles/{other}/{role}",
    key=("role",),
    example={
        "stakeholder_id": "chen",
        "deal_id": "dc-renewal",
        "role": "veto",
        "can_veto": True,
        "approval_limit": None,
        "decision_weight": 0.3,
    },
)

ACQUAINTANCE = EdgeKind(
    edges.Knows,
    type="KNOWS",
    name="acquaintance",
    plural="knows",
    core=("member_id", "stakeholder_id", "closeness", "strength", "assessed_at"),
    ends=(MEMBER, STAKEHOLDER),
    path="/members/{id}/knows/{other}",
    example={
        "member_id": "cai",
        "stakeholder_id": "chen",
        "closeness": 2,
        "strength": 0.3,
    },
)

ACTIVITY = NodeKind(
    nodes.Activity,
    label="Activity",
    name="activity",
    plural="activities",
    core=(
        "id", "kind", "happened_at", "direction", "answered", "minutes", "member_id",
        "stakeholder_id", "deal_id", "source", "external_id",
    ),
    example={
        "kind": "meeting",
        "happened_at": "2026-11-12T08:30:00Z",
        "direction": "mutual",
        "answered": True,
        "minutes": 45,
        "member_id": "cai",
        "stakeholder_id": "chen",
        "deal_id": "dc-renewal",
        "source": "crm",
        "external_id": "visit-2231",
    },
)  # fmt: skip

KINDS: tuple[Kind, ...] = (
    TEAM,
    MEMBER,
    CUSTOMER,
    DEPARTMENT,
    OFFERING,
    STAKEHOLDER,
    DEAL,
    EMPLOYMENT,
    REPORTING_LINE,
    INFLUENCE,
    RELATION,
    SUPPORT,
    INTEREST,
    ROLE,
    ACQUAINTANCE,
    ACTIVITY,
)
"""In the order in which they are written: what others refer to comes first."""
refuse_conflicts(KINDS)

NODE_KINDS = tuple(kind for kind in KINDS if isinstance(kind, NodeKind))
EDGE_KINDS = tuple(kind for kind in KINDS if isinstance(kind, EdgeKind))
NAMED_KINDS = tuple(kind for kind in NODE_KINDS if kind.is_named)
"""Kinds of nodes with names: those that have lists and routes of their own."""
SEARCHED_KINDS = tuple(
    sorted((kind for kind in NAMED_KINDS if kind.search_letter), key=lambda kind: kind.search_rank)
)
"""Kinds of nodes that search finds, the one whose hits come first before the others."""

KIND_BY_PLURAL: Mapping[str, Kind] = {kind.plural: kind for kind in KINDS}
_NODE_BY_PLURAL = {kind.plural: kind for kind in NODE_KINDS}
_NODE_BY_LABEL = {kind.label: kind for kind in NODE_KINDS}
_EDGE_BY_PLURAL = {kind.plural: kind for kind in EDGE_KINDS}


def kind_of(plural: str) -> Kind:
    """The kind whose table is called so. Raises KeyError if there is none."""
    return KIND_BY_PLURAL[plural]


def node_kind(plural: str) -> NodeKind:
    """The kind of node whose table is called so. Raises KeyError if there is none."""
    return _NODE_BY_PLURAL[plural]


def edge_kind(plural: str) -> EdgeKind:
    """The kind of edge whose table is called so. Raises KeyError if there is none."""
    return _EDGE_BY_PLURAL[plural]


def kind_with_label(label: str) -> NodeKind:
    """The kind of node with this label. Raises KeyError if there is none."""
    return _NODE_BY_LABEL[label]


@cache
def edges_at(kind: NodeKind) -> tuple[tuple[EdgeKind, int], ...]:
    """Every kind of edge that may hang on a kind of node, with the end that the node is."""
    return tuple((edge, end) for edge in EDGE_KINDS for end in (0, 1) if edge.ends[end] is kind)


def edge_kinds_between(first: NodeKind, second: NodeKind) -> tuple[EdgeKind, ...]:
    """Kinds of edges that run from one kind of node to another."""
    return tuple(edge for edge in EDGE_KINDS if edge.ends == (first, second))


@cache
def edges_for(kind: NodeKind) -> tuple[EdgeKind, ...]:
    """Kinds of edges between others that may hold for one node of this kind alone."""
    return tuple(
        edge
        for edge in EDGE_KINDS
        if any(edge.refs.get(column) == kind.label for column in edge.key)
    )


@cache
def referrers(kind: NodeKind) -> tuple[tuple[NodeKind, Reference], ...]:
    """Kinds of nodes that may name a node of this kind, with the column.

    Columns whose edges have rows of their own count as edges, unless the node goes along.
    """
    return tuple(
        (other, reference)
        for other in NODE_KINDS
        for reference in other.references
        if reference.label == kind.label and (reference.ref.goes_along or not reference.rows)
    )


@cache
def deal_column(kind: EdgeKind) -> str:
    """The column of an edge's key that names a deal; "" if there is none."""
    return next((name for name in kind.row_key if kind.refs.get(name) == DEAL.label), "")


@cache
def scope_reference(kind: NodeKind) -> Reference | None:
    """The column whose node decides who may see one of a kind: its customer, else what it needs.

    Its changes stand in the log of that node's customer. None for customers themselves, and for
    what is ours and everybody may see.
    """
    if kind is CUSTOMER:
        return None
    needed = (r for r in kind.references if r.required and is_scoped(kind_with_label(r.label)))
    return kind.customer or next(needed, None)


def is_scoped(kind: NodeKind) -> bool:
    """Whether it depends on a customer who may see one of a kind."""
    return kind is CUSTOMER or scope_reference(kind) is not None


SCOPED_KINDS = tuple(kind for kind in NODE_KINDS if is_scoped(kind))
"""Kinds of nodes that only those see who may see their customers."""
