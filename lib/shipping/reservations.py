"""Reservations: the one row a shipment can be bought by, made and given back together with its charge."""

from datetime import datetime
from typing import Any, NotRequired, TypedDict

import sqlalchemy as sa

from lib.models.base import iso_instant
from lib.models.errors import Conflict
from lib.models.ids import new_id
from lib.models.payments import LedgerLine
from lib.models.rates import Rate
from lib.models.shipments import Purchase, Shipment
from lib.shipping.buying import already_purchased, buyable_rate, is_own_courier
from lib.shipping.payments import paying_method
from lib.shipping.tracking_numbers import new_tracking_number
from lib.store.idempotency import KeyedRequest, claim, forget
from lib.store.ledger import return_charge, write_line
from lib.store.shipments import SHIPMENTS
from lib.store.tables import purchases


class Order(TypedDict):
    """What a workflow is started with; plain JSON, so that a later build can take up an earlier one's."""

    shipment_id: str
    rates_generated_at: str
    purchase: dict[str, Any]
    asked: NotRequired[KeyedRequest | None]


class Reservation(TypedDict):
    """The number and the moment that every later step, run once or again, works with."""

    tracking_number: str
    purchased_at: str


def reserved_rate(connection: sa.Connection, shipment_id: str) -> str | None:
    """The rate at which somebody has begun to buy the shipment, or has bought it."""
    return connection.scalar(sa.select(purchases.c.rate_id).where(purchases.c.shipment_id == shipment_id))


def paid_by(connection: sa.Connection, reservation: Reservation) -> str | None:
    """The id of the payment method that a reservation was charged to; None when it was given back."""
    number = reservation["tracking_number"]
    return connection.scalar(sa.select(purchases.c.payment_method_id).where(purchases.c.tracking_number == number))


def reserve(connection: sa.Connection, order: Order, now: datetime) -> Reservation:
    """The reservation of this order, made and charged where there is none.

    Raises Conflict when another rate holds the shipment, the rates were refreshed or have expired, or the key is
    another request's; InvalidRequest for a payment method that cannot pay; IntegrityError when the random tracking
    number is somebody else's.
    """
    shipment = SHIPMENTS.get_locked(connection, order["shipment_id"])
    purchase = Purchase.model_validate(order["purchase"])
    row = connection.execute(sa.select(purchases).where(purchases.c.shipment_id == shipment.id)).one_or_none()
    if row is not None:
        if row.rate_id != purchase.rate_id:
            raise already_purchased(shipment.id, row.rate_id)
        return Reservation(tracking_number=row.tracking_number, purchased_at=iso_instant(row.purchased_at))
    rate = shipment.rate(purchase.rate_id)
    if rate is None or iso_instant(shipment.rates_generated_at) != order["rates_generated_at"]:
        raise Conflict("The rates were refreshed meanwhile. Choose again.", fields=["rate_id"], code="rates_expired")
    buyable_rate(shipment, rate.id, now)
    if asked := order.get("asked"):
        claim(connection, asked, shipment.id, now)
    return _charged(connection, shipment, rate, purchase, now)


def give_back(connection: sa.Connection, order: Order, reservation: Reservation, now: datetime) -> None:
    """Undo this order's own reservation and charge, never those that a later order has made since."""
    number = reservation["tracking_number"]
    if not connection.execute(sa.delete(purchases).where(purchases.c.tracking_number == number)).rowcount:
        return
    return_charge(connection, number, "reversal", now)
    if asked := order.get("asked"):
        forget(connection, asked)


def _charged(
    connection: sa.Connection, shipment: Shipment, rate: Rate, purchase: Purchase, now: datetime
) -> Reservation:
    number = new_tracking_number(own_courier=is_own_courier(rate))
    method = paying_method(connection, purchase.payment_method, now)
    connection.execute(
        sa.insert(purchases).values(
            shipment_id=shipment.id,
            rate_id=rate.id,
            amount=rate.amount,
            payment_method_id=method,
            tracking_number=number,
            purchased_at=now,
        )
    )
    write_line(
        connection,
        LedgerLine(
            id=new_id("line"),
            kind="charge",
            payment_method_id=method,
            shipment_id=shipment.id,
            tracking_number=number,
            amount=rate.billed_amount,
            currency=rate.currency,
            reference=purchase.payment_reference,
            created_at=now,
        ),
    )
    return Reservation(tracking_number=number, purchased_at=iso_instant(now))
