"""Refuses declared kinds that do not go together: names that two share or that stand for nothing.

What is wrong with one declaration by itself is refused where it is made; see `kind`.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter

from relgraph.schema.kind import DeclarationError, EdgeKind, Kind, NodeKind


def refuse_conflicts(kinds: Sequence[Kind]) -> None:
    """Raise DeclarationError for a name that two kinds share, or one that stands for nothing.

    The kinds are written in this order, so what one of them refers to must stand before it.
    """
    _refuse_shared(kinds, "name")
    _refuse_shared(kinds, "plural")
    nodes = [kind for kind in kinds if isinstance(kind, NodeKind)]
    _refuse_shared(nodes, "label")
    _refuse_shared([kind for kind in nodes if kind.search_letter], "search_letter")
    _refuse_shared([kind for kind in kinds if isinstance(kind, EdgeKind)], "type")
    tables = {kind.plural for kind in kinds}
    labels: set[str] = set()
    for kind in kinds:
        if isinstance(kind, NodeKind):
            labels.add(kind.label)
        else:
            _refuse_unknown_parts(kind)
        for reference in kind.references:
            if reference.label not in labels:
                raise DeclarationError(
                    f"{kind.plural}: {reference.column} names the label {reference.label}, which "
                    "no kind before it has; declare that kind, and put it before this one in KINDS."
                )
            if reference.rows and reference.rows not in tables:
                raise DeclarationError(
                    f"{kind.plural}: the rows of {reference.column} are those of "
                    f"{reference.rows}, which is no table; name the plural of an edge kind."
                )


def _refuse_shared(kinds: Sequence[Kind], attribute: str) -> None:
    first: dict[str, Kind] = {}
    for kind in kinds:
        value = getattr(kind, attribute)
        other = first.setdefault(value, kind)
        if other is not kind:
            raise DeclarationError(
                f"{kind.plural}: the {attribute} {value} is that of {other.plural}; choose another."
            )


def _refuse_unknown_parts(kind: EdgeKind) -> None:
    """Raise DeclarationError for a part of the path in braces that nothing fills."""
    known = ("id", "other", *kind.key)
    for _, part, _, _ in Formatter().parse(kind.path):
        if part is not None and part not in known:
            raise DeclarationError(
                f"{kind.plural}: the path {kind.path} holds {{{part}}}, which nothing fills; "
                f"write one of {', '.join(f'{{{name}}}' for name in known)}, or add it to the key."
            )
