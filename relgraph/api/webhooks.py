"""Webhooks: who is notified of which changes, and the log of the deliveries."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, field_validator

from relgraph.api import cursors
from relgraph.api.answers import ListRoute
from relgraph.api.context import Asking, language
from relgraph.api.etags import IfMatchHeader, etag, incomplete_etag, versions_of
from relgraph.api.examples import CHANGE_EXAMPLE, answer, written
from relgraph.api.problems import LOCALIZED
from relgraph.records.webhooks import deliveries, store
from relgraph.records.webhooks.addresses import Refused, refuse_address
from relgraph.records.webhooks.events import PATTERNS, delivery
from relgraph.schema.values import MAX_ID, Values, timestamp
from relgraph.settings import MOST_ROWS

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"], route_class=ListRoute)

Id = Annotated[str, Path(min_length=1, max_length=MAX_ID, description="id of the webhook")]
EventId = Annotated[str, Path(min_length=1, max_length=MAX_ID, description="id of the event")]
Kind = Literal[PATTERNS]  # type: ignore[valid-type]
Kinds = Annotated[list[Kind], Field(min_length=1, max_length=len(PATTERNS))]
Address = Annotated[str, Field(min_length=8, max_length=2_000, pattern="^https?://")]
Secret = Annotated[str, Field(min_length=16, max_length=200, pattern="^[!-~]+$")]
Description = Annotated[str, Field(max_length=1_000)]
Customer = Annotated[str, Field(min_length=1, max_length=MAX_ID)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewWebhook(_Body):
    """Where to send which events."""

    url: Address = Field(description="where events are sent by POST")
    kinds: Kinds = Field(["*"], description="kinds of events, such as stakeholder.updated, deal.*")
    customer_id: Customer | None = Field(None, description="only what happens at this customer")
    description: Description | None = None
    active: bool = True
    secret: Secret | None = Field(None, description="shown only once if relgraph makes it")


class WebhookPatch(_Body):
    """A merge patch: null clears, what is absent is kept."""

    url: Address | None = None
    kinds: Kinds | None = None
    customer_id: Customer | None = None
    description: Description | None = None
    active: bool | None = None

    @field_validator("url", "kinds", "active")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("cannot be cleared; leave it out to keep it")
        return value


class Webhook(BaseModel):
    """A webhook; its secret is never shown again."""

    id: str
    url: str
    kinds: list[str]
    customer_id: str | None
    description: str | None
    active: bool
    failing_since: str | None = Field(description="since when nothing could be delivered")
    created_at: str
    updated_at: str
    version: int


class WebhookWithSecret(Webhook):
    """A webhook with the secret that its events are signed with."""

    secret: str


class WebhookList(BaseModel):
    """All webhooks."""

    items: list[Webhook]
    next_cursor: None = None


class Attempt(BaseModel):
    """One attempt to deliver."""

    at: str
    status: int | None
    error: str | None
    answer: str
    milliseconds: int


class Delivery(BaseModel):
    """One event for one webhook."""

    event_id: str
    kind: str
    subject: str
    state: Literal["waiting", "delivered", "given_up"]
    at: str
    next_attempt_at: str | None
    attempts: list[Attempt]
    event: Values


class DeliveryList(BaseModel):
    """One page of the log of deliveries, the newest first."""

    items: list[Delivery]
    next_cursor: str | None


_WEBHOOK = {
    "id": "webhook-0a1b2c3d4e5f6071",
    "url": "https://crm.example/hooks/relgraph",
    "kinds": ["stakeholder.*", "support.updated"],
    "customer_id": None,
    "description": "the CRM",
    "active": True,
    "failing_since": None,
    "created_at": "2026-11-12T09:00:00.000000Z",
    "updated_at": "2026-11-12T09:00:00.000000Z",
    "version": 1,
}
_SECRET = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
_DELIVERY = {
    "event_id": "change-0a1b2c3d4e5f6071-0",
    "kind": "support.updated",
    "subject": "supports/chen/dc-renewal",
    "state": "delivered",
    "at": "2026-11-12T09:30:00.000000Z",
    "next_attempt_at": None,
    "attempts": [
        {"at": "2026-11-12T09:30:01.000000Z", "status": 204, "error": None, "answer": "",
         "milliseconds": 41}
    ],
    "event": {
        "type": "support.updated",
        "timestamp": "2026-11-12T09:30:00.000000Z",
        "data": {**CHANGE_EXAMPLE, "path": None},
    },
}  # fmt: skip


def _check_address(request: Request, url: str) -> None:
    lang = language(request)
    try:
        refuse_address(url, inside=request.app.state.settings.webhooks_inside)
    except Refused as error:
        raise RequestValidationError(
            [{"loc": ("body", "url"), "msg": error.text(lang), "type": LOCALIZED, "input": url}]
        ) from None


@router.get("", summary="List webhooks", operation_id="list_webhooks",
            responses=answer({"items": [_WEBHOOK], "next_cursor": None}))  # fmt: skip
def list_webhooks(access: Asking) -> WebhookList:
    """All of them, without their secrets."""
    return WebhookList.model_validate({"items": store.listed(access)})


@router.post("", status_code=201, summary="Make a webhook", operation_id="create_webhook",
             responses=written(_WEBHOOK | _SECRET, 201))  # fmt: skip
def create_webhook(
    request: Request, response: Response, access: Asking, body: NewWebhook
) -> WebhookWithSecret:
    """It is sent what is committed from now on. This answer alone has the secret."""
    _check_address(request, body.url)
    made = store.create(access, body.model_dump())
    response.headers["ETag"] = etag(made["version"])
    response.headers["Location"] = f"/api/v1/webhooks/{made['id']}"
    return WebhookWithSecret.model_validate({"failing_since": None, **made})


@router.get("/{id}", summary="Read one webhook", operation_id="get_webhook",
            responses=answer(_WEBHOOK, 404))  # fmt: skip
def get_webhook(response: Response, access: Asking, id: Id) -> Webhook:
    """Without its secret."""
    webhook = store.get(access, id)
    # `failing_since` comes and goes without a new version.
    response.headers["ETag"] = incomplete_etag(webhook["version"])
    return Webhook.model_validate(webhook)


@router.patch("/{id}", summary="Change a webhook", operation_id="change_webhook",
              responses=written(_WEBHOOK, 200, 404, 412))  # fmt: skip
def change_webhook(
    request: Request,
    response: Response,
    access: Asking,
    id: Id,
    body: WebhookPatch,
    match: IfMatchHeader = None,
) -> Webhook:
    """A JSON merge patch. What happens while it is not active is not sent later."""
    if body.url is not None:
        _check_address(request, body.url)
    values = body.model_dump(exclude_unset=True)
    webhook = store.change(access, id, values, versions_of(match))
    response.headers["ETag"] = etag(webhook["version"])
    return Webhook.model_validate(webhook)


@router.delete("/{id}", status_code=204, summary="Remove a webhook",
               operation_id="remove_webhook", responses=written(None, 204, 404))  # fmt: skip
def remove_webhook(access: Asking, id: Id) -> Response:
    """With the log of its deliveries."""
    store.remove(access, id)
    return Response(status_code=204)


@router.post("/{id}/secret", summary="Give a webhook a new secret", operation_id="rotate_secret",
             responses=written(_WEBHOOK | _SECRET, 200, 404))  # fmt: skip
def rotate_secret(access: Asking, id: Id) -> WebhookWithSecret:
    """For a day events are signed with the former one, too."""
    return WebhookWithSecret.model_validate(store.rotate(access, id))


@router.post("/{id}/test", status_code=202, summary="Send a test event",
             operation_id="test_webhook", responses=written(_DELIVERY, 202, 404))  # fmt: skip
def test_webhook(access: Asking, id: Id) -> Delivery:
    """An event of the kind `ping`, to see whether it arrives."""
    store.get(access, id)
    event_id = f"ping-{uuid.uuid4().hex[:16]}"
    at = timestamp(access.now)
    event = {"type": "ping", "timestamp": at, "data": {"webhook_id": id}}
    row = delivery(id, event_id, event, subject=event_id, version=0, place=f"{at}/{event_id}")
    return Delivery.model_validate(deliveries.add(access, row))


@router.get("/{id}/deliveries", summary="The log of a webhook's deliveries",
            operation_id="list_deliveries",
            responses=answer({"items": [_DELIVERY], "next_cursor": None}, 404))  # fmt: skip
def list_deliveries(
    access: Asking,
    id: Id,
    state: Annotated[
        Literal["waiting", "delivered", "given_up"] | None, Query(description="only in this state")
    ] = None,
    cursor: cursors.CursorQuery = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
) -> DeliveryList:
    """The newest first, each with its attempts. They are kept for fourteen days."""
    listed = {"id": id, "state": state}
    after = None if cursor is None else cursors.read_cursor(cursor, "deliveries", listed, 1)[0]
    items, last = deliveries.page(access, id, state=state, after=after, limit=limit)
    following = cursors.next_cursor("deliveries", listed, last)
    return DeliveryList.model_validate({"items": items, "next_cursor": following})


@router.post("/{id}/deliveries/{event_id}/retry", status_code=202, summary="Deliver once more",
             operation_id="retry_delivery", responses=written(_DELIVERY, 202, 404))  # fmt: skip
def retry_delivery(access: Asking, id: Id, event_id: EventId) -> Delivery:
    """Whatever came of it before."""
    return Delivery.model_validate(deliveries.retry(access, id, event_id))
