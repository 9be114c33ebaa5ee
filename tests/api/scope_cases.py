"""Requests of every operation, with ids that the viewer may see and others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient

from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS, deal_column
from tests.api.scope_data import NOBODY, PLAIN, SECRET, UNSEEN, V1
from tests.api.scope_world import World

BODIES: dict[str, dict[str, Any]] = {
    "employment": {"title": "Adviser"},
    "reporting_line": {"line": "dotted"},
    "influence": {"strength": 0.5},
    "relation": {"strength": 0.5},
    "support": {"stance": 1},
    "interest": {"level": 0.5},
    "role": {"can_veto": True},
    "acquaintance": {"closeness": 2},
}
"""What is put of each kind of edge."""


@dataclass
class Case:
    """One request; `unseen` are the ids in it that the viewer may not see."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    unseen: tuple[str, ...] = ()
    status: int | None = None
    """What is answered; for unseen ids that is what an unknown id gets, else success."""

    def send(self, client: TestClient, **headers: str) -> Any:
        return client.request(
            self.method,
            self.path,
            params=self.query or None,
            json=self.body,
            headers=headers,
            follow_redirects=False,
        )

    def of_nobody(self) -> Case:
        """The same of ids that nothing has."""
        text = repr((self.path, self.query, self.body))
        for number, id_ in enumerate(self.unseen):
            text = re.sub(rf"(?<![\w-]){re.escape(id_)}(?![\w-])", f"{NOBODY}-{number}", text)
        path, query, body = eval(text)
        return Case(self.method, path, query, body)


def cases_of(world: World) -> dict[str, list[Case]]:
    """Requests of each operation by its id: of what is seen, and of what is not."""
    cases: dict[str, list[Case]] = {}
    for kind in NAMED_KINDS:
        _add_node_cases(cases, kind)
    for edge in EDGE_KINDS:
        _add_edge_cases(cases, edge)
        _add_keyed_cases(cases, edge)
    return cases | _other_cases(world)


