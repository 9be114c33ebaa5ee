"""What FastAPI derives from a route is derived once a test process, not once an application.

A service of its own for each test is cheap but for this: at its first request FastAPI looks
through the parameters of all routes, which takes more time than most tests do. The routes are the
same each time, and what is derived from them holds nothing of the application.
"""

from __future__ import annotations

from typing import Any

from fastapi import routing

_Context: Any = routing._EffectiveRouteContext
_derive = _Context.from_api_route
_derived: dict[tuple[object, ...], tuple[Any, object]] = {}
"""The result, and whatever is known by its id, so that no other object can have that."""


def _key(route: Any, inclusion: Any) -> tuple[object, ...] | None:
    """What the result depends on; None if that is more than relgraph's routers need."""
    if inclusion.callbacks or inclusion.responses:
        return None
    overrides = getattr(inclusion.dependency_overrides_provider, "dependency_overrides", None)
    if overrides or any(needed.max_concurrency for needed in inclusion.dependencies):
        return None
    return (
        id(route),
        id(inclusion.included_router),
        inclusion.prefix,
        *inclusion.tags,
        *((needed.dependency, needed.use_cache, needed.scope) for needed in inclusion.dependencies),
        inclusion.deprecated,
        inclusion.include_in_schema,
        inclusion.max_body_size,
    )


def _shared(*, original_route: Any, include_context: Any) -> Any:
    key = _key(original_route, include_context)
    if key is None:
        return _derive(original_route=original_route, include_context=include_context)
    if key not in _derived:
        made = _derive(original_route=original_route, include_context=include_context)
        _derived[key] = made, (original_route, include_context.included_router)
    return _derived[key][0]


def share_routes() -> None:
    """From now on applications of this process share what is derived from a route."""
    _Context.from_api_route = _shared
