"""Moving the test numbers that move by themselves. Any number of workers may do it at once."""

from datetime import datetime

import sqlalchemy as sa

from lib.models.addresses import Address
from lib.models.shipments import Shipment
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.trackers import TRACKERS, due_ids
from lib.tracking.courses import route_of, steps_left
from lib.tracking.reporting import report_on_tracker


def move_due(engine: sa.Engine, now: datetime) -> int:
    """Let every tracker take the steps that are due by `now`, missed ones too; how many trackers moved.

    Each moves in its own short transaction. One that somebody else is at work on is left to them, or to the next time.
    """
    return sum(_move(engine, tracker_id, now) for tracker_id in due_ids(engine, now))


def _move(engine: sa.Engine, tracker_id: str, now: datetime) -> bool:
    with writing(engine).begin() as connection:
        tracker = TRACKERS.find_locked(connection, tracker_id, wait=False)
        if tracker is None or tracker.moves_at is None or tracker.moves_at > now:
            return False
        shipments: dict[str, Shipment] = {}
        for link in tracker.shipments:
            found = SHIPMENTS.find_locked(connection, link.id, wait=False)
            if found is not None:
                shipments[link.id] = found
            elif SHIPMENTS.find_in(connection, link.id) is not None:
                return False
        origin, destination = _ends(shipments.get(tracker.current_shipment_id or ""))
        steps = steps_left(tracker, route_of(tracker.tracking_number, origin, destination))
        report_on_tracker(connection, tracker, shipments, [step for step in steps if step.created_at <= now], now)
    return True


def _ends(shipment: Shipment | None) -> tuple[Address | None, Address | None]:
    return (shipment.sender.address, shipment.recipient.address) if shipment else (None, None)
