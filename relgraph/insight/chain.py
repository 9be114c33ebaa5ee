"""The approval chain of a deal: whose signature it needs, in order (METHODS §3.3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from relgraph.errors import NotFound
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.functions import Functions, canonical
from relgraph.insight.hierarchy import Hierarchy
from relgraph.insight.paths import Access
from relgraph.schema.account import DealRow

ReasonCode = Literal[
    "limit_below",
    "limit_unsure",
    "limit_covers",
    "unlimited",
    "always",
    "nonstandard",
    "amount",
    "no_holder",
    "no_department",
]
WhyCode = Literal[
    "amount_unknown",
    "undecided",
    "no_requester",
    "nobody_above",
    "nobody_covers",
    "manager_unknown",
    "circle",
]
RequesterSource = Literal["given", "champion", "user", "deepest", "unplaced", "none"]
"""unplaced: somebody with a role, as nobody with one has a known place in the tree."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a function of the customer has to approve."""

    function: str
    """Function of the department, e.g. purchasing."""
    minimum_amount: float | None = None
    """Amount from which it applies, in the deal's currency; null: whatever the amount."""
    nonstandard_only: bool = False
    """Applies only to deals marked as non-standard."""

    def applies_to(self, deal: DealRow) -> bool | None:
        """Whether it applies; null where that depends on an amount that is not known."""
        if self.nonstandard_only and not deal.nonstandard:
            return False
        if self.minimum_amount is None:
            return True
        return None if deal.amount is None else deal.amount >= self.minimum_amount

    @property
    def reason(self) -> ReasonCode:
        if self.nonstandard_only:
            return "nonstandard"
        return "always" if self.minimum_amount is None else "amount"


