"""Webhooks and their deliveries in the database; who may send which delivery when.

One delivery of a webhook is under way at a time, the earliest event of those that are due first. Who sends holds it
until `due_at`; when the sender dies, the delivery is due again at that moment and another one takes it up. So every
delivery is sent at least once, and never by two at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lib.models.errors import NotFound
from lib.models.lists import ListQuery, Page
from lib.models.webhooks import Webhook, WebhookDelivery
from lib.store.database import writing
from lib.store.documents import Documents
from lib.store.facets import search_facets
from lib.store.filters import compile_filters, compile_order
from lib.store.outbox import delivery_columns
from lib.store.pages import read_page
from lib.store.tables import webhook_deliveries as deliveries
from lib.store.tables import webhooks

# Well above the time an attempt may take, and above what clocks of several machines differ by.
HELD = timedelta(seconds=30)
_DELETED_AT_ONCE = 500


def _columns(webhook: Webhook) -> dict[str, Any]:
    return {"created_at": webhook.created_at, "updated_at": webhook.updated_at, "active": webhook.active}


WEBHOOKS = Documents(
    "webhook",
    webhooks,
    Webhook,
    columns=_columns,
    facets=lambda webhook: search_facets(webhook.url, webhook.description, webhook.id),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send now, with where to and what."""

    webhook: Webhook
    secret: str | None
    delivery: WebhookDelivery
    payload: str


def claim_delivery(engine: sa.Engine, now: datetime) -> Claim | None:
    """Take up the sending of one delivery that is due; None when there is nothing to send."""
    with engine.connect() as connection:
        if connection.scalar(sa.select(webhooks.c.id).where(_is_waiting(now)).limit(1)) is None:
            return None
    with writing(engine).begin() as connection:
        waiting = sa.select(webhooks).where(_is_waiting(now)).limit(1).with_for_update(skip_locked=True)
        webhook = connection.execute(waiting).one_or_none()
        if webhook is None:
            return None
        # Looked at anew: before the webhook was ours, somebody else may have taken its first.
        row = connection.execute(_first_due(webhook.id, now)).one_or_none()
        if row is None:
            return None
        delivery = WebhookDelivery.model_validate_json(row.document).model_copy(
            update={"status": "sending", "next_attempt_at": now + HELD, "updated_at": now}
        )
        write_delivery(connection, delivery)
    return Claim(Webhook.model_validate_json(webhook.document), webhook.secret, delivery, row.payload)


def settle_delivery(engine: sa.Engine, claim: Claim, settled: WebhookDelivery, health: Mapping[str, Any]) -> None:
    """Keep what came of a claim, and `health` as fields of its webhook; nothing when the claim is no longer ours."""
    ours = sa.and_(
        deliveries.c.id == claim.delivery.id,
        deliveries.c.status == "sending",
        deliveries.c.due_at == claim.delivery.next_attempt_at,
    )
    of_webhook = sa.select(webhooks.c.document).where(webhooks.c.id == claim.webhook.id).with_for_update()
    with writing(engine).begin() as connection:
        document = connection.scalar(of_webhook)
        kept = connection.execute(sa.update(deliveries).where(ours).values(delivery_columns(settled))).rowcount
        if document is not None and kept:
            WEBHOOKS.update(connection, Webhook.model_validate_json(document).model_copy(update=health))


def get_delivery_locked(connection: sa.Connection, webhook_id: str, delivery_id: str) -> WebhookDelivery:
    """The delivery, held until the transaction ends. Raises NotFound."""
    wanted = sa.select(deliveries.c.document).where(
        deliveries.c.id == delivery_id, deliveries.c.webhook_id == webhook_id
    )
    document = connection.scalar(wanted.with_for_update())
    if document is None:
        raise NotFound(
            f"Webhook {webhook_id} has no delivery {delivery_id}; the log keeps them for 30 days.",
            fields=["delivery_id"],
            code="delivery_not_found",
        )
    return WebhookDelivery.model_validate_json(document)


def write_delivery(connection: sa.Connection, delivery: WebhookDelivery) -> None:
    """Replace what is kept of a delivery."""
    connection.execute(sa.update(deliveries).where(deliveries.c.id == delivery.id).values(delivery_columns(delivery)))


def list_deliveries(engine: sa.Engine, webhook_id: str, query: ListQuery) -> Page[WebhookDelivery]:
    """A page of a webhook's deliveries, the last event first. Raises InvalidRequest."""
    return read_page(
        engine,
        deliveries,
        WebhookDelivery,
        order=compile_order(deliveries, query.order_by or "event_sequence", query.direction or "desc"),
        page=query.page,
        limit=query.limit,
        where=[deliveries.c.webhook_id == webhook_id, *compile_filters(deliveries, query.filters)],
    )


def delete_deliveries_of(connection: sa.Connection, webhook_id: str) -> None:
    """Forget every delivery of a webhook."""
    connection.execute(sa.delete(deliveries).where(deliveries.c.webhook_id == webhook_id))


def delete_deliveries_before(engine: sa.Engine, moment: datetime) -> int:
    """Forget deliveries made before that moment, a batch at a time; how many."""
    count = 0
    old = sa.select(deliveries.c.id).where(deliveries.c.created_at < moment).limit(_DELETED_AT_ONCE)
    while True:
        with writing(engine).begin() as connection:
            deleted = connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(old))).rowcount
        count += deleted
        if deleted < _DELETED_AT_ONCE:
            return count


def _is_waiting(now: datetime) -> sa.ColumnElement[bool]:
    """The condition that a webhook is active, has something due and nothing under way."""
    due = sa.exists().where(deliveries.c.webhook_id == webhooks.c.id, deliveries.c.due_at <= now)
    return sa.and_(webhooks.c.active, due, ~_is_under_way(webhooks.c.id, now))


def _is_under_way(webhook_id: sa.ColumnElement[str] | str, now: datetime) -> sa.ColumnElement[bool]:
    other = deliveries.alias()
    return sa.exists().where(other.c.webhook_id == webhook_id, other.c.status == "sending", other.c.due_at > now)


def _first_due(webhook_id: str, now: datetime) -> sa.Select[Any]:
    return (
        sa.select(deliveries.c.document, deliveries.c.payload)
        .where(deliveries.c.webhook_id == webhook_id, deliveries.c.due_at <= now, ~_is_under_way(webhook_id, now))
        .order_by(deliveries.c.event_sequence, deliveries.c.id)
        .limit(1)
    )
