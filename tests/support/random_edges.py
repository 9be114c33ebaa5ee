"""Random edges of every declared kind, for tests with random writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import DEAL
from tests.support.kinds import Values, another, changed_column, path_of

Ids = dict[str, st.SearchStrategy[str]]
"""Label of a kind of node -> ids of nodes that may be there."""


@dataclass(frozen=True)
class RandomEdge:
    """An edge of a kind: its key as a row names it, and the columns that are filled."""

    kind: EdgeKind
    key: Values
    values: Values

    @property
    def path(self) -> str:
        """Where it stands in the API."""
        return path_of(self.kind, self.key)

    @property
    def is_loop(self) -> bool:
        """Whether both ends are the same node, which the API refuses."""
        return len({self.key[column] for column in self.kind.end_columns}) == 1

    @property
    def body(self) -> Values:
        """What is put there; a judgement is of no day unless it is drawn."""
        dated = {"assessed_at": None} if self.kind.is_judgement else {}
        return dated | self.values


def random_edges(kind: EdgeKind, ids: Ids) -> st.SearchStrategy[RandomEdge]:
    """Edges of a kind between nodes of those ids, both ends the same node now and then."""
    keys: dict[str, st.SearchStrategy[Any]] = {
        column: ids[end.label] for column, end in zip(kind.end_columns, kind.ends, strict=True)
    }
    for name in kind.key:
        if kind.refs.get(name) == DEAL.label:
            keys[name] = st.none() | ids[DEAL.label]
        else:
            choices: Any = kind.model.model_fields[name].annotation
            keys[name] = st.sampled_from([choice.value for choice in choices])
    return st.builds(
        RandomEdge,
        st.just(kind),
        st.fixed_dictionaries(keys),
        st.fixed_dictionaries({name: values_of(kind, name) for name in drawn_columns(kind)}),
    )


def drawn_columns(kind: EdgeKind) -> list[str]:
    """Columns that random edges fill: those of a range, and one that may change."""
    return list(dict.fromkeys([*kind.ranges, changed_column(kind)]))


def values_of(kind: EdgeKind, column: str) -> st.SearchStrategy[Any]:
    """Values of a column: two of its range, or one that it may have; null where it may be."""
    if column in kind.ranges:
        low, high, above = kind.ranges[column]
        values: list[Any] = [(low + high) / 2 if above else low, high]
    else:
        values = [another(kind, column, None)]
    blank = [] if column in kind.required else [None]
    return st.sampled_from([*values, *blank])