def _add_node_cases(cases: dict[str, list[Case]], kind: Any) -> None:
    path = f"{V1}/{kind.plural}"
    seen, unseen = PLAIN[kind.plural], UNSEEN.get(kind.plural)
    is_customer = kind.name == "customer"
    new: dict[str, Any] = {"id": f"new-{kind.name}", "name": "New"}
    if kind.customer:
        new["customer_id"] = "beta"
    made = {**new, "id": f"made-{kind.name}"}
    cases[f"list_{kind.plural}"] = [
        Case("GET", path, {"limit": 100}),
        Case("GET", path, {"q": SECRET[:6]}),
        Case("GET", path, {"updated_since": "2020-01-01"}),
        Case("GET", path, {"resume": "start"}),
        Case("GET", path, {"sort": "-name", "total": True, "limit": 1}),
        Case("GET", path, {"cursor": "b", "limit": 1}, status=400),
        Case("GET", path, {"system": "crm", "external_id": seen}),
        *(Case("GET", path, {name: SECRET}) for name in kind.filters if name == "email"),
    ]
    if unseen is not None:
        cases[f"list_{kind.plural}"] += [
            Case("GET", path, {"ids": f"{seen},{unseen}", "total": True}, unseen=(unseen,)),
            Case("GET", path, {"system": "crm", "external_id": unseen}, unseen=(unseen,)),
        ]
    cases[f"get_{kind.name}"] = [Case("GET", f"{path}/{seen}")]
    by_id = f"{path}/by-external-id/crm"
    cases[f"get_{kind.name}_by_external_id"] = [Case("GET", f"{by_id}/{seen}")]
    cases[f"put_{kind.name}_by_external_id"] = [
        Case("PUT", f"{by_id}/{seen}", body={"name": "Other"}),
        Case("PUT", f"{by_id}/other", body=made, status=404 if is_customer else None),
    ]
    # Whoever sees some customers makes no others.
    created = Case("POST", path, body=new, status=404 if is_customer else None)
    cases[f"create_{kind.name}"] = [created]
    cases[f"change_{kind.name}"] = [Case("PATCH", f"{path}/{seen}", body={"name": "Changed"})]
    removed = Case("DELETE", f"{path}/new-{kind.name}", {"cascade": True}, status=created.status)
    cases[f"remove_{kind.name}"] = [removed]
    if kind.customer:
        gone = (UNSEEN["customers"],)
        cases[f"list_{kind.plural}"].append(
            Case("GET", path, {"customer_id": gone[0]}, unseen=gone)
        )
        body = {**new, "id": "x", "customer_id": gone[0]}
        cases[f"create_{kind.name}"].append(Case("POST", path, body=body, unseen=gone))
        patch = Case("PATCH", f"{path}/{seen}", body={"customer_id": gone[0]}, unseen=gone)
        cases[f"change_{kind.name}"].append(patch)
    if unseen is None:
        return
    only = (unseen,)
    cases[f"get_{kind.name}"].append(Case("GET", f"{path}/{unseen}", unseen=only))
    cases[f"get_{kind.name}_by_external_id"].append(Case("GET", f"{by_id}/{unseen}", unseen=only))
    # An id is one record's, whoever may see it: that it is in use is all that is reported.
    taken = {**made, "id": "y", "external_ids": None}
    cases[f"put_{kind.name}_by_external_id"] += [
        Case("PUT", f"{by_id}/{unseen}", body=taken, status=404 if is_customer else 422),
        Case(
            "PUT",
            f"{by_id}/mine",
            body={**made, "id": unseen},
            status=404 if is_customer else 409,
        ),
    ]
    same = {**new, "id": "z", "external_ids": {"crm": unseen}}
    cases[f"create_{kind.name}"] += [
        Case("POST", path, body={**new, "id": unseen}, status=404 if is_customer else 409),
        Case("POST", path, body=same, status=404 if is_customer else 422),
    ]
    for body in ({"name": "Changed"}, {}):
        cases[f"change_{kind.name}"].append(
            Case("PATCH", f"{path}/{unseen}", body=body, unseen=only)
        )
    for cascade in (False, True):
        cases[f"remove_{kind.name}"].append(
            Case("DELETE", f"{path}/{unseen}", {"cascade": cascade}, unseen=only)
        )
    for column in kind.refs:
        other = UNSEEN.get(_plural(kind, column))
        if other is not None and column != "customer_id":
            cases[f"change_{kind.name}"] += [
                Case("PATCH", f"{path}/{seen}", body={column: named}, unseen=(other,))
                for named in (other, {"crm": other})
            ]


def _plural(kind: Any, column: str) -> str:
    return next(target.plural for target in NAMED_KINDS if target.label == kind.refs[column])


