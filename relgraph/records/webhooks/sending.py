"""Sends an event: signed as the Standard Webhooks specification says, to nobody inside by chance.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import time
from datetime import datetime

import httpx2

from relgraph.records.webhooks.addresses import Refused, check_form, resolved
from relgraph.records.webhooks.deliveries import Outcome
from relgraph.schema.values import Values, timestamp

TIMEOUT_S = 10.0
"""How long one attempt may take in all, in seconds."""
LONGEST_ANSWER = 1_000


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


def send(webhook: Values, message_id: str, body: str, *, now: datetime, inside: bool) -> Outcome:
    """Send one message once. Never raises for what the other side does."""
    start = time.perf_counter()

    def outcome(status: int | None, error: str | None, answer: str = "") -> Outcome:
        return Outcome(status, error, answer, round((time.perf_counter() - start) * 1000))

    try:
        answer = _post(webhook, message_id, body, now, inside)
    except Refused as error:
        return outcome(None, str(error))
    except TimeoutError:
        return outcome(None, f"no complete answer within {TIMEOUT_S:g} s")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        return outcome(None, f"{type(error).__name__}: {error}"[:300])
    return outcome(*answer)


def _post(
    webhook: Values, message_id: str, body: str, now: datetime, inside: bool
) -> tuple[int, str | None, str]:
    """One deadline for everything: name, connection, and an answer however slowly it comes."""
    deadline = time.monotonic() + TIMEOUT_S
    host, port = check_form(webhook["url"], inside=inside)
    address = resolved(host, port, inside=inside, seconds=TIMEOUT_S)
    url = httpx2.URL(webhook["url"])
    headers = {
        "host": url.netloc.decode("ascii"),
        "content-type": "application/json",
        "user-agent": "relgraph",
        "accept-encoding": "identity",
        **signatures(webhook, message_id, now, body),
    }
    # The address that was checked is the one that is connected to.
    target = url.copy_with(host=address)

    async def post() -> tuple[int, str | None, str]:
        async with (
            asyncio.timeout(max(0.0, deadline - time.monotonic())),
            httpx2.AsyncClient(
                timeout=TIMEOUT_S, follow_redirects=False, trust_env=False
            ) as client,
            client.stream(
                "POST",
                target,
                content=body.encode(),
                headers=headers,
                extensions={"sni_hostname": url.host},
            ) as answer,
        ):
            text = b""
            async for part in answer.aiter_raw():
                text += part
                if len(text) > LONGEST_ANSWER:
                    break
            error = None if answer.is_success else f"answered {answer.status_code}"
            return answer.status_code, error, text[:LONGEST_ANSWER].decode("utf-8", "replace")

    return asyncio.run(post())
