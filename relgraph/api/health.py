"""Whether the process runs, and whether its database does."""

from __future__ import annotations

from fastapi import APIRouter

from relgraph import __version__
from relgraph.api.context import Db
from relgraph.schema.values import Values

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Whether the process runs")
def healthz() -> dict[str, str]:
    """Answers as long as the process does, whatever the database does."""
    return {"status": "ok", "version": __version__}


@router.get("/readyz", summary="Whether the database answers, too")
def readyz(db: Db) -> Values:
    """503 with Retry-After while the database is away, 507 while its disk is full."""
    status = db.check(deadline_s=3)
    db.refuse_full()
    return {"status": "ok", "database": status.product, "milliseconds": round(status.milliseconds)}
