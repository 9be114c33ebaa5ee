"""Matrix, decision chain and paths through the API, with the worked examples of the methods."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient


def test_the_matrix_of_the_example(client: TestClient) -> None:
    answer = client.get("/api/v1/customers/huading/matrix", params={"deal_id": "dc-renewal"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["threshold"] == 0.5
    people = {person["id"]: person for person in body["people"]}
    expected = {
        "zhou": (0.9279, 1, 1, 0.7596, "keep_satisfied"),
        "chen": (0.6576, 0.5, 0.8, 0.7254, "manage_closely"),
        "li": (0.65, 0.5, 0.5, 1, "manage_closely"),
        "wang": (0.3266, 0.25, 0.1, 0.6555, "keep_informed"),
        "sun": (0.2603, 0.25, 0, 0.5344, "keep_informed"),
        "zhao": (0.2508, 0.25, 0.2, 0.3026, "keep_informed"),
    }
    for id_, (value, authority, budget, network, quadrant) in expected.items():
        power = people[id_]["power"]
        assert power["value"] == pytest.approx(value, abs=5e-5)
        assert power["low"] == power["high"] == power["value"]
        assert power["inputs"]["authority"] == authority
        assert power["inputs"]["budget"] == budget
        assert power["inputs"]["network"] == pytest.approx(network, abs=5e-5)
        assert (people[id_]["quadrant"], people[id_]["lane"]) == (quadrant, None)
    qian = people["qian"]
    assert qian["lane"] == "needs_assessment"
    assert qian["quadrant"] is None and qian["interest"] is None
    assert qian["power"]["inputs"]["budget"] is None
    assert qian["power"]["low"] == pytest.approx(0.2933, abs=5e-5)
    assert qian["power"]["high"] == pytest.approx(0.5933, abs=5e-5)
    assert people["chen"]["stance"] == -1 and people["chen"]["name"] == "Chen Peilan"


def test_the_chain_of_the_example(client: TestClient) -> None:
    answer = client.get("/api/v1/deals/network-extension/decision-chain?requester=wang")
    body = answer.json()
    assert [step["stakeholder_id"] for step in body["steps"]] == ["li", "zhao", "chen", "zhou"]
    assert body["passed_over"] == [] and body["incomplete"] is False and body["why"] == ""
    li, _, chen, zhou = body["steps"]
    assert li["approval_limit"] == 200_000 and zhou["approval_limit"] == "unlimited"
    assert chen["can_veto"] is True and chen["stance"] == -1
    assert li["access"] == pytest.approx(0.72) and zhou["access"] == pytest.approx(0.432)
    assert all(step["reason"] for step in body["steps"])


def test_a_listed_way_through_somebody_sceptical_says_so(client: TestClient) -> None:
    page = client.get("/customers/huading/chain?deal=network-extension&to=zhou&lang=en").text
    ways = re.findall(r'<span class="way">(.*?)</span>\s*<span class="score">', page, re.S)
    through_chen = [way for way in ways if "Chen Peilan" in way]
    assert through_chen and all("sceptic" in way for way in through_chen)
    assert not any("sceptic" in way for way in ways if "Chen Peilan" not in way)


def test_an_incomplete_chain_says_why(client: TestClient) -> None:
    body = client.get("/api/v1/deals/branch-refresh/decision-chain").json()
    assert body["incomplete"] is True and body["why"]
    assert any(step["stakeholder_id"] is None for step in body["steps"])


def test_the_paths_of_the_example(client: TestClient) -> None:
    answer = client.get("/api/v1/deals/dc-renewal/paths?from=sun&to=zhou&k=10").json()
    paths = [
        ("-".join(path["people"]), path["strength"], path["label"]) for path in answer["paths"]
    ]
    assert [name for name, _, _ in paths] == [
        "sun-wang-li-zhou",
        "sun-li-zhou",
        "sun-wang-li-chen-zhou",
        "sun-li-chen-zhou",
        "sun-wang-zhao-chen-zhou",
    ]
    assert [s for _, s, _ in paths] == pytest.approx([0.336, 0.24, 0.196, 0.14, 0.0588])
    assert [label for _, _, label in paths] == ["strong", "medium", "medium", "medium", "weak"]
    assert answer["nearest_manager"] is None
    edge = answer["paths"][0]["edges"][0]
    assert (edge["from_id"], edge["to_id"], edge["strength"]) == ("sun", "wang", 0.7)


def test_without_a_way_the_nearest_manager_is_named(client: TestClient) -> None:
    body = client.get("/api/v1/deals/dc-renewal/paths?from=zhou&to=qian").json()
    assert body["paths"] == []
    assert "nearest_manager" in body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/deals/dc-renewal/paths?from=sun&to=zhou&k=11", 422),
        ("/api/v1/deals/dc-renewal/paths?from=sun", 422),
        ("/api/v1/deals/dc-renewal/paths?from=sun&to=sun", 422),
        ("/api/v1/deals/dc-renewal/paths?from=sun&to=nobody", 404),
        ("/api/v1/deals/nothing/decision-chain", 404),
        ("/api/v1/customers/huading/matrix?deal_id=warehouse", 404),
        ("/api/v1/customers/nobody/matrix", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
