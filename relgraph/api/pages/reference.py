"""The reference of the API to read and to try, without a network: Swagger UI out of its package."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from relgraph.api.files import WholeFile
from relgraph.api.templates import page

router = APIRouter(include_in_schema=False)

_FILES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}


@router.get("/docs")
def reference(request: Request) -> Response:
    """The page; its script reads /openapi.json."""
    return page(request, "reference.html")


@router.get("/docs/{name}")
def file(name: str) -> Response:
    """What the page needs of Swagger UI, and nothing else of its package."""
    if name not in _FILES:
        raise HTTPException(404)
    path = str(files("swagger_ui").joinpath("static", name))
    return WholeFile(path, media_type=_FILES[name], headers={"Cache-Control": "max-age=86400"})