def _add_edge_cases(cases: dict[str, list[Case]], kind: Any) -> None:
    own, far = kind.owner, kind.ends[1 - kind.owner_end]
    seen = {"id": PLAIN[own.plural], "other": "b2" if own is far else PLAIN[far.plural]}
    hidden = {"id": UNSEEN.get(own.plural), "other": UNSEEN[far.plural]}
    if own is far:
        hidden["id"] = "unseen-second"
    rest = {"role": "approver"} if "{role}" in kind.path else {}
    query = {"kind": "friend"} if kind.name == "relation" else {}
    body = BODIES[kind.name]
    listed = f"{V1}/{own.plural}/{{}}/{kind.segment}"
    path = f"{V1}/{kind.plural}"
    cases[f"list_{kind.plural}"] = [
        Case("GET", path, {"total": True, "limit": 100}),
        Case("GET", path, {"resume": "start"}),
        Case("GET", path, {"updated_since": "2020-01-01"}),
        Case("GET", path, {"customer_id": UNSEEN["customers"]}, unseen=(UNSEEN["customers"],)),
    ]
    if deal_column(kind):
        hidden_deal = Case("GET", path, {"deal_id": UNSEEN["deals"]}, unseen=(UNSEEN["deals"],))
        cases[f"list_{kind.plural}"].append(hidden_deal)
    reads = cases[f"list_{kind.segment}_of_{own.name}"] = []
    for id_, unseen in ((seen["id"], ()), (hidden["id"], (hidden["id"],))):
        if id_ is not None:
            for since in ({}, {"updated_since": "2020-01-01"}, {"resume": "start"}):
                reads += [Case("GET", listed.format(id_), since, unseen=unseen)]
    reads.append(Case("GET", listed.format({"members": "m"}.get(own.plural, _tied(own.plural)))))
    for verb, method in (
        ("put", "PUT"),
        ("change", "PATCH"),
        ("read", "GET"),
        ("remove", "DELETE"),
    ):
        requests = cases[f"{verb}_{kind.name}"] = []
        given = body if verb in {"put", "change"} else None
        for mine, theirs in ((0, 0), (0, 1), (1, 0), (1, 1)):
            ends = {"id": (seen, hidden)[mine]["id"], "other": (seen, hidden)[theirs]["other"]}
            if ends["id"] is None:
                continue
            if kind.name == "employment" and verb == "remove" and not mine:
                ends["id"] = "b-leaver"  # belongs to nobody afterwards
            unseen = tuple(id_ for id_ in ends.values() if id_.startswith("unseen"))
            path = V1 + kind.path.format(**ends, **rest)
            requests.append(Case(method, path, query, given, unseen))
        # What is there, from alpha to what may not be seen and back.
        tied = {"id": _tied(own.plural), "other": hidden["other"]}
        path = V1 + kind.path.format(**tied, **rest)
        requests.append(Case(method, path, query, given, (hidden["other"],)))
        if "deal_id" in kind.key:
            path = V1 + kind.path.format(id="a1", other="a3")
            deal = UNSEEN["deals"]
            requests.append(Case(method, path, {"deal_id": deal}, given, (deal,)))


