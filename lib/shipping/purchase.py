"""Buying, exactly once: a durable workflow keyed by the shipment, the moment its rates were made, and the attempt.

Three steps, each of which may run again without harm: the shipment is reserved (its id is the primary key of
`purchases`) and charged in one transaction, the label is drawn from the reservation and filed, the shipment is recorded
as bought. Killed anywhere, the workflow goes on at the next start; failed for good, it gives the reservation and the
charge back, nothing was bought, and whoever asks again begins a new attempt.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from dbos import DBOS, SetWorkflowID

from lib import runtime
from lib.models.base import iso_instant, merged_metadata, parse_instant, utc_now
from lib.models.errors import DeskError, DeskUnavailable
from lib.models.shipments import Purchase, Shipment
from lib.shipping.buying import already_purchased, bought, buyable_rate, is_bought_as, label_name
from lib.shipping.labels import label_pdf
from lib.shipping.payments import require_usable_method
from lib.shipping.reservations import Order, Reservation, give_back, paid_by, reserve, reserved_rate
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.idempotency import KeyedRequest, claim, recall
from lib.store.shipments import SHIPMENTS
from lib.tracking.following import follow

_MILLISECONDS = 1000
_STEP_ATTEMPTS = 3
_FIRST_PAUSE_S, _PAUSE_GROWTH, _LONGEST_PAUSE_S, _PATIENCE_S = 0.005, 1.25, 0.25, 30.0
_NUMBERS_TRIED = 5
_RUNNING = ("PENDING", "ENQUEUED", "DELAYED")
_NOT_FAILED = (*_RUNNING, "SUCCESS")


class _Handle(Protocol):
    """The part of DBOS' workflow handle that waiting needs."""

    def get_status(self) -> Any: ...
    def get_result(self) -> Any: ...


def buy(engine: sa.Engine, shipment_id: str, purchase: Purchase, asked: KeyedRequest | None = None) -> Shipment:
    """The shipment bought at the rate asked for; asked again it is the same purchase.

    `asked` is the request under its Idempotency-Key, where it has one. Raises NotFound, InvalidRequest, Conflict;
    DeskUnavailable when it failed and nothing was bought.
    """
    shipment = SHIPMENTS.get(engine, shipment_id)
    if asked is not None and recall(engine, asked, utc_now()) is not None and shipment.purchased_rate is not None:
        return shipment
    if not is_bought_as(shipment, purchase.rate_id):
        _require_buyable(engine, shipment, purchase)
        _run(shipment, purchase, asked)
    return _bought_as_asked(engine, shipment_id, purchase, asked)


def is_being_bought(connection: sa.Connection, shipment_id: str) -> bool:
    """Whether somebody has begun to buy the shipment, or has bought it."""
    return reserved_rate(connection, shipment_id) is not None


@DBOS.workflow(name="purchase")
def purchase_workflow(order: Order) -> None:
    """Reserve and charge, make the label, record; on failure give reservation and charge back."""
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
    for _ in range(_NUMBERS_TRIED):
        try:
            with writing(runtime.current().engine).begin() as connection:
                return reserve(connection, order, utc_now())
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
        method = paid_by(connection, reservation)
        if method is None:
            raise DeskUnavailable("The reservation was given back, so nothing was bought. Try again.")
        now_known = {"payment_method": method, "updated_at": utc_now()}
        made = _bought(shipment, order, reservation).model_copy(update=now_known)
        SHIPMENTS.update(connection, follow(connection, made))
        record_event(connection, "shipment.purchased", made.id)


@_retried("purchase.give_back")
def _give_back(order: Order, reservation: Reservation) -> None:
    held = runtime.current()
    with writing(held.engine).begin() as connection:
        shipment = SHIPMENTS.get_locked(connection, order["shipment_id"])
        if shipment.purchased_rate is not None:
            return
        give_back(connection, order, reservation, utc_now())
        if not is_being_bought(connection, shipment.id):
            held.files.delete(label_name(shipment.id))


def _bought(shipment: Shipment, order: Order, reservation: Reservation) -> Shipment:
    purchase = Purchase.model_validate(order["purchase"])
    at: datetime = parse_instant(reservation["purchased_at"])
    return bought(shipment, purchase.rate_id, purchase, tracking_number=reservation["tracking_number"], at=at)


def _require_buyable(engine: sa.Engine, shipment: Shipment, purchase: Purchase) -> None:
    """Refuse what cannot be bought before a workflow is begun. A purchase that is under way already goes on."""
    with engine.connect() as connection:
        reserved = reserved_rate(connection, shipment.id)
        if reserved is None:
            buyable_rate(shipment, purchase.rate_id, utc_now())
            merged_metadata(shipment.metadata, purchase.metadata or {})
            require_usable_method(connection, purchase.payment_method)
        elif reserved != purchase.rate_id:
            raise already_purchased(shipment.id, reserved)


def _bought_as_asked(engine: sa.Engine, shipment_id: str, purchase: Purchase, asked: KeyedRequest | None) -> Shipment:
    """The shipment as bought, the key of a request that joined an earlier one's purchase kept too."""
    shipment = SHIPMENTS.get(engine, shipment_id)
    known = asked is None or recall(engine, asked, utc_now()) is not None
    if not is_bought_as(shipment, purchase.rate_id):
        raise DeskUnavailable("The purchase ended without a result. Look at the shipment again before trying anew.")
    if asked is not None and not known:
        with writing(engine).begin() as connection:
            claim(connection, asked, shipment_id, utc_now())
    return shipment


def _run(shipment: Shipment, purchase: Purchase, asked: KeyedRequest | None) -> None:
    """Start the workflow, or join the one that runs already, and wait for its end."""
    order = Order(
        shipment_id=shipment.id,
        rates_generated_at=iso_instant(shipment.rates_generated_at),
        purchase=purchase.model_dump(mode="json"),
        asked=asked,
    )
    try:
        with SetWorkflowID(_attempt(shipment)):
            _wait(DBOS.start_workflow(purchase_workflow, order))
    except DeskError:
        raise
    except Exception as error:
        raise DeskUnavailable("The label could not be made and nothing was bought. Try again.") from error


def _attempt(shipment: Shipment) -> str:
    """The id of the first attempt at these rates that has not failed, which all who buy at once have in common."""
    generation = round(shipment.rates_generated_at.timestamp() * _MILLISECONDS)
    attempt = 0
    while True:
        workflow_id = f"purchase-{shipment.id}-{generation}-{attempt}"
        status = DBOS.get_workflow_status(workflow_id)
        if status is None or status.status in _NOT_FAILED:
            return workflow_id
        attempt += 1


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
