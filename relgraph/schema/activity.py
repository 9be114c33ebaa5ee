"""Contacts as plain data: what the queries return and the relationship strength is computed on."""

from __future__ import annotations

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