def _add_keyed_cases(cases: dict[str, list[Case]], kind: Any) -> None:
    """The same edges by their keys: our ids of both ends, and what another system calls them."""
    pattern = re.compile(V1 + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", kind.path))
    path = f"{V1}/{kind.plural}"
    for verb in ("put", "change", "remove"):
        requests = cases[f"{verb}_{kind.name}_by_key"] = []
        for case in cases[f"{verb}_{kind.name}"]:
            matched = pattern.fullmatch(case.path)
            assert matched is not None, case.path
            further = {**matched.groupdict(), **case.query}
            ends = [further.pop("id"), further.pop("other")][:: 1 if kind.owner_end == 0 else -1]
            ours = {**dict(zip(kind.end_columns, ends, strict=True)), **further}
            theirs = {n: {"crm": id_} if n in kind.refs else id_ for n, id_ in ours.items()}
            if verb != "remove":
                requests += [
                    Case(case.method, path, body=key | case.body, unseen=case.unseen)
                    for key in (ours, theirs)
                ]
                continue
            # What was seen goes with the first of both; an employment has gone before.
            gone = None if kind.name != "employment" else 404
            requests += [
                Case("DELETE", path, ours, unseen=case.unseen, status=gone),
                Case("DELETE", path, {**ours, "system": "crm"}, unseen=case.unseen, status=404),
            ]


def _tied(plural: str) -> str:
    """What is seen and is tied to what may not be."""
    return {"stakeholders": "a1", "deals": "a-deal", "members": "m2"}[plural]


def _other_cases(world: World) -> dict[str, list[Case]]:
    person, deal, gamma = UNSEEN["stakeholders"], UNSEEN["deals"], UNSEEN["customers"]
    hooks, events, sets = world.hooks, world.events, world.sets
    manager = f"{V1}/stakeholders/{{}}/manager"

    def each(path: str, seen: str, unseen: str, **query: Any) -> list[Case]:
        return [
            Case("GET", path.format(seen), query),
            Case("GET", path.format(unseen), query, unseen=(unseen,)),
        ]

    def hook(method: str, tail: str = "", body: Any = None) -> list[Case]:
        path = f"{V1}/webhooks/{{}}{tail}"
        given = {"event_id": events["own"]}
        own = Case(method, path.format(hooks["own"], **given), body=body)
        others = [
            Case(
                method,
                path.format(hooks[name], event_id=events[name]),
                body=body,
                unseen=(hooks[name], events[name]),
            )
            for name in ("all", "gamma", "beta")
        ]
        return [*others, own]

    def activity(**more: Any) -> dict[str, Any]:
        return {
            "kind": "call",
            "happened_at": "2026-11-02",
            "member_id": "m",
            "stakeholder_id": "b1",
            **more,
        }

    def operation(path: str, body: Any = None, method: str = "PATCH") -> dict[str, Any]:
        return {"method": method, "path": path, "body": body or {}}

    def batch(*operations: dict[str, Any]) -> dict[str, Any]:
        return {"operations": [operation("/customers/beta", {"grade": "key"}), *operations]}

    undo, met = f"{V1}/changes/{{}}/undo", f"{V1}/activities"
    ways = {"from": "b1", "to": "b2"}
    cases = {
        "get_manager": each(manager, "b2", "unseen-second"),
        "put_manager": [
            Case("PUT", manager.format("b2"), body={"manager_id": "b3"}),
            Case("PUT", manager.format("b2"), body={"manager_id": person}, unseen=(person,)),
            Case("PUT", manager.format(person), body={"manager_id": "b3"}, unseen=(person,)),
        ],
        "change_manager": [
            Case("PATCH", manager.format("b2"), body={"since": "2020-01-01"}),
            Case("PATCH", manager.format("b2"), body={"manager_id": person}, unseen=(person,)),
            Case(
                "PATCH",
                manager.format("unseen-second"),
                body={"since": "2020-01-01"},
                unseen=("unseen-second",),
            ),
        ],
        "remove_manager": [
            Case("DELETE", manager.format("unseen-second"), unseen=("unseen-second",)),
            Case("DELETE", manager.format("b2")),
        ],
        "merge_stakeholders": [
            Case("POST", f"{V1}/stakeholders/{kept}/merge", body={"duplicate_id": duplicate},
                 unseen=unseen)
            for kept, duplicate, unseen in (
                (person, "b-twin", (person,)),
                ("b1", "unseen-second", ("unseen-second",)),
                ("b1", "b-twin", ()),
            )
        ],
        "batch": [
            Case("POST", f"{V1}/batch", body=batch(operation("/stakeholders/b1", {"title": "T"}))),
            *(
                Case("POST", f"{V1}/batch", body=batch(step), unseen=unseen)
                for step, unseen in (
                    (operation(f"/stakeholders/{person}"), (person,)),
                    (operation(f"/deals/{deal}", method="DELETE"), (deal,)),
                    (operation(f"/members/m/knows/{person}", {"closeness": 1}, "PUT"), (person,)),
                )
            ),
        ],
        "list_changes": [
            Case("GET", f"{V1}/changes", {"limit": 500}),
            Case("GET", f"{V1}/changes", {"limit": 3}),
            Case("GET", f"{V1}/changes", {"limit": 500, "resume": "start"}),
            *each(f"{V1}/changes?customer_id={{}}", "beta", gamma),
            *each(f"{V1}/changes?kind=stakeholders&key={{}}", "a1", person),
            *each(f"{V1}/changes?kind=stakeholders&key={{}}", "comer", "unseen-leaver"),
            *each(f"{V1}/changes?kind=deals&key={{}}", "a-deal", deal),
            Case("GET", f"{V1}/changes?kind=members&key=m"),
            Case("GET", f"{V1}/changes?kind=members&key=m2"),
            Case("GET", f"{V1}/changes?kind=knows&key=m&key={person}", unseen=(person,)),
            Case("GET", f"{V1}/changes?kind=supports&key=a1&key={deal}", unseen=(deal,)),
            *each(f"{V1}/changes?change_set={{}}", sets["beta"], sets["gamma"]),
            Case("GET", f"{V1}/changes?change_set={sets['crossing']}"),
        ],
        "undo_change": [
            Case("POST", undo.format(sets["gamma"]), unseen=(sets["gamma"],)),
            Case("POST", undo.format(sets["gone"]), {"entry": 0}, unseen=(sets["gone"],)),
            Case("POST", undo.format(sets["merged"]), unseen=(sets["merged"],)),
            Case("POST", undo.format(sets["crossing"]), status=409),
            Case("POST", undo.format(sets["moved"]), status=409),
            Case("POST", undo.format(sets["beta"]), status=409),  # other cases changed it
            Case("POST", undo.format(sets["spare"])),
        ],
        "create_activities": [
            Case("POST", met, body=activity()),
            Case("POST", met, body=activity(stakeholder_id=person), unseen=(person,)),
            Case("POST", met, body=[activity(deal_id=deal)], unseen=(deal,)),
            Case("POST", met, body=activity(id="unseen-person-call-1"), status=422),
        ],
        "count_activities_of_stakeholder": each(f"{V1}/stakeholders/{{}}/activities", "b1", person),
        "count_activities_of_member": [
            Case("GET", f"{V1}/members/m/activities"),
            Case("GET", f"{V1}/members/m2/activities"),
        ],
        "relationship_strength": [
            *each(f"{V1}/stakeholders/{{}}/strength", "b1", person),
            Case("GET", f"{V1}/stakeholders/a2/strength"),
        ],
        "search": [
            *(Case("GET", f"{V1}/search", {"q": q, "limit": 100}) for q in
              ("w", "wang", "ann", "chief", "renewal", SECRET[:5], "verschwiegem", "goer", "gone",
               "unseen", "wang unseen", "come", "energy", "a1@", "finance")),
            *each(f"{V1}/search?q=wang&customer_id={{}}", "beta", gamma),
        ],
        "list_webhooks": [Case("GET", f"{V1}/webhooks")],
        "create_webhook": [
            Case("POST", f"{V1}/webhooks",
                 body={"url": "https://x.example/", "customer_id": customer}, unseen=unseen)
            for customer, unseen in (("beta", ()), (gamma, (gamma,)))
        ],
        "get_webhook": hook("GET"),
        "change_webhook": [
            *hook("PATCH", body={"active": True}),
            Case("PATCH", f"{V1}/webhooks/{hooks['own']}", body={"customer_id": gamma},
                 unseen=(gamma,)),
        ],
        "rotate_secret": hook("POST", "/secret"),
        "test_webhook": hook("POST", "/test"),
        "list_deliveries": hook("GET", "/deliveries"),
        "retry_delivery": hook("POST", "/deliveries/{event_id}/retry"),
        "remove_webhook": hook("DELETE"),
        "customer_matrix": [
            *each(f"{V1}/customers/{{}}/matrix", "beta", gamma),
            Case("GET", f"{V1}/customers/alpha/matrix", {"deal_id": "a-deal"}),
        ],
        "customer_map_lines": [
            *each(f"{V1}/customers/{{}}/map/people/b1/lines", "beta", gamma),
            *each(f"{V1}/customers/alpha/map/people/{{}}/lines", "a1", person),
        ],
        "decision_chain": [
            *each(f"{V1}/deals/{{}}/decision-chain", "b-deal", deal),
            *each(f"{V1}/deals/a-deal/decision-chain?requester={{}}", "a1", person),
        ],
        "deal_paths": [
            *each(f"{V1}/deals/{{}}/paths", "b-deal", deal, **ways),
            *each(f"{V1}/deals/a-deal/paths?from=a1&to={{}}", "a2", person),
        ],
    }  # fmt: skip
    for name, tail in (("map", "map"), ("map_html", "map.html"), ("map_svg", "map.svg"),
                       ("matrix_svg", "matrix.svg")):  # fmt: skip
        cases[f"customer_{name}"] = [
            *each(f"{V1}/customers/{{}}/{tail}", "beta", gamma),
            Case("GET", f"{V1}/customers/alpha/{tail}", {"deal_id": "a-deal"}),
        ]
    cases["healthz_healthz_get"] = [Case("GET", "/healthz")]
    cases["readyz_readyz_get"] = [Case("GET", "/readyz")]
    return cases
