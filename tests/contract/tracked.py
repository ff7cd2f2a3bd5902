"""Bought shipments to follow, kept without the durable engine."""

from typing import Any

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.shipments import Purchase, QuoteRequest, Shipment
from lib.models.team import TeamSettings
from lib.models.trackers import Tracker
from lib.shipping.buying import bought
from lib.shipping.rates import quoted_shipment
from lib.shipping.tracking_numbers import new_tracking_number
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.tables import events
from lib.store.trackers import TRACKERS
from lib.tracking.following import follow
from tests.examples import QUOTABLE

NUMBER = "PKGX-5LO98Q3-UR2VMEB"


def followed(engine: sa.Engine, number: str = NUMBER, *, quote: dict[str, Any] | None = None) -> Shipment:
    """The example of the API page, bought at its first UPS rate, then given that number, kept and followed."""
    at = utc_now()
    quoted = quoted_shipment(QuoteRequest.model_validate({**QUOTABLE, **(quote or {})}), TeamSettings(), at)
    rate = next(rate for rate in quoted.rates if rate.provider.id == "ups")
    label = new_tracking_number(own_courier=False)
    made = bought(quoted, rate.id, Purchase(rate_id=rate.id), tracking_number=label, at=at)
    made = made.model_copy(update={"tracking_number": number})
    with writing(engine).begin() as connection:
        SHIPMENTS.insert(connection, [made])
        made = follow(connection, made)
        SHIPMENTS.update(connection, made)
    return made


def tracker_of(engine: sa.Engine, shipment: Shipment) -> Tracker:
    assert shipment.tracker_id is not None
    return TRACKERS.get(engine, shipment.tracker_id)


def shipment_now(engine: sa.Engine, shipment: Shipment) -> Shipment:
    return SHIPMENTS.get(engine, shipment.id)


def events_of(engine: sa.Engine, identifier: str) -> list[str]:
    statement = sa.select(events.c.event).where(events.c.resource_id == identifier).order_by(events.c.sequence)
    with engine.connect() as connection:
        return list(connection.scalars(statement))
