"""Nodes and edges as they are stored: single nodes, and the edges of a node."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from relgraph.api.answers import ListRoute
from relgraph.api.context import Asking
from relgraph.api.edge_lists import DeletedEdge, EdgeListAnswer
from relgraph.api.edges import key_of, path_types, query_types
from relgraph.api.etags import etag, incomplete_etag
from relgraph.api.examples import answer, edge_example, node_example
from relgraph.api.external_ids import SYSTEM_PART, THEIR_ID_PART, path_of
from relgraph.api.marks import ResumeQuery, SinceQuery, mark_of
from relgraph.api.their_ids import SYSTEM, SystemQuery, kinds_in_path, with_our_ids
from relgraph.api.write_routes import with_article
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.log.changed_edges import changed_edges
from relgraph.records.reads import directory
from relgraph.records.reads.states import edge_state
from relgraph.records.rows import Key
from relgraph.records.writes.external_ids import find
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS, REPORTING_LINE
from relgraph.schema.values import MAX_ID, Values, instant

router = APIRouter(prefix="/api/v1", tags=["records"], route_class=ListRoute)

Id = Annotated[str, Path(max_length=MAX_ID, description="stable id")]


def _is_covered(kind: NodeKind) -> bool:
    """Whether the version of a node goes up with everything that its answer shows.

    It does not where a column is an edge with a version of its own, or comes with a name.
    """
    return not any(column.rows or column.ref.with_name for column in kind.references)


def _add_read(kind: NodeKind) -> None:
    def endpoint(access: Asking, id: Id, response: Response) -> Values:
        node = directory.get_node(access, kind, id)
        tag = etag if _is_covered(kind) else incomplete_etag
        response.headers["ETag"] = tag(node.get("version", 0))
        return node

    router.add_api_route(
        f"/{kind.plural}/{{id}}",
        endpoint,
        methods=["GET"],
        summary=f"Read one {kind.words}",
        description=f"All properties of the {kind.words} and the ids that it refers to.",
        operation_id=f"get_{kind.name}",
        responses=answer(node_example(kind), 404, name=kind.model_name),
    )


def _add_read_by_external_id(kind: NodeKind) -> None:
    def endpoint(
        access: Asking, system: SYSTEM_PART, external_id: THEIR_ID_PART, response: Response
    ) -> Values:
        def work(tx: Transaction) -> Values:
            id_ = find(tx, kind, system, external_id)
            if id_ is None:
                raise NotFound(kind.words, f"{system}: {external_id}")
            return directory.node_in(tx, kind, id_)

        node = access.read(work)
        # Another node may have this id tomorrow, with the same version.
        response.headers["ETag"] = incomplete_etag(node.get("version", 0))
        return node

    router.add_api_route(
        path_of(kind),
        endpoint,
        methods=["GET"],
        summary=f"Find {with_article(kind.words)} by its id in another system",
        description=f"The {kind.words} whose `external_ids` name this system and id.",
        operation_id=f"get_{kind.name}_by_external_id",
        responses=answer(node_example(kind), 404, name=kind.model_name),
    )


def _add_edges(kind: EdgeKind) -> None:
    example = {"items": [edge_example(kind)], "next_cursor": None}
    owner = kind.owner

    def endpoint(
        access: Asking, id: Id, updated_since: SinceQuery = None, resume: ResumeQuery = None
    ) -> EdgeListAnswer:
        mark = mark_of(resume, updated_since=updated_since)
        since = mark if updated_since is None else instant(updated_since)
        if since is None:
            return EdgeListAnswer(items=directory.edges_of(access, kind, id), next_cursor=None)
        edges = changed_edges(access, kind, id, since)
        deleted = [DeletedEdge(**edge) for edge in edges.deleted]
        answer = EdgeListAnswer(items=edges.items, next_cursor=None, deleted=deleted)
        if edges.resume is not None:
            answer.resume = edges.resume
        return answer

    router.add_api_route(
        f"/{owner.plural}/{{id}}/{kind.segment}",
        endpoint,
        methods=["GET"],
        summary=f"List the {kind.segment} of a {owner.words}",
        description=f"Every edge, with who judged it, when and on what evidence ({kind.segment}).",
        operation_id=f"list_{kind.segment}_of_{owner.name}",
        response_model=EdgeListAnswer,
        response_model_exclude_unset=True,
        responses=answer(example, 400, 404, name=f"{kind.model_name}List"),
    )


def _add_edge(kind: EdgeKind) -> None:
    path = path_types(kind)
    query = {**query_types(kind), SYSTEM: SystemQuery}
    ids = kinds_in_path(kind)

    def endpoint(access: Asking, response: Response, **values: Any) -> Values:
        key_of(kind, values, values, {})  # refuses what does not say which edge is meant

        def work(tx: Transaction) -> tuple[Key, Values | None]:
            ours = with_our_ids(tx, ids, values)
            key = key_of(kind, ours, ours, {})
            return key, edge_state(tx, kind, key)

        key, edge = access.read(work)
        if edge is None:
            raise NotFound(kind.words, " → ".join(part for part in key if part))
        # A mutual tie may be shown from its other end: then the address is that of two ties.
        is_turned = edge[kind.end_columns[0]] != key[0]
        response.headers["ETag"] = (incomplete_etag if is_turned else etag)(edge["version"])
        return edge

    endpoint.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("access", Parameter.KEYWORD_ONLY, annotation=Asking),
            Parameter("response", Parameter.KEYWORD_ONLY, annotation=Response),
            *(Parameter(n, Parameter.KEYWORD_ONLY, annotation=t) for n, t in path.items()),
            *(
                Parameter(n, Parameter.KEYWORD_ONLY, annotation=t, default=None)
                for n, t in query.items()
            ),
        ]
    )
    router.add_api_route(
        kind.path,
        endpoint,
        methods=["GET"],
        response_model=None,
        summary=f"Read one {kind.words}",
        description="One edge; its ETag begins with its version.",
        operation_id=f"read_{kind.name}",
        responses=answer(edge_example(kind), 404, name=kind.model_name),
    )


@router.get(
    "/stakeholders/{id}/manager",
    summary="The manager of a person",
    operation_id="get_manager",
    responses=answer(edge_example(REPORTING_LINE), 404, name=REPORTING_LINE.model_name),
)
def get_manager(access: Asking, id: Id, response: Response) -> Values:
    """The first solid manager; 404 if none is on record."""
    line = directory.manager_of(access, id)
    # Another manager's line may have the same version.
    response.headers["ETag"] = incomplete_etag(line["version"] or 0)
    return line


for _node in NAMED_KINDS:
    _add_read_by_external_id(_node)
    _add_read(_node)
for _edge in EDGE_KINDS:
    _add_edges(_edge)
    _add_edge(_edge)
