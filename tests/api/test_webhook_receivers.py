"""Receivers of webhooks that are slow or that are not on the internet."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.records.webhooks import addresses, lanes, sending
from relgraph.records.webhooks.lanes import OF_A_RECEIVER, SENT_AT_ONCE, Lanes
from tests.support.service import api_of
from tests.support.threads import in_thread

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
WEBHOOKS = "/api/v1/webhooks"
SPECIAL = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.0.0.1", "192.88.99.1", "192.175.48.1",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:20::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00::1", "fe80::1",
    "fec0::1", "ff02::1", "ff0e::1", "4000::1", "2600::5efe:7f00:1", "2600::200:5efe:a00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_not_on_the_internet(address: str) -> None:
    assert not addresses.is_on_the_internet(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450::8", "2600::5efe:808:808"]
)
def test_the_others_are(address: str) -> None:
    assert addresses.is_on_the_internet(ipaddress.ip_address(address))


@contextmanager
def names(monkeypatch: pytest.MonkeyPatch, *known: str) -> Iterator[None]:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in known]
    with monkeypatch.context() as patch:
        patch.setattr(addresses, "getaddrinfo", lambda *_, **__: rows)
        yield


def test_an_address_is_looked_at_when_a_webhook_is_made(
    local_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with api_of(local_db) as api:
        for url in ("https://127.0.0.1/x", "https://[64:ff9b::7f00:1]/", "https://2130706433/"):
            answer = api.post(WEBHOOKS, json={"url": url})
            [error] = answer.json()["errors"]
            assert (answer.status_code, error["pointer"]) == (422, "/url"), url
            assert "is not on the internet" in error["detail"]
        chinese = {"Accept-Language": "zh"}
        answer = api.post(WEBHOOKS, json={"url": "https://localhost/"}, headers=chinese)
        assert "不在互联网上" in answer.json()["errors"][0]["detail"]
        for url in ("https://[evil/", "https://x.example:99999/", "https://:p@x.example/"):
            assert api.post(WEBHOOKS, json={"url": url}).status_code == 422, url
        with names(monkeypatch, "93.184.216.34", "10.0.0.1"):
            refused = api.post(WEBHOOKS, json={"url": "https://crm.example/"})
            assert "10.0.0.1" in refused.json()["errors"][0]["detail"], "any of them counts"
        with names(monkeypatch, "93.184.216.34"):
            made = api.post(WEBHOOKS, json={"url": "https://crm.example/"}).json()
        with names(monkeypatch, "192.168.0.1"):
            changed = api.patch(f"{WEBHOOKS}/{made['id']}", json={"url": "https://b.example/"})
            assert changed.status_code == 422
            hook = {"url": "https://crm.example/", "secret": "whsec_AAAA"}
            outcome = in_thread(lambda: sending.send(hook, "m", "{}", now=NOW, inside=False))
            assert outcome.error and "192.168.0.1" in outcome.error, "and when it is sent"


def test_a_name_that_is_not_looked_up_in_time_is_no_fault(
    local_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = threading.Event()
    monkeypatch.setattr(addresses, "getaddrinfo", lambda *_, **__: [][: end.wait(30)])
    monkeypatch.setattr(addresses, "LOOKUP_S", 0.05)
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.05)
    with api_of(local_db) as api:
        assert api.post(WEBHOOKS, json={"url": "https://slow.example/"}).status_code == 201
    hook = {"url": "https://slow.example/", "secret": "whsec_AAAA"}
    outcome = in_thread(lambda: sending.send(hook, "m", "{}", now=NOW, inside=False))
    end.set()
    assert outcome.error and "not looked up within" in outcome.error


@contextmanager
def dripping(beginning: bytes) -> Iterator[str]:
    """A receiver that takes everything and answers byte by byte without end; its address."""
    ends = threading.Event()

    def serve(sock: socket.socket) -> None:
        with sock:
            sock.recv(65_536)
            try:
                sock.sendall(beginning)
                while not ends.wait(0.02):
                    sock.sendall(b"x")
            except OSError:
                return

    def accept(listener: socket.socket) -> None:
        while not ends.is_set():
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        ends.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize(
    "beginning",
    [b"", b"HTTP/1.1 200 OK\r\nx-", b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n"],
    ids=["status line", "head", "body"],
)
def test_a_slow_answer_is_cut_off(beginning: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.3)
    with dripping(beginning) as url:
        began = time.monotonic()
        hook: dict[str, Any] = {"url": url, "secret": "whsec_AAAA"}
        outcome = in_thread(lambda: sending.send(hook, "m", "{}", now=NOW, inside=True))
        took = time.monotonic() - began
    assert outcome.status is None and outcome.error == "no complete answer within 0.3 s"
    assert took < 5, f"it took {took:.1f} s"


def test_a_slow_receiver_holds_up_itself_alone() -> None:
    """As many as there are receivers may be slow: each keeps one thread, the others get theirs."""
    end, sent = threading.Event(), []
    most: dict[str, int] = {}
    now: dict[str, int] = {}
    lock = threading.Lock()
    done = threading.Event()

    def send(webhook: dict[str, Any], delivery: dict[str, Any]) -> bool:
        name = lanes.receiver_of(webhook)
        with lock:
            now[name] = now.get(name, 0) + 1
            most[name] = max(most.get(name, 0), now[name])
        if name.startswith("slow"):
            end.wait(30)
        with lock:
            now[name] -= 1
            if name == "quick":
                sent.append(delivery["id"])
                if len(sent) == 50:
                    done.set()
        return not name.startswith("slow")

    queue = Lanes(send, lambda: None)
    for name in ("slow-1", "slow-2", "slow-3"):
        queue.add(name, [({"url": f"https://{name}/"}, {"id": n}) for n in range(20)])
    queue.add("quick", [({"url": "https://quick/"}, {"id": n}) for n in range(50)])
    assert done.wait(10), f"{len(sent)} were sent while the others are slow"
    assert sorted(sent) == list(range(50)) and queue.is_busy("slow-1")
    end.set()
    queue.wait()
    assert not queue.is_busy("quick") and not queue.is_busy("slow-1")
    assert set(most) == {"slow-1", "slow-2", "slow-3", "quick"}
    assert max(most.values()) <= OF_A_RECEIVER < SENT_AT_ONCE
    queue.close()


def test_a_receiver_without_an_answer_gets_one_at_a_time() -> None:
    lock, under_way, most = threading.Lock(), 0, []

    def send(webhook: dict[str, Any], delivery: dict[str, Any]) -> bool:
        nonlocal under_way
        with lock:
            under_way += 1
            most.append(under_way)
        if len(most) <= OF_A_RECEIVER:
            barrier.wait(10)
        with lock:
            under_way -= 1
        return False

    barrier = threading.Barrier(OF_A_RECEIVER)
    queue = Lanes(send, lambda: None)
    queue.add("dead", [({"url": "https://dead/"}, {"id": n}) for n in range(30)])
    queue.wait()
    queue.close()
    assert max(most) == OF_A_RECEIVER and len(most) == 30
    assert most[-5:] == [1] * 5
