"""Three customers that touch each other in every way; a viewer may see two of them.

`alpha` and `beta` are seen. Every text of `gamma` has SECRET in it, and every id `unseen`.
"""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from relgraph.schema.kinds import EDGE_KINDS

V1 = "/api/v1"
SEEN = frozenset({"alpha", "beta"})
SECRET = "Verschwiegen"
"""Stands in each text of what may not be seen."""

UNSEEN = {
    "customers": "unseen-gamma",
    "departments": "unseen-department",
    "stakeholders": "unseen-person",
    "deals": "unseen-deal",
}
"""An id of each kind that the viewer may not see."""
PLAIN = {
    "customers": "beta",
    "departments": "b-dept",
    "stakeholders": "b1",
    "deals": "b-deal",
    "teams": "team",
    "members": "m",
    "offerings": "offer",
}
"""An id of each kind that the viewer may see; nothing of these is anybody else's."""
NOBODY = "nowhere-and-nobody"

Call = tuple[str, str, dict[str, Any] | None]


def send(api: TestClient, calls: list[Call], note: str) -> str:
    """Write all of it at once; the change set."""
    operations = [
        {"method": method, "path": path} | ({"body": body} if body is not None else {})
        for method, path, body in calls
    ]
    answer = api.post(f"{V1}/batch", json={"operations": operations}, params={"note": note})
    assert answer.status_code == 200, answer.text
    return str(answer.headers["Relgraph-Change"])


def fill(api: TestClient) -> dict[str, str]:
    """Write everything as somebody who sees all of it; the change sets by name."""
    sets = {"ours": send(api, _ours(), "ours")}
    for name in ("alpha", "beta"):
        sets[name] = send(
            api, _judged(_customer(name, name[0], "", name.title()), "heard"), f"about {name}"
        )
    gamma = UNSEEN["customers"]
    sets["gamma"] = send(
        api, _judged(_customer(gamma, "unseen-", SECRET, SECRET), SECRET), f"{SECRET} note"
    )
    sets["crossing"] = send(api, _judged(_crossing(gamma), SECRET), "both")
    sets["moved"] = send(api, _moved(gamma), f"{SECRET} hires")
    gone = [("DELETE", "/stakeholders/unseen-leaver?cascade=true", None)]
    sets["gone"] = send(api, gone, f"{SECRET} fired")  # type: ignore[arg-type]
    merge = [("POST", "/stakeholders/unseen-person/merge", {"duplicate_id": "unseen-twin"})]
    sets["merged"] = send(api, merge, f"{SECRET} twice")  # type: ignore[arg-type]
    spare = {"id": "b-spare", "name": "Spare", "customer_id": "beta"}
    sets["spare"] = send(api, [("POST", "/departments", spare)], "spare")
    for person, number in (("unseen-person", 3), ("a1", 2), ("b1", 2)):
        for day in range(1, number + 1):
            activity = {
                "id": f"{person}-call-{day}",
                "kind": "call",
                "happened_at": f"2026-11-{day:02}",
                "member_id": "m",
                "stakeholder_id": person,
                "deal_id": "b-deal" if person == "b1" else UNSEEN["deals"],
                "source": SECRET if person != "b1" else "crm",
            }
            assert api.post(f"{V1}/activities", json=activity).status_code == 201
    lonely = {
        "id": "unseen-lonely-call",
        "kind": "call",
        "happened_at": "2026-11-01",
        "member_id": "m2",
        "stakeholder_id": "unseen-person",
    }
    assert api.post(f"{V1}/activities", json=lonely).status_code == 201
    return sets


_KINDS = {kind.segment: kind for kind in EDGE_KINDS}


def _judged(calls: list[Call], words: str) -> list[Call]:
    """The calls with these words in every text member of an edge."""
    judged = []
    for method, path, body in calls:
        kind = _KINDS.get(path.split("/")[3]) if path.count("/") > 2 else None
        if kind is not None and method == "PUT" and path != "/members/m2/knows/a2":
            texts = {"evidence", "source", "assessed_by", "motive", "demand"}
            known = texts & kind.model.model_fields.keys() - {"motive"}
            body = dict.fromkeys(sorted(known), words) | (body or {})
        judged.append((method, path, body))
    return judged


def _ours() -> list[Call]:
    return [
        ("POST", "/teams", {"id": "team", "name": "Our team", "external_ids": {"crm": "team"}}),
        ("POST", "/members", {"id": "m", "name": "Our Ann", "team_id": "team",
                              "external_ids": {"crm": "m"}}),
        ("POST", "/members", {"id": "m2", "name": "Our Bob", "manager_id": "m"}),
        ("POST", "/offerings", {"id": "offer", "name": "Platform",
                                "external_ids": {"crm": "offer"}}),
    ]  # fmt: skip


