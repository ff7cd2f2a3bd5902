"""Following a shipment by its tracking number, from the purchase on."""

from datetime import datetime

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import Conflict
from lib.models.ids import new_id
from lib.models.shipments import Shipment
from lib.models.trackers import Tracker
from lib.store.events import record_event
from lib.store.links import tracking_path
from lib.store.trackers import TRACKERS, find_by_number
from lib.tracking.chains import NOT_BEGUN
from lib.tracking.recognition import carrier_page
from lib.tracking.reporting import close_earlier, hold, keep_tracker
from lib.tracking.standing import joined, settled, with_chain, with_reports
from lib.tracking.updates import in_order, status_of


def follow(connection: sa.Connection, shipment: Shipment) -> Shipment:
    """The shipment on the tracker of its number, made where there is none, for the caller to keep in this transaction.

    A shipment with the number of another is chained after it. What a tracker without a shipment knew already, the
    shipment knows then too. A shipment whose number has changed leaves its former tracker, one without a number is on
    none. Followed again it stays as it is. The caller holds the shipment's row.
    """
    number, at = shipment.tracking_number, utc_now()
    kept = find_by_number(connection, number, shipment.provider) if number else None
    if shipment.tracker_id and (kept is None or kept.id != shipment.tracker_id):
        _leave(connection, shipment, at)
    if not number:
        return shipment.model_copy(update={"tracker_id": None, "tracking_url": None})
    if kept is None:
        return _followed_by_new(connection, shipment, number, at)
    tracker, others = hold(connection, kept.id)
    if tracker is None:
        return _followed_by_new(connection, shipment, number, at)
    if any(link.id == shipment.id for link in tracker.shipments):
        return _on(shipment, kept.id)
    shipment = _informed(shipment, tracker)
    tracker = close_earlier(
        connection, joined(tracker, shipment), others, shipment_id=shipment.id, cause="chained", at=at
    )
    keep_tracker(connection, settled(with_reports(tracker, shipment.tracking_updates, shipment.id), at))
    return _on(shipment, tracker.id)


def stop_following(connection: sa.Connection, shipment: Shipment) -> None:
    """Let the tracker know that the shipment, as the caller keeps it in this transaction, is canceled."""
    tracker = TRACKERS.find_locked(connection, shipment.tracker_id) if shipment.tracker_id else None
    if tracker is None:
        return
    tracker = with_chain(tracker, [shipment])
    keep_tracker(connection, settled(with_reports(tracker, shipment.tracking_updates, shipment.id), utc_now()))


def _followed_by_new(connection: sa.Connection, shipment: Shipment, number: str, at: datetime) -> Shipment:
    """The shipment on a new tracker; on the one that another process has just made for the number, where it has."""
    identifier = new_id("track")
    blank = Tracker(
        id=identifier,
        tracking_number=number,
        tracking_url=tracking_path(identifier),
        carrier_url=carrier_page(number, shipment.provider),
        tags=shipment.tags,
        created_at=at,
        updated_at=at,
    )
    tracker = settled(with_reports(joined(blank, shipment), shipment.tracking_updates, shipment.id), at)
    try:
        with connection.begin_nested():
            TRACKERS.insert(connection, [tracker])
    except Conflict:
        return follow(connection, shipment)
    record_event(connection, "tracker.created", tracker.id)
    return _on(shipment, tracker.id)


def _informed(shipment: Shipment, tracker: Tracker) -> Shipment:
    """The shipment with what was reported on its number while no shipment was known to have it."""
    if tracker.shipments or tracker.status in NOT_BEGUN:
        return shipment
    known = in_order([*shipment.tracking_updates, *tracker.tracking_updates])
    return shipment.model_copy(update={"tracking_updates": known, "status": status_of(known)})


def _leave(connection: sa.Connection, shipment: Shipment, at: datetime) -> None:
    """Take the shipment off its former tracker."""
    tracker = TRACKERS.find_locked(connection, shipment.tracker_id) if shipment.tracker_id else None
    if tracker is not None:
        chain = [link for link in tracker.shipments if link.id != shipment.id]
        keep_tracker(connection, settled(tracker.model_copy(update={"shipments": chain}), at))


def _on(shipment: Shipment, tracker_id: str) -> Shipment:
    return shipment.model_copy(update={"tracker_id": tracker_id, "tracking_url": tracking_path(tracker_id)})
