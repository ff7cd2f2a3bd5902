"""/webhooks: who is told what happened, the log of it, and telling it again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from lib.api.envelope import answer, list_answer
from lib.api.lists import ListParameters, PageParameters, list_query
from lib.api.resources import ResourceRoutes, list_of, one_of
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.models.webhooks import Webhook, WebhookCreate, WebhookDelivery, WebhookUpdate

kept = ResourceRoutes(
    name="webhook",
    plural="webhooks",
    prefix="whk",
    of=lambda desk: desk.webhooks,
    model=Webhook,
    create=WebhookCreate,
    update=WebhookUpdate,
    filters=ListParameters,
    example={
        "url": "https://example.com/hooks/shipdesk",
        "events": ["shipment.*", "export.completed"],
        "header": {"key": "Authorization", "value": "Bearer a-secret-of-yours"},
        "description": "Tells the shop when a parcel is on its way",
    },
    update_example={"active": False},
).router()

log = APIRouter(tags=["webhooks"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])

WebhookId = Annotated[str, Path(description="An id that begins with whk_.")]
DeliveryId = Annotated[str, Path(description="An id that begins with dlv_.")]
_Date = Annotated[str | None, Field(description="Such as gte:2026-01-31.")]


class DeliveryFilters(PageParameters):
    """What a log of deliveries can be narrowed by."""

    status: Annotated[str | None, Field(description="pending, sending, delivered or failed, or several.")] = None
    created_at: _Date = None
    updated_at: _Date = None


@log.post("/webhooks/{webhook_id}/ping", responses=one_of(WebhookDelivery), summary="Try a webhook out")
def ping_webhook(request: Request, desk: DeskOfCall, webhook_id: WebhookId) -> Response:
    """Send a `webhook.pinged` event to this webhook alone; the log tells what came of it."""
    pinged = desk.webhooks.ping(webhook_id)
    return answer(request, pinged, message="Ping on its way.", events=["webhook.pinged"])


@log.get("/webhooks/{webhook_id}/deliveries", responses=list_of(WebhookDelivery), summary="List deliveries")
def list_deliveries(
    request: Request, desk: DeskOfCall, webhook_id: WebhookId, query: Annotated[DeliveryFilters, Query()]
) -> Response:
    """What was sent and will be, newest first, with every attempt: when, how long, and what was answered."""
    return list_answer(
        request, desk.webhooks.deliveries(webhook_id, list_query(request, query)), message="Deliveries found."
    )


@log.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    responses=one_of(WebhookDelivery),
    summary="Deliver again",
)
def redeliver(request: Request, desk: DeskOfCall, webhook_id: WebhookId, delivery_id: DeliveryId) -> Response:
    """Send the same payload once more, at once."""
    return answer(request, desk.webhooks.redeliver(webhook_id, delivery_id), message="Delivery on its way.")
