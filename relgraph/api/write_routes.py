"""One way to write: a route that serves a request of its own and an operation of a batch alike.

A route says method, path, parameters and body, and makes a `Call` of what a request names. What a
path or a query may hold is declared once, as FastAPI annotations: the endpoint lets FastAPI check
them, a batch checks the same annotations itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from relgraph.api.etags import IfMatchHeader, Versions, versions_of
from relgraph.api.execute import Context, Pending, Requested, Write, call_of, execute
from relgraph.api.references import Reference, references_in, with_our_ids
from relgraph.api.their_ids import SYSTEM, SystemQuery, not_called, their_ids
from relgraph.errors import RelgraphError, WriteRefused
from relgraph.records.writes.names import Names, TheirId
from relgraph.schema.kind import NodeKind
from relgraph.schema.values import MAX_ID, Values

Method = Literal["POST", "PUT", "PATCH", "DELETE"]
METHODS: tuple[Method, ...] = ("POST", "PUT", "PATCH", "DELETE")
Responses = dict[int | str, Values]
Location = tuple[str | int, ...]

ID_PART = Annotated[str, Path(min_length=1, max_length=MAX_ID, description="stable id")]
_NAME = re.compile(r"\{(\w+)(?::path)?\}")


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What a request, or an operation of a batch, names.

    `location` is where its body stands, for problems with its members.
    """

    context: Context
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    versions: Versions
    place: int = 0
    location: Location = ("body",)

    @property
    def today(self) -> str:
        """The day of the request, as ISO text."""
        return self.context.access.today.isoformat()


