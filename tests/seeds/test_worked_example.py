"""Fixture F of the methods, through import and API: the published figures come out."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

POWER = {  # authority, budget, network → power, quadrant (METHODS §1)
    "zhou": ("keep_satisfied", None),
    "chen": ("manage_closely", 0.66),
    "li": ("manage_closely", None),
}


def test_the_matrix(client: TestClient) -> None:
    answer = client.get("/api/v1/customers/huading/matrix?deal_id=dc-renewal").json()
    people = {person["id"]: person for person in answer["people"]}
    assert answer["threshold"] == 0.5
    for id_, (quadrant, value) in POWER.items():
        assert people[id_]["quadrant"] == quadrant
        if value is not None:
            assert people[id_]["power"]["value"] == pytest.approx(value, abs=0.005)
    assert people["zhou"]["power"]["value"] == pytest.approx(0.93, abs=0.005)
    qian = people["qian"]
    assert qian["lane"] == "needs_assessment" and qian["quadrant"] is None
    assert (qian["power"]["low"], qian["power"]["high"]) == (
        pytest.approx(0.29, abs=0.005),
        pytest.approx(0.59, abs=0.005),
    )


def test_the_paths(client: TestClient) -> None:
    answer = client.get("/api/v1/deals/dc-renewal/paths?from=sun&to=zhou&k=10").json()
    paths = [(path["people"], round(path["strength"], 4)) for path in answer["paths"]]
    assert paths == [
        (["sun", "wang", "li", "zhou"], 0.336),
        (["sun", "li", "zhou"], 0.24),
        (["sun", "wang", "li", "chen", "zhou"], 0.196),
        (["sun", "li", "chen", "zhou"], 0.14),
        (["sun", "wang", "zhao", "chen", "zhou"], 0.0588),
    ]


def test_the_chain(client: TestClient) -> None:
    path = "/api/v1/deals/network-extension/decision-chain?requester=wang"
    answer = client.get(path).json()
    assert [step["stakeholder_id"] for step in answer["steps"]] == ["li", "zhao", "chen", "zhou"]
    assert [step["can_veto"] for step in answer["steps"]] == [None, None, True, None]
    assert answer["incomplete"] is False
