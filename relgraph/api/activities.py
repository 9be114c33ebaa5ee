"""Activities: written one or many at once, read as counts and as relationship strength."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi import Body as JsonBody
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from relgraph.api.context import Asking, Language
from relgraph.api.examples import answer, written
from relgraph.api.limits import Limits, refuse_more
from relgraph.api.problems import LOCALIZED
from relgraph.api.references import references_in, with_our_ids
from relgraph.api.schemas import ref
from relgraph.database import Transaction
from relgraph.errors import WriteRefused
from relgraph.insight.strength import DEFAULT, Strength, relationship
from relgraph.records.activities.counts import KnownBy, counts_of, known_by
from relgraph.records.activities.store import put_activities, with_id
from relgraph.records.log.change_log import begin_change
from relgraph.records.problems import Problem
from relgraph.records.writes.bodies import Body, creation_body
from relgraph.records.writes.names import Names
from relgraph.schema.kinds import ACTIVITY
from relgraph.schema.values import MAX_ID, Values
from relgraph.schema.vocabulary import Lang
from relgraph.settings import MOST_OPERATIONS
from relgraph.words import say

router = APIRouter(prefix="/api/v1", tags=["activities"])

Id = Annotated[str, Path(min_length=1, max_length=MAX_ID, description="stable id")]

_MODEL = creation_body(ACTIVITY)
_COUNT = {
    "month": "2026-11",
    "kind": "meeting",
    "direction": "mutual",
    "count": 2,
    "answered": 2,
    "minutes": 75,
}
_STRENGTH = {
    "member_id": "cai",
    "member_name": "Cai Ning",
    "strength": 0.5453,
    "high": 0.5453,
    "label": "active",
    "label_text": "active",
    "first_on": "2026-05-08",
    "last_on": "2026-11-14",
    "inputs": [
        {"kind": "call", "count": 1, "counted": 1, "energy": 2.7776, "last_on": "2026-11-14"}
    ],
    "missing": [],
    "basis": "1 contact, the last on 2026-11-14.",
    "closeness": 2,
    "judged_strength": 0.3,
    "assessed_at": "2026-11-12",
}


@router.post(
    "/activities",
    status_code=201,
    summary="Record activities",
    operation_id="create_activities",
    responses={
        **written(
            {
                "created": 1,
                "changed": 0,
                "unchanged": 0,
                "ids": ["activity-1"],
                "change_set": "change-0a1b2c3d4e5f6071",
                "warnings": [],
            },
            201,
        ),
        200: {"description": "all of them were there already"},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "oneOf": [
                            ref("NewActivity"),
                            {
                                "type": "array",
                                "items": ref("NewActivity"),
                                "minItems": 1,
                                "maxItems": MOST_OPERATIONS,
                            },
                        ]
                    },
                    "example": dict(ACTIVITY.example),
                }
            },
        }
    },
)
def create(
    access: Asking, lang: Language, limits: Limits, body: Annotated[Any, JsonBody()]
) -> JSONResponse:
    """One activity or a list of up to 1,000: all are written or none.

    A repeat with the same `id`, or without one with the same `source`, `external_id` and people,
    changes the activity instead of making another; what it leaves out is kept. What happens in
    the future is refused. People and deals may be named by ids of other systems, `{"crm": "1"}`.
    """
    many = isinstance(body, list)
    asked = body if many else [body]
    if not asked:
        raise _refused((), "send an activity, or a list of them", 0)
    refuse_more((), len(asked), limits)
    bodies = _bodies(asked, many)
    try:
        rows = [with_id(row) for row in access.read(lambda tx: _rows(bodies, tx))]
        _refuse_repeats([row["id"] for row in rows])
        stored = put_activities(access, rows, begin_change(access, "api"))
    except WriteRefused as error:
        raise RequestValidationError(
            [
                {
                    "loc": ("body", *((problem.line,) if many else ()), problem.column),
                    "msg": problem.text(lang),
                    "type": LOCALIZED,
                    "input": problem.value,
                }
                for problem in error.problems
            ]
        ) from None
    counts = asdict(stored.counts)
    answered = {
        **counts,
        "ids": [row["id"] for row in rows],
        "change_set": stored.change_set,
        "warnings": [
            {"place": problem.line, "member": problem.column, "detail": problem.text(lang)}
            for problem in stored.warnings
        ],
    }
    headers = {"Relgraph-Change": stored.change_set} if stored.change_set else None
    return JSONResponse(answered, 201 if counts["created"] else 200, headers)


def _bodies(asked: list[Any], many: bool) -> list[Body]:
    """The activities. Raises RequestValidationError with everything that is wrong."""
    bodies: list[Body] = []
    wrong: list[Values] = []
    for number, activity in enumerate(asked):
        try:
            bodies.append(_MODEL.model_validate(activity))
        except ValidationError as error:
            place = (number,) if many else ()
            wrong += [
                {**problem, "loc": ("body", *place, *problem["loc"])}
                for problem in error.errors(include_url=False, include_context=False)
            ]
    if wrong:
        raise RequestValidationError(wrong)
    return bodies


def _rows(bodies: list[Body], tx: Transaction) -> list[Values]:
    """The activities as rows, with our ids. Raises WriteRefused for external ids of nobody.

    Their own ids follow from ours. Whether all of these are there is checked where they are
    written.
    """
    names = Names(tx)
    references = [references_in(body) for body in bodies]
    names.look_up(each.their_id for group in references for each in group)
    rows: list[Values] = []
    problems: list[Problem] = []
    for number, (body, group) in enumerate(zip(bodies, references, strict=True)):
        resolved, unknown = with_our_ids(body, group, names)
        problems += [each.problem(ACTIVITY.plural, number) for each in unknown]
        rows.append(resolved.model_dump(exclude_unset=True))
    if problems:
        raise WriteRefused(sorted(problems))
    return rows


def _refuse_repeats(ids: list[str]) -> None:
    first: dict[str, int] = {}
    for number, id_ in enumerate(ids):
        if first.setdefault(id_, number) != number:
            raise _refused((number,), f"is the same activity as number {first[id_]}", id_)


def _refused(place: tuple[int, ...], message: str, value: object) -> RequestValidationError:
    return RequestValidationError(
        [{"loc": ("body", *place), "msg": message, "type": "activity", "input": value}]
    )


def _add_counts(kind: str) -> None:
    def endpoint(access: Asking, id: Id) -> Values:
        items = [
            {("count" if name == "number" else name): value for name, value in row.items()}
            for row in counts_of(access, kind, id)
        ]
        return {"items": items, "next_cursor": None}

    router.add_api_route(
        f"/{kind}s/{{id}}/activities",
        endpoint,
        methods=["GET"],
        summary=f"Count the activities of a {kind}",
        description="How often there was contact, by month (UTC), kind and direction, the latest "
        "month first. A meeting of several people is one. `minutes` is null where no length is "
        "on record.",
        operation_id=f"count_activities_of_{kind}",
        responses=answer({"items": [_COUNT], "next_cursor": None}, 404),
    )


for _kind in ("stakeholder", "member"):
    _add_counts(_kind)


@router.get(
    "/stakeholders/{id}/strength",
    summary="How strong our relations to a person are",
    operation_id="relationship_strength",
    responses=answer(
        {
            "stakeholder_id": "chen",
            "version": DEFAULT.version,
            "half_life_days": 90,
            "saturation": 5,
            "items": [_STRENGTH],
            "next_cursor": None,
        },
        404,
    ),
)
def relationship_strength(access: Asking, lang: Language, id: Id) -> Values:
    """Each of us with the strength of METHODS §5 from contacts, strongest first.

    What people judge (`closeness`, `judged_strength`) stands beside it. `strength` is 0 without
    a contact, null if nothing at all of our person is on record; `high` is what it would be if
    all e-mails had been answered of which nobody knows.
    """
    known = known_by(access, id)
    strengths = {
        member.id: relationship(
            (contact for contact in known.contacts if contact.member_id == member.id),
            access.now,
            on_record=member.id in known.on_record,
        )
        for member in known.members
    }
    items = [
        _strength_json(known, member_id, strength, lang)
        for member_id, strength in strengths.items()
    ]
    items.sort(key=lambda item: (-(item["strength"] or -1.0), item["member_id"]))
    return {
        "stakeholder_id": id,
        "version": DEFAULT.version,
        "half_life_days": DEFAULT.half_life_days,
        "saturation": DEFAULT.saturation,
        "items": items,
        "next_cursor": None,
    }


def _strength_json(known: KnownBy, member_id: str, strength: Strength, lang: Lang) -> Values:
    member = next(row for row in known.members if row.id == member_id)
    judged = next((row for row in known.knows if row.member_id == member_id), None)
    return {
        "member_id": member_id,
        "member_name": member.name_in(lang),
        "strength": strength.value,
        "high": strength.high,
        "label": strength.label.value,
        "label_text": strength.label.label(lang),
        "first_on": strength.first_on,
        "last_on": strength.last_on,
        "inputs": [
            {
                "kind": part.kind,
                "count": part.number,
                "counted": part.counted,
                "energy": part.energy,
                "last_on": part.last_on,
            }
            for part in strength.inputs
        ],
        "missing": list(strength.missing),
        "basis": basis(strength, lang),
        "closeness": judged.closeness if judged else None,
        "judged_strength": judged.strength if judged else None,
        "assessed_at": judged.assessed_at if judged else None,
    }


def basis(strength: Strength, lang: Lang) -> str:
    """What a strength rests on and what is missing, as a sentence."""
    if strength.value is None:
        return say(lang, "strength.no_records")
    if not strength.inputs:
        return say(lang, "strength.no_contacts")
    count = sum(part.number for part in strength.inputs)
    key = "strength.basis.one" if count == 1 else "strength.basis.many"
    text = say(lang, key, count=count, last=strength.last_on)
    if strength.unknown_answers:
        text += say(lang, "strength.unsure", count=strength.unknown_answers)
    return text
