"""The nodes: who and what stands in the graph (DESIGN §2).

A field of type `Annotated[Id, Ref(label)]` is stored as an edge and written as a column or
JSON member, e.g. `customer_id`. All other fields are stored as properties. Null is unknown.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from relgraph.schema.values import (
    MAX_EXTERNAL_IDS,
    Currency,
    Day,
    Id,
    Minutes,
    Money,
    Name,
    Ref,
    Share,
    Text,
    Url,
    When,
    Word,
)
from relgraph.schema.vocabulary import (
    ActivityKind,
    Adopter,
    CustomerKind,
    Direction,
    Grade,
    Motive,
    Outcome,
)

FIRST_LINE = (("line", "solid"), ("primary", True))
"""Properties that an edge to the manager of a column always has."""


class Record(BaseModel):
    """What everything has that is stored as a node."""

    model_config = ConfigDict(extra="forbid", use_enum_values=True, str_strip_whitespace=True)
    fact: ClassVar[bool] = False
    """Whether it is a plain fact that comes by the thousand, not a judgement: it has no columns
    beside its own, in which text could be kept, and its changes stand in notes of their own."""

    id: Id = Field(description="stable id, chosen by you | 稳定编号，由您自定")


class Node(Record):
    """What everything with a name has beside its own fields."""

    name: Name = Field(description="name as written | 名称")
    name_en: Name | None = Field(None, description="English name | 英文名")
    name_zh: Name | None = Field(None, description="Chinese name | 中文名")
    external_ids: dict[Word, Word] | None = Field(
        None,
        max_length=MAX_EXTERNAL_IDS,
        description="ids in other systems, as JSON | 其他系统中的编号（JSON）",
    )
    url: Url | None = Field(None, description="address of the other system's record | 原记录链接")


class Customer(Node):
    """客户: an outside organisation."""

    kind: CustomerKind | None = Field(None, description="kind of organisation | 类别")
    industry: Text | None = Field(None, description="industry | 行业")
    region: Text | None = Field(None, description="region | 区域")
    website: Text | None = Field(
        None, description="address or domain of its own pages | 官网网址或域名"
    )
    parent_id: Annotated[Id, Ref("Customer", "PART_OF")] | None = Field(
        None, description="group it belongs to | 所属集团"
    )
    owner_id: Annotated[Id, Ref("Member", "OWNS", incoming=True)] | None = Field(
        None, description="our person in charge | 我方负责人"
    )
    product_lines: list[Word] | None = Field(
        None, description="product lines, separated by ; | 产品线，以 ; 分隔"
    )
    lifecycle: Text | None = Field(None, description="stage of its life as a customer | 生命周期")
    grade: Grade | None = Field(None, description="grade | 等级")
    category_spend: Money | None = Field(
        None, description="what it spends a year on what we sell | 年度品类支出"
    )


class Department(Node):
    """A customer's department."""

    customer_id: Annotated[Id, Ref("Customer", "PART_OF", goes_along=True)] = Field(
        description="customer | 客户"
    )
    parent_id: Annotated[Id, Ref("Department", "PART_OF")] | None = Field(
        None, description="department above | 上级部门"
    )
    function: Text | None = Field(
        None, description="function: purchasing, legal, finance, technology, … | 职能"
    )


class Stakeholder(Node):
    """关键人: a person at a customer; a placeholder is a seat whose holder is unknown."""

    name: Name | None = Field(  # type: ignore[assignment]  # a seat has no name yet
        None, description="name as written; blank only for a placeholder | 姓名"
    )
    customer_id: Annotated[
        Id,
        Ref(
            "Customer",
            "WORKS_AT",
            goes_along=True,
            rows="employments",
            carries=("since", "until"),
        ),
    ] = Field(description="employer | 客户")
    department_id: Annotated[Id, Ref("Department", "IN_DEPARTMENT")] | None = Field(
        None, description="department | 部门"
    )
    title: Text | None = Field(None, description="job title | 职务")
    title_en: Text | None = Field(None, description="English title | 英文职务")
    title_zh: Text | None = Field(None, description="Chinese title | 中文职务")
    level: Text | None = Field(None, description="rank | 职级")
    top: bool | None = Field(None, description="heads the organisation | 最高负责人")
    manager_id: (
        Annotated[Id, Ref("Stakeholder", "REPORTS_TO", fixed=FIRST_LINE, rows="reports_to")] | None
    ) = Field(None, description="solid-line manager | 直属上级")
    email: Text | None = Field(None, description="e-mail | 邮箱")
    phone: Text | None = Field(None, description="telephone | 电话")
    budget: Share | None = Field(
        None, description="1 owns the final budget, 0.5 part of it, 0 none | 预算权"
    )
    adaptability: Share | Adopter | None = Field(
        None, description="0 to 1, or an adopter class | 适应能力：0–1 或采用者类型"
    )
    motives: dict[Motive, Share] | None = Field(
        None, description="weight of each motive, as JSON | 动机权重（JSON）"
    )
    placeholder: bool | None = Field(None, description="a seat whose holder is unknown | 空缺职位")
    since: Day | None = Field(None, description="at this customer since | 入职日期")
    until: Day | None = Field(None, description="left on | 离职日期")


