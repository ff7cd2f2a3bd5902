"""Tracking updates, whichever way they come: onto the shipment, onto its tracker, and what that closes.

Whoever holds several rows takes the shipments first, by their ids, and the tracker last, so that no two wait for each
other; who works unasked takes only what is free.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.shipments import Shipment, TrackingUpdate, TrackingUpdateInput
from lib.models.trackers import Tracker
from lib.store.events import record_event
from lib.store.shipments import SHIPMENTS
from lib.store.trackers import TRACKERS
from lib.tracking.chains import CANCELED, NOT_BEGUN, Cause, to_close
from lib.tracking.standing import settled, with_chain, with_reports
from lib.tracking.updates import require_acceptable, update_from, with_updates

_CLOSED = "Closed: the parcel went on with the next shipment."


def apply_update(
    connection: sa.Connection, shipment_id: str, update: TrackingUpdateInput, at: datetime | None = None
) -> Shipment:
    """Add a tracking update to a shipment and to its tracker, within the caller's transaction; the shipment as kept.

    Sets the status of both and the state of the parcels, closes earlier shipments of the chain where its option says
    so, writes `shipment.tracking_updated` and `tracker.updated`. Raises NotFound; InvalidRequest or Conflict for an
    update that the status does not allow.
    """
    seen = SHIPMENTS.find_in(connection, shipment_id)
    if seen is None:
        raise SHIPMENTS.not_found(shipment_id)
    tracker, shipments = hold(connection, seen.tracker_id, [shipment_id])
    at = at or utc_now()
    return report(connection, tracker, shipments, shipment_id=shipment_id, updates=[update_from(update, at)], at=at)


def apply_to_tracker(connection: sa.Connection, tracker_id: str, update: TrackingUpdateInput) -> None:
    """Add a tracking update to a tracker and to the shipment on it that is under way. Raises as `apply_update` does."""
    tracker, shipments = hold(connection, tracker_id)
    if tracker is None:
        raise TRACKERS.not_found(tracker_id)
    at = utc_now()
    report_on_tracker(connection, tracker, shipments, [update_from(update, at)], at)


def hold(
    connection: sa.Connection, tracker_id: str | None, shipment_ids: Sequence[str] = ()
) -> tuple[Tracker | None, dict[str, Shipment]]:
    """The tracker, if there is one, and its and the further shipments, all locked until the transaction ends."""
    wanted = set(shipment_ids)
    while True:
        seen = TRACKERS.find_in(connection, tracker_id) if tracker_id else None
        wanted |= _chained(seen)
        attempt = connection.begin_nested()
        held = {identifier: SHIPMENTS.find_locked(connection, identifier) for identifier in sorted(wanted)}
        tracker = TRACKERS.find_locked(connection, seen.id) if seen else None
        if _chained(tracker) <= wanted:
            attempt.commit()
            return tracker, {identifier: shipment for identifier, shipment in held.items() if shipment is not None}
        # A shipment was chained meanwhile: everything is let go of, to take that one before the tracker too.
        attempt.rollback()


def report_on_tracker(
    connection: sa.Connection,
    tracker: Tracker,
    shipments: Mapping[str, Shipment],
    updates: Sequence[TrackingUpdate],
    at: datetime,
) -> None:
    """Add updates to a locked tracker by way of its shipment under way, or alone where it has none."""
    current = tracker.current_shipment_id
    if current is not None and current in shipments:
        report(connection, tracker, shipments, shipment_id=current, updates=updates, at=at)
        return
    for update in updates:
        require_acceptable(tracker.status, update.status)
    chain = [link for link in tracker.shipments if link.id in shipments]
    keep_tracker(connection, settled(with_reports(tracker.model_copy(update={"shipments": chain}), updates), at))


def report(
    connection: sa.Connection,
    tracker: Tracker | None,
    shipments: Mapping[str, Shipment],
    *,
    shipment_id: str,
    updates: Sequence[TrackingUpdate],
    at: datetime,
) -> Shipment:
    """Add updates to one of the locked shipments and to the locked tracker; the shipment as kept."""
    reported = _keep(connection, with_updates(shipments[shipment_id], updates, at))
    if tracker is None or all(link.id != shipment_id for link in tracker.shipments):
        return reported
    tracker = with_chain(tracker, [reported])
    if any(update.status not in (*NOT_BEGUN, CANCELED) for update in updates):
        tracker = close_earlier(connection, tracker, shipments, shipment_id=shipment_id, cause="reported", at=at)
    keep_tracker(connection, settled(with_reports(tracker, updates, shipment_id), at))
    return reported


def close_earlier(
    connection: sa.Connection,
    tracker: Tracker,
    shipments: Mapping[str, Shipment],
    *,
    shipment_id: str,
    cause: Cause,
    at: datetime,
) -> Tracker:
    """Close the shipments before this one that the tracker's option tells to; the tracker that knows of it."""
    ids = to_close(tracker.shipments, shipment_id, tracker.auto_close_shipments_option, cause)
    closing = (shipments[identifier] for identifier in ids if identifier in shipments)
    return with_chain(tracker, [_closed(connection, shipment, tracker, at) for shipment in closing])


def keep_tracker(connection: sa.Connection, tracker: Tracker) -> None:
    """Keep a changed tracker, with its event."""
    TRACKERS.update(connection, tracker)
    record_event(connection, "tracker.updated", tracker.id, {"status": tracker.status})


def _chained(tracker: Tracker | None) -> set[str]:
    return {link.id for link in tracker.shipments} if tracker else set()


def _closed(connection: sa.Connection, shipment: Shipment, tracker: Tracker, at: datetime) -> Shipment:
    update = TrackingUpdate(status=tracker.auto_close_shipments_status, message=_CLOSED, created_at=at)
    return _keep(connection, with_updates(shipment, [update], at))


def _keep(connection: sa.Connection, shipment: Shipment) -> Shipment:
    SHIPMENTS.update(connection, shipment)
    record_event(connection, "shipment.tracking_updated", shipment.id, {"status": shipment.status})
    return shipment