@dataclass(frozen=True)
class WriteRoute:
    """One route. `make` gives the call, or what finds in the transaction which one it is.

    `their_ids` are the external ids in a request's path and query, so that those of a batch are
    looked up at once. `path_types` and `query` are annotations by name; a query parameter may
    always be absent. `ids` are the kinds of nodes that names of both stand for: with the query
    parameter `system` all of these are ids of another system.
    """

    method: Method
    path: str
    operation_id: str
    summary: str
    description: str
    responses: Responses
    make: Callable[[WriteRequest], Requested]
    body: type[BaseModel] | None = None
    path_types: Mapping[str, Any] | None = None
    query: Mapping[str, Any] | None = None
    status: int = 200
    their_ids: Callable[[WriteRequest], tuple[TheirId, ...]] | None = None
    ids: Mapping[str, NodeKind] | None = None

    @cached_property
    def query_parts(self) -> Mapping[str, Any]:
        """Annotations of all query parameters."""
        query = self.query or {}
        return {**query, SYSTEM: SystemQuery} if self.ids else query

    @cached_property
    def path_parts(self) -> Mapping[str, Any]:
        """Annotations of the names in the path."""
        types = self.path_types or {}
        return {name: types.get(name, ID_PART) for name in _NAME.findall(self.path)}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches a path of this route; the parts by name."""
        return re.compile(_NAME.sub(r"(?P<\1>[^/]+)", self.path))

    def add_to(self, router: APIRouter) -> None:
        """Serve requests of this route."""
        router.add_api_route(
            self.path,
            self._endpoint(),
            methods=[self.method],
            status_code=self.status,
            response_model=None,
            summary=self.summary,
            description=self.description,
            operation_id=self.operation_id,
            responses=self.responses,
        )

    def requested(self, request: WriteRequest) -> Requested:
        """What a request asks for; what its body names by external ids is resolved later."""
        named = self._their_ids(request)
        if not named:
            return self._with_our_body(request)

        def make(names: Names) -> Requested:
            ours = {name: _our_id(their_id, names, request) for name, their_id in named.items()}
            path = {name: ours.get(name, part) for name, part in request.path.items()}
            query = {name: ours.get(name, part) for name, part in request.query.items()}
            return self._with_our_body(replace(request, path=path, query=query))

        in_body = tuple(each.their_id for each in references_in(request.body))
        return Pending(make, (*named.values(), *in_body))

    def _their_ids(self, request: WriteRequest) -> dict[str, TheirId]:
        """Ids of another system in path and query, by name."""
        values = {**request.query, **request.path}
        return dict(their_ids(self.ids or {}, request.query.get(SYSTEM), values))

    def _with_our_body(self, request: WriteRequest) -> Requested:
        references = references_in(request.body)
        their_ids = self.their_ids(request) if self.their_ids is not None else ()
        if not references:
            made = self.make(request)
            return replace(made, their_ids=their_ids) if isinstance(made, Pending) else made
        in_body = tuple(each.their_id for each in references)
        return Pending(partial(self._resolve, request, references), (*their_ids, *in_body))

    def _resolve(
        self, request: WriteRequest, references: tuple[Reference, ...], names: Names
    ) -> Requested:
        """The write of a body whose references are known now. Raises WriteRefused."""
        body, unknown = with_our_ids(request.body, references, names)
        resolved = replace(request, body=body)
        if not unknown:
            return self.make(resolved)
        # What it would have made is not missing in the writes after it, too.
        with suppress(RelgraphError, RequestValidationError):
            names.note(call_of(self.make(resolved), names).operations)
        table = self.path.split("/")[1]
        raise WriteRefused([each.problem(table, request.place) for each in unknown])

    def _endpoint(self) -> Callable[..., Response]:
        query = self.query_parts

        def endpoint(
            context: Context, match: str | None = None, body: Any = None, **values: Any
        ) -> Response:
            request = WriteRequest(
                context,
                {name: values[name] for name in self.path_parts},
                {name: values[name] for name in query},
                body,
                versions_of(match),
            )
            return execute(context, [self.requested(request)])

        parameters = [_parameter("context", Write)]
        parameters += [_parameter(name, kind) for name, kind in self.path_parts.items()]
        if self.body is not None:
            parameters.append(_parameter("body", Annotated[self.body, Body()]))
        parameters += [_parameter(name, kind, None) for name, kind in query.items()]
        if self.method != "POST" or self.path.endswith("/merge"):
            parameters.append(_parameter("match", IfMatchHeader, None))
        endpoint.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        return endpoint

    def checked_path(self, parts: Mapping[str, str]) -> Values:
        """The parts of a path of a batch's operation. Raises ValidationError."""
        return {name: _checked(self.path_parts[name], part) for name, part in parts.items()}

    def checked_query(self, values: Mapping[str, str]) -> Values:
        """The parameters of a batch's operation; what is absent is None. Raises ValidationError."""
        return {
            name: None if name not in values else _checked(kind, values[name])
            for name, kind in self.query_parts.items()
        }


def _our_id(their_id: TheirId, names: Names, request: WriteRequest) -> str:
    id_ = names.find(their_id)
    if id_ is None:
        raise not_called(their_id, request.place)
    return id_


def _parameter(name: str, annotation: Any, default: Any = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _checked(annotation: Any, value: str) -> Any:
    return TypeAdapter(annotation).validate_python(value)


def query_parameter(kind: Any, description: str) -> Any:
    """The annotation of a query parameter that may be absent."""
    return Annotated[kind | None, Query(max_length=MAX_ID, description=description)]


def refuse_body(error: ValidationError, location: Location) -> RequestValidationError:
    """What is wrong with a body, as FastAPI would say it of a body at this location."""
    problems = error.errors(include_url=False, include_context=False)
    return RequestValidationError(
        [{**problem, "loc": (*location, *problem["loc"])} for problem in problems]
    )


def refuse(
    location: Sequence[str | int], message: str, value: Any = None
) -> RequestValidationError:
    """A refusal in a sentence of our own."""
    return RequestValidationError(
        [{"loc": tuple(location), "msg": message, "type": "value_error", "input": value}]
    )


def refuse_parameter(location: Location, name: str) -> RequestValidationError:
    """A refusal of a query that lacks a parameter; `location` is where the body would stand."""
    # In a batch it is the operation's path that lacks it.
    where = ("query", name) if location == ("body",) else (*location[:-1], "path")
    return refuse(where, f"add ?{name}= to say which one")


def with_article(words: str) -> str:
    """The words with “a” or “an” before them."""
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"
