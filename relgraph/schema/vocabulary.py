"""Closed word lists with their English and Chinese labels.

The value of a member is what stands in the database, the import files and the API. Labels
are short enough for a chip on a card.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self, cast

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

    @classmethod
    def named(cls, value: str) -> Self | None:
        """The member with this value; None for a word that the list does not have."""
        return cast("Self | None", cls._value2member_map_.get(value))

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


_STANCE_NAMES = {2: "ADVOCATE", 1: "SUPPORTER", 0: "NEUTRAL", -1: "SCEPTIC", -2: "OPPONENT"}


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
        return cls.UNKNOWN if stance is None else cls[_STANCE_NAMES[stance]]


class ActivityKind(Vocabulary):
    """How two people met or wrote, most personal first; METHODS §5 weighs them."""

    VISIT = "visit", "visit on site", "拜访"
    MEETING = "meeting", "meeting", "会议"
    CALL = "call", "call", "电话"
    EVENT = "event", "event", "活动"
    EMAIL = "email", "e-mail", "邮件"
    MESSAGE = "message", "message", "消息"
    MEAL = "meal", "meal", "宴请"
    GIFT = "gift", "gift", "礼品"


class Direction(Vocabulary):
    """Which way an activity went, seen from us."""

    INBOUND = "inbound", "from them", "对方发起"
    OUTBOUND = "outbound", "from us", "我方发起"
    MUTUAL = "mutual", "both", "双方"


class Contact(Vocabulary):
    """What a computed relationship strength is called (METHODS §5: a contact counts from 0.4)."""

    ACTIVE = "active", "active", "往来活跃"
    COOLING = "cooling", "cooling", "转冷"
    THIN = "thin", "thin", "往来较少"
    NONE = "none", "no contact", "无往来"
    UNKNOWN = "unknown", "not on record", "无记录"


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


class Industry(Vocabulary):
    """Industries with words in both languages; others are allowed and shown as written."""

    AUTOMOTIVE = "automotive", "Automotive", "汽车"
    BANKING = "banking", "Banking", "银行"
    CHEMICALS = "chemicals", "Chemicals", "化工"
    CONSTRUCTION = "construction", "Construction", "建筑"
    EDUCATION = "education", "Education", "教育"
    ENERGY = "energy", "Energy", "能源"
    FOOD = "food", "Food", "食品"
    GOVERNMENT = "government", "Government", "政府"
    HEALTHCARE = "healthcare", "Healthcare", "医疗"
    INSURANCE = "insurance", "Insurance", "保险"
    LOGISTICS = "logistics", "Logistics", "物流"
    MANUFACTURING = "manufacturing", "Manufacturing", "制造"
    MEDIA = "media", "Media", "媒体"
    MINING = "mining", "Mining", "矿业"
    PHARMACEUTICALS = "pharmaceuticals", "Pharmaceuticals", "制药"
    PORTS = "ports", "Ports", "港口"
    REAL_ESTATE = "real_estate", "Real estate", "房地产"
    RETAIL = "retail", "Retail", "零售"
    SOFTWARE = "software", "Software", "软件"
    TELECOMMUNICATIONS = "telecommunications", "Telecommunications", "电信"
    TRANSPORT = "transport", "Transport", "交通运输"
    UTILITIES = "utilities", "Utilities", "公用事业"


class Region(Vocabulary):
    """Regions with words in both languages; others are allowed and shown as written."""

    NORTH_CHINA = "north_china", "North China", "华北"
    NORTHEAST_CHINA = "northeast_china", "Northeast China", "东北"
    EAST_CHINA = "east_china", "East China", "华东"
    CENTRAL_CHINA = "central_china", "Central China", "华中"
    SOUTH_CHINA = "south_china", "South China", "华南"
    SOUTHWEST_CHINA = "southwest_china", "Southwest China", "西南"
    NORTHWEST_CHINA = "northwest_china", "Northwest China", "西北"
    ASIA_PACIFIC = "asia_pacific", "Asia Pacific", "亚太"
    EUROPE = "europe", "Europe", "欧洲"
    MIDDLE_EAST = "middle_east", "Middle East", "中东"
    AFRICA = "africa", "Africa", "非洲"
    NORTH_AMERICA = "north_america", "North America", "北美"
    SOUTH_AMERICA = "south_america", "South America", "南美"


class Stage(Vocabulary):
    """Usual stages of a deal; others are allowed and shown as written."""

    PROSPECTING = "prospecting", "Prospecting", "线索"
    QUALIFIED = "qualified", "Qualified", "已确认"
    PROPOSAL = "proposal", "Proposal", "方案"
    NEGOTIATION = "negotiation", "Negotiation", "谈判"
    COMMIT = "commit", "Commit", "承诺"


def label_or_text(vocabulary: type[Vocabulary], value: str | None, lang: Lang) -> str:
    """Label of a known word, the text itself otherwise, "" for null.

    A known word may be written with capitals and spaces: "North China" is `north_china`.
    """
    if value is None:
        return ""
    word = vocabulary.named(value.casefold().replace(" ", "_"))
    return value if word is None else word.label(lang)
