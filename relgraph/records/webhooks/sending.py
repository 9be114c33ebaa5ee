"""Sends an event: signed as the Standard Webhooks specification says, to nobody inside by chance.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import socket
import time
from datetime import datetime
from urllib.parse import urlsplit

import httpx2

from relgraph.records.webhooks.deliveries import Outcome
from relgraph.schema.values import Values, timestamp

TIMEOUT_S = 10
LONGEST_ANSWER = 1_000


class Refused(Exception):
    """An address that nothing is sent to."""


def sign(secret: str, message_id: str, seconds: int, body: str) -> str:
    """The signature of one message with one secret."""
    encoded = secret.removeprefix("whsec_")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = secret.encode()
    signed = f"{message_id}.{seconds}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signatures(webhook: Values, message_id: str, now: datetime, body: str) -> dict[str, str]:
    """The headers by which the other side knows who sent a message, and that it is complete."""
    seconds = int(now.timestamp())
    secrets = [webhook["secret"]]
    if webhook.get("former_secret") and webhook.get("former_until", "") > timestamp(now):
        secrets.append(webhook["former_secret"])
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(
            sign(secret, message_id, seconds, body) for secret in secrets
        ),
    }


def refuse_address(url: str, *, inside: bool) -> None:
    """Raise Refused for an address that is not allowed; names are looked up when it is sent."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username or parts.password:
        raise Refused("an address has a host, and no password in it")
    if parts.scheme != "https" and not inside:
        raise Refused("use https, or allow the own network with RELGRAPH_WEBHOOKS_INSIDE")


def send(webhook: Values, message_id: str, body: str, *, now: datetime, inside: bool) -> Outcome:
    """Send one message once. Never raises for what the other side does."""
    start = time.perf_counter()

    def outcome(status: int | None, error: str | None, answer: str = "") -> Outcome:
        return Outcome(status, error, answer, round((time.perf_counter() - start) * 1000))

    try:
        refuse_address(webhook["url"], inside=inside)
        answer = _post(webhook, message_id, body, now, inside)
    except Refused as error:
        return outcome(None, str(error))
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        return outcome(None, f"{type(error).__name__}: {error}"[:300])
    return outcome(*answer)


def _post(
    webhook: Values, message_id: str, body: str, now: datetime, inside: bool
) -> tuple[int, str | None, str]:
    url = httpx2.URL(webhook["url"])
    address = _resolved(url.host, url.port or (443 if url.scheme == "https" else 80), inside)
    host = url.netloc.decode("ascii")
    headers = {
        "host": host,
        "content-type": "application/json",
        "user-agent": "relgraph",
        **signatures(webhook, message_id, now, body),
    }
    # The address that was checked is the one that is connected to.
    target = url.copy_with(host=address)
    with (
        httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "POST",
            target,
            content=body.encode(),
            headers=headers,
            extensions={"sni_hostname": url.host},
        ) as answer,
    ):
        text = b""
        for part in answer.iter_bytes():
            text += part
            if len(text) > LONGEST_ANSWER:
                break
        error = None if answer.is_success else f"answered {answer.status_code}"
        return answer.status_code, error, text[:LONGEST_ANSWER].decode("utf-8", "replace")


def _resolved(host: str, port: int, inside: bool) -> str:
    """The first address of a name; Refused if it is of the own network and that is not allowed."""
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(addresses[0][4][0])
    if not inside and not ipaddress.ip_address(address.split("%")[0]).is_global:
        raise Refused(f"{host} is {address}, which is not on the internet")
    return address
