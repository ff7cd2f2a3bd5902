"""Webhooks on the embedded desk: where others are told, and the log of having told them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import Conflict, InvalidRequest
from lib.models.ids import new_id
from lib.models.lists import ListQuery, Page
from lib.models.webhooks import (
    RETRY_DELAYS,
    Webhook,
    WebhookCreate,
    WebhookDelivery,
    WebhookHeader,
    WebhookUpdate,
)
from lib.store.database import writing
from lib.store.events import record_event, write_event
from lib.store.outbox import add_delivery, make_payload
from lib.store.resources import KeptResource
from lib.store.tables import webhooks
from lib.store.webhooks import (
    WEBHOOKS,
    delete_deliveries_of,
    get_delivery_locked,
    list_deliveries,
    write_delivery,
)

# As many as a worker sends to at once.
MAX_WEBHOOKS = 50


class LocalWebhooks(KeptResource[Webhook, WebhookCreate, WebhookUpdate]):
    """Keeps webhooks, and beside each the value of its header, which no answer ever holds."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, WEBHOOKS)

    def create(self, request: WebhookCreate) -> Webhook:
        """Keep a new one. Raises Conflict when there are 50."""
        webhook = self._made(request, utc_now())
        secret = request.header and request.header.value.get_secret_value()
        with writing(self._engine).begin() as connection:
            if (connection.scalar(sa.select(sa.func.count()).select_from(webhooks)) or 0) >= MAX_WEBHOOKS:
                raise Conflict(f"There are {MAX_WEBHOOKS} webhooks already; delete one first.", code="webhook_limit")
            WEBHOOKS.insert(connection, [webhook], secret=secret)
            record_event(connection, "webhook.created", webhook.id)
        return webhook

    def deliveries(self, webhook_id: str, query: ListQuery) -> Page[WebhookDelivery]:
        """A page of what was and will be sent, the last event first. Raises NotFound, InvalidRequest."""
        self.retrieve(webhook_id)
        return list_deliveries(self._engine, webhook_id, query)

    def redeliver(self, webhook_id: str, delivery_id: str) -> WebhookDelivery:
        """Send the same payload once more, now, with all its retries. Raises NotFound, Conflict."""
        _require_active(self.retrieve(webhook_id))
        with writing(self._engine).begin() as connection:
            delivery = get_delivery_locked(connection, webhook_id, delivery_id)
            if delivery.status == "sending":
                raise Conflict("It is being sent at this moment.", code="delivery_under_way")
            now = utc_now()
            again = {"status": "pending", "next_attempt_at": now, "updated_at": now, "retries_left": len(RETRY_DELAYS)}
            delivery = delivery.model_copy(update=again)
            write_delivery(connection, delivery)
        return delivery

    def ping(self, webhook_id: str) -> WebhookDelivery:
        """Send a `webhook.pinged` event to this webhook alone, to try it out. Raises NotFound, Conflict."""
        with writing(self._engine).begin() as connection:
            _require_active(WEBHOOKS.get_locked(connection, webhook_id))
            event = write_event(connection, "webhook.pinged", webhook_id)
            return add_delivery(connection, event, webhook_id, make_payload(connection, event))

    def _made(self, request: WebhookCreate, at: datetime) -> Webhook:
        given = request.model_dump(include={"url", "active", "description"})
        header = request.header and WebhookHeader(key=request.header.key)
        events = list(dict.fromkeys(request.events))
        return Webhook(id=new_id("whk"), events=events, header=header, created_at=at, updated_at=at, **given)

    def _changed(self, kept: Webhook, changes: WebhookUpdate, at: datetime) -> Webhook:
        given: dict[str, Any] = changes.model_dump(exclude_unset=True, exclude={"header"})
        nulls = [name for name in ("url", "events", "active") if given.get(name, "") is None]
        if nulls:
            raise InvalidRequest(f"{nulls[0]} cannot be null; leave it out to keep it.", fields=nulls)
        if "events" in given:
            given["events"] = list(dict.fromkeys(given["events"]))
        if "header" in changes.model_fields_set:
            given["header"] = changes.header and WebhookHeader(key=changes.header.key)
        return kept.model_copy(update={**given, "updated_at": at})

    def _linked(
        self,
        connection: sa.Connection,
        before: Webhook | None,  # noqa: ARG002
        after: Webhook,
        request: WebhookCreate | WebhookUpdate,
    ) -> Webhook:
        """The webhook, once a changed header's value is kept; a null header is taken away. Raises InvalidRequest."""
        if isinstance(request, WebhookUpdate) and "header" in request.model_fields_set:
            self._put_secret(connection, after.id, request)
        return after

    def _unlinked(self, connection: sa.Connection, kept: Webhook) -> None:
        """Its log goes with it."""
        delete_deliveries_of(connection, kept.id)

    def _put_secret(self, connection: sa.Connection, identifier: str, changes: WebhookUpdate) -> None:
        """The header's value as changed; without a new one the kept value stays. Raises InvalidRequest."""
        row = webhooks.c.id == identifier
        if changes.header is None:
            secret = None
        elif changes.header.value is not None:
            secret = changes.header.value.get_secret_value()
        elif connection.scalar(sa.select(webhooks.c.secret).where(row)) is None:
            raise InvalidRequest("Give the header's value too; none is kept.", fields=["header.value"])
        else:
            return
        connection.execute(sa.update(webhooks).where(row).values(secret=secret))


def _require_active(webhook: Webhook) -> None:
    if not webhook.active:
        raise Conflict(f"Webhook {webhook.id} is paused; switch it on first.", code="webhook_paused")
