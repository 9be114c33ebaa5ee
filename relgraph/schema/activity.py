"""Contacts as plain data: what the queries return and the relationship strength is computed on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contacts:
    """Equal contacts of one pair on one day: `number` of them.

    `day` is ISO text (UTC). `answered` is null if nobody knows.
    """

    member_id: str
    stakeholder_id: str
    kind: str
    day: str
    direction: str | None = None
    answered: bool | None = None
    number: int = 1


def activity_id(source: str, external_id: str, member_id: str, stakeholder_id: str) -> str:
    """The id of one pair's part in something that another system names; always the same."""
    parts = "\n".join((source, external_id, member_id, stakeholder_id))
    return f"activity-{hashlib.sha256(parts.encode()).hexdigest()[:32]}"
