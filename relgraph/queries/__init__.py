"""Every Cypher query of relgraph, by name.

The queries stand in the `.cypher` files of this folder (`catalogue` tells their format). They
are written once, in the part of Cypher that both databases run alike, and give plain scalars,
lists and maps. Each says whom it shows what; what a viewer may see travels with the transaction.
"""

from __future__ import annotations

from typing import Any

from relgraph.database import Transaction
from relgraph.errors import OutOfScope, QueryCatalogError, because
from relgraph.queries.catalogue import VISIBLE, VISIBLE_ON, Query, catalogue
from relgraph.schema.values import Values

__all__ = ["Query", "catalogue", "row", "rows", "run", "value"]


def _execute(tx: Transaction, name: str, parameters: Values) -> list[Values]:
    query = catalogue().get(name)
    if query is None:
        raise QueryCatalogError(f"There is no query named {name}.")
    if parameters.keys() != set(query.parameters):
        raise QueryCatalogError(
            f"{name} takes ({', '.join(query.parameters)}), not ({', '.join(parameters)})."
        )
    if query.mode == "write" and not tx.writable:
        raise QueryCatalogError(f"{name} writes and cannot run in a read transaction.")
    restricting = tx.visible
    if restricting is not None:
        if query.scope.everything:
            raise OutOfScope(because("out_of_scope", name=name))
        named = [by for by in query.scope.by if by not in query.automatic]
        if any(parameters[by] not in restricting for by in named):
            return []
    given = {
        VISIBLE: None if restricting is None else sorted(restricting),
        VISIBLE_ON: tx.visible_on,
    }
    return tx.rows(query.text, parameters | {by: given[by] for by in query.automatic})


def rows(tx: Transaction, name: str, **parameters: Any) -> list[Values]:
    """Rows of the query `name`. Raises QueryCatalogError for a wrong name or parameter."""
    return _execute(tx, name, parameters)


def row(tx: Transaction, name: str, **parameters: Any) -> Values | None:
    """The first row, or None if there is none."""
    result_rows = _execute(tx, name, parameters)
    return result_rows[0] if result_rows else None


def value(tx: Transaction, name: str, **parameters: Any) -> Any:
    """The only column of the first row, or None if there is no row."""
    first = row(tx, name, **parameters)
    return None if first is None else next(iter(first.values()))


def run(tx: Transaction, name: str, **parameters: Any) -> Any:
    """What the query's header promises: rows, one row, one value, or None."""
    result = catalogue()[name].result if name in catalogue() else "rows"
    if result == "row":
        return row(tx, name, **parameters)
    if result == "value":
        return value(tx, name, **parameters)
    result_rows = rows(tx, name, **parameters)
    return None if result == "none" else result_rows
