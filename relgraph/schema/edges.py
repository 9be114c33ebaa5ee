"""The edges: who influences, supports, knows and reports to whom (DESIGN §2).

Each model is one row of its import file; `kinds` says what else there is to an edge. A judgement
carries who made it, when, from what source and on what evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from relgraph.schema.values import Day, Id, Limit, Ref, Share, Strength, Text, When
from relgraph.schema.vocabulary import Line, Motive, Nature, RelationKind, Role

StakeholderRef = Annotated[Id, Ref("Stakeholder")]
DealRef = Annotated[Id, Ref("Deal")]


class Edge(BaseModel):
    """What every edge has in common."""

    model_config = ConfigDict(extra="forbid", use_enum_values=True, str_strip_whitespace=True)


class Judgement(Edge):
    """An edge that somebody judged."""

    assessed_at: When | None = Field(None, description="judged on | 评估日期")
    assessed_by: Text | None = Field(None, description="judged by | 评估人")
    source: Text | None = Field(None, description="call, meeting, document, … | 来源")
    evidence: Text | None = Field(None, description="what was seen or said | 依据")


class WorksAt(Edge):
    """An employment. The present one stands in stakeholders.csv; this file adds former ones."""

    stakeholder_id: StakeholderRef = Field(description="person | 关键人")
    customer_id: Annotated[Id, Ref("Customer")] = Field(description="employer | 雇主")
    title: Text | None = Field(None, description="job title there | 当时职务")
    since: Day | None = Field(None, description="from | 起始日期")
    until: Day | None = Field(None, description="to; blank while it lasts | 结束日期")


class ReportsTo(Edge):
    """Reporting line, upwards. Solid lines make the tree, dotted ones are matrix lines."""

    from_id: StakeholderRef = Field(description="who reports | 下级")
    to_id: StakeholderRef = Field(description="manager | 上级")
    line: Line = Field(Line.SOLID, description="solid or dotted | 实线或虚线")
    primary: bool | None = Field(None, description="the first of several managers | 主要上级")
    since: Day | None = Field(None, description="since | 起始日期")

    # A person who reports to themself is accepted and counts as having no manager (METHODS §0).


class Influences(Judgement):
    """影响: `from` moves `to`. Scoped to one deal, or general (`deal_id` null)."""

    from_id: StakeholderRef = Field(description="who influences | 影响者")
    to_id: StakeholderRef = Field(description="who is influenced | 被影响者")
    strength: Strength = Field(description="above 0, up to 1 | 强度 0–1")
    nature: Nature = Field(Nature.POSITIVE, description="positive or conflict | 性质")
    deal_id: DealRef | None = Field(None, description="for this deal only | 仅限此商机")


class RelatedTo(Judgement):
    """私交: a personal tie. `advice` runs from who asks to who is asked."""

    from_id: StakeholderRef = Field(description="one person | 一方")
    to_id: StakeholderRef = Field(description="the other | 另一方")
    kind: RelationKind = Field(description="kind of tie | 关系类型")
    strength: Strength | None = Field(None, description="above 0, up to 1 | 强度 0–1")
    directed: bool | None = Field(None, description="runs one way only | 是否单向")


def is_mutual(tie: Mapping[str, Any]) -> bool:
    """Whether a personal tie is the same seen from its other end."""
    return not tie.get("directed") and tie.get("kind") != RelationKind.ADVICE


class Supports(Judgement):
    """支持度: a person's stance on a deal. A blank stance is unknown, never neutral."""

    stakeholder_id: StakeholderRef = Field(description="person | 关键人")
    deal_id: DealRef = Field(description="deal | 商机")
    stance: Literal[-2, -1, 0, 1, 2] | None = Field(
        None, description="-2 opponent … 2 advocate | 支持度 -2…2"
    )


class InterestedIn(Judgement):
    """兴趣/诉求: how much a person cares about a deal, and why."""

    stakeholder_id: StakeholderRef = Field(description="person | 关键人")
    deal_id: DealRef = Field(description="deal | 商机")
    level: Share | None = Field(None, description="0 to 1 | 兴趣 0–1")
    motive: Motive | None = Field(None, description="strongest motive | 主要动机")
    demand: Text | None = Field(None, description="what the person wants | 诉求")


class Plays(Edge):
    """角色: a role in a deal. A person may hold several."""

    stakeholder_id: StakeholderRef = Field(description="person | 关键人")
    deal_id: DealRef = Field(description="deal | 商机")
    role: Role = Field(description="role | 角色")
    can_veto: bool | None = Field(None, description="can stop the deal | 可否决")
    approval_limit: Limit | None = Field(
        None, description="highest amount, or unlimited; blank is unknown | 审批限额"
    )
    decision_weight: Share | None = Field(None, description="share in the decision | 决策权重")
    assessed_at: When | None = Field(None, description="judged on | 评估日期")
    assessed_by: Text | None = Field(None, description="judged by | 评估人")
    evidence: Text | None = Field(None, description="what was seen or said | 依据")


class Knows(Judgement):
    """亲密度: one of ours knows one of theirs."""

    member_id: Annotated[Id, Ref("Member")] = Field(description="our person | 我方成员")
    stakeholder_id: StakeholderRef = Field(description="their person | 关键人")
    closeness: Literal[1, 2, 3, 4, 5] | None = Field(None, description="1 to 5 | 亲密度 1–5")
    strength: Strength | None = Field(None, description="above 0, up to 1 | 强度 0–1")
