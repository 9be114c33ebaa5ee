"""Activities through the API: written once, counted, and weighed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from relgraph.records.activities.store import stored_rows
from relgraph.schema.vocabulary import Contact
from tests.api.test_writes import all_at_once
from tests.support.access import access_to
from tests.support.service import api_of

V1 = "/api/v1"
MOST = 1_000
"""Activities of one request, where no setting says otherwise."""
CALL: dict[str, Any] = {
    "kind": "call",
    "happened_at": "2026-11-14T08:00:00+08:00",
    "member_id": "ann",
    "stakeholder_id": "sun",
}


@pytest.fixture
def account(api: TestClient) -> TestClient:
    """A customer with two people and a deal, another one, and three of us."""
    all_at_once(
        api,
        ("POST", "/customers", {"id": "c", "name": "C"}),
        ("POST", "/customers", {"id": "d", "name": "D"}),
        ("POST", "/stakeholders", {"id": "sun", "customer_id": "c", "name": "Sun"}),
        ("POST", "/stakeholders", {"id": "wang", "customer_id": "c", "name": "Wang"}),
        ("POST", "/deals", {"id": "deal", "customer_id": "c", "name": "Deal"}),
        ("POST", "/deals", {"id": "other", "customer_id": "d", "name": "Other"}),
        *(("POST", "/members", {"id": id_, "name": id_.title()}) for id_ in ("ann", "bob", "cai")),
    )
    return api


def post(api: TestClient, body: Any, status: int) -> dict[str, Any]:
    answer = api.post(f"{V1}/activities", json=body)
    assert answer.status_code == status, answer.text
    document: dict[str, Any] = answer.json()
    return document


def get(api: TestClient, path: str) -> Any:
    answer = api.get(f"{V1}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_one_activity_with_an_id_is_made_once(account: TestClient) -> None:
    body = CALL | {"id": "one", "minutes": 20}
    first = post(account, body, 201)
    assert (first["created"], first["ids"], first["warnings"]) == (1, ["one"], [])
    assert post(account, body, 200)["unchanged"] == 1
    assert post(account, CALL | {"id": "one", "answered": True}, 200)["changed"] == 1
    [count] = get(account, "/stakeholders/sun/activities")["items"]
    assert count == {
        "month": "2026-11", "kind": "call", "direction": None, "count": 1, "answered": 1,
        "minutes": 20,
    }  # fmt: skip
    post(account, CALL | {"id": "one", "minutes": None}, 200)
    assert get(account, "/stakeholders/sun/activities")["items"][0]["minutes"] is None


def test_an_external_id_makes_it_once_without_an_id(account: TestClient) -> None:
    body = CALL | {"source": "crm", "external_id": "17"}
    [id_] = post(account, body, 201)["ids"]
    assert post(account, body, 200)["ids"] == [id_]
    assert post(account, body | {"stakeholder_id": "wang"}, 201)["ids"] != [id_]
    assert post(account, body | {"source": "erp"}, 201)["created"] == 1
    assert post(account, CALL, 201)["ids"] != post(account, CALL, 201)["ids"]


def test_a_list_is_written_completely_or_not_at_all(account: TestClient) -> None:
    good = [CALL | {"id": str(n)} for n in range(3)]
    bad = post(account, [*good, CALL | {"member_id": "nobody"}, CALL | {"deal_id": "no"}], 422)
    assert bad["code"] == "request_invalid"
    assert [(problem["pointer"], problem["detail"]) for problem in bad["errors"]] == [
        ("/3/member_id",
         "there is no member with this id; add it to members or correct the id"),
        ("/4/deal_id", "there is no deal with this id; add it to deals or correct the id"),
    ]  # fmt: skip
    assert get(account, "/stakeholders/sun/activities")["items"] == []
    assert post(account, good, 201)["created"] == 3


WRONG: list[tuple[Any, str, str]] = [
    (CALL | {"kind": "chat"}, "/kind", "Input should be"),
    (CALL | {"happened_at": "yesterday"}, "/happened_at", "write a day as 2026-11-12"),
    (CALL | {"happened_at": "2026-11-25T09:00:00Z"}, "/happened_at",
     "lies in the future; record an activity when it has happened"),
    (CALL | {"happened_at": "2026-11-26"}, "/happened_at", "lies in the future"),
    (CALL | {"minutes": -1}, "/minutes", "greater than or equal to 0"),
    (CALL | {"subject": "x"}, "/subject", "is not known here"),
    (CALL | {"body": "x"}, "/body", "is not known here"),
    ({"kind": "call"}, "/happened_at", "is missing"),
    ([CALL, CALL | {"direction": "up"}], "/1/direction", "Input should be"),
    ([CALL | {"id": "a"}, CALL | {"id": "a"}], "/1", "is the same activity as number 0"),
    ([], "", "send an activity, or a list of them"),
    ([CALL] * (MOST + 1), "", "has more than 1000 entries"),
    ("text", "", "valid dictionary"),
    (None, "", ""),
]  # fmt: skip


def test_what_is_wrong_is_named(account: TestClient) -> None:
    for body, pointer, detail in WRONG:
        error = post(account, body, 422)["errors"][0]
        assert error["pointer"] == pointer, body
        assert detail in error["detail"], body


def test_a_thousand_at_once(account: TestClient) -> None:
    many = [CALL | {"external_id": str(n)} for n in range(MOST)]
    assert post(account, many, 201)["created"] == MOST
    assert post(account, many, 200)["unchanged"] == MOST


def test_a_deal_of_another_customer_is_worth_a_warning(account: TestClient) -> None:
    assert post(account, CALL | {"deal_id": "deal"}, 201)["warnings"] == []
    [warning] = post(account, CALL | {"deal_id": "other"}, 201)["warnings"]
    assert (warning["place"], warning["member"]) == (0, "deal_id")
    assert "belongs to d" in warning["detail"]


def test_mutual_and_unanswered_is_refused(account: TestClient) -> None:
    wrong = CALL | {"direction": "mutual", "answered": False}
    document = post(account, wrong, 422)
    assert "answered" in str(document["errors"]) and "contradict" in str(document["errors"])
    document = post(account, [CALL, wrong], 422)
    assert "1" in str(document["errors"][0])
    post(account, CALL | {"id": "one", "answered": False}, 201)
    post(account, CALL | {"id": "one", "direction": "mutual"}, 422)
    post(account, CALL | {"id": "one", "direction": "inbound"}, 200)


def test_writes_are_json_from_here(account: TestClient) -> None:
    text = account.post(f"{V1}/activities", content=b"{}", headers={"Content-Type": "text/plain"})
    assert (text.status_code, text.json()["code"]) == (415, "not_json")
    headers = {"Origin": "https://elsewhere.example"}
    other = account.post(f"{V1}/activities", json=CALL, headers=headers)
    assert (other.status_code, other.json()["code"]) == (403, "other_site")


def test_a_meeting_of_several_counts_once_for_each_person(account: TestClient) -> None:
    meeting = {"kind": "meeting", "happened_at": "2026-10-31T23:59:59Z", "external_id": "m",
               "direction": "mutual", "minutes": 60}  # fmt: skip
    post(
        account,
        [
            meeting | {"member_id": member, "stakeholder_id": person}
            for member in ("ann", "bob") for person in ("sun", "wang")
        ],
        201,
    )  # fmt: skip
    post(account, CALL, 201)
    for path in ("/stakeholders/sun/activities", "/members/ann/activities"):
        items = get(account, path)["items"]
        assert [(total["month"], total["kind"], total["count"]) for total in items] == [
            ("2026-11", "call", 1), ("2026-10", "meeting", 1),
        ]  # fmt: skip
        assert items[1]["minutes"] == 60
    for path in ("/stakeholders/x/activities", "/members/x/activities", "/stakeholders/x/strength"):
        assert account.get(f"{V1}{path}").json()["code"] == "not_found"


EXAMPLE = [
    CALL | {"happened_at": "2026-11-14"},
    CALL | {"kind": "email", "answered": True, "happened_at": "2026-10-15"},
    CALL | {"kind": "event", "happened_at": "2026-05-08"},
]
"""The worked example of METHODS §5 on 24 November 2026."""


def test_strength_of_the_worked_example_beside_what_is_judged(account: TestClient) -> None:
    post(account, EXAMPLE, 201)
    post(account, CALL | {"stakeholder_id": "wang", "member_id": "bob"}, 201)
    judged = {"closeness": 2, "strength": 0.9, "assessed_at": "2026-11-01"}
    for member in ("bob", "cai"):
        assert account.put(f"{V1}/members/{member}/knows/sun", json=judged).status_code == 200
    strengths = get(account, "/stakeholders/sun/strength")
    assert (strengths["version"], strengths["half_life_days"]) == ("strength-1", 90)
    ann, bob, cai = strengths["items"]
    assert ann["strength"] == pytest.approx(0.5453, abs=5e-5)
    assert [(contact["kind"], round(contact["energy"], 4)) for contact in ann["inputs"]] == [
        ("call", 2.7776), ("email", 0.7349), ("event", 0.4286),
    ]  # fmt: skip
    assert (ann["label"], ann["label_text"], ann["closeness"]) == ("active", "active", None)
    assert ann["basis"] == "3 contacts, the last on 2026-11-14."
    assert (bob["member_id"], bob["strength"], bob["missing"]) == ("bob", 0, ["contacts"])
    assert (bob["closeness"], bob["judged_strength"], bob["basis"]) == (
        2, 0.9, "No contact is on record.",
    )  # fmt: skip
    assert (cai["strength"], cai["high"], cai["missing"]) == (None, None, ["records"])
    assert cai["label"] == Contact.UNKNOWN.value
    # Contacts change nothing of what was judged.
    assert account.get(f"{V1}/members/bob/knows/sun").json()["strength"] == 0.9


def test_strength_says_it_in_chinese(account: TestClient) -> None:
    post(account, [CALL, CALL | {"kind": "email"}], 201)
    [ann] = get(account, "/stakeholders/sun/strength?lang=zh")["items"]
    assert ann["label_text"] == "往来活跃"
    assert (
        ann["basis"] == "2 次往来，最近一次为 2026-11-14。其中 1 次是否得到回复未知，按未回复计。"
    )
    assert ann["missing"] == ["answers"] and ann["high"] > ann["strength"]


def test_who_goes_takes_the_activities_along_and_brings_them_back(account: TestClient) -> None:
    post(account, [*EXAMPLE, CALL | {"stakeholder_id": "wang", "deal_id": "deal"}], 201)
    refused = account.delete(f"{V1}/stakeholders/sun")
    assert (refused.status_code, refused.json()["dependents"]) == (409, {"activities": 3})
    gone = account.delete(f"{V1}/stakeholders/sun?cascade=true")
    assert gone.status_code == 204
    assert get(account, "/members/ann/activities")["items"][0]["count"] == 1
    change = gone.headers["Relgraph-Change"]
    assert account.post(f"{V1}/changes/{change}/undo").status_code == 200
    assert len(get(account, "/members/ann/activities")["items"]) == 3
    assert get(account, "/stakeholders/sun/strength")["items"][0]["strength"] > 0.5


def test_a_deal_goes_without_its_activities_and_finds_them_again(
    account: TestClient, database: Database
) -> None:
    post(account, CALL | {"id": "x", "deal_id": "deal"}, 201)

    def deal_of() -> str | None:
        deal_id: str | None = stored_rows(access_to(database), ["x"])["x"].get("deal_id")
        return deal_id

    gone = account.delete(f"{V1}/deals/deal?cascade=true")
    assert gone.status_code == 204 and deal_of() is None
    assert get(account, "/stakeholders/sun/activities")["items"][0]["count"] == 1
    change = gone.headers["Relgraph-Change"]
    assert account.post(f"{V1}/changes/{change}/undo").status_code == 200
    assert deal_of() == "deal"


def test_activities_are_in_the_change_log_and_can_be_undone(account: TestClient) -> None:
    written = account.post(f"{V1}/activities", json=EXAMPLE)
    change = written.json()["change_set"]
    assert written.headers["Relgraph-Change"] == change
    noted = get(account, f"/changes?change_set={change}")["items"]
    assert [(entry["kind"], entry["action"], entry["customer_id"]) for entry in noted] == [
        ("activities", "create", "c")
    ] * len(EXAMPLE)
    assert noted[0]["after"] == EXAMPLE[0]
    ids = written.json()["ids"]
    assert get(account, f"/changes?customer_id=c&kind=activities&key={ids[1]}")["items"] == [
        entry for entry in noted if entry["key"]["id"] == ids[1]
    ]
    assert account.post(f"{V1}/changes/{change}/undo").status_code == 200
    assert get(account, "/stakeholders/sun/activities")["items"] == []
    again = post(account, EXAMPLE[0] | {"id": ids[0]}, 201)
    assert post(account, EXAMPLE[0] | {"id": ids[0]}, 200)["change_set"] is None
    assert again["change_set"] not in {change, None}


def test_what_became_of_a_person_does_not_go_through_their_activities(
    account: TestClient, database: Database
) -> None:
    before = get(account, "/changes?kind=stakeholders&key=sun")["items"]
    change = post(account, EXAMPLE, 201)["change_set"]
    account.delete(f"{V1}/stakeholders/sun?cascade=true")
    after = get(account, "/changes?kind=stakeholders&key=sun")["items"]
    assert [entry["kind"] for entry in after[len(before) :]] == ["employments", "stakeholders"]
    notes = database.read(
        lambda tx: tx.rows("MATCH (c:Change) RETURN c.set_id AS id, c.facts AS facts", {})
    )
    assert [note["facts"] for note in notes if note["id"] == change] == [True]
    gone = get(account, "/changes?customer_id=c&limit=500")["items"][-5:]
    assert [entry["kind"] for entry in gone] == ["activities"] * 3 + ["employments", "stakeholders"]


def test_the_description_has_no_reference_that_leads_nowhere(local_db: Database) -> None:
    with api_of(local_db) as api:
        document = api.get("/openapi.json").json()
    named = set(re.findall(r"'\$ref': '#/components/schemas/([^']+)'", str(document)))
    parts = document["components"]["schemas"]
    assert named and named <= parts.keys()
    operation = document["paths"]["/api/v1/activities"]["post"]
    single, several = operation["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    activity = parts[single["$ref"].rpartition("/")[2]]
    kinds = parts[activity["properties"]["kind"]["$ref"].rpartition("/")[2]]
    assert "visit" in kinds["enum"] and several["maxItems"] == MOST
