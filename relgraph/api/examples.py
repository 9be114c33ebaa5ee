"""Examples for the description of the API, all of the demo customer Huading."""

from __future__ import annotations

from typing import Any

from relgraph.api.problems import MEDIA_TYPE
from relgraph.api.schemas import ref

_STAMPS = {
    "created_at": "2026-11-01T08:00:00.000Z",
    "updated_at": "2026-11-12T09:30:00.000Z",
    "version": 2,
}
_JUDGED = {
    "assessed_at": "2026-11-12",
    "assessed_by": "Bob Lindner",
    "source": "meeting",
    "evidence": "Asked for his view before deciding.",
    "version": 1,
}

NODE_EXAMPLES: dict[str, dict[str, Any]] = {
    "customer": {
        "id": "huading",
        "name": "Huading Infrastructure",
        "name_zh": "华鼎基础设施",
        "kind": "customer",
        "industry": "Energy",
        "region": "North China",
        "owner_id": "ann",
        "parent_id": None,
        **_STAMPS,
    },
    "department": {
        "id": "huading-finance",
        "name": "Finance",
        "name_zh": "财务部",
        "function": "finance",
        "customer_id": "huading",
        "parent_id": None,
        **_STAMPS,
    },
    "stakeholder": {
        "id": "chen",
        "name": "Chen Peilan",
        "name_zh": "陈佩兰",
        "title": "CFO",
        "customer_id": "huading",
        "department_id": "huading-finance",
        "manager_id": "zhou",
        "budget": 0.8,
        "since": None,
        "until": None,
        **_STAMPS,
    },
    "deal": {
        "id": "dc-renewal",
        "name": "Data centre renewal",
        "name_zh": "数据中心更新",
        "stage": "proposal",
        "amount": 800000,
        "currency": "CNY",
        "close_date": "2027-01-29",
        "customer_id": "huading",
        "owner_id": "ann",
        **_STAMPS,
    },
    "offering": {"id": "platform", "name": "Platform", "category": "software", **_STAMPS},
    "team": {"id": "north", "name": "Sales North", "parent_id": None, **_STAMPS},
    "member": {
        "id": "ann",
        "name": "Ann Berg",
        "title": "Account planner",
        "team_id": "north",
        "manager_id": None,
        **_STAMPS,
    },
}
EDGE_EXAMPLES: dict[str, dict[str, Any]] = {
    "influences": {
        "from_id": "wang",
        "from_name": "Wang Jiancheng",
        "to_id": "li",
        "to_name": "Li Wentao",
        "strength": 0.8,
        "nature": "positive",
        "deal_id": None,
        **_JUDGED,
    },
    "relations": {
        "from_id": "sun",
        "from_name": "Sun Xiaomei",
        "to_id": "li",
        "to_name": "Li Wentao",
        "kind": "alumni",
        "strength": None,
        "directed": False,
        **_JUDGED,
    },
    "managers": {
        "from_id": "wang",
        "to_id": "li",
        "to_name": "Li Wentao",
        "line": "solid",
        "primary": True,
        "since": None,
        "version": None,
    },
    "employments": {
        "customer_id": "huading",
        "customer_name": "Huading Infrastructure",
        "title": None,
        "since": "2024-03-01",
        "until": None,
    },
    "supports": {
        "stakeholder_id": "chen",
        "stakeholder_name": "Chen Peilan",
        "deal_id": "dc-renewal",
        "stance": -1,
        **_JUDGED,
    },
    "interests": {
        "stakeholder_id": "chen",
        "stakeholder_name": "Chen Peilan",
        "deal_id": "dc-renewal",
        "level": 0.5,
        "motive": "financial",
        "demand": None,
        **_JUDGED,
    },
    "roles": {
        "stakeholder_id": "chen",
        "stakeholder_name": "Chen Peilan",
        "deal_id": "dc-renewal",
        "role": "veto",
        "can_veto": True,
        "approval_limit": None,
        "decision_weight": 0.3,
        **_JUDGED,
    },
    "knows": {
        "member_id": "cai",
        "stakeholder_id": "chen",
        "stakeholder_name": "Chen Peilan",
        "customer_id": "huading",
        "customer_name": "Huading Infrastructure",
        "closeness": 2,
        "strength": 0.3,
        **_JUDGED,
    },
}


CHANGE_EXAMPLE: dict[str, Any] = {
    "id": "2026-11-12T09:30:00.000000Z/change-0a1b2c3d4e5f6071/0000000000#0",
    "change_set": "change-0a1b2c3d4e5f6071",
    "at": "2026-11-12T09:30:00.000000Z",
    "actor": "bob",
    "source": "api",
    "note": "after the steering meeting",
    "undoes": None,
    "customer_id": "huading",
    "kind": "supports",
    "key": {"stakeholder_id": "chen", "deal_id": "dc-renewal"},
    "action": "update",
    "before": {"stance": -1},
    "after": {"stance": 0},
    "version": 2,
}


def answer(example: Any, *errors: int, name: str | None = None) -> dict[int | str, dict[str, Any]]:
    """Responses of an operation: an example, and the problems that it may give.

    `name` is the part of the OpenAPI document that describes the answer.
    """
    found: dict[int | str, dict[str, Any]] = {
        200: {"content": {"application/json": _content(example, name)}}
    }
    return found | _problems(*errors, 422, 503)


def written(
    example: Any, status: int, *errors: int, name: str | None = None
) -> dict[int | str, dict[str, Any]]:
    """Responses of a write: an example unless nothing is left, and the problems it may give."""
    found: dict[int | str, dict[str, Any]] = {status: {"description": "done"}}
    if example is not None:
        found[status]["content"] = {"application/json": _content(example, name)}
        found[status]["headers"] = {
            "ETag": {"description": "the new version", "schema": {"type": "string"}}
        }
    return found | _problems(*errors, 400, 403, 413, 415, 422, 503)


def _content(example: Any, name: str | None) -> dict[str, Any]:
    return {"example": example} | ({} if name is None else {"schema": ref(name)})


_TEXTS = {
    400: "not as asked for",
    403: "another site sent this",
    404: "there is no such node or edge",
    409: "something is there already, or hangs on it",
    412: "somebody has changed it since it was read; `current` is its present state",
    413: "more than may be sent at once",
    415: "not JSON",
    422: "a parameter or member is wrong; `errors` names each",
    503: "the database is away",
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {
            "description": _TEXTS[status],
            "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
        }
        for status in statuses
    }
