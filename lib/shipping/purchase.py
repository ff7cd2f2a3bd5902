"""Buying, exactly once: a durable workflow keyed by the shipment and the moment its rates were made.

Three steps, each of which may run again without harm: the row in `purchases` is reserved (its primary key is the
shipment), the label is drawn from it and filed, the shipment is recorded as bought. Killed anywhere, the workflow
goes on at the next start; failed for good, it gives the reservation back and nothing was bought.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypedDict

import sqlalchemy as sa
from dbos import DBOS, SetWorkflowID

from lib import runtime
from lib.models.base import iso_instant, parse_instant, utc_now
from lib.models.errors import Conflict, DeskError, DeskUnavailable
from lib.models.shipments import Purchase, Shipment
from lib.shipping.buying import already_purchased, bought, buyable_rate, is_bought_as, is_own_courier, label_name
from lib.shipping.labels import label_pdf
from lib.shipping.tracking_numbers import new_tracking_number
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.shipments import SHIPMENTS
from lib.store.tables import purchases

_MILLISECONDS = 1000
_STEP_ATTEMPTS = 3
_FIRST_PAUSE_S, _PAUSE_GROWTH, _LONGEST_PAUSE_S, _PATIENCE_S = 0.005, 1.25, 0.25, 30.0
_NUMBERS_TRIED = 5
_RUNNING = ("PENDING", "ENQUEUED", "DELAYED")


class Order(TypedDict):
    """What a workflow is started with; plain JSON, so that a later build can take up an earlier one's."""

    shipment_id: str
    rates_generated_at: str
    purchase: dict[str, Any]


class Reservation(TypedDict):
    """The number and the moment that every later step, run once or again, works with."""

    tracking_number: str
    purchased_at: str


class _Handle(Protocol):
    """The part of DBOS' workflow handle that waiting needs."""

    def get_status(self) -> Any: ...
    def get_result(self) -> Any: ...


def buy(engine: sa.Engine, shipment_id: str, purchase: Purchase) -> Shipment:
    """The shipment bought at the rate asked for; asked again it is the same purchase.

    Raises NotFound, InvalidRequest, Conflict; DeskUnavailable when it failed and nothing was bought.
    """
    shipment = SHIPMENTS.get(engine, shipment_id)
    if is_bought_as(shipment, purchase.rate_id):
        return shipment
    if not _is_begun(engine, shipment_id, purchase.rate_id):
        buyable_rate(shipment, purchase.rate_id, utc_now())
    _run(shipment, purchase)
    shipment = SHIPMENTS.get(engine, shipment_id)
    if not is_bought_as(shipment, purchase.rate_id):
        raise DeskUnavailable("The purchase ended without a result. Look at the shipment again before trying anew.")
    return shipment


def is_being_bought(connection: sa.Connection, shipment_id: str) -> bool:
    """Whether somebody has begun to buy the shipment, or has bought it."""
    return _reserved_rate(connection, shipment_id) is not None


@DBOS.workflow(name="purchase")
def purchase_workflow(order: Order) -> None:
    """Reserve, make the label, record; on failure give the reservation back."""
    reservation = _reserve(order)
    try:
        _file_label(order, reservation)
        _record(order, reservation)
    except Exception:
        _give_back(order, reservation)
        raise


