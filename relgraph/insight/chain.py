"""The approval chain of a deal: whose signature it needs, in order (METHODS §3.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from relgraph.errors import NotFound
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.hierarchy import Hierarchy
from relgraph.insight.paths import Access
from relgraph.schema.account import Account, DealRow

APPROVING_ROLES = frozenset({"approver", "veto", "buyer"})

ReasonCode = Literal[
    "limit_below", "limit_covers", "unlimited", "always", "nonstandard", "amount", "no_holder"
]
WhyCode = Literal[
    "amount_unknown", "no_requester", "nobody_above", "nobody_covers", "manager_unknown", "circle"
]
RequesterSource = Literal["given", "champion", "user", "deepest", "none"]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a function of the customer has to approve."""

    function: str
    """Function of the department, e.g. purchasing."""
    minimum_amount: float | None = None
    """Amount from which it applies, in the deal's currency; null: whatever the amount."""
    nonstandard_only: bool = False
    """Applies only to deals marked as non-standard."""

    def applies_to(self, deal: DealRow) -> bool:
        """Whether it applies; what is not known about the deal does not trigger it."""
        if self.nonstandard_only and not deal.nonstandard:
            return False
        if self.minimum_amount is None:
            return True
        return deal.amount is not None and deal.amount >= self.minimum_amount

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
    """limit_below: a manager whose limit the amount exceeds; limit_covers, unlimited: the final
    approver; always, nonstandard, amount: the rule of a function; no_holder: nobody on record."""
    reason_values: dict[str, float | str | None]
    """limit, amount, currency, function, minimum, rule: those that the reason speaks of."""
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
    approver stand, for each rule that applies and in the order of the rules, the holders of the
    role approver, veto or buyer in a department of its function, deeper people first; an empty
    step where there is none. Nobody stands twice. A department without a function has that of
    the nearest department above it.

    Without a requester it is the deal's champion, else its user, else the deepest person with a
    role; of several the deepest, then the smallest id. An amount that is not known is covered
    only by an unlimited approver, and the chain is then incomplete. Raises ValueError without a
    deal, NotFound for a requester who is not of this customer.
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
    managers = [] if requester is None else hierarchy.line_up(requester)
    maker = _StepMaker(evaluation, deal)
    line, final, passed_over = _line(maker, managers)
    on_line = {step.stakeholder_id for step in (*line, final) if step is not None}
    functional = _functional(maker, rules, _approvers(account, roles, hierarchy), on_line)
    why = _why(deal, hierarchy, requester, final)
    return DecisionChain(
        steps=(*line, *functional, *([] if final is None else [final])),
        passed_over=tuple(passed_over),
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
            steps.append(maker.step(manager, "line", "limit_below", values))
    return steps, None, passed_over


def _functional(
    maker: _StepMaker,
    rules: Sequence[Rule],
    approvers: Mapping[str, Sequence[str]],
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
        holders = approvers.get(rule.function, [])
        if not holders:
            steps.append(Step(None, None, "function", "no_holder", {**values, "rule": rule.reason}))
        for holder in holders:
            if holder not in signers:
                signers.add(holder)
                steps.append(maker.step(holder, "function", rule.reason, values))
    return steps


def _approvers(
    account: Account, roles: dict[str, set[str]], hierarchy: Hierarchy
) -> dict[str, list[str]]:
    """Who approves for each function, deeper people first, then by id."""
    functions = _functions(account)
    approvers: dict[str, list[str]] = defaultdict(list)
    for person in sorted(roles, key=lambda p: (-_depth(hierarchy, p), p)):
        function = functions.get(account.by_id[person].department_id or "")
        if function is not None and roles[person] & APPROVING_ROLES:
            approvers[function].append(person)
    return approvers


def _functions(account: Account) -> dict[str, str]:
    """Function of each department: its own, else that of the nearest department above it."""
    departments = {department.id: department for department in account.departments}
    functions: dict[str, str] = {}
    for id_ in departments:
        seen: set[str] = set()
        above: str | None = id_
        while above in departments and above not in seen:
            seen.add(above)
            function = departments[above].function
            if function:
                functions[id_] = function.strip().lower()
                break
            above = departments[above].parent_id
    return functions


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
            return min(people, key=lambda p: (-_depth(hierarchy, p), p)), source
    return None, "none"


def _depth(hierarchy: Hierarchy, person: str) -> int:
    """Depth for sorting: who is not under the top counts as above everybody."""
    depth = hierarchy.depth[person]
    return -1 if depth is None else depth


def _why(
    deal: DealRow, hierarchy: Hierarchy, requester: str | None, final: Step | None
) -> tuple[WhyCode, ...]:
    """Every reason for which the chain may not be complete."""
    why: list[WhyCode] = ["amount_unknown"] if deal.amount is None else []
    if requester is None:
        why.append("no_requester")
    elif final is None:
        managers = hierarchy.line_up(requester)
        last = managers[-1] if managers else requester
        if last in hierarchy.unknown_manager:
            why.append("manager_unknown")
        elif any(last == circle[0] for circle in hierarchy.cycles):
            why.append("circle")
        if managers and deal.amount is not None:
            why.append("nobody_covers")
        elif not managers and last in hierarchy.tops:
            why.append("nobody_above")
    return tuple(why)