DEFAULT_RULES = (
    Rule("purchasing"),
    Rule("legal", nonstandard_only=True),
    Rule("finance", minimum_amount=500_000),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A signature."""

    stakeholder_id: str | None
    """Null for a step whose holder is not on record."""
    name: str | None
    """As the record has it; null for an empty step or an empty seat."""
    kind: Literal["line", "function", "final"]
    reason_code: ReasonCode
    """limit_below: a manager whose limit the amount exceeds; limit_unsure: one whose limit may or
    may not cover an amount that is not known; limit_covers, unlimited: the final approver; always,
    nonstandard, amount: the rule of a function; no_holder: nobody in a department of the function
    signs; no_department: no department has the function, and nobody who signs a role or title."""
    reason_values: dict[str, float | str | None]
    """limit, amount, currency, function, minimum, rule, matched: those that the reason speaks of.
    matched: what tells that a person signs for the function, a `Match`."""
    can_veto: bool | None = None
    stance: int | None = None
    approval_limit: float | str | None = None
    access: Access | None = None


@dataclass(frozen=True, slots=True)
class DecisionChain:
    """The signatures in their order."""

    steps: tuple[Step, ...]
    passed_over: tuple[str, ...]
    """Managers on the line whose approval limit is not known, nearest first."""
    undecided: tuple[str, ...]
    """Functions that may have to sign, which depends on the amount that is not known."""
    incomplete: bool
    why: tuple[WhyCode, ...]
    """Why it is incomplete; empty if it is not."""
    requester: str | None
    """Who asks for the purchase."""
    requester_source: RequesterSource
    amount: float | None
    currency: str | None
    last_manager: str | None = None
    """Where the line ends without a final approver; null if there is one."""


def decision_chain(
    evaluation: Evaluation,
    requester: str | None = None,
    rules: Sequence[Rule] = DEFAULT_RULES,
) -> DecisionChain:
    """Whose approval a deal needs, starting from who asks for it (METHODS §3.3).

    The line: every manager above the requester with a known limit, until the first whose limit
    covers the amount; managers without a known limit are passed over and named. Before the final
    approver stand, for each rule that applies and in the order of the rules, those who sign for
    its function (`Functions.signers`), deeper people first; an empty step where there is none.
    Nobody stands twice. The line is the one on record: it goes on above a marked top.

    Without a requester it is the deal's champion, else its user, else the deepest person with a
    role; of several the deepest, then the smallest id. An amount that is not known is covered
    only by an unlimited approver; the rules that depend on it are then undecided and the chain is
    incomplete. Raises ValueError without a deal, NotFound for a requester who is not of this
    customer.
    """
    account, deal, hierarchy = evaluation.account, evaluation.deal, evaluation.hierarchy
    if deal is None:
        raise ValueError("an approval chain is that of a deal: choose a deal first")
    if requester is not None and requester not in account.by_id:
        raise NotFound("stakeholder", requester)
    roles = {p: {role.role for role in played} for p, played in evaluation.roles.items()}
    source: RequesterSource = "given"
    if requester is None:
        requester, source = _likely_requester(roles, hierarchy)
    managers = [] if requester is None else hierarchy.line_on_record(requester)
    maker = _StepMaker(evaluation, deal)
    line, final, passed_over = _line(maker, managers)
    on_line = {step.stakeholder_id for step in (*line, final) if step is not None}
    functional = _functional(maker, rules, Functions(evaluation), on_line)
    undecided = tuple(
        dict.fromkeys(rule.function for rule in rules if rule.applies_to(deal) is None)
    )
    why = _why(evaluation, requester, managers, final, undecided)
    return DecisionChain(
        steps=(*line, *functional, *([] if final is None else [final])),
        passed_over=tuple(passed_over),
        undecided=undecided,
        incomplete=bool(why),
        why=why,
        requester=requester,
        requester_source=source,
        amount=deal.amount,
        currency=deal.currency,
        last_manager=managers[-1] if managers and final is None else None,
    )


class _StepMaker:
    """Makes steps of people, with what is known about each for this deal."""

    def __init__(self, evaluation: Evaluation, deal: DealRow) -> None:
        self.evaluation = evaluation
        self.deal = deal

    def limit(self, person: str) -> float | str | None:
        return self.evaluation.rights_of(person).limit

    def step(
        self,
        person: str,
        kind: Literal["line", "function", "final"],
        reason: ReasonCode,
        values: dict[str, float | str | None],
    ) -> Step:
        rights = self.evaluation.rights_of(person)
        return Step(
            stakeholder_id=person,
            name=self.evaluation.account.by_id[person].name,
            kind=kind,
            reason_code=reason,
            reason_values={**values, "currency": self.deal.currency},
            can_veto=rights.can_veto,
            stance=self.evaluation.stance_of(person),
            approval_limit=rights.limit,
            access=self.evaluation.access.get(person),
        )


def _line(maker: _StepMaker, managers: Sequence[str]) -> tuple[list[Step], Step | None, list[str]]:
    """Managers who sign before the final approver, the final step, and who was passed over."""
    steps: list[Step] = []
    passed_over: list[str] = []
    amount = maker.deal.amount
    for manager in managers:
        limit = maker.limit(manager)
        values = {"limit": limit, "amount": amount}
        if limit is None:
            passed_over.append(manager)
        elif isinstance(limit, str):
            return steps, maker.step(manager, "final", "unlimited", values), passed_over
        elif amount is not None and limit >= amount:
            return steps, maker.step(manager, "final", "limit_covers", values), passed_over
        else:
            reason: ReasonCode = "limit_unsure" if amount is None else "limit_below"
            steps.append(maker.step(manager, "line", reason, values))
    return steps, None, passed_over


def _functional(
    maker: _StepMaker,
    rules: Sequence[Rule],
    functions: Functions,
    on_line: Collection[str | None],
) -> list[Step]:
    """Steps of the rules that apply; a rule whose holder already signs adds nothing."""
    steps: list[Step] = []
    signers = set(on_line)
    for rule in rules:
        if not rule.applies_to(maker.deal):
            continue
        values: dict[str, float | str | None] = {
            "function": rule.function,
            "minimum": rule.minimum_amount,
        }
        holders = functions.signers(rule.function)
        if not holders:
            known = canonical(rule.function) in functions.carried
            empty: ReasonCode = "no_holder" if known else "no_department"
            steps.append(Step(None, None, "function", empty, {**values, "rule": rule.reason}))
        for holder, matched in holders.items():
            if holder not in signers:
                signers.add(holder)
                reason = {**values, "matched": matched}
                steps.append(maker.step(holder, "function", rule.reason, reason))
    return steps


def _likely_requester(
    roles: dict[str, set[str]], hierarchy: Hierarchy
) -> tuple[str | None, RequesterSource]:
    """The champion, else the user, else anybody with a role: the deepest of them."""
    choices: tuple[tuple[RequesterSource, list[str]], ...] = (
        ("champion", [person for person in roles if "champion" in roles[person]]),
        ("user", [person for person in roles if "user" in roles[person]]),
        ("deepest", list(roles)),
    )
    for source, people in choices:
        if people:
            chosen = min(people, key=lambda p: (-_depth(hierarchy, p), p))
            if source == "deepest" and hierarchy.depth[chosen] is None:
                source = "unplaced"
            return chosen, source
    return None, "none"


def _depth(hierarchy: Hierarchy, person: str) -> int:
    """Depth for sorting: who is not under the top counts as above everybody."""
    depth = hierarchy.depth[person]
    return -1 if depth is None else depth


def _why(
    evaluation: Evaluation,
    requester: str | None,
    managers: Sequence[str],
    final: Step | None,
    undecided: Collection[str],
) -> tuple[WhyCode, ...]:
    """Every reason for which the chain may not be complete."""
    hierarchy, deal = evaluation.hierarchy, evaluation.deal
    amount = None if deal is None else deal.amount
    why: list[WhyCode] = ["amount_unknown"] if amount is None else []
    if undecided:
        why.append("undecided")
    if requester is None:
        why.append("no_requester")
    elif final is None:
        last = managers[-1] if managers else requester
        if last in hierarchy.unknown_manager:
            why.append("manager_unknown")
        elif hierarchy.first_manager[last] is not None:
            why.append("circle")
        if managers and amount is not None:
            why.append("nobody_covers")
        elif not managers and last in hierarchy.tops:
            why.append("nobody_above")
    return tuple(why)
