"""The map document has the path in the API and the version of each of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.test_writes import account

__all__ = ["account"]  # the fixture


def parts(document: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Path and version of everything that the map shows."""
    for part in (document["customer"], document["deal"], *document["cards"], *document["lines"]):
        yield part["ref"], part["version"]
    for group in document["groups"]:
        if group["ref"] is not None:
            yield group["ref"], group["version"]
    for card in document["cards"]:
        if card["stance_ref"] is not None:
            yield card["stance_ref"], card["stance_version"]
        for role in card["roles"]:
            yield role["ref"], role["version"]


@pytest.mark.parametrize(
    ("customer", "deal"), [("huading", "dc-renewal"), ("northwind", "warehouse")]
)
def test_every_part_is_found_in_its_version(client: TestClient, customer: str, deal: str) -> None:
    document = client.get(f"/api/v1/customers/{customer}/map?deal_id={deal}").json()
    references = list(parts(document))
    assert len(references) > 30
    for ref, version in references:
        answer = client.get(ref)
        assert answer.status_code == 200, ref
        assert answer.json()["version"] == version, ref


def test_paths_are_those_of_the_api(client: TestClient) -> None:
    document = client.get("/api/v1/customers/huading/map?deal_id=dc-renewal").json()
    cards = {card["id"]: card for card in document["cards"]}
    assert cards["li"]["ref"] == "/api/v1/stakeholders/li"
    assert cards["li"]["stance_ref"] == "/api/v1/deals/dc-renewal/supports/li"
    assert cards["chen"]["roles"][0]["ref"].startswith("/api/v1/deals/dc-renewal/roles/chen/")
    refs = {line["ref"] for line in document["lines"]}
    assert "/api/v1/stakeholders/wang/influences/li" in refs
    unjudged = [card for card in cards.values() if card["stance_ref"] is None]
    assert unjudged and all(card["stance_version"] is None for card in unjudged)


def test_a_stance_is_corrected_from_its_card_and_keeps_its_evidence(account: TestClient) -> None:
    account.put(
        "/api/v1/deals/deal/supports/a",
        json={"stance": -1, "evidence": "Said so.", "assessed_at": "2026-11-01"},
    )
    path = "/api/v1/customers/c/map?deal_id=deal"
    card = next(card for card in account.get(path).json()["cards"] if card["id"] == "a")
    tag = f'"{card["stance_version"]}"'
    answer = account.patch(card["stance_ref"], json={"stance": 1}, headers={"If-Match": tag})
    assert answer.status_code == 200
    after = next(card for card in account.get(path).json()["cards"] if card["id"] == "a")
    assert (after["stance"], after["evidence"], after["assessed_at"]) == (
        1, "Said so.", "2026-11-01",
    )  # fmt: skip
    assert after["stance_version"] == card["stance_version"] + 1
    stale = account.patch(card["stance_ref"], json={"stance": 2}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["current"]["stance"]) == (412, 1)
