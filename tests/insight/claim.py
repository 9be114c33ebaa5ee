"""How a sentence reads in both languages, and how what it claims is looked up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from relgraph.schema.vocabulary import Lang

N = r"([A-Z](?:(?:, | and )(?:[A-Z]|\d+ others))*)"
VIEW = r"(for us|neutral|sceptical|against us)"
WAY = r"the best way in is (.+), (strong|medium|weak)"
ROLES = {"the one who decides": "decision_maker", "the one who can veto": "veto",
         "an approver": "approver", "a buyer": "buyer", "a champion": "champion",
         "an evaluator": "evaluator", "an influencer": "influencer", "a user": "user",
         "a gatekeeper": "gatekeeper"}  # fmt: skip
FUNCTIONS = {"Purchasing": "purchasing", "Legal": "legal", "Finance": "finance"}

Z = r" ?([A-Z](?:(?:、| ?和 ?)(?:[A-Z]|另外 \d+ 人))*) ?"
VIEW_ZH = r"(支持我们|中立|有疑虑|反对我们)"
WAY_ZH = r"最佳路径是 (.+)（(强|中等|弱)）"
_ENGLISH = {
    "支持我们": "for us", "中立": "neutral", "有疑虑": "sceptical", "反对我们": "against us",
    "强": "strong", "中等": "medium", "弱": "weak",
    "决策者": "the one who decides", "有否决权的人": "the one who can veto",
    "审批者": "an approver", "采购负责人": "a buyer", "内部推动者": "a champion",
    "评估者": "an evaluator", "影响者": "an influencer", "使用者": "a user",
    "守门人": "a gatekeeper", "采购": "Purchasing", "法务": "Legal", "财务": "Finance",
    "角色": "role", "职务": "title", "职位名称": "title of the seat",
}  # fmt: skip
"""What the words of a claim are called in English, so that one look-up serves both languages."""

Check = Callable[..., bool]


@dataclass(frozen=True)
class Claim:
    """A sentence in both languages, and how to look up what it claims.

    `order` says which group of the Chinese pattern is the first of the English one, the second
    and so on, where they stand in another order.
    """

    en: str
    zh: str
    check: Check
    order: tuple[int, ...] = ()

    def read(self, text: str, lang: Lang) -> tuple[str | None, ...] | None:
        """What a text claims, in English words; None if it is another sentence."""
        match = re.fullmatch(self.zh if lang == "zh" else self.en, text)
        if match is None or lang == "en":
            return match and match.groups()
        groups = [None if group is None else in_english(group) for group in match.groups()]
        return tuple(groups[place] for place in self.order or range(len(groups)))


def in_english(text: str) -> str:
    """Words and lists of a Chinese sentence as the English one has them; what else, as it is."""
    parts = [part.strip() for part in re.split("、|和", text)]
    english = [_ENGLISH.get(part, re.sub(r"另外 (\d+) 人", r"\1 others", part)) for part in parts]
    return " and ".join([", ".join(english[:-1]), english[-1]] if english[1:] else english)


def names(text: str) -> list[str]:
    """Ids of a list of names; of a long one those that are named."""
    return [word.lower() for word in re.split(", | and ", text) if "other" not in word]