def _retried(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return DBOS.step(
        name=name,
        retries_allowed=True,
        interval_seconds=0.5,
        max_attempts=_STEP_ATTEMPTS,
        should_retry=lambda error: not isinstance(error, DeskError),
    )


@_retried("purchase.reserve")
def _reserve(order: Order) -> Reservation:
    """The reservation of this order; made where there is none. Raises Conflict when another rate holds it."""
    for _ in range(_NUMBERS_TRIED):
        try:
            with writing(runtime.current().engine).begin() as connection:
                return _find_or_make_reservation(connection, order)
        except sa.exc.IntegrityError:
            # The random number is somebody else's.
            continue
    raise DeskUnavailable("No free tracking number was found. Try again.")


@_retried("purchase.label")
def _file_label(order: Order, reservation: Reservation) -> None:
    held = runtime.current()
    made = _bought(SHIPMENTS.get(held.engine, order["shipment_id"]), order, reservation)
    held.files.write(label_name(made.id), label_pdf(made, made.label_size or "4x6"))


@_retried("purchase.record")
def _record(order: Order, reservation: Reservation) -> None:
    with writing(runtime.current().engine).begin() as connection:
        shipment = SHIPMENTS.get_locked(connection, order["shipment_id"])
        if shipment.purchased_rate is not None:
            return
        numbers = sa.select(purchases.c.tracking_number).where(purchases.c.shipment_id == shipment.id)
        if connection.scalar(numbers) != reservation["tracking_number"]:
            raise DeskUnavailable("The reservation was given back. Refresh the rates and try again.")
        SHIPMENTS.update(connection, _bought(shipment, order, reservation))
        record_event(connection, "shipment.purchased", shipment.id)


@_retried("purchase.give_back")
def _give_back(order: Order, reservation: Reservation) -> None:
    """Undo this order's own reservation, never one that a later order has made since."""
    held = runtime.current()
    with writing(held.engine).begin() as connection:
        shipment = SHIPMENTS.get_locked(connection, order["shipment_id"])
        if shipment.purchased_rate is not None:
            return
        connection.execute(sa.delete(purchases).where(purchases.c.tracking_number == reservation["tracking_number"]))
        if not is_being_bought(connection, shipment.id):
            held.files.delete(label_name(shipment.id))


def _find_or_make_reservation(connection: sa.Connection, order: Order) -> Reservation:
    shipment = SHIPMENTS.get_locked(connection, order["shipment_id"])
    rate_id = order["purchase"]["rate_id"]
    row = connection.execute(sa.select(purchases).where(purchases.c.shipment_id == shipment.id)).one_or_none()
    if row is not None:
        if row.rate_id != rate_id:
            raise already_purchased(shipment.id, row.rate_id)
        return Reservation(tracking_number=row.tracking_number, purchased_at=iso_instant(row.purchased_at))
    rate = shipment.rate(rate_id)
    if rate is None or iso_instant(shipment.rates_generated_at) != order["rates_generated_at"]:
        raise Conflict("The rates were refreshed meanwhile. Choose again.", fields=["rate_id"], code="rates_expired")
    number, now = new_tracking_number(own_courier=is_own_courier(rate)), utc_now()
    connection.execute(
        sa.insert(purchases).values(
            shipment_id=shipment.id, rate_id=rate_id, amount=rate.amount, tracking_number=number, purchased_at=now
        )
    )
    return Reservation(tracking_number=number, purchased_at=iso_instant(now))


def _bought(shipment: Shipment, order: Order, reservation: Reservation) -> Shipment:
    purchase = Purchase.model_validate(order["purchase"])
    at: datetime = parse_instant(reservation["purchased_at"])
    return bought(shipment, purchase.rate_id, purchase, tracking_number=reservation["tracking_number"], at=at)


def _is_begun(engine: sa.Engine, shipment_id: str, rate_id: str) -> bool:
    with engine.connect() as connection:
        reserved = _reserved_rate(connection, shipment_id)
    if reserved is not None and reserved != rate_id:
        raise already_purchased(shipment_id, reserved)
    return reserved is not None


def _reserved_rate(connection: sa.Connection, shipment_id: str) -> str | None:
    return connection.scalar(sa.select(purchases.c.rate_id).where(purchases.c.shipment_id == shipment_id))


def _run(shipment: Shipment, purchase: Purchase) -> None:
    """Start the workflow, or join the one that runs already, and wait for its end."""
    order = Order(
        shipment_id=shipment.id,
        rates_generated_at=iso_instant(shipment.rates_generated_at),
        purchase=purchase.model_dump(mode="json"),
    )
    generation = round(shipment.rates_generated_at.timestamp() * _MILLISECONDS)
    try:
        with SetWorkflowID(f"purchase-{shipment.id}-{generation}"):
            _wait(DBOS.start_workflow(purchase_workflow, order))
    except DeskError:
        raise
    except Exception as error:
        raise DeskUnavailable(
            "The label could not be made and nothing was bought. Refresh the rates and try again."
        ) from error


def _wait(handle: _Handle) -> None:
    """Wait for the end. Raises what the workflow raised, DeskUnavailable when it takes too long.

    Asking the status and not only for the result: a workflow that another machine holds and has dropped never ends.
    """
    pause, until = _FIRST_PAUSE_S, time.monotonic() + _PATIENCE_S
    while handle.get_status().status in _RUNNING:
        if time.monotonic() > until:
            raise DeskUnavailable("The purchase is still under way. Look at the shipment again in a minute.")
        time.sleep(pause)
        pause = min(_PAUSE_GROWTH * pause, _LONGEST_PAUSE_S)
    handle.get_result()
