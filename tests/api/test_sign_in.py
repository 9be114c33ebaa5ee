"""Signing in: wrong tokens are counted for each address, and lock out nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request

from relgraph.api.sign_in import MOST_ADDRESSES, TRIES, WINDOW_S, Tries, address_of
from relgraph.database import Database
from tests.support.service import app_of

TOKEN = "a-secret-of-24-characters"
PATH = "/api/v1/customers"
From = Callable[[str], TestClient]


class Seconds:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def app(demo_db: Database, clock: Seconds) -> FastAPI:
    app = app_of(demo_db, token=TOKEN)
    app.state.tries.clock = clock
    return app


@pytest.fixture
def client_from(app: FastAPI) -> From:
    """A client at an address."""
    return lambda address: TestClient(
        app, base_url="http://127.0.0.1:8000", client=(address, 5000), follow_redirects=False
    )


def bearer(client: TestClient, token: str, scheme: str = "Bearer") -> int:
    return client.get(PATH, headers={"Authorization": f"{scheme} {token}"}).status_code


def test_the_page_locks_out_the_address_alone(client_from: From, clock: Seconds) -> None:
    bad, good = client_from("192.0.2.1"), client_from("192.0.2.2")
    for _ in range(TRIES):
        assert bad.post("/login", data={"token": "wrong"}).status_code == 401
    locked = bad.post("/login", data={"token": TOKEN})
    assert locked.status_code == 429 and locked.headers["retry-after"] == "60"
    assert "Too many wrong tokens" in locked.text
    assert good.post("/login", data={"token": TOKEN}).status_code == 303
    assert bearer(bad, TOKEN) == 200, "who types wrongly does not stop a program beside him"
    clock.now += WINDOW_S
    assert bad.post("/login", data={"token": TOKEN}).status_code == 303
    assert bad.get(PATH).status_code == 200


def test_guessed_bearers_lock_out_the_address_alone(client_from: From, clock: Seconds) -> None:
    bad, good = client_from("192.0.2.1"), client_from("192.0.2.2")
    assert bad.post("/login", data={"token": TOKEN}).status_code == 303
    signed_in, bad = bad, client_from("192.0.2.1")
    for number in range(TRIES):
        assert bearer(bad, f"guess-{number}") == 401
    answer = bad.get(PATH, headers={"Authorization": f"Bearer {TOKEN}", "Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")
    assert answer.headers["retry-after"] == "60" and "60 秒" in answer.json()["detail"]
    assert bearer(good, TOKEN) == 200
    assert signed_in.get(PATH).status_code == 200, "who is signed in goes on"
    assert bearer(signed_in, "guess") == 200
    clock.now += WINDOW_S / 2
    assert bearer(bad, "one more guess") == 429, "it is not looked at, and does not count"
    clock.now += WINDOW_S / 2
    assert bearer(bad, TOKEN) == 200


def test_the_same_wrong_bearer_locks_out_itself(client_from: From) -> None:
    client = client_from("192.0.2.1")
    statuses = [bearer(client, "of last year") for _ in range(TRIES + 5)]
    assert statuses == [401] * TRIES + [429] * 5
    assert bearer(client, TOKEN) == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEARER"])
def test_a_scheme_may_be_written_in_any_case(client_from: From, scheme: str) -> None:
    client = client_from("192.0.2.1")
    assert bearer(client, TOKEN, scheme) == 200
    assert bearer(client, f" {TOKEN}", scheme) == 200, "more spaces"
    headers = {"Authorization": f"{scheme} {TOKEN}", "Origin": "https://crm.example"}
    assert client.post(PATH, json={}, headers=headers).status_code == 422


@pytest.mark.parametrize("header", ["", "Bearer", f"Basic {TOKEN}", TOKEN, f"Bearer{TOKEN}"])
def test_other_headers_are_no_bearer(client_from: From, header: str) -> None:
    client = client_from("192.0.2.1")
    assert client.get(PATH, headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_what_a_subscriber_has(host: str, address: str) -> None:
    assert address_of(Request({"type": "http", "client": (host, 1)})) == address


def test_few_addresses_are_remembered(clock: Seconds) -> None:
    tries = Tries(clock)
    for number in range(MOST_ADDRESSES + 100):
        for _ in range(TRIES):
            tries.add(str(number), "page")
    assert tries.wait_s("0", "page") == 0 and tries.wait_s("100", "page") == 60
