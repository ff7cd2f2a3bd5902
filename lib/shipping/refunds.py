"""Refunding: a label that was not used is voided and its price given back, in one transaction."""

from datetime import datetime

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import InvalidRequest
from lib.models.shipments import Shipment, TrackingUpdate
from lib.models.statuses import COMPLETED, ShipmentStatus
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.idempotency import KeyedRequest, claim
from lib.store.ledger import return_charge
from lib.store.shipments import SHIPMENTS
from lib.store.tables import purchases
from lib.tracking.following import stop_following

# Nobody has set out with the parcel yet, nor to fetch it. A label canceled by hand can still be refunded.
_NOT_UNDER_WAY: frozenset[ShipmentStatus] = frozenset(
    {"rates_generated", "created", "scheduled", "rescheduled", "address_issue", "contact_provider", "canceled"}
)
_DRIVER_ON_THE_WAY: frozenset[ShipmentStatus] = frozenset({"driver_dispatched", "provider_at_pickup"})


def refund(engine: sa.Engine, shipment_id: str, asked: KeyedRequest | None = None) -> Shipment:
    """The shipment with its label voided and its price given back; asked again it is the same refund.

    Raises NotFound; InvalidRequest when it is not bought (`not_purchased`) or has moved (`refund_not_offered`);
    Conflict for a reused Idempotency-Key.
    """
    with writing(engine).begin() as connection:
        shipment = SHIPMENTS.get_locked(connection, shipment_id)
        now = utc_now()
        if asked is not None:
            claim(connection, asked, shipment_id, now)
        if shipment.refund_status == "refunded":
            return shipment
        _require_refundable(shipment)
        refunded = _refunded(shipment, now)
        SHIPMENTS.update(connection, refunded)
        stop_following(connection, refunded)
        _return_price(connection, shipment_id, now)
        if shipment.status != "canceled":
            record_event(connection, "shipment.canceled", shipment_id)
        record_event(connection, "shipment.refunded", shipment_id)
    return refunded


def _require_refundable(shipment: Shipment) -> None:
    if shipment.purchased_rate is None:
        raise InvalidRequest(
            f"Shipment {shipment.id} is not bought, so there is nothing to refund.",
            fields=["shipment_id"],
            code="not_purchased",
        )
    been = [update.status for update in shipment.tracking_updates]
    moved = next((status for status in (shipment.status, *reversed(been)) if status not in _NOT_UNDER_WAY), None)
    if moved is not None:
        raise InvalidRequest(
            f"{shipment.purchased_rate.provider.name} gives no refund for shipment {shipment.id}: "
            f"{_whereabouts(moved)} ({moved}). Only a label that was not used yet can be voided.",
            fields=["shipment_id"],
            code="refund_not_offered",
        )


def _whereabouts(status: ShipmentStatus) -> str:
    if status in COMPLETED:
        return "it has come to its end"
    if status in _DRIVER_ON_THE_WAY:
        return "a driver is on the way to it"
    return "it is under way"


def _refunded(shipment: Shipment, at: datetime) -> Shipment:
    words = "The label was voided before it was used, and its price given back."
    update = TrackingUpdate(status="canceled", message=words, created_at=at)
    return shipment.model_copy(
        update={
            "status": "canceled",
            "refund_status": "refunded",
            "tracking_updates": [*shipment.tracking_updates, update],
            "updated_at": at,
        }
    )


def _return_price(connection: sa.Connection, shipment_id: str, at: datetime) -> None:
    number = connection.scalar(sa.select(purchases.c.tracking_number).where(purchases.c.shipment_id == shipment_id))
    # A sample shipment was never charged.
    if number is not None:
        return_charge(connection, number, "refund", at)
