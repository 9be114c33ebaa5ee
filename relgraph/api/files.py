"""Files of packages, for the pages."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from fastapi.responses import Response
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

_OF_RANGES = frozenset({b"range", b"if-range"})


class WholeFile(FileResponse):
    """A file, always all of it.

    A part of a small file helps nobody, and Starlette refuses ranges that make no sense in an
    answer of another shape than all our errors. RFC 9110 §14.2 lets a server ignore ranges.
    """

    def __init__(self, path: str, **more: Any) -> None:
        super().__init__(path, **more)
        self.headers["Accept-Ranges"] = "none"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name not in _OF_RANGES]
        await super().__call__({**scope, "headers": headers}, receive, send)


class PackageFiles(StaticFiles):
    """Files of a package. Their addresses change with their content, so they may be kept."""

    def __init__(self, package: str, *folders: str) -> None:
        super().__init__(directory=str(files(package).joinpath(*folders)))

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if not isinstance(answer, FileResponse):
            return answer
        kept = b"v=" in scope.get("query_string", b"")
        cache = "max-age=31536000, immutable" if kept else "no-cache"
        return WholeFile(
            str(answer.path), stat_result=answer.stat_result, headers={"Cache-Control": cache}
        )