class Deal(Node):
    """商机: an opportunity. Open as long as it has no outcome."""

    customer_id: Annotated[Id, Ref("Customer", "FOR_CUSTOMER", goes_along=True, with_name=True)] = (
        Field(description="customer | 客户")
    )
    stage: Text | None = Field(None, description="stage | 阶段")
    amount: Money | None = Field(None, description="amount, whole units | 金额")
    currency: Currency | None = Field(None, description="ISO 4217 code | 币种")
    close_date: Day | None = Field(None, description="expected or real end | 预计成交日")
    outcome: Outcome | None = Field(None, description="blank while open | 结果，未结为空")
    reason: Text | None = Field(None, description="why won or lost | 原因")
    owner_id: Annotated[Id, Ref("Member", "OWNS", incoming=True)] | None = Field(
        None, description="our person in charge | 我方负责人"
    )
    opened_at: When | None = Field(None, description="opened on | 建立日期")
    nonstandard: bool | None = Field(
        None, description="non-standard terms, so that legal approves | 非标准条款，需法务审批"
    )


class Offering(Node):
    """产品或服务: what we sell or a team delivers."""

    category: Text | None = Field(None, description="category | 类别")
    list_price: Money | None = Field(None, description="list price | 标价")
    cost: Money | None = Field(None, description="cost | 成本")


class Team(Node):
    """团队: one of our departments or teams."""

    parent_id: Annotated[Id, Ref("Team", "PART_OF")] | None = Field(
        None, description="team above | 上级团队"
    )
    function: Text | None = Field(None, description="function | 职能")


class Member(Node):
    """成员: one of our people."""

    team_id: Annotated[Id, Ref("Team", "MEMBER_OF")] | None = Field(None, description="team | 团队")
    title: Text | None = Field(None, description="job title | 职务")
    title_en: Text | None = Field(None, description="English title | 英文职务")
    title_zh: Text | None = Field(None, description="Chinese title | 中文职务")
    manager_id: Annotated[Id, Ref("Member", "REPORTS_TO", fixed=FIRST_LINE)] | None = Field(
        None, description="solid-line manager | 直属上级"
    )
    email: Text | None = Field(None, description="e-mail | 邮箱")


class Activity(Record):
    """往来: one contact between one of us and one of them, as a count: never what was said.

    A meeting of several people is one activity for each pair, all with the same `external_id`
    (docs/decisions/0008).
    """

    fact = True
    kind: ActivityKind = Field(description="kind | 类别")
    happened_at: When = Field(
        description="day or instant, not in the future | 发生时间，不得晚于现在"
    )
    direction: Direction | None = Field(
        None, description="inbound, outbound or mutual | 方向：对方发起、我方发起、双方"
    )
    answered: bool | None = Field(
        None, description="the other side replied, accepted or picked up | 对方是否回应"
    )
    minutes: Minutes | None = Field(None, description="how long, in minutes | 时长（分钟）")
    member_id: Annotated[Id, Ref("Member", "HELD_BY", goes_along=True)] = Field(
        description="our person | 我方成员"
    )
    stakeholder_id: Annotated[Id, Ref("Stakeholder", "HELD_WITH", goes_along=True)] = Field(
        description="their person | 关键人"
    )
    deal_id: Annotated[Id, Ref("Deal", "CONCERNS")] | None = Field(None, description="deal | 商机")
    source: Word | None = Field(
        None, description="where it comes from: mail, calendar, crm, … | 来源"
    )
    external_id: Word | None = Field(
        None, description="what names it there, the same for all pairs | 来源中的编号"
    )