def _customer(id_: str, start: str, secret: str, name: str) -> list[Call]:
    """A complete customer; `start` begins all its ids, `secret` all its texts."""
    short = {"a": "a", "b": "b"}.get(start)
    dept = f"{short}-dept" if short else UNSEEN["departments"]
    deal = f"{short}-deal" if short else UNSEEN["deals"]
    first = f"{short}1" if short else UNSEEN["stakeholders"]
    second, third = (f"{short}2", f"{short}3") if short else ("unseen-second", "unseen-third")
    twin, leaver = (
        (f"{short}-twin", f"{short}-leaver") if short else ("unseen-twin", "unseen-leaver")
    )

    def text(words: str) -> str:
        return f"{words} {secret}".strip()

    def crm(own: str) -> dict[str, Any]:
        return {"external_ids": {"crm": own}}

    at = {"customer_id": id_}
    people = ((first, "Chief"), (second, "Head"), (third, "Clerk"), (twin, "Chief"), (leaver, "X"))
    return [
        ("POST", "/customers", {"id": id_, "name": name, "industry": text("Energy"),
                                "region": text("North"), "grade": "vip", "kind": "customer",
                                "owner_id": "m", **crm(id_)}),
        ("POST", "/departments", {"id": dept, "name": text(f"{name} Finance"), **at, **crm(dept)}),
        *(
            ("POST", "/stakeholders", {
                "id": person, "name": text(f"Wang {person}"), "title": text(title),
                "email": f"{person}@{(secret or 'x').lower()}.example",
                "level": "executive" if person == first else None,
                "budget": 0.5, **at, **crm(person),
                "department_id": dept if person != twin else None,
            })
            for person, title in people
        ),
        ("PATCH", f"/stakeholders/{second}", {"manager_id": first}),
        ("PATCH", f"/stakeholders/{third}", {"manager_id": second}),
        ("POST", "/deals", {"id": deal, "name": text(f"{name} Renewal"), "stage": "proposal",
                            "amount": 1000, "currency": "CNY", "owner_id": "m", **at, **crm(deal)}),
        ("PUT", f"/stakeholders/{first}/influences/{second}", {"strength": 0.5}),
        ("PUT", f"/stakeholders/{second}/influences/{first}",
         {"strength": 0.4, "deal_id": deal}),
        ("PUT", f"/stakeholders/{first}/relations/{second}",
         {"kind": "friend", "strength": 0.5}),
        ("PUT", f"/deals/{deal}/supports/{first}", {"stance": 1}),
        ("PUT", f"/deals/{deal}/interests/{first}", {"level": 0.5, "demand": text("quick")}),
        ("PUT", f"/deals/{deal}/roles/{first}/approver", {"approval_limit": 5000}),
        ("PUT", f"/members/m/knows/{first}", {"closeness": 3}),
        ("PUT", f"/stakeholders/{third}/managers/{first}", {"line": "dotted"}),
    ]  # fmt: skip


def _crossing(gamma: str) -> list[Call]:
    """Alpha's people and deals tied to what may not be seen."""
    seen, unseen = "a1", UNSEEN["stakeholders"]
    deal = UNSEEN["deals"]
    return [
        ("PATCH", "/customers/alpha", {"parent_id": gamma}),
        ("PATCH", f"/customers/{gamma}", {"parent_id": "beta"}),
        ("PUT", f"/stakeholders/{seen}/influences/{unseen}", {"strength": 0.5}),
        ("PUT", f"/stakeholders/{unseen}/influences/{seen}", {"strength": 0.9}),
        ("PUT", "/stakeholders/a1/influences/a3", {"strength": 0.9, "deal_id": deal}),
        ("PUT", f"/stakeholders/{seen}/relations/{unseen}", {"kind": "friend"}),
        ("PUT", f"/stakeholders/{seen}/managers/{unseen}", {"line": "dotted"}),
        ("PUT", f"/stakeholders/{unseen}/managers/{seen}", {"line": "dotted"}),
        ("PUT", f"/stakeholders/{seen}/employments/{gamma}",
         {"title": SECRET, "since": "2010-01-01", "until": "2019-01-01"}),
        ("PUT", f"/deals/{deal}/supports/{seen}", {"stance": 2}),
        ("PUT", f"/deals/a-deal/supports/{unseen}", {"stance": -2}),
        ("PUT", f"/deals/{deal}/interests/{seen}", {"level": 1, "demand": SECRET}),
        ("PUT", f"/deals/a-deal/interests/{unseen}", {"level": 1, "demand": SECRET}),
        ("PUT", f"/deals/{deal}/roles/{seen}/approver", {"approval_limit": 1}),
        ("PUT", f"/deals/a-deal/roles/{unseen}/approver", {"approval_limit": 1}),
        ("PUT", "/members/m2/knows/a2", {"closeness": 1}),
        ("PUT", f"/members/m2/knows/{unseen}", {"closeness": 5}),
    ]  # fmt: skip


def _moved(gamma: str) -> list[Call]:
    """One goes from alpha to gamma, with another title; one comes to alpha from there."""
    return [
        ("POST", "/stakeholders", {"id": "goer", "name": "Gone Away", "title": "Buyer",
                                   "customer_id": "alpha", "department_id": "a-dept"}),
        ("PUT", "/deals/a-deal/supports/goer", {"stance": 1}),
        ("PUT", "/stakeholders/goer/influences/a2", {"strength": 0.7}),
        ("PATCH", "/stakeholders/goer", {"customer_id": gamma, "title": SECRET,
                                         "email": f"goer@{SECRET.lower()}.example"}),
        ("POST", "/stakeholders", {"id": "comer", "name": "Come Here", "title": SECRET,
                                   "customer_id": gamma,
                                   "department_id": UNSEEN["departments"],
                                   "manager_id": UNSEEN["stakeholders"]}),
        ("PATCH", "/stakeholders/comer", {"customer_id": "alpha", "title": "Seller",
                                          "department_id": "a-dept", "manager_id": "a1"}),
    ]  # fmt: skip
