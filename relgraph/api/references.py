"""References in bodies by the ids of other systems: ours put in their place, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel

from relgraph.records.problems import Problem, coded_problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.writes.names import Names, TheirId
from relgraph.schema.kind import NodeKind, refs_of
from relgraph.schema.kinds import kind_with_label


@dataclass(frozen=True, slots=True)
class Reference:
    """A member of a body that names a node by what another system calls it."""

    column: str
    their_id: TheirId

    def problem(self, table: str, place: int) -> Problem:
        """What to say of it if there is no such node."""
        kind, system, theirs = self.their_id
        return coded_problem(
            table,
            place,
            self.column,
            excerpt(f"{system}: {theirs}"),
            "no_such_external",
            kind=kind.words,
            system=excerpt(system),
        )


def references_in(body: BaseModel | None) -> tuple[Reference, ...]:
    """Those of a body, or of none."""
    return () if body is None else tuple(_references(body))


def _references(body: BaseModel) -> Iterator[Reference]:
    for column, kind in _columns(type(body)):
        named = getattr(body, column)
        if isinstance(named, dict):
            [(system, theirs)] = named.items()
            yield Reference(column, (kind, system, theirs))


@cache
def _columns(model: type[BaseModel]) -> tuple[tuple[str, NodeKind], ...]:
    return tuple((column, kind_with_label(ref.label)) for column, ref in refs_of(model).items())


def with_our_ids(
    body: BaseModel, references: tuple[Reference, ...], names: Names
) -> tuple[BaseModel, list[Reference]]:
    """The body with our ids, and those of its references that name nothing.

    Such a one keeps a text in place, so that what follows from the body can still be looked at.
    """
    ours = {each: names.find(each.their_id) for each in references}
    update = {each.column: id_ or each.their_id[2] for each, id_ in ours.items()}
    return body.model_copy(update=update), [each for each, id_ in ours.items() if id_ is None]
