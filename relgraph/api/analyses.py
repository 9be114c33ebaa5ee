"""Answers about a customer or a deal: matrix, decision chain, paths."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query

from relgraph.api.context import Asking, Language
from relgraph.api.examples import answer
from relgraph.api.kept.shows import account_of, account_of_deal, kept
from relgraph.api.limits import Limits
from relgraph.errors import NotFound
from relgraph.insight.chain import DecisionChain, Step, decision_chain
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.matrix import Matrix, MatrixPerson, power_interest_matrix
from relgraph.insight.paths import MAX_PATHS, best_paths, nearest_manager
from relgraph.insight.wording import chain_why, step_reason
from relgraph.schema.account import Account
from relgraph.schema.values import MAX_ID, Values
from relgraph.schema.vocabulary import Lang

router = APIRouter(prefix="/api/v1", tags=["analyses"])

Id = Annotated[str, Path(max_length=MAX_ID, description="stable id")]


@router.get(
    "/customers/{id}/matrix",
    summary="Power–interest matrix",
    operation_id="customer_matrix",
    responses=answer(
        {
            "threshold": 0.5,
            "people": [
                {
                    "id": "chen",
                    "name": "Chen Peilan",
                    "power": {
                        "value": 0.6576,
                        "low": 0.6576,
                        "high": 0.6576,
                        "inputs": {"authority": 0.5, "budget": 0.8, "network": 0.7254},
                    },
                    "interest": 0.5,
                    "quadrant": "manage_closely",
                    "lane": None,
                    "unsure": [],
                    "listened_to": None,
                    "stance": -1,
                }
            ],
            "based_on": {"people": 7, "placed": 6},
        },
        404,
    ),
)
@kept
def matrix(
    access: Asking,
    lang: Language,
    id: Id,
    deal_id: Annotated[str | None, Query(max_length=MAX_ID, description="for this deal")] = None,
) -> Values:
    """Everybody's power and interest with inputs and range; who cannot be placed, in the lane."""
    evaluation = Evaluation(account_of(access, id), deal_id, access.now)
    return matrix_json(evaluation.account, power_interest_matrix(evaluation), lang)


def matrix_json(account: Account, matrix: Matrix, lang: Lang) -> Values:
    """The matrix as programs read it."""
    return {
        "threshold": matrix.threshold,
        "people": [_person_json(account, person, lang) for person in matrix.people],
        "based_on": asdict(matrix.based_on),
    }


def _person_json(account: Account, person: MatrixPerson, lang: Lang) -> Values:
    power = person.power
    return {
        "id": person.id,
        "name": account.by_id[person.id].name_in(lang),
        "power": {
            "value": power.value,
            "low": power.low,
            "high": power.high,
            "inputs": asdict(power.inputs),
            "floor": power.floor,
            "weight_known": power.weight_known,
        },
        "interest": person.interest,
        "interest_source": person.interest_source,
        "quadrant": person.quadrant,
        "lane": person.lane,
        "unsure": list(person.unsure),
        "listened_to": person.listened_to,
        "stance": person.stance,
        "assessed_at": person.assessed_at,
    }


@router.get(
    "/deals/{id}/decision-chain",
    summary="Who signs, in order",
    operation_id="decision_chain",
    responses=answer(
        {
            "steps": [
                {
                    "stakeholder_id": "li",
                    "name": "Li Wentao",
                    "reason": "Limit ¥200,000.",
                    "can_veto": None,
                    "stance": 1,
                    "approval_limit": 200000,
                    "access": 0.72,
                }
            ],
            "passed_over": [],
            "incomplete": False,
            "why": "",
        },
        404,
    ),
)
@kept
def chain(
    access: Asking,
    lang: Language,
    id: Id,
    requester: Annotated[
        str | None, Query(max_length=MAX_ID, description="who asks for the purchase")
    ] = None,
) -> Values:
    """The approval chain of METHODS §3.3. A step without a holder has a null stakeholder_id."""
    evaluation = Evaluation(account_of_deal(access, id), id, access.now)
    if requester is not None and requester not in evaluation.account.by_id:
        raise NotFound("stakeholder at this customer", requester)
    return chain_json(evaluation.account, decision_chain(evaluation, requester), lang)


def chain_json(account: Account, chain: DecisionChain, lang: Lang) -> Values:
    """The chain as programs read it."""
    return {
        "steps": [_step_json(account, step, lang) for step in chain.steps],
        "passed_over": [
            {"stakeholder_id": id_, "name": account.by_id[id_].name_in(lang)}
            for id_ in chain.passed_over
        ],
        "incomplete": chain.incomplete,
        "why": chain_why(account, chain, lang),
        "undecided": list(chain.undecided),
        "requester": chain.requester,
        "requester_source": chain.requester_source,
        "amount": chain.amount,
        "currency": chain.currency,
    }


def _step_json(account: Account, step: Step, lang: Lang) -> Values:
    person = account.by_id.get(step.stakeholder_id or "")
    return {
        "stakeholder_id": step.stakeholder_id,
        "name": step.name if person is None else person.name_in(lang) or None,
        "reason": step_reason(step, lang),
        "reason_code": step.reason_code,
        "matched": step.reason_values.get("matched"),
        "can_veto": step.can_veto,
        "stance": step.stance,
        "approval_limit": step.approval_limit,
        "access": None if step.access is None else step.access.strength,
        "access_by": None
        if step.access is None
        else {"member_id": step.access.member_id, "people": list(step.access.people)},
    }


@router.get(
    "/deals/{id}/paths",
    summary="The best ways of influence from one person to another",
    operation_id="deal_paths",
    responses=answer(
        {
            "paths": [
                {
                    "strength": 0.336,
                    "label": "strong",
                    "people": ["sun", "wang", "li", "zhou"],
                    "edges": [{"from_id": "sun", "to_id": "wang", "strength": 0.7}],
                }
            ],
            "nearest_manager": None,
        },
        404,
    ),
)
@kept
def paths(
    access: Asking,
    id: Id,
    source: Annotated[str, Query(alias="from", max_length=MAX_ID, description="who")],
    target: Annotated[str, Query(alias="to", max_length=MAX_ID, description="to whom")],
    limits: Limits,
    k: Annotated[int, Query(ge=1, le=MAX_PATHS, description="how many ways")] = 5,
) -> Values:
    """The k best simple ways of at most six steps; without one, the nearest reachable manager."""
    evaluation = Evaluation(account_of_deal(access, id), id, access.now)
    for person in (source, target):
        if person not in evaluation.account.by_id:
            raise NotFound("stakeholder at this customer", person)
    if source == target:
        raise HTTPException(422, "from and to are the same person")
    edges = evaluation.positive_influences
    ways = best_paths(edges, source, target, min(k, limits.max_paths), limits.max_hops)
    manager = None
    if not ways:
        manager = nearest_manager(evaluation.hierarchy, edges, source, target)
    return {
        "paths": [
            {
                "strength": path.strength,
                "label": path.label,
                "people": list(path.people),
                "edges": [asdict(edge) for edge in path.edges],
            }
            for path in ways
        ],
        "nearest_manager": manager,
    }
