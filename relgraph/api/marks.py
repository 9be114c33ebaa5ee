"""Marks from which a reader of changes goes on, as parameters and members of answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from relgraph.api.parameters import wrong_parameter
from relgraph.records.log.commit_order import Mark
from relgraph.schema.values import When

MAX_MARK = 60
RESUME = (
    "only what was committed since this mark, none is missed: `resume` of an earlier answer, or "
    "`start`; adds `deleted` and the next `resume`"
)
ResumeQuery = Annotated[str | None, Query(max_length=MAX_MARK, description=RESUME)]
NextMark = Annotated[
    str | None,
    Field(description="with resume: the mark to go on from when all pages are read"),
]
SinceQuery = Annotated[
    When | None,
    Query(description="only what was written since this day or instant; adds `deleted`"),
]


def mark_of(resume: str | None, **others: object) -> Mark | None:
    """The mark of a request, which goes together with none of the others.

    Raises RequestValidationError where it does, and ResumeRefused for what is no mark.
    """
    if resume is None:
        return None
    for name, value in others.items():
        if value is not None:
            message = f"resume and {name} do not go together: leave one of them out"
            raise wrong_parameter(name, message, value)
    return Mark.read(resume)
