"""One evaluation of a deal: everything that follows from the records, each part computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from relgraph.errors import NotFound
from relgraph.insight.hierarchy import Hierarchy, build_hierarchy
from relgraph.insight.keypeople import KeyPeople, key_people
from relgraph.insight.network import (
    DecisionWeights,
    Network,
    check_influences,
    decision_weights,
    network_influence,
)
from relgraph.insight.paths import Access, best_access
from relgraph.insight.power import WEIGHTS, Power, PowerInputs, budget_of, power_of
from relgraph.insight.scope import (
    NO_RIGHTS,
    DecisionRights,
    acquaintances_of,
    deals_in_scope,
    decision_rights,
    influences_in_scope,
    interests_in_scope,
    latest_knows,
    latest_supports,
    roles_in_scope,
    stances_in_scope,
)
from relgraph.schema.account import (
    Account,
    DealRow,
    Influence,
    Interest,
    Knowing,
    RoleInDeal,
    Support,
)

STRONGEST_STANCE = 2
SCENARIO = "scenario"
"""Source of the judgements that a scenario puts in place of those on record."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A customer as it stands for one of its deals, or without a deal, at one moment.

    Every part is computed when it is first asked for, and kept; nothing of an evaluation ever
    changes. A scenario is another evaluation, made by the `with_…` methods: it computes its own
    parts from the replaced records and leaves this one as it is.

    Raises NotFound for a deal of another customer.
    """

    account: Account
    deal_id: str | None
    now: datetime

    def __post_init__(self) -> None:
        if self.deal_id is not None and self.deal is None:
            raise NotFound("deal", self.deal_id)

    # What is on record, as far as it counts here.

    @cached_property
    def deal(self) -> DealRow | None:
        """The deal in view."""
        return self.account.deal(self.deal_id)

    @cached_property
    def empty_seats(self) -> frozenset[str]:
        """Seats whose holder is not known."""
        return frozenset(person.id for person in self.account.people if person.placeholder)

    @cached_property
    def roles(self) -> Mapping[str, tuple[RoleInDeal, ...]]:
        """Roles of each person in the deal; without a deal their roles in open deals."""
        return roles_in_scope(self.account.roles, self._deals)

    @cached_property
    def rights(self) -> Mapping[str, DecisionRights]:
        """What everybody with a role in the deal may do; {} without a deal."""
        if self.deal is None:
            return {}
        return {person: decision_rights(roles) for person, roles in self.roles.items()}

    @cached_property
    def key_people(self) -> KeyPeople:
        """Who decides or can veto in the deal; nobody without a deal."""
        return key_people(self.rights, self.empty_seats)

    @cached_property
    def supports(self) -> Mapping[str, Support]:
        """Latest judgement of each person's support for the deal; {} without a deal."""
        return latest_supports(self.account.supports, self.deal_id)

    @cached_property
    def stances(self) -> Mapping[str, Support]:
        """Latest known stance of each person on the deal, or without one on any open deal."""
        return stances_in_scope(self.account.supports, self._deals)

    @cached_property
    def interests(self) -> Mapping[str, Interest]:
        """Each person's known interest in the deal; without one the highest over open deals."""
        return interests_in_scope(self.account.interests, self._deals)

    @cached_property
    def influences(self) -> tuple[Influence, ...]:
        """The influence of each ordered pair of people, of either nature, sorted by pair."""
        return influences_in_scope(self.account.influences, self.deal_id)

    @cached_property
    def positive_influences(self) -> tuple[Influence, ...]:
        """The influences that move people, without conflicts."""
        return tuple(edge for edge in self.influences if edge.nature == "positive")

    @cached_property
    def conflicts(self) -> tuple[Influence, ...]:
        """Tensions between two people."""
        return tuple(edge for edge in self.influences if edge.nature == "conflict")

    @cached_property
    def knows(self) -> Mapping[tuple[str, str], Knowing]:
        """Latest judgement for each pair of (member, person)."""
        return latest_knows(self.account.knows)

    # What follows from it.

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The reporting tree."""
        return build_hierarchy(self.account.people, self.account.reports)

    @cached_property
    def authority(self) -> Mapping[str, float | None]:
        """Authority `2^(-depth)` of everybody, in (0, 1]; null where the depth is not known."""
        depths = self.hierarchy.depth
        return {person: None if d is None else 2.0**-d for person, d in depths.items()}

    @cached_property
    def decision_weights(self) -> DecisionWeights:
        """How the decision is spread over people."""
        return decision_weights(self.rights, self.authority)

    @cached_property
    def network(self) -> Network:
        """Who moves those who decide."""
        people = [person.id for person in self.account.people]
        return network_influence(people, self.positive_influences, self.decision_weights)

    @cached_property
    def listened_to(self) -> Mapping[str, float]:
        """Network influence of everybody by equal weights, in [0, 1]; it orders people.

        {} where authority, roles or decision weights are known, so that it counts as power, and
        where no influence is on record.
        """
        if self.network.places_people:
            return {}
        return {p: value for p, value in self.network.influence.items() if value is not None}

    @cached_property
    def power_inputs(self) -> Mapping[str, PowerInputs]:
        """What the power of everybody is made of."""
        network = self.network.influence if self.network.places_people else {}
        return {
            person.id: PowerInputs(
                authority=self.authority[person.id],
                budget=budget_of(person, self.rights_of(person.id), self.deal),
                network=network.get(person.id),
            )
            for person in self.account.people
        }

    @cached_property
    def power(self) -> Mapping[str, Power]:
        """Power of everybody by the usual weights."""
        return self.power_by(WEIGHTS)

    @cached_property
    def acquaintances(self) -> Mapping[str, float | None]:
        """Everybody whom one of us knows, with the greatest strength on record."""
        return acquaintances_of(self.knows, self.account.by_id)

    @cached_property
    def access(self) -> Mapping[str, Access]:
        """Our best way to each person; who is missing has none."""
        return best_access(self.knows, self.positive_influences, self.account.by_id)

    @cached_property
    def within_reach(self) -> frozenset[str]:
        """Everybody whom we know or who can be reached from them, rated or not."""
        heads: dict[str, list[str]] = defaultdict(list)
        for edge in self.positive_influences:
            heads[edge.from_id].append(edge.to_id)
        reached = set(self.acquaintances)
        waiting = list(reached)
        while waiting:
            new = [head for head in heads[waiting.pop()] if head not in reached]
            reached.update(new)
            waiting += new
        return frozenset(reached)

    def rights_of(self, person_id: str) -> DecisionRights:
        """What a person may do in the deal; nothing without a role or a deal."""
        return self.rights.get(person_id, NO_RIGHTS)

    def stance_of(self, person_id: str) -> int | None:
        """A person's stance; null if it is not known."""
        support = self.stances.get(person_id)
        return None if support is None else support.stance

    def power_by(self, weights: Mapping[str, float]) -> Mapping[str, Power]:
        """Power of everybody by other weights of its inputs."""
        return {
            person: power_of(inputs, self.rights_of(person), weights)
            for person, inputs in self.power_inputs.items()
        }

    # Scenarios.

    def with_stances(self, stances: Mapping[str, int | None]) -> Evaluation:
        """The scenario in which these people stand so on the deal; null makes it unknown.

        Raises ValueError for a stance outside -2…2 or without a deal, NotFound for a stranger.
        """
        deal_id = self._deal_of_scenario("a stance")
        self._check_people(stances)
        for person, stance in stances.items():
            if stance is not None and abs(stance) > STRONGEST_STANCE:
                raise ValueError(f"the stance of {person} is {stance}; it must be from -2 to 2")
        day = self.now.date().isoformat()
        kept = (
            row
            for row in self.account.supports
            if row.deal_id != deal_id or row.stakeholder_id not in stances
        )
        moved = (
            Support(
                stakeholder_id=person,
                deal_id=deal_id,
                stance=stance,
                assessed_at=day,
                source=SCENARIO,
            )
            for person, stance in stances.items()
        )
        return self._on(supports=(*kept, *moved))

    def with_influences(self, strengths: Mapping[tuple[str, str], float | None]) -> Evaluation:
        """The scenario with these influences, by (who, whom); null takes the influence away.

        They replace whatever is in scope between the two, a conflict too. Raises ValueError for a
        strength outside (0, 1] or an influence on oneself, NotFound for a stranger.
        """
        self._check_people(person for pair in strengths for person in pair)
        drawn = tuple(
            Influence(
                from_id=from_id,
                to_id=to_id,
                strength=strength,
                deal_id=self.deal_id,
                assessed_at=self.now.date().isoformat(),
                source=SCENARIO,
            )
            for (from_id, to_id), strength in strengths.items()
            if strength is not None
        )
        check_influences(drawn)
        kept = (
            edge
            for edge in self.account.influences
            if edge.deal_id not in (None, self.deal_id)
            or (edge.from_id, edge.to_id) not in strengths
        )
        return self._on(influences=(*kept, *drawn))

    def with_roles(self, roles: Mapping[str, Iterable[RoleInDeal]]) -> Evaluation:
        """The scenario in which these people have these roles in the deal and no others.

        Raises ValueError for a role of somebody else or in another deal, or without a deal,
        NotFound for a stranger.
        """
        deal_id = self._deal_of_scenario("a role")
        self._check_people(roles)
        given = tuple((person, role) for person, rows in roles.items() for role in rows)
        for person, role in given:
            if (role.stakeholder_id, role.deal_id) != (person, deal_id):
                raise ValueError(
                    f"a role of {role.stakeholder_id} in {role.deal_id} was given for {person} "
                    f"in {deal_id}"
                )
        kept = (
            row
            for row in self.account.roles
            if row.deal_id != deal_id or row.stakeholder_id not in roles
        )
        return self._on(roles=(*kept, *(role for _, role in given)))

    @cached_property
    def _deals(self) -> frozenset[str]:
        return deals_in_scope(self.account.deals, self.deal_id)

    def _on(self, **records: Any) -> Evaluation:
        """An evaluation of its own, with these records in place of those on record."""
        return replace(self, account=replace(self.account, **records, by_id={}))

    def _deal_of_scenario(self, what: str) -> str:
        if self.deal_id is None:
            raise ValueError(f"{what} is for a deal: choose a deal first")
        return self.deal_id

    def _check_people(self, people: Iterable[str]) -> None:
        for person in people:
            if person not in self.account.by_id:
                raise NotFound("stakeholder", person)
