"""The outbox: what webhooks are to be told, kept in the transaction of the event itself.

So nothing is lost, and nothing is told of a change that was rolled back.
"""

import json
from typing import Any

import sqlalchemy as sa

from lib.models.events import Event, is_subscribed
from lib.models.ids import new_id
from lib.models.webhooks import Webhook, WebhookDelivery
from lib.store import tables
from lib.store.tables import webhook_deliveries, webhooks

# Where the documents stand that a delivery carries; events of anything else carry their `data` alone.
_DOCUMENTS: dict[str, sa.Table] = {
    "shipment": tables.shipments,
    "tracker": tables.trackers,
    "contact": tables.contacts,
    "group": tables.groups,
    "location": tables.locations,
    "address": tables.addresses,
    "fulfillment": tables.fulfillments,
    "shipping_label_inference": tables.shipping_label_inferences,
    "payment_method": tables.payment_methods,
    "export": tables.exports,
    "export_template": tables.export_templates,
    "rate_card": tables.rate_cards,
    "webhook": tables.webhooks,
}
_RATES = ("recommended_rate", "purchased_rate")
_BREAKDOWN = "breakdown"
# Asked with every event, so it is put together once.
_ACTIVE = sa.select(webhooks.c.document).where(webhooks.c.active)


def hand_over(connection: sa.Connection, event: Event) -> None:
    """Keep a delivery of the event for every active webhook that subscribes to it."""
    documents = connection.scalars(_ACTIVE).all()
    active = [Webhook.model_validate_json(document) for document in documents]
    told = [webhook for webhook in active if is_subscribed(webhook.events, event.event)]
    if told:
        payload = make_payload(connection, event)
        for webhook in told:
            add_delivery(connection, event, webhook.id, payload)


def make_payload(connection: sa.Connection, event: Event) -> str:
    """What a receiver is sent: the event, and under `subject` the resource as it is in this transaction.

    Rates come without their breakdowns, which `GET /v1/shipments/{id}` has.
    """
    return json.dumps({**event.model_dump(mode="json"), "subject": _subject(connection, event)}, ensure_ascii=False)


def add_delivery(connection: sa.Connection, event: Event, webhook_id: str, payload: str) -> WebhookDelivery:
    """Keep one delivery, due at once."""
    delivery = WebhookDelivery(
        id=new_id("dlv"),
        webhook_id=webhook_id,
        event=event.event,
        event_id=event.id,
        event_sequence=event.sequence,
        resource_id=event.resource_id,
        created_at=event.created_at,
        updated_at=event.created_at,
        next_attempt_at=event.created_at,
    )
    row = {"id": delivery.id, **delivery_columns(delivery), "created_at": delivery.created_at, "payload": payload}
    connection.execute(sa.insert(webhook_deliveries).values(row))
    return delivery


def delivery_columns(delivery: WebhookDelivery) -> dict[str, Any]:
    """The row of a delivery, but for what never changes about it."""
    return {
        "updated_at": delivery.updated_at,
        "webhook_id": delivery.webhook_id,
        "event_sequence": delivery.event_sequence,
        "status": delivery.status,
        "due_at": delivery.next_attempt_at,
        "document": delivery.model_dump_json(),
    }


def _subject(connection: sa.Connection, event: Event) -> dict[str, Any] | None:
    table = _DOCUMENTS.get(event.resource)
    if table is None:
        return None
    document = connection.scalar(sa.select(table.c.document).where(table.c.id == event.resource_id))
    if document is None:
        return None
    subject: dict[str, Any] = json.loads(document)
    for rate in [*subject.get("rates", []), *(subject.get(name) for name in _RATES)]:
        if isinstance(rate, dict):
            rate.pop(_BREAKDOWN, None)
    return subject
