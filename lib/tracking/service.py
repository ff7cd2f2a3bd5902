"""Trackers on the embedded desk."""

from datetime import datetime

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import Conflict
from lib.models.ids import new_id
from lib.models.shipments import TrackingUpdate, TrackingUpdateInput
from lib.models.trackers import PublicTracking, Tracker, TrackerCreate, TrackerUpdate
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.links import tracking_path
from lib.store.resources import KeptResource, given
from lib.store.shipments import SHIPMENTS
from lib.store.trackers import TRACKERS, find_by_number
from lib.tracking.courses import arrives_at
from lib.tracking.public import public_tracking
from lib.tracking.recognition import recognise
from lib.tracking.reporting import apply_to_tracker, hold
from lib.tracking.standing import settled


class LocalTrackers(KeptResource[Tracker, TrackerCreate, TrackerUpdate]):
    """Follows tracking numbers, each once for each provider."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, TRACKERS)

    def create(self, request: TrackerCreate) -> Tracker:
        """Follow a number. Raises InvalidRequest, Conflict when it is followed already."""
        tracker = self._made(request, utc_now())
        with writing(self._engine).begin() as connection:
            kept = find_by_number(connection, tracker.tracking_number, tracker.provider)
            if kept is not None:
                raise _followed_already(kept)
            TRACKERS.insert(connection, [tracker])
            record_event(connection, "tracker.created", tracker.id)
        return tracker

    def update(self, identifier: str, changes: TrackerUpdate) -> Tracker:
        """Change what is given and leave the rest. Raises NotFound, InvalidRequest, Conflict."""
        plain = changes.model_fields_set - {"tracking_update"}
        with writing(self._engine).begin() as connection:
            if changes.tracking_update is not None:
                apply_to_tracker(connection, identifier, changes.tracking_update)
            tracker = TRACKERS.get_locked(connection, identifier)
            if not plain:
                return tracker
            tracker = self._changed(tracker, changes, utc_now())
            TRACKERS.update(connection, tracker)
            record_event(connection, "tracker.updated", identifier, {"status": tracker.status})
        return tracker

    def add_update(self, identifier: str, update: TrackingUpdateInput) -> Tracker:
        """Add a tracking update to the tracker and its shipment. Raises NotFound, InvalidRequest, Conflict."""
        return self.update(identifier, TrackerUpdate(tracking_update=update))

    def delete(self, identifier: str) -> Tracker:
        """Follow the number no longer; the tracker that was. Its shipments stay as they are. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            tracker, shipments = hold(connection, identifier)
            if tracker is None:
                raise TRACKERS.not_found(identifier)
            for shipment in shipments.values():
                left = shipment.model_copy(update={"tracker_id": None, "tracking_url": None, "updated_at": utc_now()})
                SHIPMENTS.update(connection, left)
            TRACKERS.delete(connection, identifier)
            record_event(connection, "tracker.deleted", identifier)
        return tracker

    def public(self, identifier: str) -> PublicTracking:
        """What anybody may see of the tracker. Raises NotFound."""
        tracker = self.retrieve(identifier)
        current = tracker.current_shipment_id
        return public_tracking(tracker, SHIPMENTS.find(self._engine, current) if current else None)

    def _made(self, request: TrackerCreate, at: datetime) -> Tracker:
        found = recognise(request.tracking_number, request.provider)
        identifier, options = request.id or new_id("track"), request.options
        tracker = Tracker(
            id=identifier,
            type=request.type,
            tags=request.tags,
            provider=found.provider,
            tracking_number=found.number,
            tracking_url=tracking_path(identifier),
            carrier_url=found.carrier_url,
            tracking_updates=[TrackingUpdate(status="created", message="The number is followed.", created_at=at)],
            chained_status=options.tracker_chained_status,
            auto_close_shipments_option=options.tracker_auto_close_shipments_option,
            auto_close_shipments_status=options.tracker_auto_close_shipments_status,
            location_id=request.location_id,
            manifest_id=request.manifest_id,
            estimated_delivery_at=request.estimated_delivery_at or arrives_at(found.number, at),
            metadata=request.metadata,
            created_at=at,
            updated_at=at,
        )
        return settled(tracker, at)

    def _changed(self, kept: Tracker, changes: TrackerUpdate, at: datetime) -> Tracker:
        values = given(kept, changes)
        values.pop("tracking_update", None)
        return settled(kept.model_copy(update=values), at)


def _followed_already(kept: Tracker) -> Conflict:
    return Conflict(
        f"The number {kept.tracking_number} is followed already, by tracker {kept.id}.",
        fields=["tracking_number"],
        code="tracker_exists",
        details={"tracker_id": kept.id},
    )
