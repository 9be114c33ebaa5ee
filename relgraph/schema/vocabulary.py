"""Closed word lists with their English and Chinese labels.

The value of a member is what stands in the database, the import files and the API. Labels
are short enough for a chip on a card.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Lang = Literal["en", "zh"]
LANGS: tuple[Lang, ...] = ("en", "zh")


class Vocabulary(StrEnum):
    """A closed list of words; each member knows its label in both languages."""

    en: str
    zh: str

    def __new__(cls, value: str, en: str, zh: str) -> Vocabulary:
        member = str.__new__(cls, value)
        member._value_ = value
        member.en = en
        member.zh = zh
        return member

    def label(self, lang: Lang) -> str:
        """Label in the reader's language."""
        return self.zh if lang == "zh" else self.en


class CustomerKind(Vocabulary):
    PROSPECT = "prospect", "Prospect", "潜在客户"
    CUSTOMER = "customer", "Customer", "客户"
    PARTNER = "partner", "Partner", "合作伙伴"
    SUPPLIER = "supplier", "Supplier", "供应商"
    COMPETITOR = "competitor", "Competitor", "竞争对手"
    PUBLIC_BODY = "public_body", "Public body", "公共机构"


class Grade(Vocabulary):
    VIP = "vip", "VIP", "VIP"
    KEY = "key", "Key", "重点"
    NORMAL = "normal", "Normal", "普通"
    SMALL = "small", "Small", "小型"


class Line(Vocabulary):
    SOLID = "solid", "reports to", "汇报"
    DOTTED = "dotted", "matrix", "虚线汇报"


class Nature(Vocabulary):
    POSITIVE = "positive", "influence", "影响"
    CONFLICT = "conflict", "conflict", "冲突"


class RelationKind(Vocabulary):
    FRIEND = "friend", "friends", "朋友"
    FAMILY = "family", "family", "亲属"
    ALUMNI = "alumni", "alumni", "校友"
    FORMER_COLLEAGUE = "former_colleague", "former colleagues", "前同事"
    ADVICE = "advice", "asks for advice", "请教"
    RIVAL = "rival", "rivals", "对手"


class Motive(Vocabulary):
    FINANCIAL = "financial", "financial", "财务"
    BUSINESS = "business", "business", "业务"
    RELATIONSHIP = "relationship", "relationship", "关系"
    TECHNICAL = "technical", "technical", "技术"


class Role(Vocabulary):
    """Roles in a deal (METHODS §6), in the order in which one is shown on a card."""

    DECISION_MAKER = "decision_maker", "Decides", "决策"
    VETO = "veto", "Can veto", "可否决"
    APPROVER = "approver", "Approves", "审批"
    BUYER = "buyer", "Buyer", "采购"
    CHAMPION = "champion", "Champion", "内部推动"
    EVALUATOR = "evaluator", "Evaluator", "评估"
    INFLUENCER = "influencer", "Influencer", "影响者"
    USER = "user", "User", "使用"
    GATEKEEPER = "gatekeeper", "Gatekeeper", "守门人"


class Adopter(Vocabulary):
    """Adopter classes (Rogers); as a number in METHODS §4.1."""

    INNOVATOR = "innovator", "innovator", "创新者"
    EARLY = "early", "early adopter", "早期采用者"
    PRAGMATIST = "pragmatist", "pragmatist", "务实者"
    CONSERVATIVE = "conservative", "conservative", "保守者"
    LAGGARD = "laggard", "laggard", "落后者"


class Outcome(Vocabulary):
    """How a closed deal ended; a deal without an outcome is open."""

    WON = "won", "won", "赢单"
    LOST = "lost", "lost", "输单"
    NO_DECISION = "no_decision", "no decision", "未决策"


class Stance(Vocabulary):
    """Support of a deal, −2…+2 (METHODS §6). `UNKNOWN` is null in the data."""

    ADVOCATE = "2", "advocate", "坚定支持"
    SUPPORTER = "1", "supporter", "支持"
    NEUTRAL = "0", "neutral", "中立"
    SCEPTIC = "-1", "sceptic", "有疑虑"
    OPPONENT = "-2", "opponent", "反对"
    UNKNOWN = "unknown", "not assessed", "未评估"

    @property
    def symbol(self) -> str:
        """Mark that carries the stance without colour."""
        return {"2": "▲▲", "1": "▲", "0": "●", "-1": "▼", "-2": "▼▼", "unknown": "?"}[self.value]

    @classmethod
    def of(cls, stance: int | None) -> Stance:
        """Word for a stance; null is unknown, never neutral."""
        value = "unknown" if stance is None else str(stance)
        return next(word for word in cls if word.value == value)


class Quadrant(Vocabulary):
    MANAGE_CLOSELY = "manage_closely", "Manage closely", "重点管理"
    KEEP_SATISFIED = "keep_satisfied", "Keep satisfied", "令其满意"
    KEEP_INFORMED = "keep_informed", "Keep informed", "随时告知"
    MONITOR = "monitor", "Monitor", "监督"


class Function(Vocabulary):
    """Functions of a department that the approval rules and colours know; others are allowed."""

    PURCHASING = "purchasing", "Purchasing", "采购"
    LEGAL = "legal", "Legal", "法务"
    FINANCE = "finance", "Finance", "财务"
    TECHNOLOGY = "technology", "Technology", "信息技术"
    OPERATIONS = "operations", "Operations", "运营"
    SALES = "sales", "Sales", "销售"
    MARKETING = "marketing", "Marketing", "市场"
    HR = "hr", "Human resources", "人力资源"
    PRODUCTION = "production", "Production", "生产"
    RESEARCH = "research", "Research", "研发"
    MANAGEMENT = "management", "Management", "管理层"


class Stage(Vocabulary):
    """Usual stages of a deal; others are allowed and shown as written."""

    PROSPECTING = "prospecting", "Prospecting", "线索"
    QUALIFIED = "qualified", "Qualified", "已确认"
    PROPOSAL = "proposal", "Proposal", "方案"
    NEGOTIATION = "negotiation", "Negotiation", "谈判"
    COMMIT = "commit", "Commit", "承诺"


def label_or_text(vocabulary: type[Vocabulary], value: str | None, lang: Lang) -> str:
    """Label of a known word, the text itself otherwise, "" for null."""
    if value is None:
        return ""
    return next((word.label(lang) for word in vocabulary if word.value == value), value)
